//! Why a seeding ended.

use databases::error::{ExitStatus, Explain};
use transfer::table::ReadError;
use transfer::values::InvalidValue;

/// Why a seeding ended. No rows were written then.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// There are rows that the invented ones would mix with.
    #[error("table `{table}` holds rows already; only an empty database is seeded")]
    Filled {
        /// The first such table.
        table: &'static str,
    },
    /// Whether a table is empty could not be found out.
    #[error("look for rows in table `{table}`")]
    Look {
        /// The table.
        table: &'static str,
        /// What the database said.
        #[source]
        source: diesel::result::Error,
    },
    /// A row was made that its types do not hold: a bug.
    #[error("make row {index} of table `{table}`")]
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
    #[error("prepare rows of table `{table}` for COPY")]
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
    #[error("set the next key of table `{table}`")]
    Sequence {
        /// The table.
        table: &'static str,
        /// What the database said.
        #[source]
        source: diesel::result::Error,
    },
    /// The transaction around it all failed.
    #[error("begin or commit the transaction of the seeding")]
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
                "name another database; or, to lose the rows, run `app db rollback --all` and `app db setup` with the same --database-url"
                    .into(),
            ),
            Self::Look { .. } => Some("run `app db setup` first: the tables have to be there".into()),
            Self::Make { .. }
            | Self::Encode { .. }
            | Self::Write { .. }
            | Self::Sequence { .. }
            | Self::Transaction(_) => None,
        }
    }
}
