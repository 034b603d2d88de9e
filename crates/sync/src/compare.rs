//! Comparing both sides at one position while others go on writing.
//!
//! The follower applies everything up to a snapshot of the source. Before it applies anything more, a transaction of the
//! target begins that sees the same state. Both are compared in full, on connections of their own, while following goes on.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::error::SyncError;
use crate::follow::Follower;
use crate::position::Position;
use databases::catalog::Catalog;
use transfer::control::Control;
use transfer::error::TransferError;
use transfer::source::{Source, SourceOptions};
use transfer::table::Table;
use transfer::target::state::{Reject, RejectFilter, SkippedObject};
use transfer::target::{Target, continue_sequences};
use transfer::verify::{Comparison, Verdict, Verification, VerifyOptions, verify, without_rejected};

use databases::url::SqlitePath;

/// What is compared.
#[derive(Clone)]
pub(crate) struct Compared {
    pub(crate) tables: Vec<Arc<dyn Table>>,
    pub(crate) expected: Catalog,
    pub(crate) source_id: String,
    pub(crate) show_values: bool,
    /// Whether captured tables are not in the target.
    pub(crate) is_partial: bool,
}

/// The result of a comparison.
pub struct Comparing {
    /// The position at which both sides were compared.
    pub position: Position,
    /// The verdict.
    pub verdict: Verdict,
    /// The result.
    pub verification: Verification,
}

/// Two snapshots of the same state.
pub(crate) struct Snapshots {
    source: Source,
    target: Target,
    position: Position,
}

impl Follower<'_> {
    /// Takes a snapshot of the source, and applies everything up to it.
    pub(crate) fn take_snapshots(&mut self, path: &SqlitePath, jobs: usize) -> Result<Snapshots, SyncError> {
        let options = SourceOptions {
            reader_count: jobs + 1,
            stop: Some(self.control.stop),
            ..SourceOptions::default()
        };
        let mut source = Source::open(path, &options)?;
        // Once more where a table with rejects is replaced after that.
        self.catch_up_with(&mut source)?;
        if !self.whole.is_empty() {
            self.catch_up_with(&mut source)?;
        }
        let tables: Vec<Arc<dyn Table>> =
            self.tables.iter().map(|table| Arc::clone(table.followed.table())).collect();
        continue_sequences(&mut source, &mut self.target, &tables)?;
        self.doubts_compared = self.doubts.len();
        Ok(Snapshots { source, target: self.target.another()?, position: self.position })
    }
}

/// Compares two snapshots. `begun` is told when the target's transaction has its snapshot.
pub(crate) fn compare(
    snapshots: Snapshots,
    compared: &Compared,
    control: Control<'_>,
    begun: &SyncSender<()>,
) -> Result<Comparing, SyncError> {
    let Snapshots { mut source, mut target, position } = snapshots;
    target.in_snapshot(|target| {
        // The first query takes the snapshot (PostgreSQL manual, 13.2.2).
        let filter = RejectFilter { table: None, source_id: Some(compared.source_id.clone()) };
        let rejected_rows = i64::try_from(Reject::load(target, &filter)?.len()).unwrap_or(i64::MAX);
        let skipped_count = SkippedObject::load(target)?.len();
        let (tables, rejected) = without_rejected(target, &compared.source_id, &compared.tables)?;
        // Nobody waits where both are done by one thread.
        begun.send(()).ok();
        let options = VerifyOptions {
            rejected,
            show_values: compared.show_values,
            without_foreign_keys: true,
            ..VerifyOptions::default()
        };
        let mut comparison = Comparison {
            source: &mut source,
            target,
            tables: &tables,
            expected: &compared.expected,
            options: &options,
            skipped: &[],
            control,
        };
        let verification = verify(&mut comparison)?;
        let verdict = Verdict::of(&verification, rejected_rows, skipped_count, compared.is_partial);
        Ok::<_, SyncError>(Comparing { position, verdict, verification })
    })
}

/// A channel on which a comparison says that its snapshot is taken.
pub(crate) fn begun() -> (SyncSender<()>, Receiver<()>) {
    sync_channel(1)
}

/// A comparison that ended because its thread did.
pub(crate) fn lost() -> SyncError {
    TransferError::ReaderLost.into()
}
