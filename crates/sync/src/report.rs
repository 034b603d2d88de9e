//! The report of a sync, as data. It serialises as docs/report.md documents.

use std::error::Error;
use std::time::Duration;

use serde::Serialize;

use crate::error::SyncError;
use crate::status::SyncStatus;
use crate::sync::SyncProgress;
use databases::error::{ExitStatus, Explain as _};
use transfer::run::RunReport;
use transfer::verify::{Verdict, Verification};

/// The report of a sync, also of one that an error ended.
#[derive(Serialize)]
pub struct SyncReport {
    /// The version of the program.
    pub version: &'static str,
    /// The source, without a password.
    pub source: String,
    /// The target, without a password.
    pub target: String,
    /// The first copy; `null` if an earlier sync has made it.
    pub first_copy: Option<RunReport>,
    /// Where the sync stands; `null` if it ended before that could be read.
    #[serde(flatten)]
    pub status: Option<SyncStatus>,
    /// What this sync applied.
    pub progress: SyncProgress,
    /// The last comparison; `null` when there was none.
    pub verification: Option<Verification>,
    /// Its verdict.
    pub verdict: Option<Verdict>,
    /// The error that ended the sync, with its causes.
    pub error: Option<String>,
    /// Milliseconds from the beginning to the end.
    pub elapsed_ms: u128,
    /// The exit code of the command.
    pub exit_code: u8,
}

impl SyncReport {
    pub(crate) fn new(source: String, target: String) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            source,
            target,
            first_copy: None,
            status: None,
            progress: SyncProgress::default(),
            verification: None,
            verdict: None,
            error: None,
            elapsed_ms: 0,
            exit_code: 0,
        }
    }

    pub(crate) fn end(&mut self, elapsed: Duration, outcome: &Result<ExitStatus, SyncError>) {
        self.elapsed_ms = elapsed.as_millis();
        self.exit_code = match outcome {
            Ok(status) => status.code(),
            Err(error) => {
                let first: &dyn Error = error;
                let causes = std::iter::successors(Some(first), |&error| error.source());
                self.error = Some(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "));
                error.exit_status().code()
            }
        };
    }
}
