//! Customers.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{BillId, CustomerId, EmailAddress, OrganizationId};
use crate::schema::bills;
use databases::connection::AnyConnection;
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

impl Customer {
    /// Whether there is a bill to this customer, in any state.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_bills(&self, connection: &mut AnyConnection) -> QueryResult<bool> {
        let first = bills::table.filter(bills::customer_id.eq(self.id)).select(bills::id);
        Ok(first.first::<BillId>(connection).optional()?.is_some())
    }
}
