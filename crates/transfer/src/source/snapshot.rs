//! What is reported about a snapshot.

use serde::Serialize;

/// How all tables are seen as they were at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotKind {
    /// A read transaction on the file itself, in WAL mode: writes of others go on.
    WalTransaction,
    /// A copy by SQLite's online backup. With a rollback journal, a transaction would stop the writes of others
    /// for as long as it is read.
    OnlineBackup,
    /// A copy of the file and its journals, recovered there, where the file cannot be opened in place.
    FileCopy,
}

/// The one consistent view of the source a run uses.
#[derive(Clone, Debug, Serialize)]
pub struct Snapshot {
    /// How it was taken.
    pub kind: SnapshotKind,
    /// Bytes of the database in it.
    pub size_bytes: i64,
    /// Milliseconds from opening the source until the snapshot was there.
    pub elapsed_ms: u128,
    /// The source's journal mode: `wal`, or `delete` for every kind of rollback journal, which are not distinguished
    /// from outside.
    pub journal_mode: String,
    /// Whether the source is in WAL mode and had no `-wal` when it was opened: the last connection was closed in order,
    /// or the file was copied without it.
    pub wal_was_absent: bool,
    /// How many connections see it.
    pub reader_count: usize,
    /// The backup, which is then what is read.
    pub backup: Option<String>,
    /// Which file it is of.
    pub source: SourceIdentity,
}

/// Which file a snapshot is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceIdentity {
    /// Its path, absolute, symbolic links followed.
    pub path: String,
    /// The device it is on, where the system gives one.
    pub device: Option<u64>,
    /// Its number on the device, where the system gives one.
    pub inode: Option<u64>,
    /// Bytes of the file, without its `-wal`.
    pub size_bytes: u64,
    /// SQLite's number of the schema, another one after each change of it.
    pub schema_version: i64,
}

/// What became of the source since the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceChange {
    /// Nothing.
    None,
    /// Something was committed that the snapshot does not have. A commit at the very moment of the snapshot may
    /// count as one.
    Written,
    /// Another file is at its path.
    Replaced,
    /// There is no file at its path.
    Removed,
}
