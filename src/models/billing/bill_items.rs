//! Items of bills.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{BillId, BillItemId, ProductId};
use crate::schema::bill_items;
use databases::connection::AnyConnection;
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
    /// The items of a bill in insertion order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_bill(connection: &mut AnyConnection, bill: BillId) -> QueryResult<Vec<Self>> {
        let items = bill_items::table.filter(bill_items::bill_id.eq(bill)).order(bill_items::id);
        items.select(Self::as_select()).load(connection)
    }
}
