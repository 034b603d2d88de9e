//! Several connections that see exactly the same.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::{QueryResult, SqliteConnection};

use crate::error::TransferError;
use crate::source::error::SourceError;
use databases::open::{Access, open_sqlite_file};
use databases::pages::PageReader;

/// How long to wait for a moment without a commit. An attempt takes well under a millisecond.
pub(super) const PATIENCE: Duration = Duration::from_millis(1500);

/// Opens `count` connections, at least one, to a file without writers, each in a transaction.
pub(super) fn of_copy(path: &Path, count: usize) -> Result<Vec<SqliteConnection>, TransferError> {
    let mut readers = open(path, count)?;
    begin_all(&mut readers)?;
    Ok(readers)
}

/// Opens `count` connections, at least one, to a file in WAL mode that others may write to, each in a transaction,
/// and all of the same snapshot; with the data version `probe` has of it. Only the first when `patience` ends
/// without a moment without a commit.
pub(super) fn of_wal(
    path: &Path,
    count: usize,
    probe: &PageReader,
    patience: Duration,
) -> Result<(Vec<SqliteConnection>, i64), TransferError> {
    let mut readers = open(path, count)?;
    let began = Instant::now();
    let mut tries = 0_u32;
    while began.elapsed() < patience {
        tries += 1;
        if let Some(version) = try_begin(&mut readers, path, probe)? {
            tracing::debug!(tries, readers = readers.len(), "readers see one snapshot");
            return Ok((readers, version));
        }
    }
    tracing::info!(tries, "no moment without a commit: one reader instead of {count}");
    readers.truncate(1);
    let before = version(path, probe)?;
    begin_all(&mut readers)?;
    Ok((readers, before))
}

/// Begins all transactions, and ends them again after a commit meanwhile; otherwise returns the data version.
pub(super) fn try_begin(
    readers: &mut [SqliteConnection],
    path: &Path,
    probe: &PageReader,
) -> Result<Option<i64>, TransferError> {
    // A commit that one of the readers sees and another does not lies between these two looks.
    let before = version(path, probe)?;
    begin_all(readers)?;
    if version(path, probe)? == before {
        return Ok(Some(before));
    }
    end_all(readers)?;
    Ok(None)
}

fn version(path: &Path, probe: &PageReader) -> Result<i64, SourceError> {
    let failed = |source| SourceError::Read { what: "read the data version", path: path.to_owned(), source };
    probe.data_version().map_err(failed)
}

pub(super) fn open(path: &Path, count: usize) -> Result<Vec<SqliteConnection>, TransferError> {
    let open = |_| open_sqlite_file(path, Access::Read).map_err(TransferError::OpenSource);
    (0..count.max(1)).map(open).collect()
}

pub(super) fn begin_all(readers: &mut [SqliteConnection]) -> Result<(), TransferError> {
    readers.iter_mut().try_for_each(begin).map_err(failed)
}

pub(super) fn end_all(readers: &mut [SqliteConnection]) -> Result<(), TransferError> {
    readers.iter_mut().try_for_each(AnsiTransactionManager::rollback_transaction).map_err(failed)
}

/// SQLite (lang_transaction.html): a deferred transaction begins with its first statement.
fn begin(reader: &mut SqliteConnection) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction(reader)?;
    reader.batch_execute("SELECT count(*) FROM sqlite_schema")
}

fn failed(source: diesel::result::Error) -> TransferError {
    TransferError::ReadSource { what: "take a snapshot", source }
}
