//! What ends the following of a source early.

use databases::error::{ExitStatus, Explain};
use databases::hint::Hint;
use databases::open::OpenError;
use transfer::error::TransferError;
use transfer::finding::Finding;
use transfer::run::RunError;
use transfer::table::ReadError;

use crate::capture::{BrokenTable, CaptureError};

/// A sync that did not reach its end.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The source cannot be opened for writing.
    #[error("open source")]
    OpenSource(#[source] OpenError),
    /// Capture cannot be attached, read or removed.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// The source fails.
    #[error("{what} in the source")]
    UseSource {
        /// What was being done.
        what: &'static str,
        /// What SQLite says.
        #[source]
        source: diesel::result::Error,
    },
    /// The change log cannot be read.
    #[error("read the change log of the source")]
    ReadLog(#[source] diesel::result::Error),
    /// A row of the source cannot be read.
    #[error("read a changed row of the source")]
    ReadRow(#[source] ReadError),
    /// The temporary file for changes fails.
    #[error("keep changes in a temporary file")]
    Spool(#[source] std::io::Error),
    /// The target refuses rows, and none may be rejected.
    #[error("write the changes of `{table}` to the target")]
    WriteRows {
        /// The table.
        table: String,
        /// What PostgreSQL says.
        #[source]
        source: diesel::result::Error,
    },
    /// A row of the source has no form in the target, and none may be rejected.
    #[error("the row {key} of `{table}` cannot be written to the target: {reason}")]
    Unencodable {
        /// The table.
        table: String,
        /// The key of the row.
        key: String,
        /// The reason.
        reason: String,
    },
    /// The engine failed.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// The first copy failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Nothing can be followed.
    #[error("{}", list(.0))]
    Blocked(Vec<Finding>),
    /// Tables changed so that their changes are not logged as before. Nothing was applied since.
    #[error("{}", broken(.0))]
    Broken(Vec<BrokenTable>),
    /// Tables have other columns than those that were copied: capturing them again is not enough. Nothing was applied since.
    #[error("{}", broken(.0))]
    ColumnsChanged(Vec<BrokenTable>),
    /// Another file is at the path of the source, or none.
    #[error("another file is at the path of the source, or none")]
    Replaced,
    /// The log does not have the change any more up to which the target is.
    #[error(
        "the change log of the source is another one: a backup was restored, the log was emptied, or changes were lost with the power"
    )]
    OtherLog,
    /// What the source or the target recorded cannot be read.
    #[error("{0}")]
    Records(String),
}

fn list(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.text.as_str()).collect::<Vec<_>>().join("; ")
}

fn broken(tables: &[BrokenTable]) -> String {
    let words =
        tables.iter().map(|broken| format!("`{}` cannot be followed: {}", broken.table, broken.reason));
    words.collect::<Vec<_>>().join("; ")
}

/// For transactions of the target, which begin and end with statements of their own.
impl From<diesel::result::Error> for SyncError {
    fn from(source: diesel::result::Error) -> Self {
        Self::Transfer(source.into())
    }
}

impl From<std::io::Error> for SyncError {
    fn from(error: std::io::Error) -> Self {
        Self::Spool(error)
    }
}

impl Explain for SyncError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::OpenSource(_) | Self::UseSource { .. } | Self::ReadLog(_) | Self::ReadRow(_) => {
                ExitStatus::SourceFailed
            }
            Self::Capture(error) => capture_status(error),
            Self::Spool(_) => ExitStatus::Unexpected,
            Self::WriteRows { .. } | Self::Unencodable { .. } => ExitStatus::TargetFailed,
            Self::Transfer(error) => error.exit_status(),
            Self::Run(error) => error.exit_status(),
            Self::Blocked(_)
            | Self::Broken(_)
            | Self::ColumnsChanged(_)
            | Self::Replaced
            | Self::OtherLog
            | Self::Records(_) => ExitStatus::Blocked,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Transfer(error) => error.hint(),
            Self::Run(error) => error.hint(),
            Self::Blocked(findings) => {
                Some(Hint::All(findings.iter().map(|finding| finding.hint.clone()).collect()))
            }
            Self::WriteRows { .. } | Self::Unencodable { .. } => Some(Hint::SkipFollowedRows),
            Self::Broken(broken) => {
                Some(Hint::Recapture { tables: broken.iter().map(|broken| broken.table.clone()).collect() })
            }
            Self::ColumnsChanged(_) => Some(Hint::CopyChangedTables),
            Self::OtherLog => Some(Hint::BeginSyncAgain),
            Self::Replaced
            | Self::Capture(_)
            | Self::OpenSource(_)
            | Self::UseSource { .. }
            | Self::ReadLog(_)
            | Self::ReadRow(_)
            | Self::Spool(_)
            | Self::Records(_) => None,
        }
    }
}

fn capture_status(error: &CaptureError) -> ExitStatus {
    match error {
        CaptureError::Schema(_) | CaptureError::Statement { .. } | CaptureError::Transaction(_) => {
            ExitStatus::SourceFailed
        }
        CaptureError::Blocked { .. }
        | CaptureError::SchemaChanged
        | CaptureError::NotAttached
        | CaptureError::UnknownTable(_)
        | CaptureError::TableExists(_)
        | CaptureError::Format(_)
        | CaptureError::Damaged(_) => ExitStatus::Blocked,
    }
}
