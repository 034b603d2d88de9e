//! A person's access to an outside system.

use crate::models::record;
use crate::models::{ConnectorConfigId, UserId};
use transfer::values::{Instant, Json, Text};

record! {
    /// A person's access to an outside system.
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
