//! What ends a run early.

use std::path::PathBuf;

use crate::finding::Finding;
use crate::source::SourceError;
use crate::table::{Key, ReadError};
use databases::error::{ExitStatus, Explain};
use databases::failure::Failure;
use databases::hint::Hint;
use databases::migrations::MigrationError;
use databases::open::OpenError;
use databases::url::PostgresUrl;

/// A run that did not reach its end.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The source cannot be opened.
    #[error("open source")]
    OpenSource(#[source] OpenError),
    /// No snapshot of the source can be taken.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The target cannot be opened.
    #[error("open target")]
    OpenTarget(#[source] OpenError),
    /// The source cannot be read.
    #[error("{what} of the source")]
    ReadSource {
        /// What was being done.
        what: &'static str,
        /// What SQLite says.
        #[source]
        source: diesel::result::Error,
    },
    /// A row of the source cannot be read or encoded.
    #[error("copy from the source")]
    ReadRow(#[source] ReadError),
    /// The target cannot be read or prepared.
    #[error("{what} in the target")]
    UseTarget {
        /// What was being done.
        what: &'static str,
        /// What PostgreSQL says.
        #[source]
        source: diesel::result::Error,
    },
    /// The target refuses a batch; nothing of the batch is written.
    #[error("write batch {number} of `{table}` to target (key {} to {}){}", .keys.0, .keys.1, details(source))]
    WriteBatch {
        /// Counted from 1 in its table.
        number: usize,
        /// The table.
        table: String,
        /// The keys of its first and last row.
        keys: (Key, Key),
        /// What PostgreSQL says.
        #[source]
        source: diesel::result::Error,
    },
    /// A table of the target cannot be repaired; nothing of it is changed.
    #[error("repair `{table}` in the target{}", details(source))]
    Repair {
        /// The table.
        table: String,
        /// What PostgreSQL says.
        #[source]
        source: diesel::result::Error,
    },
    /// The catalog of one side cannot be read.
    #[error("read the catalog of the {side}")]
    Catalog {
        /// `source` or `target`.
        side: &'static str,
        /// Why.
        #[source]
        source: databases::catalog::CatalogError,
    },
    /// The state of migrations cannot be read, or the schema cannot be created.
    #[error("{what} of the {side}")]
    Migrations {
        /// What was being done.
        what: &'static str,
        /// `source` or `target`.
        side: &'static str,
        /// Why.
        #[source]
        source: Box<MigrationError>,
    },
    /// No such table.
    #[error("there is no table `{name}`")]
    NoSuchTable {
        /// The name.
        name: String,
        /// The tables there are.
        known: Vec<String>,
    },
    /// Blockers were found; nothing was written.
    #[error("nothing was copied: {}", list(.blockers))]
    Blocked {
        /// The blockers, each with what to do about it.
        blockers: Vec<Finding>,
    },
    /// The records of runs are not deleted.
    #[error("the records are still needed: {}", list(.reasons))]
    RecordsNeeded {
        /// The reasons, each with what to do about it.
        reasons: Vec<Finding>,
    },
    /// A required object cannot be created.
    #[error("create {kind} `{name}` in the target{}", details(source))]
    Make {
        /// What it is.
        kind: &'static str,
        /// Its name.
        name: String,
        /// What PostgreSQL says.
        #[source]
        source: diesel::result::Error,
    },
    /// A dropped key or index cannot be recreated.
    #[error("recreate `{name}` of `{table}`{}", details(source))]
    Restore {
        /// Its name.
        name: String,
        /// The table.
        table: String,
        /// What PostgreSQL says.
        #[source]
        source: diesel::result::Error,
    },
    /// Another server or database answers at the target's address than before.
    #[error("another server answers at {url} than the one this run began with")]
    OtherServer {
        /// Where.
        url: Box<PostgresUrl>,
    },
    /// A checkpoint is not where this run left it.
    #[error(
        "the target's checkpoint is not where this run left it: another run has taken over, or the server lost what it had committed"
    )]
    TakenOver,
    /// Rejects cannot be written down.
    #[error("write rejects to `{}`", path.display())]
    WriteRejects {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// There are more rejects than the limit.
    #[error("more than {limit} rows are rejected; they are in `{}`", path.display())]
    TooManyRejects {
        /// How many may be.
        limit: i64,
        /// The file that names them.
        path: PathBuf,
    },
    /// Rows of the target would be lost, and the run has no way to ask for confirmation.
    #[error("rows of the target would be lost, which was not confirmed")]
    NotConfirmed,
    /// A thread of the run ended by a bug.
    #[error("a reader of the run ended unexpectedly")]
    ReaderLost,
    /// The user interrupted the run.
    #[error("interrupted")]
    Interrupted,
}

/// For transactions of the target, which begin and end with statements of their own.
impl From<diesel::result::Error> for TransferError {
    fn from(source: diesel::result::Error) -> Self {
        Self::UseTarget { what: "begin or commit", source }
    }
}

fn list(blockers: &[Finding]) -> String {
    let texts: Vec<&str> = blockers.iter().map(|finding| finding.text.as_str()).collect();
    texts.join("; ")
}

/// What the server says beyond the message: the row and the constraint.
fn details(error: &diesel::result::Error) -> String {
    let diesel::result::Error::DatabaseError(_, information) = error else {
        return String::new();
    };
    information.details().map(|details| format!(": {details}")).unwrap_or_default()
}

impl Explain for TransferError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::OpenSource(_) | Self::ReadSource { .. } | Self::ReadRow(_) => ExitStatus::SourceFailed,
            Self::Source(error) => error.exit_status(),
            Self::OpenTarget(_) | Self::UseTarget { .. } | Self::WriteBatch { .. } | Self::Repair { .. } => {
                ExitStatus::TargetFailed
            }
            Self::Catalog { side, .. } | Self::Migrations { side, .. } => match *side {
                "source" => ExitStatus::SourceFailed,
                _ => ExitStatus::TargetFailed,
            },
            Self::Make { .. } | Self::Restore { .. } | Self::OtherServer { .. } | Self::TakenOver => {
                ExitStatus::TargetFailed
            }
            Self::WriteRejects { .. } | Self::TooManyRejects { .. } => ExitStatus::SourceFailed,
            Self::NoSuchTable { .. } => ExitStatus::Usage,
            Self::Blocked { .. } | Self::RecordsNeeded { .. } | Self::NotConfirmed => ExitStatus::Blocked,
            Self::ReaderLost => ExitStatus::Unexpected,
            Self::Interrupted => ExitStatus::Interrupted,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::OpenSource(OpenError::Missing { .. }) => Some(Hint::NameSource),
            Self::OpenSource(error) | Self::OpenTarget(error) => error.hint(),
            Self::Source(error) => error.hint(),
            Self::ReadRow(_) => Some("correct this value in the source, then run the command again".into()),
            Self::ReadSource { source, .. }
            | Self::UseTarget { source, .. }
            | Self::Make { source, .. }
            | Self::WriteBatch { source, .. } => after_failure(Failure::of_query(source)),
            Self::Restore { source, .. } => Some(match Failure::of_query(source) {
                Failure::DuplicateKey => {
                    "two rows have the same value: remove one of them, then run the command again".into()
                }
                Failure::ForeignKey => Hint::CopyReferencedOrReject,
                failure => after_failure(failure).unwrap_or_else(|| {
                    "remove the cause, then run the same command again to continue".into()
                }),
            }),
            Self::OtherServer { .. } => {
                Some("find out which server has the data, then run the same command again to continue".into())
            }
            Self::TakenOver => Some(Hint::SeeRuns),
            Self::WriteRejects { .. } => Some(Hint::RejectsFileElsewhere),
            Self::TooManyRejects { .. } => Some(Hint::RaiseRejectLimit),
            Self::Repair { source, .. } => match Failure::of_query(source) {
                Failure::DuplicateKey => Some(Hint::CorrectDuplicateOrCopyAgain),
                failure => after_failure(failure),
            },
            Self::Migrations { source, .. } => source.hint(),
            Self::NoSuchTable { known, .. } => Some(format!("the tables are {}", known.join(", ")).into()),
            Self::Blocked { blockers: found } | Self::RecordsNeeded { reasons: found } => {
                Some(Hint::All(found.iter().map(|finding| finding.hint.clone()).collect()))
            }
            Self::Catalog { .. } => Some(
                "when a lock is the cause, end the session that holds it, then run the command again".into(),
            ),
            Self::ReaderLost | Self::NotConfirmed => None,
            Self::Interrupted => Some("run the same command again to continue".into()),
        }
    }
}

fn after_failure(failure: Failure) -> Option<Hint> {
    match failure {
        Failure::PermissionDenied => Some(Hint::GrantOwnership),
        Failure::DuplicateKey => Some(Hint::RemoveDuplicateOrClear),
        Failure::ForeignKey => Some(Hint::SelectReferencedTables),
        Failure::DiskFull => {
            Some("free disk space on the server, then run the same command again to continue".into())
        }
        Failure::Timeout => {
            Some("another session holds a lock on the table; end it, then run the command again".into())
        }
        failure if failure.is_transient() => Some("run the same command again to continue".into()),
        _ => None,
    }
}
