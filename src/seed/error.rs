//! Why a seeding ended.

use databases::error::{ExitStatus, Explain};
use transfer::table::ReadError;
use transfer::values::InvalidValue;

/// Why a seeding ended. No rows were written then.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// There are rows that the invented ones would mix with.
    #[error("table `{table}` is not empty; seeding requires an empty database")]
    Filled {
        /// The first such table.
        table: &'static str,
    },
    /// Whether a table is empty could not be found out.
    #[error("check whether table `{table}` is empty")]
    Look {
        /// The table.
        table: &'static str,
        /// What the database said.
        #[source]
        source: diesel::result::Error,
    },
    /// A row was made that its types do not hold: a bug.
    #[error("generate row {index} of table `{table}`")]
    Make {
        /// The table.
        table: &'static str,
        /// The place of the row, from 0.
        index: u64,
        /// What is wrong with it.
        #[source]
        source: InvalidValue,
    },
    /// A row has no binary form: a bug.
    #[error("encode rows of table `{table}` for COPY")]
    Encode {
        /// The table.
        table: &'static str,
        /// The row and what is wrong with it.
        #[source]
        source: ReadError,
    },
    /// The database refused rows.
    #[error("write rows to table `{table}`")]
    Write {
        /// The table.
        table: &'static str,
        /// What the database said.
        #[source]
        source: diesel::result::Error,
    },
    /// The next key of a table could not be set.
    #[error("set the sequence of table `{table}`")]
    Sequence {
        /// The table.
        table: &'static str,
        /// What the database said.
        #[source]
        source: diesel::result::Error,
    },
    /// The transaction around it all failed.
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

    fn hint(&self) -> Option<String> {
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
