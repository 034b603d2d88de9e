//! The audit trail: every change inserts an activity in the same transaction.
//!
//! Its metadata has the names of the changed fields (`fields`), and of money and rights the old and new values (`values`).

use serde_json::{Map, Value, json};

use super::caller::At;
use super::fields::to_json;
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
    /// Names of the fields in the request. Their values may be secret and are not recorded.
    pub(super) fields: &'a [&'static str],
}

/// Old and new values of fields, as `{"role": {"old": "member", "new": "admin"}}`.
pub(super) type ValueChanges = Map<String, Value>;

/// A change of one value.
pub(super) fn value_change(name: &str, old: Value, new: Value) -> ValueChanges {
    Map::from_iter([(name.to_owned(), json!({ "old": old, "new": new }))])
}

/// Inserts an entry.
pub(super) fn record(connection: &mut AnyConnection, event: &AuditEvent<'_>) -> Result<(), HandlerError> {
    record_values(connection, event, ValueChanges::new())
}

/// Inserts an entry with old and new values.
pub(super) fn record_values(
    connection: &mut AnyConnection,
    event: &AuditEvent<'_>,
    values: ValueChanges,
) -> Result<(), HandlerError> {
    let mut metadata = Map::new();
    if !event.fields.is_empty() {
        metadata.insert("fields".to_owned(), json!(event.fields));
    }
    if !values.is_empty() {
        metadata.insert("values".to_owned(), Value::Object(values));
    }
    let metadata = match metadata.is_empty() {
        true => None,
        false => Some(Json::new(Value::Object(metadata))?),
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

/// A row before and after a change.
pub(super) enum RowChange<'a, R> {
    Created(&'a R),
    Changed(&'a R, &'a R),
    Deleted(&'a R),
}

impl<'a, R: Resource> RowChange<'a, R> {
    fn row(&self) -> &'a R {
        match self {
            Self::Created(row) | Self::Changed(_, row) | Self::Deleted(row) => row,
        }
    }

    /// The audited values that differ; a row that does not exist has none.
    fn values(&self) -> ValueChanges {
        let (before, after) = match self {
            Self::Created(row) => (Value::Null, to_json(row)),
            Self::Changed(before, after) => (to_json(before), to_json(after)),
            Self::Deleted(row) => (to_json(row), Value::Null),
        };
        let changed = |name: &&&str| before[**name] != after[**name];
        let values = R::AUDITED.iter().filter(changed);
        values.flat_map(|name| value_change(name, before[*name].clone(), after[*name].clone())).collect()
    }
}

/// Records a change of a row by the caller. A row that belongs to no organization has no audit trail: the change is
/// logged.
pub(super) fn record_change<R: Resource>(
    connection: &mut AnyConnection,
    at: &At,
    change: RowChange<'_, R>,
    done: &str,
    fields: &[&'static str],
) -> Result<(), HandlerError> {
    let row = change.row();
    let whose: AnyKey = row.owner().unwrap_or_else(|| row.key().into());
    let organization = match (at.organization(), whose) {
        (Some(organization), _) => Some(organization),
        (None, AnyKey::ContactSubmission(_)) => None,
        // Erasing an organization erases its audit trail.
        (None, AnyKey::Organization(_)) if done == "deleted" => None,
        (None, whose) => organization_of(connection, whose)?,
    };
    let entity = R::NAME.replace(' ', "_");
    let key = row.key().to_string();
    let Some(organization) = organization else {
        let values = Value::Object(change.values());
        tracing::warn!(user = %at.caller.user, entity, key, done, %values, "changed what belongs to no organization");
        return Ok(());
    };
    let user = Some(at.caller.user);
    let event = AuditEvent { organization, user, now: at.now, entity: &entity, key, done, fields };
    record_values(connection, &event, change.values())
}
