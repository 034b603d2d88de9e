//! Errors of seeding.

use databases::error::{ExitStatus, Explain};
use databases::hint::Hint;
use transfer::table::ReadError;
use transfer::values::InvalidValue;

/// Why seeding failed. No rows were written.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A table is not empty.
    #[error("table `{table}` is not empty; seeding requires an empty database")]
    Filled {
        /// The first such table.
        table: &'static str,
    },
    /// Checking whether a table is empty failed.
    #[error("check whether table `{table}` is empty")]
    Look {
        /// The table.
        table: &'static str,
        /// The cause.
        #[source]
        source: diesel::result::Error,
    },
    /// A generated value is out of range: a bug.
    #[error("generate row {index} of table `{table}`")]
    Make {
        /// The table.
        table: &'static str,
        /// The index of the row, from 0.
        index: u64,
        /// The cause.
        #[source]
        source: InvalidValue,
    },
    /// A row cannot be encoded: a bug.
    #[error("encode rows of table `{table}` for COPY")]
    Encode {
        /// The table.
        table: &'static str,
        /// The cause, with the row.
        #[source]
        source: ReadError,
    },
    /// The database rejected rows.
    #[error("write rows to table `{table}`")]
    Write {
        /// The table.
        table: &'static str,
        /// The cause.
        #[source]
        source: diesel::result::Error,
    },
    /// The sequence of a table could not be set.
    #[error("set the sequence of table `{table}`")]
    Sequence {
        /// The table.
        table: &'static str,
        /// The cause.
        #[source]
        source: diesel::result::Error,
    },
    /// The transaction failed.
    #[error("begin or commit the seed transaction")]
    Transaction(#[from] diesel::result::Error),
}

impl Explain for SeedError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Filled { .. } => ExitStatus::Blocked,
            Self::Make { .. } | Self::Encode { .. } => ExitStatus::Unexpected,
            Self::Look { .. } | Self::Write { .. } | Self::Sequence { .. } | Self::Transaction(_) => {
                ExitStatus::TargetFailed
            }
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Filled { .. } => Some(
                "use another database; or, to delete all rows, run `app db rollback --all` and `app db setup` with the same --database-url"
                    .into(),
            ),
            Self::Look { .. } => Some("run `app db setup` first to create the tables".into()),
            Self::Make { .. }
            | Self::Encode { .. }
            | Self::Write { .. }
            | Self::Sequence { .. }
            | Self::Transaction(_) => None,
        }
    }
}
