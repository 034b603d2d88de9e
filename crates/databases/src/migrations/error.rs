//! What can go wrong with migrations.

use super::Loss;
use crate::error::{ExitStatus, Explain};

/// A migration that was not applied or not taken back.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The record of applied migrations could not be read or written.
    #[error("{action} the record of applied migrations")]
    Ledger {
        /// `read` or `write`.
        action: &'static str,
        /// What the database says.
        #[source]
        source: diesel::result::Error,
    },
    /// A migration's SQL failed; nothing of it remains.
    #[error("{action} migration {migration}")]
    Run {
        /// `apply` or `take back`.
        action: &'static str,
        /// Which one.
        migration: String,
        /// What the database says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Applied migrations are not what this program has under their names.
    #[error("changed since they were applied: {}", .migrations.join(", "))]
    Changed {
        /// Which ones.
        migrations: Vec<String>,
    },
    /// The database has migrations that this program does not know.
    #[error("this program does not know the applied migrations {}", .versions.join(", "))]
    Unknown {
        /// Which ones.
        versions: Vec<String>,
    },
    /// No migration has this name.
    #[error("there is no migration `{wanted}`")]
    NoSuch {
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Nothing is applied that could be taken back.
    #[error("no migration is applied")]
    NothingApplied,
    /// Rows would be lost.
    #[error("taking back would lose {}", list(.losses))]
    WouldLose {
        /// Of which tables.
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

    fn hint(&self) -> Option<String> {
        match self {
            Self::Ledger { .. } => None,
            Self::Run { .. } => Some("nothing of it remains; run the command again when the cause is gone".to_owned()),
            Self::Changed { .. } => Some(
                "restore the files as they were, or take them as they are with `app db migrate --accept-changed`"
                    .to_owned(),
            ),
            Self::Unknown { .. } => Some("run the version of the program that applied them".to_owned()),
            Self::NoSuch { known, .. } => Some(format!("there are {}", known.join(", "))),
            Self::NothingApplied => Some("apply them with `app db setup`".to_owned()),
            Self::WouldLose { .. } => Some("copy the rows first, or add --yes to lose them".to_owned()),
        }
    }
}
