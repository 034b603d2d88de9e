//! The record of the end of a run.

use crate::error::TransferError;
use crate::target::Target;
use crate::target::state::{RunRecord, RunState, StageRecord};

/// Writes to the target how the run ended, with its report, a JSON object. This transaction waits for the disk, and so
/// for all that were committed before it.
///
/// # Errors
/// When the target fails.
pub fn end_run(
    target: &mut Target,
    id: &str,
    state: RunState,
    exit_code: u8,
    error: Option<&str>,
    report: &str,
) -> Result<(), TransferError> {
    target
        .in_transaction(|target| {
            if !target.has_records()? {
                // The run ended before its beginning was committed.
                return Ok(());
            }
            StageRecord::end(target, id)?;
            RunRecord::end(target, id, state, exit_code, error, report)
        })
        .map_err(|source| TransferError::UseTarget { what: "write the end of the run", source })
}
