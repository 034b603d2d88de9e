//! The source: one snapshot of a SQLite file, opened so that nothing can change it.
//!
//! In WAL mode the snapshot is a read transaction. With a rollback journal a reader would stop the application's
//! writes, so the pages are copied quickly and the copy is read. With a backup, the backup is that copy, whatever
//! the journal mode: what was backed up is what is read. Where the file cannot be opened in place, its files are
//! copied.

mod damage;
mod error;
mod file;
mod files;
mod foreign;
mod place;
mod read;
mod readers;
mod snapshot;
mod take;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use diesel::SqliteConnection;
use tempfile::TempDir;

pub(crate) use damage::damage;
pub use error::SourceError;
pub use foreign::OtherFormat;
pub use snapshot::{Snapshot, SnapshotKind, SourceChange, SourceIdentity};

use self::file::{SourceFile, Watch};
use crate::error::TransferError;
use databases::failure::Failure;
use databases::open::{Access, open_sqlite};
use databases::url::SqlitePath;

/// How a source is opened.
#[derive(Clone, Debug, Default)]
pub struct SourceOptions<'a> {
    /// How many connections are to see the snapshot; 0 means one, like 1.
    pub reader_count: usize,
    /// The directory for a private copy; `None`: the system's temporary directory.
    pub temp_dir: Option<PathBuf>,
    /// Where to keep a copy of the source. Nothing may be there yet.
    pub backup: Option<PathBuf>,
    /// Raised when the user wants to stop.
    pub stop: Option<&'a AtomicBool>,
}

/// A SQLite database at one moment: whatever others write meanwhile is not seen.
pub struct Source {
    path: SqlitePath,
    connection: SqliteConnection,
    readers: Vec<SqliteConnection>,
    snapshot: Snapshot,
    file: SourceFile,
    watch: Watch,
    /// Removed after the connections are closed.
    _folder: Option<TempDir>,
}

impl Source {
    /// Opens the file and takes the snapshot. No other connection of this process may be open on a file that
    /// cannot be opened in place (see `files.rs`).
    ///
    /// # Errors
    /// When it does not exist, is no SQLite database, is locked or cannot be read; when a copy does not fit or
    /// cannot be created; when the backup exists.
    pub fn open(path: &SqlitePath, options: &SourceOptions<'_>) -> Result<Self, TransferError> {
        let began = Instant::now();
        refuse_what_is_no_file(path.path())?;
        if let Some(backup) = &options.backup {
            place::refuse_existing(backup)?;
        }
        // Asked before anything opens the file: SQLite creates a `-wal` that is missing.
        let real = path.path().canonicalize().unwrap_or_else(|_| path.path().to_owned());
        let had_wal = file::with_suffix(&real, "-wal").exists();
        let (file, mut taken) = match open_sqlite(path, Access::Read) {
            Ok(mut connection) => {
                let file = SourceFile::look(path.path())?;
                let mode = read::journal_mode(&mut connection)
                    .map_err(|source| TransferError::ReadSource { what: "read the journal mode", source })?;
                drop(connection);
                let taken = take::in_place(&file, mode, options)?;
                (file, taken)
            }
            Err(error) if matches!(error.failure(), Failure::ReadOnly | Failure::CannotOpen) => {
                let Ok(file) = SourceFile::look(path.path()) else {
                    return Err(TransferError::OpenSource(error));
                };
                tracing::info!(%error, "copy the files, for they cannot be opened in place");
                let taken = match take::files(&file, options) {
                    // The file may not be read at all, which is what SQLite meant.
                    Err(TransferError::Source(SourceError::CopyFile { .. })) => {
                        return Err(TransferError::OpenSource(error));
                    }
                    taken => taken?,
                };
                (file, taken)
            }
            Err(error) if error.failure() == Failure::NotADatabase => {
                return Err(match foreign::other_format(path.path()) {
                    Some(format) => SourceError::OtherFormat { path: path.path().to_owned(), format }.into(),
                    None => TransferError::OpenSource(error),
                });
            }
            Err(error) => return Err(TransferError::OpenSource(error)),
        };
        if !had_wal {
            file.refuse_cut_off(taken.state.size_bytes)?;
        }
        let snapshot = Snapshot {
            kind: taken.kind,
            size_bytes: taken.state.size_bytes,
            elapsed_ms: began.elapsed().as_millis(),
            wal_was_absent: taken.journal_mode == "wal" && !had_wal,
            journal_mode: taken.journal_mode,
            reader_count: taken.readers.len(),
            backup: options.backup.as_ref().map(|path| path.display().to_string()),
            source: file.identity(taken.state.schema_version),
        };
        tracing::debug!(?snapshot, "took a snapshot");
        let connection = taken.readers.remove(0);
        Ok(Self {
            path: path.clone(),
            connection,
            readers: taken.readers,
            snapshot,
            file,
            watch: taken.watch,
            _folder: taken.folder,
        })
    }

    /// Another connection that sees the same snapshot, as long as there are some of those asked for.
    pub fn take_reader(&mut self) -> Option<SqliteConnection> {
        self.readers.pop()
    }

    /// Gives back a connection that [`take_reader`](Self::take_reader) gave.
    pub fn give_reader(&mut self, reader: SqliteConnection) {
        self.readers.push(reader);
    }

    /// What is reported about the snapshot.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Bytes of the source's `-wal` now. The snapshot keeps SQLite from emptying it; 0 where a copy is read.
    pub fn wal_size_bytes(&self) -> u64 {
        match self.snapshot.kind {
            SnapshotKind::WalTransaction => {
                self.file.beside("-wal").metadata().map_or(0, |metadata| metadata.len())
            }
            SnapshotKind::OnlineBackup | SnapshotKind::FileCopy => 0,
        }
    }

    /// What became of the source since the snapshot.
    ///
    /// # Errors
    /// When the file cannot be looked at.
    pub fn change(&mut self) -> Result<SourceChange, TransferError> {
        Ok(self.file.change(&self.watch)?)
    }
}

/// Bytes (SQLite manual, "Database File Format", section 1.3.2).
const SMALLEST_PAGE: u64 = 512;

/// SQLite takes an empty file for a database without tables, and waits for ever at a pipe.
fn refuse_what_is_no_file(path: &Path) -> Result<(), SourceError> {
    match path.metadata() {
        Ok(found) if !found.is_file() && !found.is_dir() => {
            Err(SourceError::NotAFile { path: path.to_owned() })
        }
        Ok(found) if found.is_file() && found.len() == 0 => Err(SourceError::Empty { path: path.to_owned() }),
        Ok(found) if found.is_file() && found.len() < SMALLEST_PAGE => {
            let path = path.to_owned();
            Err(match foreign::other_format(&path) {
                Some(format) => SourceError::OtherFormat { path, format },
                None => SourceError::Short { path },
            })
        }
        _ => Ok(()),
    }
}
