//! `/api/customers`: customers of the organization.

use crate::models::EmailAddress;
use crate::models::billing::{Customer, CustomerChanges, NewCustomer};
use crate::server::resource::{Collection, resource};
use transfer::values::{Money, Text};

resource! {
    /// A customer. `current_balance` is the amount owed: bills increase it, payments reduce it.
    Customer, "customer" at "customers", Customers;
    collections [Collection::Organization];
    new |at| NewCustomer {
        name: Text [1..=200],
        phone: Option<Text> [1..=50],
        email: Option<EmailAddress>,
        address: Option<Text> [1..=2000],
        credit_limit: Money [0..=Money::MAX.units()] = Money::ZERO,
        is_active: bool = true,
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
        current_balance: Money::ZERO,
    }
    changes |_at| CustomerChanges {
        name: Text [1..=200],
        phone: Option<Text> [1..=50],
        email: Option<EmailAddress>,
        address: Option<Text> [1..=2000],
        credit_limit: Money [0..=Money::MAX.units()],
        is_active: bool,
    } with {}
}
