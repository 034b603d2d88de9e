//! One report being made, and where it can be fetched.

use crate::models::record;
use crate::models::{OrganizationId, ReportRunId, ReportStatus, UserId};
use transfer::values::{Instant, Json, Text};

record! {
    /// One report being made, and where it can be fetched.
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
        url: Option<Text>,
        error_message: Option<Text>,
        updated_at: Instant,
    }
}
