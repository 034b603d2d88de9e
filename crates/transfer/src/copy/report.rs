//! The result of copying, table by table.

use serde::Serialize;

use crate::plan::{Mode, TablePlan};

/// The progress of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not begun.
    Pending,
    /// Begun and not ended: the run was interrupted.
    InProgress,
    /// Every row is in the target.
    Completed,
    /// The run ended here.
    Failed,
}

impl Status {
    /// The status as one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }
}

/// The result of one table. Once completed, `copied + already_there + rejected = total`.
#[derive(Clone, Debug, Serialize)]
pub struct TableReport {
    /// The table.
    pub table: String,
    /// Rows of the source.
    pub total: i64,
    /// Rows this run wrote.
    pub copied: i64,
    /// Rows whose key was in the target before.
    pub already_there: i64,
    /// Rejected rows.
    pub rejected: i64,
    /// Rows of the batch that was refused.
    pub failed: i64,
    /// Milliseconds from its first batch to its last.
    pub elapsed_ms: u128,
    /// Its progress.
    pub status: Status,
}

impl TableReport {
    /// The report before any row is copied.
    pub(super) fn begin(plan: &TablePlan) -> Self {
        let nothing_missing = plan.missing() == 0;
        // When rows are merged, those in the target are counted as they are found.
        let known = nothing_missing || plan.mode != Mode::Merge;
        Self {
            table: plan.table.name().to_owned(),
            total: plan.total,
            copied: 0,
            already_there: if known { plan.already_there } else { 0 },
            rejected: plan.rejected,
            failed: 0,
            elapsed_ms: 0,
            status: if nothing_missing { Status::Completed } else { Status::Pending },
        }
    }
}
