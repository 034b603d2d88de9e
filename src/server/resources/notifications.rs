//! `/api/notifications`: notifications of a user, visible only to that user.

use diesel::QueryResult;

use crate::models::tenancy::{NewNotification, Notification, NotificationChanges};
use crate::models::{NotificationPriority, NotificationStatus, UserId, WebUrl};
use crate::server::caller::At;
use crate::server::problem::HandlerError;
use crate::server::resource::{Collection, resource};
use databases::connection::AnyConnection;
use transfer::values::{Json, Text};

resource! {
    /// A notification for one user.
    Notification, "notification" at "notifications", Notifications;
    collections [Collection::User];
    new |at| NewNotification {
        user_id: UserId,
        kind: Text [1..=100],
        title: Text [1..=300],
        message: Text [0..=20_000],
        entity_type: Option<Text> [1..=100],
        entity_id: Option<Text> [1..=100],
        priority: NotificationPriority = NotificationPriority::Normal,
        action_url: Option<WebUrl> [1..=2048],
        metadata: Option<Json>,
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
        status: NotificationStatus::Unread,
        read_at: None,
    }
    changes |_at| NotificationChanges {
        status: NotificationStatus,
    } with {}
    particular {
        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(vec![self.user_id])
        }

        fn before_update(
            &self,
            changes: &mut NotificationChanges,
            at: &At,
            _connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            changes.read_at = match changes.status {
                Some(NotificationStatus::Unread) => Some(None),
                Some(_) if self.read_at.is_none() => Some(Some(at.now)),
                _ => None,
            };
            Ok(())
        }
    }
}
