//! `/api/connector-configs`: a person's access to outside systems, which nobody else sees.

use crate::models::documents::{ConnectorConfig, ConnectorConfigChanges, NewConnectorConfig};
use crate::server::resource::{Collection, resource};
use transfer::values::{Instant, Json, Text};

resource! {
    /// A person's access to an outside system. Nobody else sees it, whatever their role.
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
