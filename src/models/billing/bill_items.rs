//! One line of a bill.

use crate::models::record;
use crate::values::{BillId, BillItemId, Money, ProductId, Quantity, Rate, Text};

record! {
    /// One line of a bill.
    bill_items: BillItem, NewBillItem, BillItemChanges;
    key generated id: BillItemId;
    owner bill_id: BillId;
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
