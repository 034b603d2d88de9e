//! Mappings between local and external fields.

use crate::models::record;
use crate::models::{ConnectorConfigId, FieldMappingId};
use transfer::values::{Instant, Real, Text};

record! {
    /// A mapping between a local field and a field of an external system.
    field_mappings: FieldMapping, NewFieldMapping, FieldMappingChanges;
    key generated id: FieldMappingId;
    owner connector_config_id;
    filter {
        connector_config_id: ConnectorConfigId,
    }
    sort {
        source_field: Text,
    }
    fixed {
        connector_config_id: ConnectorConfigId,
        created_at: Instant,
    }
    changing {
        source_field: Text,
        target_field: Text,
        confidence_score: Option<Real>,
        is_manual_override: bool,
    }
}
