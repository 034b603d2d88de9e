//! Where a sync stands, as both sides have recorded it.

use diesel::SqliteConnection;
use serde::Serialize;

use crate::capture::Capture;
use crate::error::SyncError;
use crate::log;
use crate::owner;
use crate::position::Position;
use crate::state::{Doubt, SyncRecord};
use crate::step::{PairState, Side};
use transfer::target::Target;
use transfer::target::state::{Reject, RejectFilter};

/// Where a sync stands.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SyncStatus {
    /// Whether the source has a change log.
    pub is_attached: bool,
    /// Who takes writes; `null` if nobody does, or both sides do not belong together.
    pub owner: Option<Side>,
    /// How often the right to write was offered or taken.
    pub epoch: u64,
    /// The state of the move: A, B, C, D or E.
    pub state: Option<PairState>,
    /// The position up to which changes are in the target.
    pub position: Option<Position>,
    /// Entries of the log that are not in the target yet.
    pub lag_changes: i64,
    /// Entries of the log that were applied since the sync began.
    pub applied_changes: i64,
    /// When the last ones were, in UTC.
    pub applied_at: Option<String>,
    /// The last comparison that found both sides equal.
    pub verified: VerifiedStatus,
    /// Tables of the source that cannot be followed any more, with the reason.
    pub broken: Vec<BrokenStatus>,
    /// Rows of this source that the target does not have.
    pub reject_count: usize,
    /// Bytes of the change log, estimated by its entries.
    pub log_size_bytes: i64,
    /// Bytes of the `-wal` of the source.
    pub wal_size_bytes: u64,
}

/// The last comparison that found both sides equal.
#[derive(Clone, Debug, Default, Serialize)]
pub struct VerifiedStatus {
    /// The number of the last change that was compared.
    pub position: Option<i64>,
    /// When that was, in UTC.
    pub at: Option<String>,
    /// Why changes may have been missed since.
    pub doubt: Vec<Doubt>,
}

/// A table that cannot be followed any more.
#[derive(Clone, Debug, Serialize)]
pub struct BrokenStatus {
    /// The table.
    pub table: String,
    /// The reason.
    pub reason: String,
}

/// Bytes of an entry of the log in the file, about.
const ENTRY_BYTES: i64 = 32;

impl SyncStatus {
    /// Whether the target lacks something of the source beside what is still to be applied.
    pub fn is_complete(&self) -> bool {
        self.reject_count == 0 && self.broken.is_empty()
    }
}

/// Reads where a sync stands. Writes nothing.
///
/// # Errors
/// When a side fails, or what it has recorded cannot be understood.
pub(crate) fn status(source: &mut SqliteConnection, target: &mut Target) -> Result<SyncStatus, SyncError> {
    let mut status = SyncStatus::default();
    let record = SyncRecord::load(target)?;
    let of_target = owner::of_target(target)?;
    if let Some(record) = &record {
        status.position = Some(record.position());
        status.applied_changes = record.applied_changes;
        status.applied_at = record.applied_at.clone();
        status.verified = VerifiedStatus {
            position: record.verified_seq,
            at: record.verified_at.clone(),
            doubt: record.doubts()?,
        };
        let filter = RejectFilter { table: None, source_id: Some(record.source_id.clone()) };
        status.reject_count = target.in_transaction(|target| Reject::load(target, &filter))?.len();
    }
    let Some(capture) = Capture::load(source)? else { return Ok(status) };
    status.is_attached = true;
    let of_source = owner::of_source(source)?;
    status.epoch = of_source.state.epoch;
    if let Some(of_target) = &of_target {
        let sides = owner::sides(&of_source, of_target)?;
        status.state = sides.state();
        status.owner = sides.owner();
        status.epoch = status.epoch.max(of_target.state.epoch);
    }
    let end = log::end(source).map_err(SyncError::ReadLog)?.unwrap_or(Position::BEGIN);
    let first = log::first(source).map_err(SyncError::ReadLog)?.unwrap_or(end.seq);
    status.lag_changes = end.seq.saturating_sub(status.position.map_or(0, |position| position.seq)).max(0);
    status.log_size_bytes = end.seq.saturating_sub(first).saturating_add(1).saturating_mul(ENTRY_BYTES);
    if let crate::capture::SchemaState::Changed { broken, .. } = capture.check(source, None)?.state {
        let broken = broken.into_iter();
        status.broken =
            broken.map(|broken| BrokenStatus { table: broken.table, reason: broken.reason }).collect();
    }
    Ok(status)
}
