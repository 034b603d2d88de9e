//! The ways to take a snapshot.

use std::path::Path;
use std::sync::atomic::Ordering;

use diesel::SqliteConnection;
use tempfile::TempDir;

use crate::error::TransferError;
use crate::source::file::{SourceFile, Watch};
use crate::source::{SnapshotKind, SourceError, SourceOptions, place, read, readers};
use databases::pages::{FileState, PageReader, settle};

/// The result of opening, however the snapshot is taken.
pub(super) struct Taken {
    pub(super) kind: SnapshotKind,
    pub(super) journal_mode: String,
    pub(super) readers: Vec<SqliteConnection>,
    pub(super) state: FileState,
    pub(super) watch: Watch,
    pub(super) folder: Option<TempDir>,
}

/// A transaction on the file itself, or a copy of its pages.
pub(super) fn in_place(
    file: &SourceFile,
    journal_mode: String,
    options: &SourceOptions<'_>,
) -> Result<Taken, TransferError> {
    let failed = |source| SourceError::Read { what: "take a snapshot", path: file.path.clone(), source };
    let probe = PageReader::open(&file.path).map_err(failed)?;
    if journal_mode == "wal" && options.backup.is_none() {
        let (mut readers, version) =
            readers::of_wal(&file.path, options.reader_count, &probe, readers::PATIENCE)?;
        // Asked of a reader: others may have committed since, which the probe would see.
        let state = read::state(&mut readers[0], version)
            .map_err(|source| TransferError::ReadSource { what: "take a snapshot", source })?;
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

/// A copy of the file and its journals, recovered; of that, the backup.
pub(super) fn files(file: &SourceFile, options: &SourceOptions<'_>) -> Result<Taken, TransferError> {
    let set = crate::source::files::copy(file, options.temp_dir.as_deref(), &|| goes_on(options))?
        .ok_or(TransferError::Interrupted)?;
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
) -> Result<(Vec<SqliteConnection>, FileState, Option<TempDir>), TransferError> {
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

/// Copies all pages of one moment into one complete file.
fn copy_into(
    from: &PageReader,
    file: &SourceFile,
    copy: &Path,
    folder: &Path,
    options: &SourceOptions<'_>,
) -> Result<FileState, TransferError> {
    let reading = |source| SourceError::Read { what: "take a snapshot", path: file.path.clone(), source };
    let copying = |source| SourceError::CopyPages { copy: copy.to_owned(), source };
    from.begin().map_err(reading)?;
    let state = from.state().map_err(reading)?;
    place::require_room(folder, state.size_bytes.unsigned_abs(), options.backup.is_some())?;
    if !from.copy_into(copy, &|| goes_on(options)).map_err(copying)? {
        return Err(TransferError::Interrupted);
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
