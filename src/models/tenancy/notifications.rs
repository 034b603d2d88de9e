//! Notifications of users.

use crate::models::record;
use crate::models::{
    NotificationId, NotificationPriority, NotificationStatus, OrganizationId, UserId, WebUrl,
};
use transfer::values::{Instant, Json, Text};

record! {
    /// A notification for one user.
    notifications: Notification, NewNotification, NotificationChanges;
    key generated id: NotificationId;
    owner organization_id;
    filter {
        user_id: UserId,
        status: NotificationStatus,
    }
    fixed {
        organization_id: OrganizationId,
        user_id: UserId,
        kind: Text,
        title: Text,
        message: Text,
        entity_type: Option<Text>,
        entity_id: Option<Text>,
        created_at: Instant,
    }
    changing {
        priority: NotificationPriority,
        status: NotificationStatus,
        action_url: Option<WebUrl>,
        metadata: Option<Json>,
        read_at: Option<Instant>,
    }
}
