//! `/api/bills`: bills to customers, from draft to paid.

use chrono::NaiveDate;

use crate::models::Record as _;
use crate::models::billing::{
    Bill, BillChanges, BillItem, Customer, CustomerChanges, NewBill, NewBillItem, Totals, line_total, totals,
};
use crate::models::projects::{NewPayment, Payment};
use crate::models::{BillId, BillStatus, CustomerId, Limit, PaymentKind, PaymentStatus, ProductId};
use crate::server::access::check_references;
use crate::server::audit::record_change;
use crate::server::caller::At;
use crate::server::fields::{Fields, Shape};
use crate::server::openapi::array_of_at_most;
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Collection, Done, ResourceAction, resource};
use crate::server::rights::AccessScope;
use databases::connection::AnyConnection;
use transfer::values::{Money, Quantity, Rate, Text};

const AMOUNT: Limit = 0..=Money::MAX.units();
/// Maximum number of items added by the action `issue`.
const MOST_ITEMS: usize = 1000;

resource! {
    /// A bill to a customer. Its amounts are computed from its items and fixed when it is issued.
    Bill, "bill" at "bills", Bills;
    collections [Collection::Organization];
    actions [ISSUE, PAY, VOID];
    new |at| NewBill {
        bill_number: Text [1..=100],
        customer_id: Option<CustomerId>,
        discount_amount: Money [AMOUNT] = Money::ZERO,
        currency: Text [3..=3] = Text::new("USD").ok()?,
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
        discount_amount: Money [AMOUNT],
        currency: Text [3..=3],
        due_date: Option<NaiveDate>,
    } with {
        updated_at: Some(at.now),
    }
    particular {
        fn before_create(new: &mut NewBill, _at: &At, _connection: &mut AnyConnection) -> Result<(), HandlerError> {
            match new.bill_number.trim().is_empty() {
                true => Err(Problem::field("bill_number", "blank", "must not be blank").into()),
                false => Ok(()),
            }
        }

        fn before_update(
            &self,
            changes: &mut BillChanges,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_draft(self)?;
            if let Some(discount) = changes.discount_amount {
                let Totals { subtotal, tax_amount, total_amount, .. } =
                    totals_of(connection, self.id, discount)?;
                changes.subtotal = Some(subtotal);
                changes.tax_amount = Some(tax_amount);
                changes.total_amount = Some(total_amount);
            }
            Ok(())
        }

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            check_draft(self)?;
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
fn totals_of(connection: &mut AnyConnection, bill: BillId, discount: Money) -> Result<Totals, HandlerError> {
    let items = BillItem::amounts_of_bill(connection, bill)?;
    let totals = totals(&items, discount)?;
    if !items.is_empty() && totals.discount_amount != discount {
        return Err(HandlerError::wrong_state("the discount exceeds the total of the items"));
    }
    Ok(Totals { discount_amount: discount, ..totals })
}

/// Recomputes the amounts of a draft.
pub(super) fn reckon(connection: &mut AnyConnection, at: &At, bill: &Bill) -> Result<Bill, HandlerError> {
    let totals = totals_of(connection, bill.id, bill.discount_amount)?;
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
    let bill = update(connection, bill, &changes)?;
    record_change(connection, at, &bill, "changed", &["subtotal", "tax_amount", "total_amount"])?;
    Ok(bill)
}

fn update(connection: &mut AnyConnection, bill: &Bill, changes: &BillChanges) -> Result<Bill, HandlerError> {
    Ok(Bill::update(connection, bill.id, changes)?.ok_or_else(|| Problem::not_found("bill"))?)
}

const ISSUE: ResourceAction<Bill> = ResourceAction {
    name: "issue",
    done: "issued",
    about: "Issue a draft, optionally adding items: its amounts are computed, fixed and added to the customer's balance",
    shapes: || {
        let item = super::bill_items::shapes();
        let items = array_of_at_most(MOST_ITEMS, crate::server::openapi::object_of(&item));
        vec![
            Shape { name: "items", schema: items, is_required: false },
            Shape::of::<Option<NaiveDate>>("due_date", None, None),
        ]
    },
    answer: None,
    run: |connection, at, bill, mut fields| {
        let items = fields.each("items", MOST_ITEMS, |fields| item(fields, bill.id));
        let due_date: Option<Option<NaiveDate>> = fields.change("due_date", None);
        let given = fields.finish()?;
        check_draft(&bill)?;
        check_references(connection, at, AccessScope::All, &given)?;
        for mut item in items.unwrap_or_default() {
            item.total_price = line_total(item.quantity, item.unit_price)?;
            let item = BillItem::insert(connection, &item)?;
            record_change(connection, at, &item, "created", &[])?;
        }
        if BillItem::amounts_of_bill(connection, bill.id)?.is_empty() {
            return Err(HandlerError::wrong_state("the bill has no items"));
        }
        let bill = reckon(connection, at, &bill)?;
        let is_nothing = bill.total_amount == Money::ZERO;
        let changes = BillChanges {
            // A bill with a total of zero is paid at once.
            status: Some(if is_nothing { BillStatus::Paid } else { BillStatus::Open }),
            due_date,
            issued_at: Some(Some(at.now)),
            updated_at: Some(at.now),
            ..BillChanges::default()
        };
        let bill = update(connection, &bill, &changes)?;
        owe(connection, at, &bill, bill.total_amount)?;
        Ok(Done::Row(bill))
    },
};

fn item(fields: &mut Fields, bill_id: BillId) -> Option<NewBillItem> {
    let product_id: Option<Option<ProductId>> = fields.required("product_id", None);
    let description: Option<Text> = fields.required("description", Some(1..=2000));
    let quantity: Option<Quantity> = fields.required("quantity", Some(0..=Quantity::MAX.units()));
    let unit_price: Option<Money> = fields.required("unit_price", Some(AMOUNT));
    let tax_rate = fields.optional("tax_rate", Some(0..=Rate::MAX.units()), || Some(Rate::ZERO));
    Some(NewBillItem {
        bill_id,
        product_id: product_id?,
        description: description?,
        quantity: quantity?,
        unit_price: unit_price?,
        tax_rate: tax_rate?,
        total_price: Money::ZERO,
    })
}

/// Adds to the customer's balance; a negative amount reduces it.
fn owe(connection: &mut AnyConnection, at: &At, bill: &Bill, amount: Money) -> Result<(), HandlerError> {
    let Some(customer) = bill.customer_id.filter(|_| amount != Money::ZERO) else {
        return Ok(());
    };
    let customer = Customer::lock(connection, customer)?.ok_or_else(|| Problem::not_found("customer"))?;
    let balance = customer.current_balance.checked_add(amount)?;
    let changes = CustomerChanges { current_balance: Some(balance), ..CustomerChanges::default() };
    Customer::update(connection, customer.id, &changes)?;
    record_change(connection, at, &customer, "changed", &["current_balance"])
}

const PAY: ResourceAction<Bill> = ResourceAction {
    name: "pay",
    done: "paid",
    about: "Record a payment of an issued bill; the bill becomes paid when its total is reached",
    shapes: || {
        vec![
            Shape::of::<Money>("amount", Some(1..=Money::MAX.units()), None),
            Shape::of::<Text>("method", Some(1..=100), None),
            Shape::of::<Option<Text>>("reference", Some(1..=255), None),
        ]
    },
    answer: None,
    run: |connection, at, bill, mut fields| {
        let amount: Option<Money> = fields.required("amount", Some(1..=Money::MAX.units()));
        let method: Option<Text> = fields.required("method", Some(1..=100));
        let reference: Option<Option<Text>> = fields.required("reference", Some(1..=255));
        fields.finish()?;
        let (Some(amount), Some(method)) = (amount, method) else {
            return Err(HandlerError::wrong_state("a required field is missing"));
        };
        let new = NewPayment {
            organization_id: bill.organization_id,
            bill_id: Some(bill.id),
            milestone_id: None,
            payer_user_id: None,
            payee_user_id: None,
            kind: PaymentKind::Payment,
            method,
            amount,
            currency: bill.currency.clone(),
            created_at: at.now,
            reference: reference.flatten(),
            status: PaymentStatus::Completed,
            processed_at: Some(at.now),
            failure_reason: None,
        };
        // Validates before the insert: a rolled-back insert would leave a gap in the sequence on PostgreSQL.
        let bill = settle(connection, at, &bill, amount)?;
        let payment = Payment::insert(connection, &new)?;
        record_change(connection, at, &payment, "created", &[])?;
        Ok(Done::Row(bill))
    },
};

/// Applies a payment: the bill becomes paid when its total is reached. An overpayment is rejected.
pub(super) fn settle(
    connection: &mut AnyConnection,
    at: &At,
    bill: &Bill,
    amount: Money,
) -> Result<Bill, HandlerError> {
    if bill.status != BillStatus::Open {
        return Err(HandlerError::wrong_state(format!("the bill is {}, not open", bill.status.as_str())));
    }
    let paid = bill.paid_amount.checked_add(amount)?;
    if paid > bill.total_amount {
        let owed = bill.total_amount.checked_sub(bill.paid_amount)?;
        return Err(HandlerError::wrong_state(format!("amount {amount} exceeds the outstanding {owed}")));
    }
    owe(connection, at, bill, -amount)?;
    let changes = BillChanges {
        paid_amount: Some(paid),
        status: (paid == bill.total_amount).then_some(BillStatus::Paid),
        updated_at: Some(at.now),
        ..BillChanges::default()
    };
    update(connection, bill, &changes)
}

const VOID: ResourceAction<Bill> = ResourceAction {
    name: "void",
    done: "voided",
    about: "Void a bill that has no payments",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, bill, fields| {
        fields.finish()?;
        if !matches!(bill.status, BillStatus::Draft | BillStatus::Open) || bill.paid_amount != Money::ZERO {
            return Err(HandlerError::wrong_state(
                "only a draft, or an open bill without payments, can be voided",
            ));
        }
        if bill.status == BillStatus::Open {
            owe(connection, at, &bill, -bill.total_amount)?;
        }
        let changes = BillChanges {
            status: Some(BillStatus::Void),
            updated_at: Some(at.now),
            ..BillChanges::default()
        };
        Ok(Done::Row(update(connection, &bill, &changes)?))
    },
};
