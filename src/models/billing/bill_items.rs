//! Items of bills.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{BillId, BillItemId, BillStatus, ProductId};
use crate::schema::{bill_items, bills};
use databases::connection::{AnyConnection, row_by_row};
use transfer::values::{Money, Quantity, Rate, Text};

record! {
    /// An item of a bill.
    bill_items: BillItem, NewBillItem, BillItemChanges;
    key generated id: BillItemId;
    owner bill_id;
    filter {
        bill_id: BillId,
    }
    fixed {
        bill_id: BillId,
    }
    changing {
        product_id: Option<ProductId>,
        description: Text,
        quantity: Quantity,
        unit_price: Money,
        tax_rate: Rate,
        total_price: Money,
    }
}

impl BillItem {
    /// Whether a bill has items.
    ///
    /// # Errors
    /// When the database fails.
    pub fn exist_of_bill(connection: &mut AnyConnection, bill: BillId) -> QueryResult<bool> {
        let first = bill_items::table.filter(bill_items::bill_id.eq(bill)).select(bill_items::id);
        Ok(first.first::<BillItemId>(connection).optional()?.is_some())
    }

    /// Whether a product is on a bill that is not a draft.
    ///
    /// # Errors
    /// When the database fails.
    pub fn exist_of_issued_product(connection: &mut AnyConnection, product: ProductId) -> QueryResult<bool> {
        let first = bill_items::table
            .inner_join(bills::table.on(bills::id.eq(bill_items::bill_id)))
            .filter(bill_items::product_id.eq(product))
            .filter(bills::status.ne(BillStatus::Draft))
            .select(bill_items::id);
        Ok(first.first::<BillItemId>(connection).optional()?.is_some())
    }

    /// Quantity, unit price and tax rate of the items of a bill, in insertion order: 24 bytes an item in memory.
    ///
    /// # Errors
    /// When the database fails.
    pub fn amounts_of_bill(
        connection: &mut AnyConnection,
        bill: BillId,
    ) -> QueryResult<Vec<(Quantity, Money, Rate)>> {
        let items = bill_items::table.filter(bill_items::bill_id.eq(bill)).order(bill_items::id);
        let amounts = items.select((bill_items::quantity, bill_items::unit_price, bill_items::tax_rate));
        row_by_row!(connection, (Quantity, Money, Rate), amounts, rows => rows.collect())
    }
}
