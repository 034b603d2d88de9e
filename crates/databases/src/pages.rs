//! Copying a SQLite database page by page with SQLite's online backup, for which Diesel has no call.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, Error, OpenFlags};

/// As long as every other connection waits (see `open`).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Between two looks at whether to go on. Even a disk that writes 10 MB/s has done with it in two seconds.
const STEP_BYTES: i64 = 16 * 1024 * 1024;

/// A connection that cannot write, beside those that read rows.
pub struct PageReader {
    connection: Connection,
}

/// What tells one state of a database from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Bytes in all pages.
    pub size_bytes: i64,
    /// Changes with the schema.
    pub schema_version: i64,
    /// Changes when another connection commits; means something to this connection only.
    pub data_version: i64,
}

impl PageReader {
    /// Opens a file that exists.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON")?;
        Ok(Self { connection })
    }

    /// A number that is another one once any other connection has committed.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn data_version(&self) -> Result<i64, Error> {
        self.number("data_version")
    }

    /// The state the database is in now.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn state(&self) -> Result<State, Error> {
        Ok(State {
            size_bytes: self.number("page_size")?.saturating_mul(self.number("page_count")?),
            schema_version: self.number("schema_version")?,
            data_version: self.data_version()?,
        })
    }

    /// Begins a transaction: until [`PageReader::end`] the database is seen as it is now.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn begin(&self) -> Result<(), Error> {
        self.connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")
    }

    /// Ends the transaction.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn end(&self) -> Result<(), Error> {
        self.connection.execute_batch("COMMIT")
    }

    /// Copies all pages into the empty file at `path`, until `go_on` says no; whether it came to the end. Only
    /// within a transaction is it sure to end: otherwise each write of others lets it begin anew.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn copy_into(&self, path: &Path, go_on: &dyn Fn() -> bool) -> Result<bool, Error> {
        // One transaction held over all steps keeps the snapshot as one single step would, and leaves room to ask
        // in between. Steps without it, as SQLite's documentation shows them, never end beside a busy writer.
        let mut copy = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        copy.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")?;
        let step = i32::try_from(STEP_BYTES / self.number("page_size")?.max(1)).unwrap_or(i32::MAX);
        let backup = Backup::new(&self.connection, &mut copy)?;
        while go_on() {
            match backup.step(step)? {
                StepResult::Done => return Ok(true),
                StepResult::More => {}
                // Nobody else knows the copy, and the original is locked: a pause is all there is to do.
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
        Ok(false)
    }

    fn number(&self, pragma: &str) -> Result<i64, Error> {
        self.connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
    }
}

/// Makes a private copy one whole file: what its journal undoes is undone, what is in its `-wal` is moved into it.
/// Gives back the journal mode it had.
///
/// # Errors
/// What SQLite says.
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
