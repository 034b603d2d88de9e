//! `/api/bills`: bills to customers, from draft to paid.

use chrono::NaiveDate;

use super::bill_actions::{ISSUE, PAY, REFUND, VOID};
use super::ledger::check_amount;
use crate::models::Record as _;
use crate::models::billing::{Bill, BillChanges, BillItem, NewBill, Totals, totals};
use crate::models::projects::Payment;
use crate::models::{BillStatus, Currency, CustomerId, Limit};
use crate::server::audit::{RowChange, record_change};
use crate::server::caller::At;
use crate::server::fields::GivenFields;
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Collection, resource};
use databases::connection::AnyConnection;
use transfer::values::{Money, Text};

pub(super) const AMOUNT: Limit = 0..=Money::MAX.units();

resource! {
    /// A bill to a customer. Its amounts are computed from its items and fixed when it is issued. All bills of a customer
    /// that are not void have the same currency.
    Bill, "bill" at "bills", Bills;
    collections [Collection::Organization];
    actions [ISSUE, PAY, REFUND, VOID];
    new |at| NewBill {
        bill_number: Text [1..=100],
        customer_id: Option<CustomerId>,
        currency: Currency = Currency::new("USD").ok()?,
        discount_amount: Money [AMOUNT] = Money::ZERO,
        due_date: Option<NaiveDate>,
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
        status: BillStatus::Draft,
        subtotal: Money::ZERO,
        tax_amount: Money::ZERO,
        total_amount: Money::ZERO,
        paid_amount: Money::ZERO,
        issued_at: None,
        updated_at: at.now,
    }
    changes |at| BillChanges {
        customer_id: Option<CustomerId>,
        currency: Currency,
        discount_amount: Money [AMOUNT],
        due_date: Option<NaiveDate>,
    } with {
        updated_at: Some(at.now),
    }
    particular {
        const AUDITED: &'static [&'static str] = &[
            "customer_id", "bill_number", "status", "currency", "subtotal", "tax_amount", "discount_amount",
            "total_amount", "paid_amount", "due_date", "issued_at",
        ];

        fn before_create(
            new: &mut NewBill,
            _given: &GivenFields,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            if new.bill_number.trim().is_empty() {
                return Err(Problem::field("bill_number", "blank", "must not be blank").into());
            }
            check_amount("discount_amount", new.discount_amount, &new.currency)?;
            match new.customer_id {
                Some(customer) => Ok(Bill::check_currency(connection, customer, &new.currency, None)?),
                None => Ok(()),
            }
        }

        fn before_update(
            &self,
            changes: &mut BillChanges,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_draft(self)?;
            let currency = changes.currency.as_ref().unwrap_or(&self.currency);
            let discount = changes.discount_amount.unwrap_or(self.discount_amount);
            check_amount("discount_amount", discount, currency)?;
            let is_other_currency = *currency != self.currency;
            if is_other_currency && Payment::exist_of_bill(connection, self.id)? {
                return Err(HandlerError::wrong_state("the currency is fixed: the bill has payments"));
            }
            if is_other_currency && BillItem::exist_of_bill(connection, self.id)? {
                return Err(HandlerError::wrong_state("the currency is fixed: the prices of the items are in it"));
            }
            let customer = changes.customer_id.unwrap_or(self.customer_id);
            if let Some(customer) = customer.filter(|_| is_other_currency || customer != self.customer_id) {
                Bill::check_currency(connection, customer, currency, Some(self.id))?;
            }
            if changes.discount_amount.is_some() {
                let priced = Bill { currency: currency.clone(), discount_amount: discount, ..self.clone() };
                let Totals { subtotal, tax_amount, total_amount, .. } = totals_of(connection, &priced)?;
                changes.subtotal = Some(subtotal);
                changes.tax_amount = Some(tax_amount);
                changes.total_amount = Some(total_amount);
            }
            Ok(())
        }

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            match self.status {
                BillStatus::Draft => {}
                BillStatus::Void => return Err(HandlerError::wrong_state("the bill is void and is kept")),
                BillStatus::Open | BillStatus::Paid => {
                    let detail = format!("the bill is {} and is kept: use the action void", self.status.as_str());
                    return Err(HandlerError::wrong_state(detail));
                }
            }
            if Payment::exist_of_bill(connection, self.id)? {
                let detail = "the bill has payments, which are kept: use the action void";
                return Err(HandlerError::wrong_state(detail));
            }
            Bill::delete(connection, self.id)?;
            Ok(())
        }
    }
}

/// Amounts and items of an issued bill are fixed: they were sent to the customer.
pub(super) fn check_draft(bill: &Bill) -> Result<(), HandlerError> {
    match bill.status {
        BillStatus::Draft => Ok(()),
        other => Err(HandlerError::wrong_state(format!("the bill is {}, not a draft", other.as_str()))),
    }
}

/// The totals of a bill's items. A discount above the total is rejected.
fn totals_of(connection: &mut AnyConnection, bill: &Bill) -> Result<Totals, HandlerError> {
    let items = BillItem::amounts_of_bill(connection, bill.id)?;
    let totals = totals(&items, bill.discount_amount, &bill.currency)?;
    if !items.is_empty() && totals.discount_amount != bill.discount_amount {
        return Err(HandlerError::wrong_state("the discount exceeds the total of the items"));
    }
    Ok(Totals { discount_amount: bill.discount_amount, ..totals })
}

/// Recomputes the amounts of a draft.
pub(super) fn reckon(connection: &mut AnyConnection, at: &At, bill: &Bill) -> Result<Bill, HandlerError> {
    let totals = totals_of(connection, bill)?;
    if (totals.subtotal, totals.tax_amount, totals.total_amount)
        == (bill.subtotal, bill.tax_amount, bill.total_amount)
    {
        return Ok(bill.clone());
    }
    let changes = BillChanges {
        subtotal: Some(totals.subtotal),
        tax_amount: Some(totals.tax_amount),
        total_amount: Some(totals.total_amount),
        updated_at: Some(at.now),
        ..BillChanges::default()
    };
    let after = update(connection, bill, &changes)?;
    let fields = ["subtotal", "tax_amount", "total_amount"];
    record_change(connection, at, RowChange::Changed(bill, &after), "changed", &fields)?;
    Ok(after)
}

pub(super) fn update(
    connection: &mut AnyConnection,
    bill: &Bill,
    changes: &BillChanges,
) -> Result<Bill, HandlerError> {
    Ok(Bill::update(connection, bill.id, changes)?.ok_or_else(|| Problem::not_found("bill"))?)
}
