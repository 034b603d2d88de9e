//! Customers.

use crate::models::record;
use crate::models::{CustomerId, EmailAddress, OrganizationId};
use transfer::values::{Instant, Money, Text};

record! {
    /// A customer.
    customers: Customer, NewCustomer, CustomerChanges;
    key generated id: CustomerId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
    }
    sort {
        name: Text,
    }
    fixed {
        organization_id: OrganizationId,
        created_at: Instant,
    }
    changing {
        name: Text,
        phone: Option<Text>,
        email: Option<EmailAddress>,
        address: Option<Text>,
        credit_limit: Money,
        current_balance: Money,
        is_active: bool,
    }
}
