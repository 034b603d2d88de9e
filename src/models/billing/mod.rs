//! Customers, products and bills.

mod bill_items;
mod bills;
mod customers;
mod ledger;
mod products;
mod totals;

pub use bill_items::{BillItem, BillItemChanges, NewBillItem};
pub use bills::{Bill, BillChanges, NewBill};
pub use customers::{Customer, CustomerChanges, NewCustomer};
pub use ledger::{LedgerError, Moved, Movement};
pub use products::{NewProduct, Product, ProductChanges};
pub use totals::{Totals, line_total, tax_of, totals};
