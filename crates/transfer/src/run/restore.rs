//! Recreating what an unfinished run has dropped.

use std::sync::atomic::AtomicBool;

use super::error::RunError;
use super::observer::Observer;
use super::stage::Stage;
use super::stages::StageLog;
use crate::control::Control;
use crate::copy::{self, Restored};
use crate::plan::refuse_followed;
use crate::target::{RunLock, Target};
use databases::url::PostgresUrl;

/// The settings of a restore.
#[derive(Clone, Copy)]
pub struct RestoreSettings<'a> {
    /// The PostgreSQL database.
    pub target: &'a PostgresUrl,
    /// The schema of the target; `None` for the first one of search_path.
    pub schema: Option<&'a str>,
    /// Raised when the user interrupts.
    pub stop: &'a AtomicBool,
    /// Receives the events of the restore.
    pub observer: &'a dyn Observer,
}

/// Recreates the keys, foreign keys and indexes that a run has dropped. What PostgreSQL refuses is named, and the others
/// are recreated.
///
/// # Errors
/// When the target fails, a sync keeps its rows up to date, or the user interrupts. Those before it stay.
pub fn restore(settings: &RestoreSettings<'_>) -> Result<Restored, RunError> {
    let mut target = Target::open_with(settings.target, settings.schema)?;
    let _lock = RunLock::take(&target)?;
    refuse_followed(&mut target)?;
    let control = Control { stop: settings.stop, observer: settings.observer };
    let stages = StageLog::new(settings.observer);
    stages.begin(Stage::Constraints, 0);
    let restored = copy::restore(&mut target, control);
    stages.end();
    Ok(restored.map_err(|error| target.diagnosed(error))?)
}
