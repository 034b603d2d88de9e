//! The audit trail: every change inserts an activity in the same transaction.

use serde_json::json;

use super::caller::At;
use super::problem::HandlerError;
use super::resource::Resource;
use crate::models::Record as _;
use crate::models::ownership::organization_of;
use crate::models::tenancy::{Activity, NewActivity};
use crate::models::{AnyKey, OrganizationId, UserId};
use databases::connection::AnyConnection;
use transfer::values::{Instant, Json, Text};

/// An entry of the audit trail.
pub(super) struct AuditEvent<'a> {
    pub(super) organization: OrganizationId,
    pub(super) user: Option<UserId>,
    pub(super) now: Instant,
    /// The kind of row: `bill_item`.
    pub(super) entity: &'a str,
    pub(super) key: String,
    /// The operation: `created`.
    pub(super) done: &'a str,
    /// Names of the changed fields. Their values may be secret and are not recorded.
    pub(super) fields: &'a [&'static str],
}

/// Inserts an entry.
pub(super) fn record(connection: &mut AnyConnection, event: &AuditEvent<'_>) -> Result<(), HandlerError> {
    let metadata = match event.fields {
        [] => None,
        fields => Some(Json::new(json!({ "fields": fields }))?),
    };
    let new = NewActivity {
        organization_id: event.organization,
        user_id: event.user,
        kind: Text::new(format!("{}.{}", event.entity, event.done))?,
        title: Text::new(format!("{} {} {}", event.entity.replace('_', " "), event.key, event.done))?,
        entity_type: Some(Text::new(event.entity)?),
        entity_id: Some(Text::new(event.key.as_str())?),
        created_at: event.now,
        description: None,
        metadata,
    };
    Activity::insert(connection, &new)?;
    Ok(())
}

/// Records a change of a row by the caller. A row that belongs to no organization has no audit trail: the change is
/// logged.
pub(super) fn record_change<R: Resource>(
    connection: &mut AnyConnection,
    at: &At,
    row: &R,
    done: &str,
    fields: &[&'static str],
) -> Result<(), HandlerError> {
    let whose: AnyKey = row.owner().unwrap_or_else(|| row.key().into());
    let organization = match (at.organization(), whose) {
        (Some(organization), _) => Some(organization),
        (None, AnyKey::ContactSubmission(_)) => None,
        // Deleting an organization deletes its audit trail.
        (None, AnyKey::Organization(_)) if done == "deleted" => None,
        (None, whose) => organization_of(connection, whose)?,
    };
    let entity = R::NAME.replace(' ', "_");
    let key = row.key().to_string();
    let Some(organization) = organization else {
        tracing::warn!(user = %at.caller.user, entity, key, done, "changed what belongs to no organization");
        return Ok(());
    };
    let user = Some(at.caller.user);
    record(connection, &AuditEvent { organization, user, now: at.now, entity: &entity, key, done, fields })
}
