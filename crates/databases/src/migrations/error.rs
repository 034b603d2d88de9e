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
    /// Rows that exist violate a constraint of a migration; it was rolled back.
    #[error("{action} migration {migration}: rows of `{table}` violate its constraint `{constraint}`")]
    Violated {
        /// `apply` or `revert`.
        action: &'static str,
        /// The migration.
        migration: String,
        /// The table.
        table: String,
        /// The name of the constraint, or its condition if it has no name.
        constraint: String,
        /// The error of the database.
        #[source]
        source: diesel::result::Error,
    },
    /// A row refers to a missing one; the migration was rolled back.
    #[error("row of `{table}`{} refers to a row of `{parent}` that does not exist", with(*.rowid))]
    Orphan {
        /// Its table.
        table: String,
        /// Its rowid.
        rowid: Option<i64>,
        /// The table of the missing row.
        parent: String,
    },
    /// The migration rebuilds a table with an index or trigger that it does not create again; it was rolled back.
    #[error("migration {migration} rebuilds `{table}`, and would drop its {kind} `{name}`")]
    Dependent {
        /// The migration.
        migration: String,
        /// `index` or `trigger`.
        kind: String,
        /// Its name.
        name: String,
        /// The table.
        table: String,
    },
    /// Rows that a revert would delete could not be counted.
    #[error("count the rows of `{table}` that would be deleted")]
    Count {
        /// The table.
        table: &'static str,
        /// The error of the database.
        #[source]
        source: diesel::result::Error,
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
    /// Changes of the tables are logged, for a sync.
    #[error("the change log of a sync is attached to this database: a migration would end it")]
    Logged,
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

fn with(rowid: Option<i64>) -> String {
    rowid.map(|rowid| format!(" with rowid {rowid}")).unwrap_or_default()
}

fn list(losses: &[Loss]) -> String {
    let each = losses.iter().map(|loss| {
        let plural = if loss.row_count == 1 { "" } else { "s" };
        match loss.column {
            Some(_) => format!("the values of `{loss}` in {} row{plural}", loss.row_count),
            None => format!("{} row{plural} of `{loss}`", loss.row_count),
        }
    });
    each.collect::<Vec<_>>().join(", ")
}

impl Explain for MigrationError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Ledger { .. } | Self::Run { .. } | Self::Count { .. } => ExitStatus::TargetFailed,
            Self::NoSuch { .. } => ExitStatus::Usage,
            Self::Violated { .. }
            | Self::Orphan { .. }
            | Self::Dependent { .. }
            | Self::Changed { .. }
            | Self::Unknown { .. }
            | Self::Logged
            | Self::NothingApplied
            | Self::WouldLose { .. } => ExitStatus::Blocked,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Ledger { .. } | Self::Count { .. } => None,
            Self::Violated { .. } => Some(
                "it was rolled back, and no row was changed; change or delete these rows, then run the command again"
                    .into(),
            ),
            Self::Dependent { .. } => Some(
                "it was rolled back; drop the object, run the command again, and create the object again".into(),
            ),
            Self::Orphan { .. } => Some(
                "the migration was rolled back; delete this row or insert the missing one, then run the command again"
                    .into(),
            ),
            Self::Run { .. } => {
                Some("it was rolled back; remove the cause, then run the command again".into())
            }
            Self::Changed { .. } => Some(Hint::RestoreMigrations),
            Self::Unknown { .. } => Some("use the version of the program that applied them".into()),
            Self::NoSuch { known, .. } => Some(format!("migrations: {}", known.join(", ")).into()),
            Self::Logged => Some(Hint::DetachSyncToMigrate),
            Self::NothingApplied => Some(Hint::ApplyMigrations),
            Self::WouldLose { .. } => Some(Hint::ConfirmLostRows),
        }
    }
}
