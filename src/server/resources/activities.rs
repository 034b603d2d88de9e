//! `/api/activities`: the audit trail. It is written by every change, and by nobody else.

use diesel::QueryResult;

use crate::models::UserId;
use crate::models::tenancy::Activity;
use crate::server::resource::{Collection, resource};
use databases::connection::AnyConnection;

resource! {
    /// Who did what to what. Every change writes one in its own transaction; none can be changed or deleted.
    Activity, "activity" at "activities", Activities;
    collections [Collection::Organization];
    particular {
        const TOGETHER: &'static [&'static [&'static str]] = &[&["entity_type", "entity_id"]];

        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(self.user_id.into_iter().collect())
        }
    }
}
