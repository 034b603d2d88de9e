//! Money of bills in requests: movements with their audit trail, and amounts in their currency.

use crate::models::billing::{Bill, Movement};
use crate::models::{BillId, Currency};
use crate::server::audit::{RowChange, record_change};
use crate::server::caller::At;
use crate::server::problem::{HandlerError, Problem};
use databases::connection::AnyConnection;
use transfer::values::Money;

/// Moves money of a bill, and records the change of its customer.
pub(super) fn move_money(
    connection: &mut AnyConnection,
    at: &At,
    bill: BillId,
    movement: Movement,
) -> Result<(Bill, Bill), HandlerError> {
    let moved = Bill::move_money(connection, bill, movement, at.now)?;
    if let Some((before, after)) = &moved.customer {
        record_change(connection, at, RowChange::Changed(before, after), "changed", &["current_balance"])?;
    }
    Ok((moved.bill_before, moved.bill))
}

/// Checks that an amount in the body has no more decimal places than its currency.
pub(super) fn check_amount(field: &str, amount: Money, currency: &Currency) -> Result<(), HandlerError> {
    currency.check(amount).map_err(|error| Problem::field(field, "not_whole", error.to_string()).into())
}

/// Checks that the currency in the body is the one that other rows determine.
pub(super) fn check_currency(given: &Currency, expected: &Currency, whose: &str) -> Result<(), HandlerError> {
    match given == expected {
        true => Ok(()),
        false => {
            let detail = format!("must be {}, the currency of the {whose}", expected.as_str());
            Err(Problem::field("currency", "other_currency", detail).into())
        }
    }
}
