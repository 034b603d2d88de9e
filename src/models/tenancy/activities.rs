//! The audit trail.

use crate::models::record;
use crate::models::{ActivityId, OrganizationId, UserId};
use transfer::values::{Instant, Json, Text};

record! {
    /// An entry of the audit trail.
    activities: Activity, NewActivity, ActivityChanges;
    key generated id: ActivityId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        user_id: UserId,
        entity_type: Text,
        entity_id: Text,
    }
    fixed {
        organization_id: OrganizationId,
        user_id: Option<UserId>,
        kind: Text,
        title: Text,
        entity_type: Option<Text>,
        entity_id: Option<Text>,
        created_at: Instant,
    }
    changing {
        description: Option<Text>,
        metadata: Option<Json>,
    }
}
