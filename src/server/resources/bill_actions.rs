//! Actions of bills: issue, pay, refund and void.

use chrono::NaiveDate;

use super::bills::{AMOUNT, check_draft, reckon, update};
use super::ledger::{check_amount, move_money};
use crate::models::Record as _;
use crate::models::billing::{Bill, BillChanges, BillItem, Movement, NewBillItem, line_total};
use crate::models::projects::{NewPayment, Payment};
use crate::models::{BillId, PaymentKind, PaymentStatus, ProductId};
use crate::server::access::check_references;
use crate::server::audit::{RowChange, record_change};
use crate::server::caller::At;
use crate::server::fields::{Fields, Shape};
use crate::server::openapi::array_of_at_most;
use crate::server::problem::HandlerError;
use crate::server::resource::{Done, ResourceAction};
use crate::server::rights::AccessScope;
use databases::connection::AnyConnection;
use transfer::values::{Money, Quantity, Rate, Text};

/// Maximum number of items added by the action `issue`.
const MOST_ITEMS: usize = 1000;

pub(super) const ISSUE: ResourceAction<Bill> = ResourceAction {
    name: "issue",
    done: "issued",
    about: "Issue a draft, optionally adding items: its amounts are computed, fixed and added to the customer's balance, \
            which must stay within the credit limit",
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
        let items = items.unwrap_or_default();
        for (index, item) in items.iter().enumerate() {
            check_amount(&format!("items/{index}/unit_price"), item.unit_price, &bill.currency)?;
        }
        for mut item in items {
            item.total_price = line_total(item.quantity, item.unit_price, &bill.currency)?;
            let item = BillItem::insert(connection, &item)?;
            record_change(connection, at, RowChange::Created(&item), "created", &[])?;
        }
        if !BillItem::exist_of_bill(connection, bill.id)? {
            return Err(HandlerError::wrong_state("the bill has no items"));
        }
        let bill = reckon(connection, at, &bill)?;
        if due_date.is_some() {
            update(connection, &bill, &BillChanges { due_date, ..BillChanges::default() })?;
        }
        // A bill with a total of zero is paid at once.
        let (_, bill) = move_money(connection, at, bill.id, Movement::Issue)?;
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

/// The fields of a payment that an action records.
fn payment_shapes() -> Vec<Shape> {
    vec![
        Shape::of::<Money>("amount", Some(1..=Money::MAX.units()), None),
        Shape::of::<Text>("method", Some(1..=100), None),
        Shape::of::<Option<Text>>("reference", Some(1..=255), None),
    ]
}

/// Records a completed payment of this kind in the currency of the bill.
fn settle(
    connection: &mut AnyConnection,
    at: &At,
    bill: &Bill,
    mut fields: Fields,
    kind: PaymentKind,
) -> Result<Done<Bill>, HandlerError> {
    let amount: Option<Money> = fields.required("amount", Some(1..=Money::MAX.units()));
    let method: Option<Text> = fields.required("method", Some(1..=100));
    let reference: Option<Option<Text>> = fields.required("reference", Some(1..=255));
    fields.finish()?;
    let (Some(amount), Some(method)) = (amount, method) else {
        return Err(HandlerError::wrong_state("a required field is missing"));
    };
    check_amount("amount", amount, &bill.currency)?;
    let Some(movement) = Movement::of_completed(kind, amount) else {
        return Err(HandlerError::wrong_state("a payment of this kind moves no money of a bill"));
    };
    // Before the insert: a rolled-back insert would leave a gap in the sequence on PostgreSQL.
    let (_, after) = move_money(connection, at, bill.id, movement)?;
    let new = NewPayment {
        organization_id: bill.organization_id,
        bill_id: Some(bill.id),
        milestone_id: None,
        payer_user_id: None,
        payee_user_id: None,
        kind,
        method,
        amount,
        currency: bill.currency.clone(),
        created_at: at.now,
        reference: reference.flatten(),
        status: PaymentStatus::Completed,
        processed_at: Some(at.now),
        failure_reason: None,
    };
    let payment = Payment::insert(connection, &new)?;
    record_change(connection, at, RowChange::Created(&payment), "created", &[])?;
    Ok(Done::Row(after))
}

pub(super) const PAY: ResourceAction<Bill> = ResourceAction {
    name: "pay",
    done: "paid",
    about: "Record a payment of an issued bill, in its currency; the bill becomes paid when its total is reached",
    shapes: payment_shapes,
    answer: None,
    run: |connection, at, bill, fields| settle(connection, at, &bill, fields, PaymentKind::Payment),
};

pub(super) const REFUND: ResourceAction<Bill> = ResourceAction {
    name: "refund",
    done: "refunded",
    about: "Record a refund of at most what is paid of the bill, in its currency; a paid bill becomes open again",
    shapes: payment_shapes,
    answer: None,
    run: |connection, at, bill, fields| settle(connection, at, &bill, fields, PaymentKind::Refund),
};

pub(super) const VOID: ResourceAction<Bill> = ResourceAction {
    name: "void",
    done: "voided",
    about: "Void a bill of which nothing is paid",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, bill, fields| {
        fields.finish()?;
        let (_, bill) = move_money(connection, at, bill.id, Movement::Void)?;
        Ok(Done::Row(bill))
    },
};
