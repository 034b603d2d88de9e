//! Which file a path leads to, however it is spelled.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

/// A file, or the place of one that does not exist yet. Links, hard links and `..` lead to the same identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileIdentity {
    /// A file that exists.
    File(Inode),
    /// A name that is free, in a folder.
    Free(Inode, OsString),
}

/// What identifies a file on this machine. Nothing is opened: closing a file would release the locks that SQLite holds on it
/// in this process (SQLite manual, "How To Corrupt An SQLite Database File", section 2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inode {
    /// Device and number.
    Unix(u64, u64),
    /// The canonical path.
    Path(PathBuf),
}

impl FileIdentity {
    /// The identity of what is at `path`; `None` when its folder does not exist either.
    pub fn of(path: &Path) -> Option<Self> {
        if let Ok(found) = path.metadata() {
            return Inode::new(path, &found).map(Self::File).ok();
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(Self::Free(Inode::of(folder).ok()?, path.file_name()?.to_owned()))
    }
}

impl Inode {
    /// Of the file that is at `path`.
    ///
    /// # Errors
    /// When there is none, or it cannot be looked at.
    pub fn of(path: &Path) -> io::Result<Self> {
        Self::new(path, &path.metadata()?)
    }

    #[cfg(unix)]
    fn new(_path: &Path, found: &Metadata) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        Ok(Self::Unix(found.dev(), found.ino()))
    }

    #[cfg(not(unix))]
    fn new(path: &Path, _found: &Metadata) -> io::Result<Self> {
        path.canonicalize().map(Self::Path)
    }
}
