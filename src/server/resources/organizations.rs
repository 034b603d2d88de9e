//! `/api/organizations`: the caller's organization; staff manage all organizations.

use diesel::QueryResult;
use serde_json::json;

use crate::models::Record as _;
use crate::models::tenancy::{
    NewOrganization, Organization, OrganizationChanges, User, end_access_of_organization,
};
use crate::models::{EmailAddress, OrganizationStatus, Plan, ReviewMode, UserId};
use crate::server::caller::At;
use crate::server::problem::{Code, HandlerError, Problem};
use crate::server::resource::{Collection, resource};
use crate::server::rights::Principal;
use databases::connection::AnyConnection;
use transfer::values::{Json, Real, Text};

resource! {
    /// The tenant that owns all other rows. Staff see all organizations, other users only their own.
    Organization, "organization" at "organizations", Organizations;
    collections [Collection::Platform];
    new |at| NewOrganization {
        name: Text [1..=200],
        status: OrganizationStatus = OrganizationStatus::Active,
        plan: Plan = Plan::Trial,
        billing_email: Option<EmailAddress>,
        settings: Json = Json::new(json!({})).ok()?,
        review_mode: ReviewMode = ReviewMode::ReviewAll,
        confidence_threshold: Real = Real::new(0.85).ok()?,
        auto_upload_enabled: bool = false,
    } with {
        created_at: at.now,
        updated_at: at.now,
        closing_at: None,
        access_version: 0,
    }
    changes |at| OrganizationChanges {
        name: Text [1..=200],
        status: OrganizationStatus,
        plan: Plan,
        billing_email: Option<EmailAddress>,
        settings: Json,
        review_mode: ReviewMode,
        confidence_threshold: Real,
        auto_upload_enabled: bool,
    } with {
        updated_at: Some(at.now),
    }
    particular {
        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(Vec::new())
        }

        fn remove(&self, at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            // Otherwise its users would have no organization, which would make owners and admins staff.
            User::delete_all(connection, self.id, at.now)?;
            Organization::delete(connection, self.id)?;
            Ok(())
        }

        fn before_update(
            &self,
            changes: &mut OrganizationChanges,
            at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            let is_ours = changes.status.is_some() || changes.plan.is_some();
            if is_ours && at.caller.principal() != Principal::Staff {
                return Err(Problem::new(Code::Forbidden, "only staff may change status and plan").into());
            }
            if changes.status.is_some_and(|status| status != self.status) {
                end_access_of_organization(connection, self.id)?;
            }
            Ok(())
        }
    }
}
