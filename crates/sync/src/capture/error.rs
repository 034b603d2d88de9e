//! The errors of capture.

/// Why a table or index cannot be captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// The table.
    pub table: String,
    /// The index, if it is the reason.
    pub index: Option<String>,
    /// The reason, in a sentence without a full stop.
    pub reason: String,
}

impl std::fmt::Display for Blocker {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.index {
            Some(index) => write!(formatter, "`{}`, index `{index}`: {}", self.table, self.reason),
            None => write!(formatter, "`{}`: {}", self.table, self.reason),
        }
    }
}

/// A failure of capture.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The schema of the file cannot be read.
    #[error("read the schema of the SQLite file")]
    Schema(#[from] import::schema::SchemaError),
    /// A statement failed.
    #[error("{action}")]
    Statement {
        /// What was done.
        action: String,
        /// The cause.
        #[source]
        source: diesel::result::Error,
    },
    /// A transaction could not begin or commit.
    #[error("write the change log's objects in one transaction")]
    Transaction(#[from] diesel::result::Error),
    /// A table cannot be captured.
    #[error("{} cannot be captured, first {first}", counted(*count))]
    Blocked {
        /// The number of blockers.
        count: usize,
        /// The first of them.
        first: Blocker,
    },
    /// The schema was changed between plan and attaching.
    #[error("the schema of the SQLite file was changed since the plan was computed")]
    SchemaChanged,
    /// There is no change log in the file.
    #[error("the SQLite file has no change log")]
    NotAttached,
    /// The table does not exist.
    #[error("the SQLite file has no table `{0}` that can be captured")]
    UnknownTable(String),
    /// The table still exists.
    #[error("the table `{0}` exists")]
    TableExists(String),
    /// The change log was written by another version of this program.
    #[error("the change log of the SQLite file has format {0:?}; this program reads format {expected:?}", expected = super::record::FORMAT)]
    Format(String),
    /// Parts of the change log do not exist.
    #[error("the change log of the SQLite file is damaged: {0}")]
    Damaged(String),
}

fn counted(blockers: usize) -> String {
    if blockers == 1 { "1 table or index".to_owned() } else { format!("{blockers} tables or indexes") }
}

/// The error of a statement, by what it does.
pub(super) fn doing(action: impl Into<String>) -> impl FnOnce(diesel::result::Error) -> CaptureError {
    let action = action.into();
    move |source| CaptureError::Statement { action, source }
}
