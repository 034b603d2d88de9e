//! `/api/connector-configs/{id}/field-mappings`: mappings between local and external fields.

use crate::models::ConnectorConfigId;
use crate::models::documents::{FieldMapping, FieldMappingChanges, NewFieldMapping};
use crate::server::resource::{Parent, resource};
use transfer::values::{Real, Text};

resource! {
    /// A mapping between a local field and a field of the external system.
    FieldMapping, "field mapping" at "field-mappings", FieldMappings;
    collections [Parent::of::<ConnectorConfigId>("connector-configs", "connector config", "connector_config_id")];
    new |at| NewFieldMapping {
        connector_config_id: ConnectorConfigId,
        source_field: Text [1..=200],
        target_field: Text [1..=200],
        confidence_score: Option<Real>,
        is_manual_override: bool = false,
    } with {
        created_at: at.now,
    }
    changes |_at| FieldMappingChanges {
        source_field: Text [1..=200],
        target_field: Text [1..=200],
        confidence_score: Option<Real>,
        is_manual_override: bool,
    } with {}
}
