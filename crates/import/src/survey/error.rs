//! Errors of a survey.

use crate::decisions::DecisionsError;
use crate::schema::SchemaError;
use databases::error::{ExitStatus, Explain};
use databases::hint::Hint;

/// Why a survey failed.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// Reading the schema failed.
    #[error("read the schema of the source")]
    Schema(#[from] SchemaError),
    /// The configuration file does not match this source.
    #[error("apply the configuration file")]
    Decisions(#[from] DecisionsError),
    /// Reading the rows of a table failed.
    #[error("read the rows of `{table}`")]
    Rows {
        /// The table.
        table: String,
        /// The error of SQLite.
        #[source]
        source: diesel::result::Error,
    },
    /// The file is corrupt: rows may be missing or duplicated.
    #[error("the file is corrupt: {damage}")]
    Damaged {
        /// The message of SQLite.
        damage: String,
    },
    /// A reader thread panicked.
    #[error("a reader thread panicked: this is a bug")]
    ReaderLost,
    /// The user interrupted it.
    #[error("interrupted")]
    Interrupted,
}

impl Explain for SurveyError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Schema(_) | Self::Rows { .. } | Self::Damaged { .. } => ExitStatus::SourceFailed,
            Self::Decisions(_) => ExitStatus::Configuration,
            Self::ReaderLost => ExitStatus::Unexpected,
            Self::Interrupted => ExitStatus::Interrupted,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Schema(_) | Self::Rows { .. } | Self::Damaged { .. } => Some(
                "restore a backup, or repair a copy of the file with `sqlite3 FILE .recover | sqlite3 NEW` and check what is missing"
                    .into(),
            ),
            Self::Decisions(_) => Some(Hint::CorrectDecisions),
            Self::Interrupted => Some("run the same command again".into()),
            Self::ReaderLost => None,
        }
    }
}
