//! The source: one snapshot of a SQLite file, opened so that nothing can change it.
//!
//! In WAL mode the snapshot is a read transaction. With a rollback journal a reader would stop the application's
//! writes, so the pages are copied quickly and the copy is read. With a backup, the backup is that copy, whatever
//! the journal mode: what was backed up is what is read. Where the file cannot be opened in place, its files are
//! copied.

mod error;
mod file;
mod files;
mod place;
mod read;
mod readers;
mod snapshot;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use diesel::SqliteConnection;
use tempfile::TempDir;

pub use error::SourceError;
pub use snapshot::{Snapshot, SnapshotKind, SourceChange, SourceIdentity};

use self::file::{SourceFile, Watch};
use super::error::CopyError;
use crate::db::connection::AnyConnection;
use crate::db::failure::Failure;
use crate::db::open::{Access, open_sqlite};
use crate::db::pages::{PageReader, State, settle};
use crate::db::url::SqlitePath;

/// How a source is opened.
#[derive(Clone, Debug, Default)]
pub struct SourceOptions<'a> {
    /// How many connections are to see the snapshot; 0 means one, like 1.
    pub reader_count: usize,
    /// Where a private copy is made; `None`: the system's temporary folder.
    pub temp_dir: Option<PathBuf>,
    /// Where to keep a copy of the source. Nothing may be there yet.
    pub backup: Option<PathBuf>,
    /// Raised when the user wants to stop.
    pub stop: Option<&'a AtomicBool>,
}

/// A SQLite database at one moment: whatever others write meanwhile is not seen.
pub struct Source {
    path: SqlitePath,
    connection: AnyConnection,
    readers: Vec<SqliteConnection>,
    snapshot: Snapshot,
    file: SourceFile,
    watch: Watch,
    /// Removed after the connections are closed.
    _folder: Option<TempDir>,
}

/// What opening comes to, however the snapshot is taken.
struct Taken {
    kind: SnapshotKind,
    journal_mode: String,
    readers: Vec<SqliteConnection>,
    state: State,
    watch: Watch,
    folder: Option<TempDir>,
}

impl Source {
    /// Opens the file and takes the snapshot. No other connection of this process may be open on a file that
    /// cannot be opened in place (see `files.rs`).
    ///
    /// # Errors
    /// When it does not exist, is no SQLite database, is locked or cannot be read; when a copy does not fit or
    /// cannot be made; when the backup exists.
    pub fn open(path: &SqlitePath, options: &SourceOptions<'_>) -> Result<Self, CopyError> {
        let began = Instant::now();
        refuse_what_is_no_file(path.path())?;
        if let Some(backup) = &options.backup {
            place::refuse_existing(backup)?;
        }
        let (file, mut taken) = match open_sqlite(path, Access::Read) {
            Ok(mut connection) => {
                let file = SourceFile::look(path.path())?;
                let mode = read::journal_mode(&mut connection)
                    .map_err(|source| CopyError::ReadSource { what: "read the journal mode", source })?;
                drop(connection);
                let taken = take_in_place(&file, mode, options)?;
                (file, taken)
            }
            Err(error) if matches!(error.failure(), Failure::ReadOnly | Failure::CannotOpen) => {
                let Ok(file) = SourceFile::look(path.path()) else {
                    return Err(CopyError::OpenSource(error));
                };
                tracing::info!(%error, "copy the files, for they cannot be opened in place");
                let taken = match take_files(&file, options) {
                    // The file may not be read at all, which is what SQLite meant.
                    Err(CopyError::Source(SourceError::CopyFile { .. })) => {
                        return Err(CopyError::OpenSource(error));
                    }
                    taken => taken?,
                };
                (file, taken)
            }
            Err(error) => return Err(CopyError::OpenSource(error)),
        };
        let snapshot = Snapshot {
            kind: taken.kind,
            size_bytes: taken.state.size_bytes,
            elapsed_ms: began.elapsed().as_millis(),
            journal_mode: taken.journal_mode,
            reader_count: taken.readers.len(),
            backup: options.backup.as_ref().map(|path| path.display().to_string()),
            source: file.identity(taken.state.schema_version),
        };
        tracing::debug!(?snapshot, "took a snapshot");
        let connection = AnyConnection::Sqlite(taken.readers.remove(0));
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

    /// What is told of the snapshot.
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
    pub fn change(&mut self) -> Result<SourceChange, CopyError> {
        Ok(self.file.change(&self.watch)?)
    }
}

/// SQLite takes an empty file for a database without tables, and waits for ever at a pipe.
fn refuse_what_is_no_file(path: &Path) -> Result<(), SourceError> {
    match path.metadata() {
        Ok(found) if !found.is_file() && !found.is_dir() => {
            Err(SourceError::NotAFile { path: path.to_owned() })
        }
        Ok(found) if found.is_file() && found.len() == 0 => Err(SourceError::Empty { path: path.to_owned() }),
        _ => Ok(()),
    }
}

fn take_in_place(
    file: &SourceFile,
    journal_mode: String,
    options: &SourceOptions<'_>,
) -> Result<Taken, CopyError> {
    let failed = |source| SourceError::Read { what: "take a snapshot", path: file.path.clone(), source };
    let probe = PageReader::open(&file.path).map_err(failed)?;
    if journal_mode == "wal" && options.backup.is_none() {
        let (mut readers, version) = readers::of_wal(&file.path, options.reader_count, &probe)?;
        // Asked of a reader: others may have committed since, which the probe would see.
        let state = read::state(&mut readers[0], version)
            .map_err(|source| CopyError::ReadSource { what: "take a snapshot", source })?;
        return Ok(Taken {
            kind: SnapshotKind::WalTransaction,
            journal_mode,
            readers,
            state,
            watch: Watch::Version(probe, version),
            folder: None,
        });
    }
    let (readers, state, folder) = copy_pages(&probe, file, options)?;
    let watch = Watch::Version(probe, state.data_version);
    Ok(Taken { kind: SnapshotKind::OnlineBackup, journal_mode, readers, state, watch, folder })
}

fn take_files(file: &SourceFile, options: &SourceOptions<'_>) -> Result<Taken, CopyError> {
    let set = files::copy(file, options.temp_dir.as_deref(), &|| goes_on(options))?
        .ok_or(CopyError::Interrupted)?;
    let failed = |source| SourceError::Read { what: "recover the copy", path: file.path.clone(), source };
    let journal_mode = settle(&set.path).map_err(failed)?;
    let copy = PageReader::open(&set.path).map_err(failed)?;
    let (readers, state, folder) = if options.backup.is_some() {
        copy_pages(&copy, file, options)?
    } else {
        let readers = readers::of_copy(&set.path, options.reader_count)?;
        (readers, copy.state().map_err(failed)?, remove_early(set.folder))
    };
    let watch = Watch::Stamps(set.stamps);
    Ok(Taken { kind: SnapshotKind::FileCopy, journal_mode, readers, state, watch, folder })
}

/// Copies what `from` reads into the backup, or else into a private folder, and opens the copy.
fn copy_pages(
    from: &PageReader,
    file: &SourceFile,
    options: &SourceOptions<'_>,
) -> Result<(Vec<SqliteConnection>, State, Option<TempDir>), CopyError> {
    if let Some(path) = &options.backup {
        let backup = place::Backup::begin(path)?;
        let state = copy_into(from, file, backup.file(), backup.folder(), options)?;
        backup.keep()?;
        return Ok((readers::of_copy(path, options.reader_count)?, state, None));
    }
    let folder = place::private_folder(options.temp_dir.as_deref())?;
    let path = folder.path().join("source.db");
    std::fs::File::create_new(&path)
        .map_err(|source| SourceError::Folder { folder: folder.path().to_owned(), source })?;
    let state = copy_into(from, file, &path, folder.path(), options)?;
    let readers = readers::of_copy(&path, options.reader_count)?;
    Ok((readers, state, remove_early(folder)))
}

/// Copies all pages as they are at one moment, and makes one whole file of them.
fn copy_into(
    from: &PageReader,
    file: &SourceFile,
    copy: &Path,
    folder: &Path,
    options: &SourceOptions<'_>,
) -> Result<State, CopyError> {
    let reading = |source| SourceError::Read { what: "take a snapshot", path: file.path.clone(), source };
    let copying = |source| SourceError::CopyPages { copy: copy.to_owned(), source };
    from.begin().map_err(reading)?;
    let state = from.state().map_err(reading)?;
    place::require_room(folder, state.size_bytes.unsigned_abs(), options.backup.is_some())?;
    if !from.copy_into(copy, &|| goes_on(options)).map_err(copying)? {
        return Err(CopyError::Interrupted);
    }
    from.end().map_err(reading)?;
    settle(copy).map_err(copying)?;
    Ok(state)
}

/// Removes the folder while its files are open, where the system lets one: then not even a crash leaves a copy of
/// the data behind. Otherwise it goes with the source.
fn remove_early(folder: TempDir) -> Option<TempDir> {
    if !cfg!(unix) {
        return Some(folder);
    }
    if let Err(error) = folder.close() {
        tracing::warn!(%error, "remove the private copy of the source");
    }
    None
}

fn goes_on(options: &SourceOptions<'_>) -> bool {
    !options.stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
}
