//! Report jobs.

use crate::models::record;
use crate::models::{OrganizationId, ReportRunId, ReportStatus, UserId, WebUrl};
use transfer::values::{Instant, Json, Text};

record! {
    /// A report job with its status and the location of its result.
    report_runs: ReportRun, NewReportRun, ReportRunChanges;
    key given id: ReportRunId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        user_id: UserId,
    }
    fixed {
        organization_id: OrganizationId,
        user_id: UserId,
        kind: Text,
        params: Json,
        created_at: Instant,
    }
    changing {
        status: ReportStatus,
        url: Option<WebUrl>,
        error_message: Option<Text>,
        updated_at: Instant,
    }
}
