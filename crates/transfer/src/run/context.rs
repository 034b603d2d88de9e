//! What the stages of one run share.

use super::report::RunReport;
use super::settings::RunSettings;
use super::stages::StageLog;
use crate::verify::NotInForce;

/// A run at work.
pub(super) struct RunContext<'a> {
    pub(super) settings: &'a RunSettings<'a>,
    pub(super) stages: &'a StageLog<'a>,
    pub(super) report: &'a mut RunReport,
    /// Rows of the source, as preflight counted them.
    pub(super) planned_rows: i64,
    /// Their bytes in the binary form of COPY, estimated; `None` when that is unknown.
    pub(super) planned_bytes: Option<u64>,
    /// What was not in force in the target before the run.
    pub(super) not_in_force_before: Vec<NotInForce>,
    /// Whether the target knows of the run, outside of a transaction that may be rolled back.
    pub(super) is_begun: bool,
}
