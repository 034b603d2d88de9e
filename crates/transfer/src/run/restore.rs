//! Recreating what an unfinished run has dropped.

use std::sync::atomic::AtomicBool;

use super::error::RunError;
use super::observer::Observer;
use super::stage::Stage;
use super::stages::StageLog;
use crate::control::Control;
use crate::copy;
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

/// Recreates the keys, foreign keys and indexes that an unfinished run has dropped, and returns how many.
///
/// # Errors
/// When PostgreSQL refuses one: those before it stay. When the user interrupts.
pub fn restore(settings: &RestoreSettings<'_>) -> Result<usize, RunError> {
    let mut target = Target::open_with(settings.target, settings.schema)?;
    let _lock = RunLock::take(&target)?;
    let control = Control { stop: settings.stop, observer: settings.observer };
    let stages = StageLog::new(settings.observer);
    stages.begin(Stage::Constraints, 0);
    let restored = copy::restore(&mut target, control);
    stages.end();
    Ok(restored?)
}
