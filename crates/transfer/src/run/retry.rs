//! A retry of rejects.

use std::sync::atomic::AtomicBool;

use super::error::RunError;
use super::observer::{Event, Observer};
use super::report::RetryReport;
use crate::application::Application;
use crate::control::Control;
use crate::copy::retry_rejects;
use crate::plan::refuse_unfinished;
use crate::source::{Source, SourceOptions};
use crate::target::{RunLock, Target};
use databases::url::{PostgresUrl, SqlitePath};

/// The settings of a retry of rejects.
#[derive(Clone, Copy)]
pub struct RetrySettings<'a> {
    /// The application whose rejects are copied.
    pub application: &'a Application,
    /// The SQLite file.
    pub source: &'a SqlitePath,
    /// The PostgreSQL database.
    pub target: &'a PostgresUrl,
    /// The schema of the target; `None` for the first one of search_path.
    pub schema: Option<&'a str>,
    /// Raised when the user interrupts.
    pub stop: &'a AtomicBool,
    /// Receives the events of the retry.
    pub observer: &'a dyn Observer,
}

/// Reads rejected rows from the source again and copies those that fit now.
///
/// # Errors
/// When a side fails, a run is unfinished, or the user interrupts: rows that were copied until then stay.
pub fn retry(settings: &RetrySettings<'_>) -> Result<RetryReport, RunError> {
    let (of_source, of_target) = (settings.source.to_string(), settings.target.to_string());
    settings.observer.observe(&Event::RunBegun { run_id: None, source: &of_source, target: &of_target });
    let options = SourceOptions { stop: Some(settings.stop), ..SourceOptions::default() };
    let mut source = Source::open(settings.source, &options)?;
    settings.observer.observe(&Event::SnapshotTaken(source.snapshot()));
    let mut target = Target::open_with(settings.target, settings.schema)?;
    let _lock = RunLock::take(&target)?;
    let control = Control { stop: settings.stop, observer: settings.observer };
    let outcome = refuse_unfinished(&mut target)
        .and_then(|()| retry_rejects(&mut source, &mut target, settings.application, control));
    let (copied, remaining) = outcome.map_err(|error| target.diagnosed(error))?;
    Ok(RetryReport::new(copied, remaining))
}
