//! Copying a SQLite database page by page with SQLite's online backup API, which Diesel does not expose.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, Error, OpenFlags};

/// The busy timeout of every other connection (see `open`).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages between two checks of `go_on`: at 10 MB/s, less than two seconds.
const STEP_BYTES: i64 = 16 * 1024 * 1024;

/// A read-only connection, separate from those that read rows.
pub struct PageReader {
    connection: Connection,
}

/// Identifies a state of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Total size of all pages.
    pub size_bytes: i64,
    /// Changes with the schema.
    pub schema_version: i64,
    /// Changes when another connection commits; comparable on the same connection only.
    pub data_version: i64,
}

impl PageReader {
    /// Opens a file that exists.
    ///
    /// # Errors
    /// The error of SQLite.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON")?;
        Ok(Self { connection })
    }

    /// `PRAGMA data_version`: changes when another connection has committed.
    ///
    /// # Errors
    /// The error of SQLite.
    pub fn data_version(&self) -> Result<i64, Error> {
        self.number("data_version")
    }

    /// The current state of the database.
    ///
    /// # Errors
    /// The error of SQLite.
    pub fn state(&self) -> Result<FileState, Error> {
        Ok(FileState {
            size_bytes: self.number("page_size")?.saturating_mul(self.number("page_count")?),
            schema_version: self.number("schema_version")?,
            data_version: self.data_version()?,
        })
    }

    /// Begins a read transaction, which holds the snapshot until [`PageReader::end`].
    ///
    /// # Errors
    /// The error of SQLite.
    pub fn begin(&self) -> Result<(), Error> {
        self.connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")
    }

    /// Ends the transaction.
    ///
    /// # Errors
    /// The error of SQLite.
    pub fn end(&self) -> Result<(), Error> {
        self.connection.execute_batch("COMMIT")
    }

    /// Copies all pages into the empty file at `path` while `go_on` returns true; returns whether it completed. It is
    /// certain to end only within a transaction: otherwise each write of another connection restarts it.
    ///
    /// # Errors
    /// The error of SQLite.
    pub fn copy_into(&self, path: &Path, go_on: &dyn Fn() -> bool) -> Result<bool, Error> {
        // One transaction over all steps keeps the snapshot as a single step would, and allows checks in between.
        // Steps without it, as SQLite's documentation shows them, may never end while another connection writes.
        let mut copy = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        copy.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")?;
        let step = i32::try_from(STEP_BYTES / self.number("page_size")?.max(1)).unwrap_or(i32::MAX);
        let backup = Backup::new(&self.connection, &mut copy)?;
        while go_on() {
            match backup.step(step)? {
                StepResult::Done => return Ok(true),
                StepResult::More => {}
                // The copy is private and the original is locked: wait.
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
        Ok(false)
    }

    fn number(&self, pragma: &str) -> Result<i64, Error> {
        self.connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
    }
}

/// Recovers a private copy into a single file: rolls back a hot journal, or checkpoints the `-wal` file. Returns the
/// journal mode it had.
///
/// # Errors
/// The error of SQLite.
pub fn settle(copy: &Path) -> Result<String, Error> {
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute_batch(
        "PRAGMA trusted_schema = OFF; PRAGMA synchronous = OFF; SELECT 1 FROM sqlite_schema",
    )?;
    let mode = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(mode)
}
