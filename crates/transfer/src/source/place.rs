//! Where a copy of the source is created: a private directory that leaves no files behind, or the requested backup.

use std::fs::File;
use std::path::{Path, PathBuf};

use tempfile::{TempDir, TempPath};

use crate::source::error::SourceError;

/// A folder only this user may enter, removed with all that is in it.
pub(super) fn private_folder(temp_dir: Option<&Path>) -> Result<TempDir, SourceError> {
    let folder = temp_dir.map_or_else(std::env::temp_dir, Path::to_owned);
    let failed = |source| SourceError::Folder { folder: folder.clone(), source };
    let whole = absolute(&folder).map_err(failed)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix("backoffice-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(&whole).map_err(failed)
}

/// SQLite would read a path that begins with `file:` as a URI; an absolute one never does.
fn absolute(folder: &Path) -> std::io::Result<PathBuf> {
    folder.canonicalize()
}

/// Refuses a copy that does not fit.
pub(super) fn require_room(folder: &Path, needed: u64, backup: bool) -> Result<(), SourceError> {
    match free_bytes(folder) {
        Some(free) if free < needed => {
            Err(SourceError::NoRoom { folder: folder.to_owned(), needed, free, backup })
        }
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// A backup that gets its name once it is whole and on the disk.
pub(super) struct Backup {
    path: PathBuf,
    folder: PathBuf,
    file: TempPath,
}

impl Backup {
    /// Makes an empty file beside `path`, with a name that says it is not whole; only this user may read it.
    pub(super) fn begin(path: &Path) -> Result<Self, SourceError> {
        refuse_existing(path)?;
        let failed = |source| SourceError::KeepBackup { path: path.to_owned(), source };
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let folder = absolute(folder).map_err(failed)?;
        let mut builder = tempfile::Builder::new();
        let file = builder.prefix(".backup-").suffix(".partial").tempfile_in(&folder).map_err(failed)?;
        Ok(Self { path: path.to_owned(), folder, file: file.into_temp_path() })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Writes it to the disk and names it, unless there is a file of this name by now.
    pub(super) fn keep(self) -> Result<(), SourceError> {
        let failed = |source| SourceError::KeepBackup { path: self.path.clone(), source };
        // No connection of this process is open on it any more.
        File::open(&self.file).and_then(|file| file.sync_all()).map_err(failed)?;
        self.file.persist_noclobber(&self.path).map_err(|error| match error.error.kind() {
            std::io::ErrorKind::AlreadyExists => SourceError::BackupExists { path: self.path.clone() },
            _ => failed(error.error),
        })?;
        #[cfg(unix)]
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        Ok(())
    }
}

/// Refuses a path at which there is anything, a broken link too.
pub(super) fn refuse_existing(path: &Path) -> Result<(), SourceError> {
    match path.symlink_metadata() {
        Ok(_) => Err(SourceError::BackupExists { path: path.to_owned() }),
        Err(_) => Ok(()),
    }
}
