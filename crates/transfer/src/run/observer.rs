//! What is observed of a run, as data.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use super::stage::Stage;
use crate::copy::TableReport;
use crate::finding::Finding;
use crate::plan::Plan;
use crate::source::{Snapshot, SourceChange};
use crate::target::state::{Reject, SkippedObject};
use crate::verify::{TableRepair, Verification};

/// Receives the events of a run, from any of its threads: a progress bar, a log, metrics.
pub trait Observer: Sync {
    /// Takes notice of an event. It is called while rows wait: it must not block.
    fn observe(&self, event: &Event<'_>);
}

/// An observer that ignores all events.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn observe(&self, _event: &Event<'_>) {}
}

/// Something that happened in a run.
pub enum Event<'a> {
    /// A run begins: no side is open yet.
    RunBegun {
        /// The id of the run; `None` for a verification, which writes no run.
        run_id: Option<&'a str>,
        /// The source, without a password.
        source: &'a str,
        /// The target, without a password.
        target: &'a str,
    },
    /// The snapshot of the source is taken.
    SnapshotTaken(&'a Snapshot),
    /// The plan is complete; its findings follow.
    Planned(&'a Plan),
    /// A finding of the plan.
    Finding(&'a Finding),
    /// A stage begins.
    StageBegun {
        /// The stage.
        stage: Stage,
        /// Rows that it will process; 0 when that is unknown or rows do not matter.
        row_count: i64,
        /// Bytes that it will process, when that is known.
        size_bytes: Option<u64>,
    },
    /// A stage ended.
    StageEnded {
        /// The stage.
        stage: Stage,
        /// How long it took.
        elapsed: Duration,
    },
    /// A table waits to be copied: what is recreated of it afterwards. Its rows are those of the plan.
    TableQueued {
        /// The table.
        table: &'a str,
        /// Indexes and keys that are built when its rows are in.
        index_count: usize,
        /// Foreign keys that are checked when all tables are in.
        foreign_key_count: usize,
    },
    /// Rows of a table were copied, compared or repaired.
    Rows {
        /// The table.
        table: &'a str,
        /// How many since the last event of the table.
        row_count: i64,
        /// Their bytes in the binary form of COPY; 0 when that is unknown.
        size_bytes: usize,
    },
    /// All rows of a table were copied, compared or repaired.
    TableDone {
        /// The table.
        table: &'a str,
    },
    /// An index or a unique key was built.
    IndexBuilt {
        /// The table.
        table: &'a str,
        /// The name of the index.
        name: &'a str,
    },
    /// The rows of a table were checked against a foreign key.
    KeyChecked {
        /// The table.
        table: &'a str,
        /// The name of the foreign key.
        name: &'a str,
    },
    /// A statement failed for a transient reason and is tried again.
    Retry {
        /// What is tried again, as a verb phrase.
        what: &'static str,
        /// The number of failed attempts so far.
        attempt: usize,
        /// How long the run waits before the next attempt.
        pause: Duration,
        /// Why the last attempt failed.
        cause: &'a (dyn Error + 'static),
    },
    /// A row was rejected.
    Rejected(&'a Reject),
    /// An object of the source was skipped, by this run or an earlier one.
    Skipped(&'a SkippedObject),
    /// The stage `copy` and the constraints ended, or an error ended them: the result of each table.
    TablesEnded(&'a [TableReport]),
    /// Rejects were written to this file.
    RejectsFile(&'a Path),
    /// All rows were copied: how many were written.
    Copied {
        /// Rows that this run wrote.
        row_count: i64,
        /// Tables of the run.
        table_count: usize,
    },
    /// Tables were repaired.
    Repaired(&'a [TableRepair]),
    /// Verification ended.
    Verified(&'a Verification),
    /// The state of the source at the end of the run.
    SourceChanged {
        /// What happened to the source since the snapshot.
        change: SourceChange,
        /// Bytes of its `-wal`.
        wal_size_bytes: u64,
    },
    /// The transaction of the whole run was rolled back.
    RolledBack,
    /// The end of the run was written to the target.
    EndWritten,
    /// The end of the run could not be written to the target.
    EndNotWritten(&'a (dyn Error + 'static)),
}
