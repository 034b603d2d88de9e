//! The end of a sync: capture is removed, and the target is made whole.

use crate::capture;
use crate::error::SyncError;
use crate::owner;
use crate::state::SyncRecord;
use crate::sync::SyncSettings;
use databases::open::{Access, open_sqlite};
use serde::Serialize;
use transfer::control::Control;
use transfer::copy::restore;
use transfer::target::state::SkippedObject;
use transfer::target::{RunLock, Target};

/// What a detach did.
#[derive(Debug, Serialize)]
pub struct DetachReport {
    /// Tables and triggers that were removed from the source.
    pub removed_objects: usize,
    /// Foreign keys that were put back in the target.
    pub restored: usize,
    /// Those that the target refuses: their definitions stay stored.
    pub refused: Vec<SkippedObject>,
}

/// Removes capture from the source, and puts the foreign keys of the target back. The schema of the source is then what
/// it was before. What was committed since the last changes were applied is not in the target.
///
/// # Errors
/// When a side fails, or another sync is at work.
pub fn detach(settings: &SyncSettings<'_>) -> Result<DetachReport, SyncError> {
    let mut source = open_sqlite(settings.run.source, Access::Follow).map_err(SyncError::OpenSource)?;
    let mut target = Target::open_with(settings.run.target, settings.schema)?;
    let _lock = RunLock::take(&target)?;
    // The log first: without it, the record says that it is gone.
    let removed_objects = capture::detach(&mut source)?;
    let has_record = SyncRecord::load(&mut target)?.is_some();
    if has_record {
        target.in_transaction(|target| {
            SyncRecord::forget(target)?;
            owner::forget(target)
        })?;
    }
    let control = Control { stop: settings.run.stop, observer: settings.run.observer };
    let restored = restore(&mut target, control)?;
    Ok(DetachReport { removed_objects, restored: restored.count, refused: restored.refused })
}

/// Captures tables of the source anew, after their definitions were changed. The next sync replaces their rows.
///
/// # Errors
/// When a side fails, a table cannot be captured, or another sync is at work.
pub fn recapture(settings: &SyncSettings<'_>, tables: &[String]) -> Result<(), SyncError> {
    let mut source = open_sqlite(settings.run.source, Access::Follow).map_err(SyncError::OpenSource)?;
    let target = Target::open_with(settings.run.target, settings.schema)?;
    let _lock = RunLock::take(&target)?;
    for table in tables {
        capture::recapture(&mut source, table)?;
    }
    Ok(())
}
