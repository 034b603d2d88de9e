//! Why a source cannot be read as one snapshot.

use std::path::PathBuf;

use super::foreign::OtherFormat;
use databases::error::{ExitStatus, Explain};
use databases::failure::Failure;
use databases::hint::Hint;
use databases::open::sqlite_hint;

/// A source of which no snapshot could be taken.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file has no content.
    #[error("`{}` is empty (0 bytes): there is no database in it", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Shorter than the smallest page of a database.
    #[error("`{}` is not a SQLite database: it is shorter than the smallest page (512 bytes)", path.display())]
    Short {
        /// The file.
        path: PathBuf,
    },
    /// A file of another format.
    #[error("`{}` is not a SQLite database: it is {}", path.display(), described(*format))]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// What it is.
        format: OtherFormat,
    },
    /// Pages are missing at its end.
    #[error("`{}` is cut off: it has {size_bytes} bytes, and its header says {expected_bytes}", path.display())]
    CutOff {
        /// The file.
        path: PathBuf,
        /// Its size.
        size_bytes: u64,
        /// The size of all of its pages.
        expected_bytes: u64,
    },
    /// A device, a pipe, a socket.
    #[error("`{}` is not a file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The metadata of the file cannot be read.
    #[error("look at the source `{}`", path.display())]
    Look {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file cannot be read.
    #[error("{what} of the source `{}`", path.display())]
    Read {
        /// What was being done.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// A page or a file of the source could not be copied.
    #[error("copy the source to `{}`", copy.display())]
    CopyPages {
        /// The copy, which is removed.
        copy: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// A file of the source could not be copied.
    #[error("copy `{}` to a private folder", path.display())]
    CopyFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The files can only be copied one by one, and others write to them.
    #[error("`{}` can only be read as a copy of its files, and they change while they are copied", path.display())]
    Restless {
        /// The file.
        path: PathBuf,
    },
    /// The directory for a private copy cannot be created.
    #[error("create a private directory in `{}`", folder.display())]
    Folder {
        /// Where.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The copy does not fit.
    #[error("a copy of the source needs {needed} bytes in `{}`, and {free} are free", folder.display())]
    NoRoom {
        /// Where.
        folder: PathBuf,
        /// Bytes of the copy.
        needed: u64,
        /// Bytes that are free.
        free: u64,
        /// Whether it is the backup that does not fit.
        backup: bool,
    },
    /// A backup overwrites nothing.
    #[error("the backup `{}` exists", path.display())]
    BackupExists {
        /// The file.
        path: PathBuf,
    },
    /// The backup cannot be kept.
    #[error("keep the backup `{}`", path.display())]
    KeepBackup {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl Explain for SourceError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::BackupExists { .. } | Self::NoRoom { .. } => ExitStatus::Blocked,
            _ => ExitStatus::SourceFailed,
        }
    }

    fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Empty { .. } | Self::Short { .. } | Self::NotAFile { .. } => Hint::NameSource,
            Self::OtherFormat { format, .. } => way_out(*format),
            Self::CutOff { .. } => {
                "it was copied in part, or without the -wal file beside it: copy it again, with the application closed"
                    .into()
            }
            Self::Look { .. } | Self::CopyFile { .. } => {
                "check that this user may read the file: `ls -l`".into()
            }
            Self::Read { source, .. } => return sqlite_hint(Failure::of_rusqlite(source)).map(Hint::from),
            Self::CopyPages { source, .. } => match Failure::of_rusqlite(source) {
                Failure::DiskFull => Hint::FreeSpaceOrTempDir,
                failure => return sqlite_hint(failure).map(Hint::from),
            },
            Self::Restless { .. } => {
                "close the program that writes to it, or run this as a user who may write to its folder"
                    .into()
            }
            Self::Folder { .. } => Hint::TempDirElsewhere,
            Self::NoRoom { backup: true, .. } => Hint::FreeSpaceOrBackupPath,
            Self::NoRoom { backup: false, .. } => Hint::FreeSpaceOrTempDir,
            Self::BackupExists { .. } => Hint::NewBackupPath,
            Self::KeepBackup { .. } => Hint::WritableBackupPath,
        })
    }
}

fn described(format: OtherFormat) -> String {
    match format {
        OtherFormat::Sql => "text with SQL statements".to_owned(),
        OtherFormat::Compressed(_) => "a compressed file or an archive".to_owned(),
        OtherFormat::Sqlite2 => "a database of SQLite 2".to_owned(),
        OtherFormat::PostgresDump => "a dump of pg_dump".to_owned(),
        OtherFormat::Database(program) => format!("a database of {program}"),
    }
}

fn way_out(format: OtherFormat) -> Hint {
    match format {
        OtherFormat::Sql => "make a database of it if it is a dump of SQLite: `sqlite3 new.db < FILE`".into(),
        OtherFormat::Compressed(program) => format!("unpack it first: `{program} FILE`").into(),
        OtherFormat::Sqlite2 => {
            "convert it first: `sqlite FILE .dump | sqlite3 new.db`, with sqlite 2.8".into()
        }
        OtherFormat::PostgresDump => "restore it with pg_restore: it is PostgreSQL already".into(),
        OtherFormat::Database(_) => {
            "only SQLite databases are read: convert it with a tool of that program".into()
        }
    }
}
