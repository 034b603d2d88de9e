//! Credentials of users for external systems.

use crate::models::record;
use crate::models::{ConnectorConfigId, UserId};
use transfer::values::{Instant, Json, Text};

record! {
    /// The credentials of a user for an external system.
    connector_configs: ConnectorConfig, NewConnectorConfig, ConnectorConfigChanges;
    key generated id: ConnectorConfigId;
    owner user_id;
    filter {
        user_id: UserId,
    }
    fixed {
        user_id: UserId,
        connector_type: Text,
        created_at: Instant,
    }
    changing {
        is_active: bool,
        config: Json,
        updated_at: Instant,
        last_used_at: Option<Instant>,
    }
}
