//! `/api/bills/{id}/bill-items`: items of a bill. Each change recomputes the amounts of the bill.

use super::bills::{check_draft, reckon};
use super::ledger::check_amount;
use crate::models::Record as _;
use crate::models::billing::{Bill, BillItem, BillItemChanges, NewBillItem, line_total};
use crate::models::{BillId, Limit, ProductId};
use crate::server::caller::At;
use crate::server::fields::{GivenFields, Shape};
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Parent, Resource as _, resource};
use databases::connection::AnyConnection;
use transfer::values::{Money, Quantity, Rate, Text};

const QUANTITY: Limit = 0..=Quantity::MAX.units();
const PRICE: Limit = 0..=Money::MAX.units();
const RATE: Limit = 0..=Rate::MAX.units();

resource! {
    /// An item of a bill. Items of an issued bill cannot be changed.
    BillItem, "bill item" at "bill-items", BillItems;
    collections [Parent::of::<BillId>("bills", "bill", "bill_id")];
    new |at| NewBillItem {
        bill_id: BillId,
        product_id: Option<ProductId>,
        description: Text [1..=2000],
        quantity: Quantity [QUANTITY],
        unit_price: Money [PRICE],
        tax_rate: Rate [RATE] = Rate::ZERO,
    } with {
        total_price: Money::ZERO,
    }
    changes |_at| BillItemChanges {
        product_id: Option<ProductId>,
        description: Text [1..=2000],
        quantity: Quantity [QUANTITY],
        unit_price: Money [PRICE],
        tax_rate: Rate [RATE],
    } with {}
    particular {
        const AUDITED: &'static [&'static str] =
            &["product_id", "quantity", "unit_price", "tax_rate", "total_price"];

        fn before_create(
            new: &mut NewBillItem,
            _given: &GivenFields,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            let bill = bill_of(connection, new.bill_id)?;
            check_draft(&bill)?;
            check_amount("unit_price", new.unit_price, &bill.currency)?;
            new.total_price = line_total(new.quantity, new.unit_price, &bill.currency)?;
            Ok(())
        }

        fn before_update(
            &self,
            changes: &mut BillItemChanges,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            let bill = bill_of(connection, self.bill_id)?;
            check_draft(&bill)?;
            let quantity = changes.quantity.unwrap_or(self.quantity);
            let unit_price = changes.unit_price.unwrap_or(self.unit_price);
            check_amount("unit_price", unit_price, &bill.currency)?;
            changes.total_price = Some(line_total(quantity, unit_price, &bill.currency)?);
            Ok(())
        }

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            check_draft(&bill_of(connection, self.bill_id)?)?;
            BillItem::delete(connection, self.id)?;
            Ok(())
        }

        fn after_write(&self, at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            let bill = bill_of(connection, self.bill_id)?;
            reckon(connection, at, &bill)?;
            Ok(())
        }
    }
}

/// Loads the bill and locks it: concurrent changes of its items are serialized.
fn bill_of(connection: &mut AnyConnection, bill: BillId) -> Result<Bill, HandlerError> {
    Ok(Bill::lock(connection, bill)?.ok_or_else(|| Problem::not_found("bill"))?)
}

/// The fields of an item in the body of a bill.
pub(super) fn shapes() -> Vec<Shape> {
    BillItem::new_shapes().into_iter().filter(|shape| shape.name != "bill_id").collect()
}
