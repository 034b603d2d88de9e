//! `/api/customers`: customers of the organization.

use crate::models::EmailAddress;
use crate::models::Record as _;
use crate::models::billing::{Customer, CustomerChanges, NewCustomer};
use crate::server::caller::At;
use crate::server::problem::{Code, HandlerError, Problem};
use crate::server::resource::{Collection, resource};
use databases::connection::AnyConnection;
use transfer::values::{Money, Text};

resource! {
    /// A customer. `current_balance` is the amount owed, in the currency of the customer's bills: bills increase it,
    /// payments reduce it. A bill that would exceed a `credit_limit` above zero is not issued.
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
    particular {
        const AUDITED: &'static [&'static str] = &["credit_limit", "current_balance", "is_active"];

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            if self.has_bills(connection)? {
                let detail = "the customer has bills, which are kept: set is_active to false";
                return Err(Problem::new(Code::InUse, detail).into());
            }
            Customer::delete(connection, self.id)?;
            Ok(())
        }
    }
}
