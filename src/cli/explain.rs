//! Exit status and hint of an error.

use crate::config::ConfigError;
use crate::seed::SeedError;
use databases::error::{ExitStatus, Explain};
use databases::hint::Hint;
use databases::migrations::MigrationError;
use databases::open::OpenError;
use databases::pool::PoolExhausted;
use databases::url::UrlError;
use import::survey::SurveyError;
use transfer::error::CopyError;
use transfer::run::RunError;

/// An error of the command line itself: text, exit status and hint.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(super) struct Refusal {
    pub(super) text: String,
    pub(super) status: ExitStatus,
    pub(super) hint: String,
}

impl Explain for Refusal {
    fn exit_status(&self) -> ExitStatus {
        self.status
    }

    fn hint(&self) -> Option<Hint> {
        Some(self.hint.clone().into())
    }
}

/// The status and hint of the first error in the chain that implements [`Explain`]; without one it is a bug.
pub(super) fn explain(error: &anyhow::Error) -> (ExitStatus, Option<Hint>) {
    let of = |explain: &dyn Explain| (explain.exit_status(), explain.hint());
    for cause in error.chain() {
        if let Some(explained) = cause
            .downcast_ref::<Refusal>()
            .map(|error| of(error))
            .or_else(|| cause.downcast_ref::<ConfigError>().map(|error| of(error)))
            .or_else(|| cause.downcast_ref::<CopyError>().map(|error| of(error)))
            .or_else(|| cause.downcast_ref::<MigrationError>().map(|error| of(error)))
            .or_else(|| cause.downcast_ref::<OpenError>().map(|error| of(error)))
            .or_else(|| cause.downcast_ref::<PoolExhausted>().map(|error| of(error)))
            .or_else(|| cause.downcast_ref::<RunError>().map(|error| of(error)))
            .or_else(|| cause.downcast_ref::<SeedError>().map(|error| of(error)))
            .or_else(|| cause.downcast_ref::<SurveyError>().map(|error| of(error)))
            .or_else(|| cause.downcast_ref::<UrlError>().map(|error| of(error)))
        {
            return explained;
        }
    }
    (ExitStatus::Unexpected, Some("this is a bug: please report it with the command line".into()))
}
