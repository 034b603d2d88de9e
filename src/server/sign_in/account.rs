//! Accounts: creating organizations and users, and hashing passwords.

use std::sync::Arc;

use serde_json::json;
use tokio::task::spawn_blocking;

use super::SignIn;
use crate::models::Record as _;
use crate::models::tenancy::{NewOrganization, NewUser, Organization, User, UserChanges};
use crate::models::{EmailAddress, OrganizationId, OrganizationStatus, Plan, ReviewMode, Role, UserId};
use crate::server::auth::password::{HashError, Password, hash, matches, waste_time};
use crate::server::problem::{Code, HandlerError, Problem};
use databases::connection::AnyConnection;
use transfer::values::{Instant, InvalidValue, Json, Real, Text};

/// The identity of a new user.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) email: EmailAddress,
    pub(super) first_name: Text,
    pub(super) last_name: Text,
}

/// Creates an organization.
pub(super) fn open_organization(
    connection: &mut AnyConnection,
    name: Text,
    now: Instant,
) -> Result<Organization, HandlerError> {
    let new = NewOrganization {
        created_at: now,
        name,
        status: OrganizationStatus::Active,
        plan: Plan::Trial,
        billing_email: None,
        settings: Json::new(json!({}))?,
        review_mode: ReviewMode::ReviewAll,
        confidence_threshold: Real::new(0.85)?,
        auto_upload_enabled: false,
        closing_at: None,
        access_version: 0,
        updated_at: now,
    };
    Ok(Organization::insert(connection, &new)?)
}

/// Creates a user in an organization, or a staff user. Without a password hash the user cannot sign in.
pub(super) fn add_person(
    connection: &mut AnyConnection,
    person: Person,
    organization_id: Option<OrganizationId>,
    role: Role,
    password_hash: Option<Text>,
    now: Instant,
) -> Result<User, HandlerError> {
    let new = NewUser {
        id: UserId(uuid::Uuid::now_v7()),
        created_at: now,
        organization_id,
        email: person.email,
        password_hash,
        auth_subject: None,
        first_name: person.first_name,
        last_name: person.last_name,
        role,
        avatar_url: None,
        phone: None,
        bio: None,
        email_verified: false,
        kyc_verified: false,
        stripe_customer_id: None,
        notification_preferences: preferences()?,
        last_login_at: None,
        updated_at: now,
        deleted_at: None,
        access_version: 0,
    };
    Ok(User::insert(connection, &new)?)
}

fn preferences() -> Result<Json, InvalidValue> {
    Json::new(json!({"email": true, "push": true, "project_updates": true, "payment_notifications": true}))
}

/// Validates a new password; the error is a problem with this field.
pub(super) fn chosen(text: &str, email: &EmailAddress, field: &str) -> Result<Password, Problem> {
    Password::choose(text, email.as_str())
        .map_err(|error| Problem::field(field, error.code(), error.to_string()))
}

impl SignIn {
    /// Hashes a password on a blocking thread, with limited concurrency.
    pub(super) async fn hash(&self, password: Password) -> Result<Text, Problem> {
        let cost = self.parts.cost;
        let hashed = self.at_work(move || hash(&password, cost)).await?;
        Text::new(hashed).map_err(|error| Problem::internal(&error))
    }

    /// Verifies a password. Without a stored hash it takes the same time.
    pub(super) async fn is_password(
        &self,
        password: Password,
        stored: Option<Text>,
    ) -> Result<bool, Problem> {
        let cost = self.parts.cost;
        self.at_work(move || match stored {
            Some(stored) => matches(&password, &stored),
            None => waste_time(&password, cost).map(|()| false),
        })
        .await
    }

    async fn at_work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = Arc::clone(&self.hashing).acquire_owned().await;
        let permit = permit.map_err(|closed| Problem::internal(&closed))?;
        let done = spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        });
        match done.await {
            Ok(outcome) => outcome.map_err(|error| Problem::internal(&error)),
            Err(panic) => Err(Problem::internal(&panic)),
        }
    }
}

/// Makes an e-mail address available for a new user: it may be that of a user who was removed. That row keeps its id, to
/// which other rows refer, and gets an address that nobody can have (RFC 2606) or guess, and so take before.
pub(in crate::server) fn vacate(
    connection: &mut AnyConnection,
    email: &EmailAddress,
    now: Instant,
) -> Result<(), HandlerError> {
    let Some(user) = User::by_email(connection, email)? else {
        return Ok(());
    };
    let user = User::lock(connection, user.id)?.filter(|user| user.email == *email);
    let Some(user) = user else {
        return Ok(());
    };
    if user.deleted_at.is_none() {
        return Err(taken().into());
    }
    let changes = UserChanges {
        email: Some(EmailAddress::new(&format!("{}@removed.invalid", uuid::Uuid::now_v7()))?),
        updated_at: Some(now),
        ..UserChanges::default()
    };
    User::update(connection, user.id, &changes)?;
    Ok(())
}

/// The problem for an e-mail address that is in use.
pub(super) fn taken() -> Problem {
    Problem::new(Code::Duplicate, "a user with this e-mail address already exists")
}
