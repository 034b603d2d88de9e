//! Bills to customers.

use chrono::NaiveDate;

use crate::models::record;
use crate::models::{BillId, BillStatus, Currency, CustomerId, OrganizationId};
use transfer::values::{Instant, Money, Text};

record! {
    /// A bill to a customer.
    bills: Bill, NewBill, BillChanges;
    key generated id: BillId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        status: BillStatus,
        customer_id: CustomerId,
    }
    sort {
        bill_number: Text,
    }
    fixed {
        organization_id: OrganizationId,
        bill_number: Text,
        created_at: Instant,
    }
    changing {
        customer_id: Option<CustomerId>,
        status: BillStatus,
        subtotal: Money,
        tax_amount: Money,
        discount_amount: Money,
        total_amount: Money,
        paid_amount: Money,
        due_date: Option<NaiveDate>,
        issued_at: Option<Instant>,
        updated_at: Instant,
        currency: Currency,
    }
}
