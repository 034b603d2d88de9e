//! `/api/organizations`: the caller's organization; staff manage all organizations.

use diesel::QueryResult;
use serde_json::json;

use crate::models::Record as _;
use crate::models::of_organization;
use crate::models::tenancy::{
    NewOrganization, Organization, OrganizationChanges, end_access_of_organization,
    end_sessions_of_organization,
};
use crate::models::{EmailAddress, OrganizationStatus, Plan, ReviewMode, UserId};
use crate::server::caller::At;
use crate::server::fields::GivenFields;
use crate::server::problem::{Code, HandlerError, Problem};
use crate::server::resource::{Collection, Done, ResourceAction, resource};
use crate::server::rights::Principal;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Json, Real, Text};

/// How long a closed organization can be reopened before it may be erased: 30 days, in microseconds.
const GRACE_MICROS: i64 = 30 * 24 * 60 * 60 * 1_000_000;

resource! {
    /// The tenant that owns all other rows. Staff see all organizations, other users only their own. An organization is
    /// closed, and erased with all its rows after `closing_at`.
    Organization, "organization" at "organizations", Organizations;
    collections [Collection::Platform];
    actions [CLOSE, REOPEN];
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
        closing_at: None,
        access_version: 0,
        updated_at: at.now,
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

        const AUDITED: &'static [&'static str] = &["status", "plan", "billing_email", "closing_at"];

        fn before_create(
            new: &mut NewOrganization,
            _given: &GivenFields,
            _at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_status(new.status)
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
            match changes.status.filter(|status| *status != self.status) {
                None => Ok(()),
                Some(_) if self.status == OrganizationStatus::Closed => {
                    Err(HandlerError::wrong_state("the organization is closed: use the action reopen"))
                }
                Some(status) => {
                    check_status(status)?;
                    Ok(end_access_of_organization(connection, self.id)?)
                }
            }
        }

        fn remove(&self, at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            match self.closing_at {
                None => Err(HandlerError::wrong_state("the organization is not closed: use the action close")),
                Some(closing_at) if at.now < closing_at => {
                    let detail = format!("the organization can be reopened until {closing_at}, and erased from then on");
                    Err(HandlerError::wrong_state(detail))
                }
                Some(_) => {
                    end_access_of_organization(connection, self.id)?;
                    Ok(of_organization::erase(connection, self.id)?)
                }
            }
        }
    }
}

fn check_status(status: OrganizationStatus) -> Result<(), HandlerError> {
    match status {
        OrganizationStatus::Closed => {
            Err(Problem::field("status", "not_taken", "use the action close").into())
        }
        OrganizationStatus::Active | OrganizationStatus::Suspended => Ok(()),
    }
}

fn update(
    connection: &mut AnyConnection,
    organization: &Organization,
    changes: &OrganizationChanges,
) -> Result<Done<Organization>, HandlerError> {
    let row = Organization::update(connection, organization.id, changes)?;
    Ok(Done::Row(row.ok_or_else(|| Problem::not_found("organization"))?))
}

const CLOSE: ResourceAction<Organization> = ResourceAction {
    name: "close",
    done: "closed",
    about: "Close an organization: the access of its users ends; 30 days later staff may erase it",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, organization, fields| {
        fields.finish()?;
        // One that was closed before there was a time to reopen it has none yet.
        if organization.closing_at.is_some() {
            return Err(HandlerError::wrong_state("the organization is closed"));
        }
        end_sessions_of_organization(connection, organization.id, at.now)?;
        let changes = OrganizationChanges {
            status: Some(OrganizationStatus::Closed),
            closing_at: Some(Some(Instant::from_micros(at.now.micros().saturating_add(GRACE_MICROS))?)),
            updated_at: Some(at.now),
            ..OrganizationChanges::default()
        };
        update(connection, &organization, &changes)
    },
};

const REOPEN: ResourceAction<Organization> = ResourceAction {
    name: "reopen",
    done: "reopened",
    about: "Reopen an organization within 30 days after it was closed, also one that was suspended before; its users sign in again",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, organization, fields| {
        fields.finish()?;
        match organization.closing_at.filter(|_| organization.status == OrganizationStatus::Closed) {
            Some(closing_at) if at.now < closing_at => {}
            Some(_) => {
                return Err(HandlerError::wrong_state("the time in which it could be reopened is over"));
            }
            None => return Err(HandlerError::wrong_state("the organization is not closed")),
        }
        let changes = OrganizationChanges {
            status: Some(OrganizationStatus::Active),
            closing_at: Some(None),
            updated_at: Some(at.now),
            ..OrganizationChanges::default()
        };
        update(connection, &organization, &changes)
    },
};
