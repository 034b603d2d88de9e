//! Creates the first user, from the command line.

use super::account::{Person, add_person, open_organization, vacate};
use super::routes::NAME;
use crate::models::tenancy::User;
use crate::models::{EmailAddress, Field as _, Limit, Role};
use crate::server::audit::{AuditEvent, record};
use crate::server::auth::password::{Cost, HashError, Password, PasswordRefused, hash};
use crate::server::problem::HandlerError;
use databases::connection::AnyConnection;
use databases::transaction::{TransactionKind, Undone, in_transaction};
use transfer::values::{Instant, InvalidValue, Text};

/// The user to create.
#[derive(Clone, Debug)]
pub struct NewAdmin {
    /// The e-mail address.
    pub email: String,
    /// The password in plain text.
    pub password: String,
    /// First and last name.
    pub name: (String, String),
    /// The organization to create, with the user as its owner; `None` creates a staff user.
    pub organization: Option<String>,
}

/// Why no user was created.
#[derive(Debug, thiserror::Error)]
pub enum AddAdminError {
    /// The e-mail address or a name is invalid.
    #[error("invalid {what}")]
    Invalid {
        /// The value's name.
        what: &'static str,
        /// The cause.
        #[source]
        source: InvalidValue,
    },
    /// The password is rejected.
    #[error(transparent)]
    Password(PasswordRefused),
    /// Hashing failed.
    #[error("hash the password")]
    Hash(#[source] HashError),
    /// The e-mail address is in use.
    #[error("a user with the e-mail address {email} already exists")]
    Taken {
        /// The address.
        email: String,
    },
    /// The database failed.
    #[error("write the user")]
    Write(#[source] diesel::result::Error),
}

/// A name within the limits of the API.
fn name(text: &str, limit: Limit, what: &'static str) -> Result<Text, AddAdminError> {
    let invalid = |source| AddAdminError::Invalid { what, source };
    let text = Text::new(text).map_err(invalid)?;
    match text.measure().is_none_or(|length| limit.contains(&length)) {
        true => Ok(text),
        false => {
            let (least, most) = limit.into_inner();
            Err(invalid(InvalidValue::new(format!("must have {least} to {most} characters"))))
        }
    }
}

/// Creates an admin: the owner of a new organization or, without one, a staff user.
///
/// # Errors
/// [`AddAdminError`].
pub fn add_admin(
    connection: &mut AnyConnection,
    admin: &NewAdmin,
    now: Instant,
) -> Result<User, AddAdminError> {
    let invalid = |what| move |source| AddAdminError::Invalid { what, source };
    let email = EmailAddress::new(&admin.email).map_err(invalid("e-mail address"))?;
    let password = Password::choose(&admin.password, email.as_str()).map_err(AddAdminError::Password)?;
    let hash = hash(&password, Cost::STANDARD).map_err(AddAdminError::Hash)?;
    let hash = Text::new(hash).map_err(invalid("password hash"))?;
    let (first_name, last_name) = &admin.name;
    let person = Person {
        email: email.clone(),
        first_name: name(first_name, NAME, "first name")?,
        // The last name is optional on the command line.
        last_name: name(last_name, 0..=*NAME.end(), "last name")?,
    };
    let organization =
        admin.organization.as_deref().map(|text| name(text, NAME, "organization name")).transpose()?;
    let taken = || AddAdminError::Taken { email: email.as_str().to_owned() };
    let outcome = in_transaction(connection, TransactionKind::Write, "", |connection| {
        if User::by_email(connection, &email)?.is_some_and(|user| user.deleted_at.is_none()) {
            return Ok(None);
        }
        vacate(connection, &email, now)?;
        let organization = match &organization {
            Some(name) => Some(open_organization(connection, name.clone(), now)?),
            None => None,
        };
        let role = if organization.is_some() { Role::Owner } else { Role::Admin };
        let id = organization.map(|organization| organization.id);
        let user = add_person(connection, person.clone(), id, role, Some(hash.clone()), now)?;
        if let Some(organization) = id {
            let event = AuditEvent {
                organization,
                user: Some(user.id),
                now,
                entity: "organization",
                key: organization.to_string(),
                done: "registered",
                fields: &[],
            };
            record(connection, &event)?;
        }
        Ok(Some(user))
    });
    match outcome {
        Ok(Some(user)) => Ok(user),
        Ok(None) => Err(taken()),
        Err(Undone::AtCommit(error) | Undone::Before(HandlerError::Database(error))) => {
            Err(AddAdminError::Write(error))
        }
        Err(Undone::Before(HandlerError::Problem(problem))) => {
            let error = diesel::result::Error::QueryBuilderError(problem.to_string().into());
            Err(AddAdminError::Write(error))
        }
    }
}
