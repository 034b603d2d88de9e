//! Deleting the records of runs.

use super::error::{CallerError, RunError};
use crate::error::TransferError;
use crate::finding::{Finding, rows};
use crate::target::state::{Definition, Reject, RejectFilter, RunRecord, RunState, SkippedObject};
use crate::target::{RunLock, Target};
use databases::hint::Hint;
use databases::url::PostgresUrl;

/// The settings of [`forget`].
#[derive(Clone, Copy)]
pub struct ForgetSettings<'a> {
    /// The PostgreSQL database.
    pub target: &'a PostgresUrl,
    /// The schema of the target; `None` for the first one of search_path.
    pub schema: Option<&'a str>,
    /// Whether rejects are deleted too: their values are stored only here, and in the source.
    pub with_rejects: bool,
    /// Asks for confirmation. An error refuses.
    pub confirm: &'a dyn Fn(&Records) -> Result<(), CallerError>,
}

/// How much is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Records {
    /// Runs.
    pub run_count: usize,
    /// Rejected rows.
    pub reject_count: usize,
    /// Skipped objects.
    pub skipped_count: usize,
}

/// Deletes the records of runs into this schema, and returns how much there was; `None` if there were none.
///
/// # Errors
/// When the newest run is not completed, when keys or indexes that it dropped are still to be recreated, or when there are
/// rejects that are not to be deleted. When it is not confirmed, another run writes to the target, or the database refuses.
pub fn forget(settings: &ForgetSettings<'_>) -> Result<Option<Records>, RunError> {
    let mut target = Target::open_with(settings.target, settings.schema)?;
    let _lock = RunLock::take(&target)?;
    let failed = |what| move |source| TransferError::UseTarget { what, source };
    let read = target.in_transaction(|target| {
        if !target.has_records()? {
            return Ok::<_, diesel::result::Error>(None);
        }
        let rejects = Reject::load(target, &RejectFilter::default())?;
        let records = Records {
            run_count: RunRecord::load(target)?.len(),
            reject_count: rejects.len(),
            skipped_count: SkippedObject::load(target)?.len(),
        };
        Ok(Some((records, needed(target, rejects.len(), settings.with_rejects)?)))
    });
    let read = read.map_err(failed("read the records of runs")).map_err(|error| target.diagnosed(error));
    let Some((records, reasons)) = read? else { return Ok(None) };
    if !reasons.is_empty() {
        return Err(TransferError::RecordsNeeded { reasons }.into());
    }
    (settings.confirm)(&records)?;
    let dropped = target.in_transaction(Target::drop_records).map_err(failed("delete the records of runs"));
    dropped.map_err(|error| target.diagnosed(error))?;
    Ok(Some(records))
}

/// Why the records are still needed.
fn needed(
    target: &mut Target,
    reject_count: usize,
    with_rejects: bool,
) -> Result<Vec<Finding>, diesel::result::Error> {
    let mut reasons = Vec::new();
    let newest = RunRecord::load(target)?.into_iter().next();
    if let Some(run) = newest.filter(|run| run.state != RunState::Completed) {
        let text = format!("the run of {} is not completed: its records are what continues it", run.began_at);
        reasons.push(Finding::blocker(text, Hint::FinishOrRestart));
    }
    if target.is_followed()? {
        let text = "a sync has its position in them";
        reasons.push(Finding::blocker(text, Hint::EndSync));
    }
    let dropped = Definition::load(target)?.len();
    if dropped > 0 {
        let text = format!("{dropped} keys or indexes that a run dropped are still to be recreated");
        reasons.push(Finding::blocker(text, Hint::RecreateDefinitions));
    }
    if reject_count > 0 && !with_rejects {
        let count = i64::try_from(reject_count).unwrap_or(i64::MAX);
        let text = format!("{} of the source are recorded as rejected", rows(count));
        reasons.push(Finding::blocker(text, Hint::KeepRejects));
    }
    Ok(reasons)
}
