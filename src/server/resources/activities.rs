//! `/api/activities`: the audit trail, written only by the application.

use diesel::QueryResult;

use crate::models::UserId;
use crate::models::tenancy::Activity;
use crate::server::resource::{Collection, resource};
use databases::connection::AnyConnection;

resource! {
    /// An entry of the audit trail, created by each change in its own transaction. Entries are immutable.
    Activity, "activity" at "activities", Activities;
    collections [Collection::Organization];
    particular {
        const TOGETHER: &'static [&'static [&'static str]] = &[&["entity_type", "entity_id"]];

        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(self.user_id.into_iter().collect())
        }
    }
}
