//! The file of the source, looked at from outside: SQLite has it open or will, so it is never opened here.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use crate::source::error::SourceError;
use crate::source::snapshot::{SourceChange, SourceIdentity};
use databases::pages::PageReader;

/// The source's file and how to see that it changed.
pub(super) struct SourceFile {
    /// The path as it was given.
    given: PathBuf,
    /// The file itself, with symbolic links followed: its journals are beside it.
    pub(super) path: PathBuf,
    pub(super) metadata: Metadata,
}

/// What was so at the moment of the snapshot, to be compared later.
pub(super) enum Watch {
    /// A connection and its data version.
    Version(PageReader, i64),
    /// The files, which cannot be opened in place.
    Stamps(Stamps),
}

/// Size, time of the last change, device and inode of a file; `None` when there is none.
pub(super) type Stamp = Option<(u64, Option<std::time::SystemTime>, (Option<u64>, Option<u64>))>;

/// The database, its `-wal` and its `-journal`.
pub(super) type Stamps = [Stamp; 3];

/// What SQLite adds to the name for the files of [`Stamps`].
pub(super) const SUFFIXES: [&str; 3] = ["", "-wal", "-journal"];

impl SourceFile {
    /// Looks at a file that exists.
    pub(super) fn look(given: &Path) -> Result<Self, SourceError> {
        let failed = |source| SourceError::Look { path: given.to_owned(), source };
        let path = given.canonicalize().map_err(failed)?;
        let metadata = path.metadata().map_err(failed)?;
        Ok(Self { given: given.to_owned(), path, metadata })
    }

    pub(super) fn identity(&self, schema_version: i64) -> SourceIdentity {
        let (device, inode) = number(&self.metadata);
        SourceIdentity {
            path: self.path.display().to_string(),
            device,
            inode,
            size_bytes: self.metadata.len(),
            schema_version,
        }
    }

    pub(super) fn change(&self, watch: &Watch) -> Result<SourceChange, SourceError> {
        let now = match self.given.metadata() {
            Ok(now) => now,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(SourceChange::Removed),
            Err(source) => return Err(SourceError::Look { path: self.given.clone(), source }),
        };
        if number(&now) != number(&self.metadata) {
            return Ok(SourceChange::Replaced);
        }
        let same = match watch {
            Watch::Version(reader, before) => {
                let version = reader.data_version().map_err(|source| SourceError::Read {
                    what: "read the data version",
                    path: self.path.clone(),
                    source,
                })?;
                version == *before
            }
            Watch::Stamps(before) => self.stamps()? == *before,
        };
        Ok(if same { SourceChange::None } else { SourceChange::Written })
    }

    /// Refuses a file that is smaller than its pages, of which SQLite would read the missing ones as zeros. Pages may also
    /// be in a journal.
    pub(super) fn refuse_cut_off(&self, pages_bytes: i64) -> Result<(), SourceError> {
        let expected_bytes = pages_bytes.unsigned_abs();
        let [now, _wal, journal] = self.stamps()?;
        // Before the snapshot and now: others may have changed its size since.
        let size_bytes = self.metadata.len().max(now.map_or(0, |(size, ..)| size));
        match size_bytes < expected_bytes && journal.is_none_or(|(size, ..)| size == 0) {
            true => Err(SourceError::CutOff { path: self.path.clone(), size_bytes, expected_bytes }),
            false => Ok(()),
        }
    }

    /// The path of the database or of one of its journals.
    pub(super) fn beside(&self, suffix: &str) -> PathBuf {
        with_suffix(&self.path, suffix)
    }

    pub(super) fn stamps(&self) -> Result<Stamps, SourceError> {
        let mut stamps = [None; 3];
        for (stamp, suffix) in stamps.iter_mut().zip(SUFFIXES) {
            let path = self.beside(suffix);
            *stamp = match path.metadata() {
                Ok(found) => Some((found.len(), found.modified().ok(), number(&found))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(source) => return Err(SourceError::Look { path, source }),
            };
        }
        Ok(stamps)
    }
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> (Option<u64>, Option<u64>) {
    use std::os::unix::fs::MetadataExt as _;
    (Some(metadata.dev()), Some(metadata.ino()))
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> (Option<u64>, Option<u64>) {
    (None, None)
}
