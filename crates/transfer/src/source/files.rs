//! Copying the file and its journals as they are, where SQLite cannot open them in place: a file in WAL mode in a
//! folder that may not be written, or a journal that must first be rolled back.
//!
//! Closing a file drops every POSIX lock its process holds on it, those of SQLite too, and with them goes what
//! keeps writers apart. So no connection of this process may be open on the files that are copied here.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::source::error::SourceError;
use crate::source::file::{SUFFIXES, SourceFile, Stamps, with_suffix};
use crate::source::place::{private_folder, require_room};

/// How long files must have been left alone: the coarsest time a file system keeps, so that a later write shows.
const QUIET: Duration = Duration::from_secs(2);

/// How long to wait for files that others write to.
const PATIENCE: Duration = Duration::from_secs(10);

/// Copied between two looks at whether to go on.
const STEP_BYTES: u64 = 16 * 1024 * 1024;

/// The files in a private folder.
pub(super) struct FileSet {
    pub(super) folder: TempDir,
    /// The copy of the database.
    pub(super) path: PathBuf,
    /// What the originals were when they were copied.
    pub(super) stamps: Stamps,
}

/// Copies the files, with the names they have, at a moment without writers; `None` when `go_on` returns false.
pub(super) fn copy(
    file: &SourceFile,
    temp_dir: Option<&Path>,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<FileSet>, SourceError> {
    let folder = private_folder(temp_dir)?;
    let path = folder.path().join(file.path.file_name().unwrap_or_default());
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if !go_on() {
            return Ok(None);
        }
        let stamps = file.stamps()?;
        if !is_quiet(&stamps) {
            std::thread::sleep(Duration::from_millis(100));
            continue;
        }
        // The content of the -wal may enlarge the database by as much.
        let [_, wal, _] = stamps;
        let sizes = stamps.iter().chain([&wal]).flatten();
        require_room(folder.path(), sizes.map(|(size, ..)| size).sum(), false)?;
        for suffix in SUFFIXES {
            let original = file.beside(suffix);
            match copy_file(&original, &with_suffix(&path, suffix), go_on) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::NotFound && !suffix.is_empty() => {}
                Err(source) => return Err(SourceError::CopyFile { path: original, source }),
            }
        }
        if file.stamps()? == stamps {
            return Ok(Some(FileSet { folder, path, stamps }));
        }
        for suffix in SUFFIXES {
            let copy = with_suffix(&path, suffix);
            if copy.exists() {
                std::fs::remove_file(&copy).map_err(|source| SourceError::CopyFile { path: copy, source })?;
            }
        }
    }
    Err(SourceError::Restless { path: file.path.clone() })
}

/// Whether the last change is long enough ago. One in the future says nothing, and no later one can look like it.
fn is_quiet(stamps: &Stamps) -> bool {
    let times = stamps.iter().flatten().filter_map(|(_, modified, _)| *modified);
    times.filter_map(|modified| modified.elapsed().ok()).all(|age| age >= QUIET)
}

fn copy_file(original: &Path, copy: &Path, go_on: &dyn Fn() -> bool) -> io::Result<bool> {
    let mut from = File::open(original)?;
    // Not by `fs::copy`, which also copies the permissions: the copy must be writable.
    let mut to = File::create(copy)?;
    while io::copy(&mut from.by_ref().take(STEP_BYTES), &mut to)? > 0 {
        if !go_on() {
            return Ok(false);
        }
    }
    Ok(true)
}
