//! `/api/report-runs`: report jobs.

use diesel::QueryResult;
use serde_json::json;

use crate::models::tenancy::{NewReportRun, ReportRun, ReportRunChanges};
use crate::models::{ReportRunId, ReportStatus, UserId, WebUrl};
use crate::server::resource::{Collection, resource};
use databases::connection::AnyConnection;
use transfer::values::{Json, Text};

resource! {
    /// A report job with its status and the location of its result.
    ReportRun, "report run" at "report-runs", ReportRuns;
    collections [Collection::Organization];
    new |at| NewReportRun {
        kind: Text [1..=100],
        params: Json = Json::new(json!({})).ok()?,
    } with {
        id: ReportRunId(uuid::Uuid::now_v7()),
        organization_id: at.organization()?,
        user_id: at.caller.user,
        created_at: at.now,
        status: ReportStatus::Queued,
        url: None,
        error_message: None,
        updated_at: at.now,
    }
    changes |at| ReportRunChanges {
        status: ReportStatus,
        url: Option<WebUrl> [1..=2048],
        error_message: Option<Text> [0..=20_000],
    } with {
        updated_at: Some(at.now),
    }
    particular {
        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(vec![self.user_id])
        }
    }
}
