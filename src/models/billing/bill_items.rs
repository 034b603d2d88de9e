//! Items of bills.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{BillId, BillItemId, ProductId};
use crate::schema::bill_items;
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
