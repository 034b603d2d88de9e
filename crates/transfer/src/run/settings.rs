//! How a run is carried out.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::error::CallerError;
use super::observer::{NoObserver, Observer};
use crate::application::Application;
use crate::control::Control;
use crate::error::TransferError;
use crate::plan::{Plan, SchemaPlan};
use crate::source::SourceOptions;
use crate::verify::{Verification, VerifyOptions};
use databases::hint::Hint;
use databases::url::{PostgresUrl, SqlitePath};

/// What the user must confirm before it is done.
pub enum Confirmation<'a> {
    /// Rows of the target are lost: tables are emptied, or dropped and created again.
    LoseRows(&'a Plan),
    /// Rows of the target that are missing or differ are written from the source.
    OverwriteRows(&'a Verification),
}

/// Connections that work at the same time: as many as there are processors, at most 4.
pub fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(4)
}

/// Asks for confirmation. An error refuses, and ends the run with it.
pub type Confirm<'a> = dyn Fn(&Confirmation<'_>) -> Result<(), CallerError> + 'a;

/// Words hints as text, for the report.
pub type HintWords<'a> = dyn Fn(&Hint) -> String + 'a;

/// Words for programs without commands and options of their own: of a step, its name.
fn plain_words(hint: &Hint) -> String {
    match hint {
        Hint::Advice(advice) => advice.clone().into_owned(),
        Hint::All(hints) => hints.iter().map(plain_words).collect::<Vec<_>>().join("; "),
        step => format!("{step:?}"),
    }
}

/// The settings of a copy or an import.
#[derive(Clone)]
pub struct RunSettings<'a> {
    /// The SQLite file.
    pub source: &'a SqlitePath,
    /// The PostgreSQL database.
    pub target: &'a PostgresUrl,
    /// Whether the run ends before the first write, with the plan.
    pub dry_run: bool,
    /// Whether both sides are only compared.
    pub verify_only: bool,
    /// Whether all of it is one transaction of one connection.
    pub single_transaction: bool,
    /// Connections that work at the same time.
    pub jobs: usize,
    /// The number of rejects that ends the run when it is exceeded.
    pub max_rejects: Option<i64>,
    /// The file for rejects; `None` for a name with the id of the run, in the current folder.
    pub rejects_file: Option<PathBuf>,
    /// Whether differences show the values.
    pub show_values: bool,
    /// The file for a backup of the source, which is read from then on.
    pub backup: Option<PathBuf>,
    /// The folder for a private copy of the source; `None` for the temporary folder of the system.
    pub temp_dir: Option<PathBuf>,
    /// Asks for confirmation where rows of the target are lost.
    pub confirm: &'a Confirm<'a>,
    /// Raised when the user interrupts.
    pub stop: &'a AtomicBool,
    /// Words the hints of the report.
    pub words: &'a HintWords<'a>,
    /// Receives the events of the run.
    pub observer: &'a dyn Observer,
}

/// Refuses whatever would lose rows of the target.
fn refuse(_confirmation: &Confirmation<'_>) -> Result<(), CallerError> {
    Err(Box::new(TransferError::NotConfirmed))
}

impl<'a> RunSettings<'a> {
    /// A copy of `source` to `target` with as many connections as there are processors, at most 4, without
    /// observer and interruption, which refuses to lose rows of the target.
    pub fn new(source: &'a SqlitePath, target: &'a PostgresUrl) -> Self {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Self {
            source,
            target,
            dry_run: false,
            verify_only: false,
            single_transaction: false,
            jobs: default_jobs(),
            max_rejects: None,
            rejects_file: None,
            show_values: true,
            backup: None,
            temp_dir: None,
            confirm: &refuse,
            stop: &NEVER,
            words: &plain_words,
            observer: &NoObserver,
        }
    }

    /// Whether anything may be written.
    pub fn writes(&self) -> bool {
        !self.dry_run && !self.verify_only
    }

    pub(super) fn control(&self) -> Control<'a> {
        Control { stop: self.stop, observer: self.observer }
    }

    pub(super) fn source_options(&self) -> SourceOptions<'a> {
        SourceOptions {
            // One reader for each worker, and one to look up rows that the target refuses.
            reader_count: self.jobs + 1,
            temp_dir: self.temp_dir.clone(),
            backup: self.backup.clone(),
            stop: Some(self.stop),
        }
    }

    /// Asks for confirmation where the plan loses rows.
    pub(super) fn confirm_losses(&self, plan: &Plan) -> Result<(), CallerError> {
        let recreates = match &plan.schema {
            SchemaPlan::Recreate { losses } => !losses.is_empty(),
            SchemaPlan::Make { anew, .. } => !anew.is_empty(),
            SchemaPlan::Ready | SchemaPlan::Create => false,
        };
        if recreates || !plan.cleared().is_empty() {
            return (self.confirm)(&Confirmation::LoseRows(plan));
        }
        Ok(())
    }
}

/// The settings of a comparison.
#[derive(Clone)]
pub struct CompareSettings<'a> {
    /// The application whose tables are compared.
    pub application: &'a Application,
    /// The SQLite file.
    pub source: &'a SqlitePath,
    /// The PostgreSQL database.
    pub target: &'a PostgresUrl,
    /// The tables to compare; empty for all.
    pub tables: Vec<String>,
    /// How much is compared.
    pub options: VerifyOptions,
    /// Whether rows that are missing or differ are copied, and both sides compared again.
    pub repair: bool,
    /// Asks for confirmation before rows are overwritten.
    pub confirm: &'a Confirm<'a>,
    /// Raised when the user interrupts.
    pub stop: &'a AtomicBool,
    /// Words the hints of the report.
    pub words: &'a HintWords<'a>,
    /// Receives the events of the comparison.
    pub observer: &'a dyn Observer,
}
