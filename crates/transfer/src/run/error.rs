//! What ends a run early.

use std::error::Error;
use std::fmt;

use crate::error::TransferError;
use crate::target::Target;
use databases::error::{ExitStatus, Explain};
use databases::hint::Hint;

/// An error of the caller's own: of its planner or its confirmation.
pub type CallerError = Box<dyn Explain + Send + Sync>;

/// What ended a run early.
#[derive(Debug)]
pub enum RunError {
    /// The engine failed, or was interrupted.
    Copy(TransferError),
    /// The report cannot be written as JSON.
    Report(serde_json::Error),
    /// The caller's planner failed, or its confirmation was refused.
    Caller(CallerError),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Copy(error) => fmt::Display::fmt(error, f),
            Self::Report(error) => fmt::Display::fmt(error, f),
            Self::Caller(error) => fmt::Display::fmt(error, f),
        }
    }
}

/// Each variant stands for the error in it: the sources are those of that error.
impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Copy(error) => error.source(),
            Self::Report(error) => error.source(),
            Self::Caller(error) => error.source(),
        }
    }
}

impl Explain for RunError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Copy(error) => error.exit_status(),
            Self::Report(_) => ExitStatus::Unexpected,
            Self::Caller(error) => error.exit_status(),
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Copy(error) => error.hint(),
            Self::Report(_) => None,
            Self::Caller(error) => error.hint(),
        }
    }
}

impl RunError {
    /// The error with the SQLSTATE of the statement of `target` that failed, if the server reports it.
    #[must_use]
    pub(super) fn diagnosed(self, target: &mut Target) -> Self {
        match self {
            Self::Copy(error) => Self::Copy(target.diagnosed(error)),
            error => error,
        }
    }

    /// The error and its causes on one line.
    pub fn with_causes(&self) -> String {
        let first: &dyn Error = self;
        let causes = std::iter::successors(Some(first), |&error| error.source());
        causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    }
}

impl From<TransferError> for RunError {
    fn from(error: TransferError) -> Self {
        Self::Copy(error)
    }
}

impl From<serde_json::Error> for RunError {
    fn from(error: serde_json::Error) -> Self {
        Self::Report(error)
    }
}

impl From<CallerError> for RunError {
    fn from(error: CallerError) -> Self {
        Self::Caller(error)
    }
}

/// For transactions of the target, which begin and end with statements of their own.
impl From<diesel::result::Error> for RunError {
    fn from(source: diesel::result::Error) -> Self {
        Self::Copy(source.into())
    }
}
