//! Errors of migrations.

use super::Loss;
use crate::error::{ExitStatus, Explain};
use crate::hint::Hint;

/// A migration that was not applied or not reverted.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The record of applied migrations could not be read or written.
    #[error("{action} the record of applied migrations")]
    Ledger {
        /// `read` or `write`.
        action: &'static str,
        /// The error of the database.
        #[source]
        source: diesel::result::Error,
    },
    /// A migration's SQL failed; it was rolled back.
    #[error("{action} migration {migration}")]
    Run {
        /// `apply` or `revert`.
        action: &'static str,
        /// Its name.
        migration: String,
        /// The error of the database.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Applied migrations have another checksum in this program.
    #[error("migrations changed after they were applied: {}", .migrations.join(", "))]
    Changed {
        /// Their names.
        migrations: Vec<String>,
    },
    /// The database has applied migrations that this program does not have.
    #[error("applied migrations are unknown to this program: {}", .versions.join(", "))]
    Unknown {
        /// Their names.
        versions: Vec<String>,
    },
    /// No migration has this name.
    #[error("there is no migration `{wanted}`")]
    NoSuch {
        /// The requested name.
        wanted: String,
        /// The existing names.
        known: Vec<String>,
    },
    /// No migration is applied that could be reverted.
    #[error("no migration is applied")]
    NothingApplied,
    /// Rows would be lost.
    #[error("reverting would delete {}", list(.losses))]
    WouldLose {
        /// The tables and their rows.
        losses: Vec<Loss>,
    },
}

fn list(losses: &[Loss]) -> String {
    let each: Vec<String> = losses
        .iter()
        .map(|loss| {
            format!(
                "{} row{} of `{}`",
                loss.row_count,
                if loss.row_count == 1 { "" } else { "s" },
                loss.table
            )
        })
        .collect();
    each.join(", ")
}

impl Explain for MigrationError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Ledger { .. } | Self::Run { .. } => ExitStatus::TargetFailed,
            Self::NoSuch { .. } => ExitStatus::Usage,
            Self::Changed { .. } | Self::Unknown { .. } | Self::NothingApplied | Self::WouldLose { .. } => {
                ExitStatus::Blocked
            }
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Ledger { .. } => None,
            Self::Run { .. } => {
                Some("it was rolled back; remove the cause, then run the command again".into())
            }
            Self::Changed { .. } => Some(Hint::RestoreMigrations),
            Self::Unknown { .. } => Some("use the version of the program that applied them".into()),
            Self::NoSuch { known, .. } => Some(format!("migrations: {}", known.join(", ")).into()),
            Self::NothingApplied => Some(Hint::ApplyMigrations),
            Self::WouldLose { .. } => Some(Hint::ConfirmLostRows),
        }
    }
}
