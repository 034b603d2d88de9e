//! Row access control: the only place that loads rows on behalf of a caller.
//!
//! A row of another organization, or outside the scope of the caller's right, is reported as 404. 403 means that the
//! role has no such right at all.

use super::caller::At;
use super::fields::GivenFields;
use super::problem::{Code, FieldError, HandlerError, Problem};
use super::resource::Resource;
use super::rights::{AccessScope, Principal, Verb, scope_of};
use crate::models::ownership::{organization_of, users_of};
use crate::models::tenancy::Organization;
use crate::models::{AnyKey, Field as _, Record as _};
use databases::connection::AnyConnection;

/// The scope of the caller's right to the operation; 403 if there is none.
pub(super) fn right<R: Resource>(at: &At, verb: Verb) -> Result<AccessScope, Problem> {
    match scope_of(at.caller.principal(), R::KIND, verb) {
        AccessScope::Nothing => Err(Problem::new(
            Code::Forbidden,
            format!("your role does not permit {} on {}", verb.name(), R::PATH),
        )),
        scope => Ok(scope),
    }
}

/// The primary key in the path; 404 if it cannot be parsed.
pub(super) fn key_of<R: Resource>(text: &str) -> Result<R::Key, Problem> {
    R::Key::from_parameter(text).map_err(|_no_key| Problem::not_found(R::NAME))
}

/// The row with this key, if the scope of the caller's right includes it.
pub(super) fn find<R: Resource>(
    connection: &mut AnyConnection,
    at: &At,
    verb: Verb,
    key: R::Key,
) -> Result<R, HandlerError> {
    let scope = right::<R>(at, verb)?;
    let row = R::find(connection, key)?;
    admit(connection, at, scope, row)
}

/// Like [`find`], but locks the row in a transaction that will change it.
pub(super) fn lock<R: Resource>(
    connection: &mut AnyConnection,
    at: &At,
    verb: Verb,
    key: R::Key,
) -> Result<R, HandlerError> {
    let scope = right::<R>(at, verb)?;
    let row = R::lock(connection, key)?;
    admit(connection, at, scope, row)
}

fn admit<R: Resource>(
    connection: &mut AnyConnection,
    at: &At,
    scope: AccessScope,
    row: Option<R>,
) -> Result<R, HandlerError> {
    let missing = || HandlerError::Problem(Problem::not_found(R::NAME));
    let row = row.filter(|row| !row.is_deleted()).ok_or_else(missing)?;
    match is_within(connection, at, scope, &row)? {
        true => Ok(row),
        false => Err(missing()),
    }
}

/// Whether the scope includes a row.
pub(super) fn is_within<R: Resource>(
    connection: &mut AnyConnection,
    at: &At,
    scope: AccessScope,
    row: &R,
) -> Result<bool, HandlerError> {
    let whose = row.owner().unwrap_or_else(|| row.key().into());
    let is_ours = match at.caller.principal() {
        // Staff have rights only on organizations and on rows that belong to no organization.
        Principal::Staff => true,
        Principal::In(organization, _) => organization_of(connection, whose)? == Some(organization),
        Principal::Outside => false,
    };
    if !is_ours || scope == AccessScope::Nothing {
        return Ok(false);
    }
    Ok(scope == AccessScope::All || row.users(connection)?.contains(&at.caller.user))
}

/// Whether a row that is referred to belongs to the caller's organization; for staff, whether it is an organization.
fn is_ours(connection: &mut AnyConnection, at: &At, key: AnyKey) -> Result<bool, HandlerError> {
    match (at.caller.principal(), key) {
        (Principal::Staff, AnyKey::Organization(id)) => Ok(Organization::find(connection, id)?.is_some()),
        (Principal::In(organization, _), key) => Ok(organization_of(connection, key)? == Some(organization)),
        (Principal::Staff | Principal::Outside, _) => Ok(false),
    }
}

/// Checks that the scope includes the parent row of a list or of a new row.
pub(super) fn check_parent(
    connection: &mut AnyConnection,
    at: &At,
    scope: AccessScope,
    name: &'static str,
    parent: AnyKey,
) -> Result<(), HandlerError> {
    if is_ours(connection, at, parent)?
        && (scope == AccessScope::All || users_of(connection, parent)?.contains(&at.caller.user))
    {
        return Ok(());
    }
    Err(Problem::not_found(name).into())
}

/// Checks that every row referenced by the body belongs to the caller's organization and is in the scope of the
/// right.
pub(super) fn check_references(
    connection: &mut AnyConnection,
    at: &At,
    scope: AccessScope,
    given: &GivenFields,
) -> Result<(), HandlerError> {
    let mut errors = Vec::new();
    for (name, key) in &given.references {
        let is_ours = is_ours(connection, at, *key)?;
        let is_within = scope == AccessScope::All || users_of(connection, *key)?.contains(&at.caller.user);
        if !is_ours || !is_within {
            let detail = "refers to a row that does not exist".to_owned();
            errors.push(FieldError { pointer: format!("/{name}"), code: "unknown_reference", detail });
        }
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(Problem::fields(errors).into()),
    }
}
