//! The end of a run, written to the target.

use super::error::RunError;
use super::observer::{Event, Observer};
use super::report::RunReport;
use crate::copy::end_run;
use crate::error::TransferError;
use crate::target::Target;
use crate::target::state::RunState;
use databases::error::ExitStatus;

/// Writes to the target how the run ended, on a new connection when the one of the run is lost.
pub(super) fn write_end(
    report: &RunReport,
    status: ExitStatus,
    open: impl Fn() -> Result<Target, TransferError>,
    opened: Option<Target>,
    observer: &dyn Observer,
) {
    let state = match (status, &report.error) {
        (ExitStatus::Interrupted, _) => RunState::Interrupted,
        (_, Some(_)) => RunState::Failed,
        (_, None) => RunState::Completed,
    };
    let write = |target: &mut Target| {
        let text = serde_json::to_string(report)?;
        end_run(target, &report.run_id, state, status.code(), report.error.as_deref(), &text)?;
        Ok::<_, RunError>(())
    };
    let written = opened.and_then(|mut target| write(&mut target).ok());
    let written = written.map_or_else(|| write(&mut open()?), Ok);
    match written {
        Ok(()) => observer.observe(&Event::EndWritten),
        Err(error) => observer.observe(&Event::EndNotWritten(&error)),
    }
}
