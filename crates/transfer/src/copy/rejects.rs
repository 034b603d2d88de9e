//! The file of rejects, which only its owner may read.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::TransferError;
use crate::target::state::Reject;

/// The file of rejects, and their limit.
pub struct RejectFile {
    path: PathBuf,
    file: Mutex<Option<File>>,
    count: AtomicI64,
    limit: Option<i64>,
}

impl RejectFile {
    /// Nothing is written yet. With a limit, one more reject ends the run.
    pub fn new(path: PathBuf, limit: Option<i64>) -> Self {
        Self { path, file: Mutex::new(None), count: AtomicI64::new(0), limit }
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a reject was written.
    pub fn is_used(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }

    /// Appends rejects, one JSON object per line, before they are committed to the target: after a failure a reject may be
    /// in the file twice, but none is missing.
    ///
    /// # Errors
    /// When the file cannot be written, or there are more rejects than the limit.
    pub fn append(&self, rejects: &[Reject]) -> Result<(), TransferError> {
        if rejects.is_empty() {
            return Ok(());
        }
        let failed = |source| TransferError::WriteRejects { path: self.path.clone(), source };
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *file {
            Some(file) => file,
            none => none.insert(open(&self.path).map_err(failed)?),
        };
        for reject in rejects {
            let mut line = serde_json::to_vec(reject).map_err(|error| failed(error.into()))?;
            line.push(b'\n');
            file.write_all(&line).map_err(failed)?;
        }
        file.sync_data().map_err(failed)?;
        let added = i64::try_from(rejects.len()).unwrap_or(i64::MAX);
        let count = self.count.fetch_add(added, Ordering::Relaxed).saturating_add(added);
        match self.limit {
            Some(limit) if count > limit => {
                Err(TransferError::TooManyRejects { limit, path: self.path.clone() })
            }
            _ => Ok(()),
        }
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The file of rejects of the run `id`, unless the user names another.
pub fn reject_file_name(id: &str) -> PathBuf {
    PathBuf::from(format!("rejects-{id}.jsonl"))
}
