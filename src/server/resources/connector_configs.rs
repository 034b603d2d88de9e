//! `/api/connector-configs`: credentials of a user for external systems, visible only to that user.

use crate::models::documents::{ConnectorConfig, ConnectorConfigChanges, NewConnectorConfig};
use crate::server::resource::{Collection, resource};
use transfer::values::{Instant, Json, Text};

resource! {
    /// The credentials of a user for an external system. Visible only to that user, whatever their role.
    ConnectorConfig, "connector config" at "connector-configs", ConnectorConfigs;
    collections [Collection::User];
    new |at| NewConnectorConfig {
        connector_type: Text [1..=100],
        is_active: bool = true,
        config: Json,
    } with {
        user_id: at.caller.user,
        created_at: at.now,
        updated_at: at.now,
        last_used_at: None,
    }
    changes |at| ConnectorConfigChanges {
        is_active: bool,
        config: Json,
        last_used_at: Option<Instant>,
    } with {
        updated_at: Some(at.now),
    }
}
