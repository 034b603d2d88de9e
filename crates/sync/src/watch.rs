//! Looking at the source: whether somebody committed, and whether the change log can still be trusted.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::capture::{BrokenTable, Capture, SchemaChange, SchemaState};
use crate::error::SyncError;
use crate::log;
use crate::position::Position;
use databases::failure::Failure;
use databases::file_identity::Inode;

/// The connection that follows the source. It is also the one that prunes: SQLite counts the commits of other connections
/// only (manual, "PRAGMA data_version").
pub(crate) struct Watch {
    pub(crate) source: SqliteConnection,
    path: PathBuf,
    inode: Inode,
    /// The data version of the last look.
    data_version: Option<i64>,
    /// The data version of the transaction that was begun last.
    begun_version: i64,
    schema_version: Option<i64>,
    /// What the file was before the last look, and when that was.
    stamp: Option<(FileStamp, Instant)>,
    /// Looks at a new data version since the connection was opened, or since it was asked to look again.
    look_count: u64,
}

/// How long to wait for a moment in which nobody commits.
const PATIENCE: Duration = Duration::from_millis(500);

/// Whoever reads a file with a rollback journal can make the COMMIT of a program fail that does not wait. Therefore the
/// file is read only if it was written to: SQLite writes each commit into it. The time of the last change counts in ticks
/// of the system, within which there may be two commits.
const TICKS: Duration = Duration::from_millis(100);

/// How long the time of the last change is trusted: that of a file elsewhere may be an old one.
const LONGEST_TRUST: Duration = Duration::from_secs(1);

/// Size and last change of a file without a write-ahead log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileStamp {
    size_bytes: u64,
    changed_at: SystemTime,
}

impl FileStamp {
    /// `None` if it has a write-ahead log: reading it is in nobody's way.
    fn of(path: &Path) -> Option<Self> {
        let real = path.canonicalize().ok()?;
        let mut log = real.clone().into_os_string();
        log.push("-wal");
        if Path::new(&log).exists() {
            return None;
        }
        let found = real.metadata().ok()?;
        Some(Self { size_bytes: found.len(), changed_at: found.modified().ok()? })
    }

    /// Whether nobody has written for so long that the next commit has another time.
    fn is_quiet(self) -> bool {
        self.changed_at.elapsed().is_ok_and(|age| age > TICKS)
    }
}

/// What the beginning of a read transaction led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// It has begun: whoever began it ends it.
    Reading,
    /// Nobody committed since the last look: none has begun.
    Unchanged,
    /// Others are committing: none has begun.
    Busy,
}

/// What a commit did to the schema and the log.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Why changes may have been missed.
    pub(crate) doubts: Vec<String>,
    /// What cannot be followed any more.
    pub(crate) broken: Vec<BrokenTable>,
    /// Objects that were created, dropped or changed and do not affect the log.
    pub(crate) changes: Vec<SchemaChange>,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    version: i64,
}

/// The doubt that VACUUM leaves: triggers may have been dropped and put back.
const REWRITTEN: &str = "the schema was written again, as by VACUUM";

/// Why the whole source cannot be followed any more.
pub(crate) enum Lost {
    /// Another file is at the path, or none.
    Replaced,
    /// The log does not have the change any more up to which the target is.
    OtherLog,
}

impl Watch {
    pub(crate) fn new(source: SqliteConnection, path: PathBuf) -> Result<Self, SyncError> {
        let inode = Inode::of(&path)?;
        let mut watch = Self {
            source,
            path,
            inode,
            data_version: None,
            begun_version: 0,
            schema_version: None,
            stamp: None,
            look_count: 0,
        };
        watch.wait_for_writers(Duration::from_millis(1))?;
        Ok(watch)
    }

    /// Whether the path leads to the file that is open.
    pub(crate) fn is_at_path(&self) -> bool {
        Inode::of(&self.path).is_ok_and(|now| now == self.inode)
    }

    /// Begins a read transaction if somebody committed since the last look.
    pub(crate) fn begin_if_changed(&mut self) -> Result<Begun, SyncError> {
        let stamp = FileStamp::of(&self.path);
        if let (Some(stamp), Some((before, at))) = (stamp, self.stamp)
            && stamp.is_quiet()
            && stamp == before
            && at.elapsed() < LONGEST_TRUST
        {
            return Ok(Begun::Unchanged);
        }
        self.stamp = stamp.map(|stamp| (stamp, Instant::now()));
        match self.begin()? {
            Begun::Reading if self.data_version == Some(self.begun_version) => {
                self.end()?;
                Ok(Begun::Unchanged)
            }
            begun => Ok(begun),
        }
    }

    /// Begins a read transaction. With a rollback journal, nobody can read while somebody commits.
    pub(crate) fn begin(&mut self) -> Result<Begun, SyncError> {
        let began = Instant::now();
        loop {
            self.execute("BEGIN")?;
            // The first query takes the snapshot.
            match version(&mut self.source, "data_version") {
                Ok(version) => {
                    self.begun_version = version;
                    return Ok(Begun::Reading);
                }
                Err(error) if Failure::of_query(&error).is_transient() => {
                    self.execute("ROLLBACK")?;
                    if began.elapsed() > PATIENCE {
                        return Ok(Begun::Busy);
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(source) => {
                    return Err(SyncError::UseSource { what: "look for changes", source });
                }
            }
        }
    }

    /// Whether the last look was not the first one: a first one cannot tell who committed what.
    pub(crate) fn has_looked_before(&self) -> bool {
        self.look_count > 1
    }

    /// How long statements wait for others that write.
    pub(crate) fn wait_for_writers(&mut self, wait: Duration) -> Result<(), SyncError> {
        self.execute(&format!("PRAGMA busy_timeout = {}", wait.as_millis()))
    }

    /// Looks again at the next occasion, also where nobody commits.
    pub(crate) fn look_again(&mut self) {
        self.data_version = None;
        self.look_count = 0;
    }

    /// Ends the read transaction.
    pub(crate) fn end(&mut self) -> Result<(), SyncError> {
        self.execute("COMMIT")
    }

    /// Checks the log and the schema within the transaction.
    pub(crate) fn look(
        &mut self,
        capture: &Capture,
        position: Position,
    ) -> Result<Result<Seen, Lost>, SyncError> {
        self.data_version = Some(self.begun_version);
        self.look_count += 1;
        if !self.is_at_path() {
            return Ok(Err(Lost::Replaced));
        }
        let entry = log::entry(&mut self.source, position.seq).map_err(SyncError::ReadLog)?;
        if entry != Some(position) {
            return Ok(Err(Lost::OtherLog));
        }
        let mut seen = Seen::default();
        let check = capture.check(&mut self.source, self.schema_version)?;
        match check.state {
            SchemaState::Unchanged => {}
            SchemaState::Doubt => seen.doubts.push(REWRITTEN.to_owned()),
            SchemaState::Changed { broken, changes } => {
                seen.broken = broken;
                seen.changes = changes;
            }
        }
        if seen.broken.is_empty() {
            self.schema_version = Some(check.version);
        }
        Ok(Ok(seen))
    }

    fn execute(&mut self, statement: &str) -> Result<(), SyncError> {
        let done = self.source.batch_execute(statement);
        done.map_err(|source| SyncError::UseSource { what: "look for changes", source })
    }
}

/// The version that a PRAGMA of this name gives.
fn version(source: &mut SqliteConnection, name: &str) -> QueryResult<i64> {
    let query = format!("SELECT {name} AS version FROM pragma_{name}()");
    Ok(diesel::sql_query(query).get_result::<Version>(source)?.version)
}
