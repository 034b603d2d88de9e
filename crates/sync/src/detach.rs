//! The end of a sync: capture is removed, and the target is made whole.

use crate::capture::{self, BrokenTable, Capture};
use crate::error::SyncError;
use crate::owner;
use crate::state::SyncRecord;
use crate::stored::StoredConversion;
use crate::sync::SyncSettings;
use databases::hint::Hint;
use databases::open::{Access, open_sqlite};
use diesel::SqliteConnection;
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
/// When a side fails, another sync is at work, or the source is followed by another target, unless `from_any` is set: for a
/// target that does not exist any more.
pub fn detach(settings: &SyncSettings<'_>, from_any: bool) -> Result<DetachReport, SyncError> {
    let mut source = open_sqlite(settings.run.source, Access::Follow).map_err(SyncError::OpenSource)?;
    let mut target = Target::open_with(settings.run.target, settings.schema)?;
    let _lock = RunLock::take(&target)?;
    if !from_any {
        refuse_other_target(&mut source, &mut target, settings)?;
    }
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

/// Refuses where another target follows the source, which could not go on without the log, and where the target follows
/// another source.
fn refuse_other_target(
    source: &mut SqliteConnection,
    target: &mut Target,
    settings: &SyncSettings<'_>,
) -> Result<(), SyncError> {
    // A log that another version of this program has written can be removed, too.
    match Capture::load(source) {
        Ok(Some(_)) => {}
        Err(_) => return Ok(()),
        Ok(None) => {
            let record = SyncRecord::load(target)?;
            let other = record.filter(|record| !record.follows(settings.run.source));
            return other.map_or(Ok(()), |record| Err(record.of_other_source()));
        }
    }
    let of_source = owner::of_source(source)?;
    let is_followed_here = match owner::of_target(target)? {
        Some(of_target) => of_target.pair_id == of_source.pair_id,
        None => owner::names_target(&of_source, target)?,
    };
    if is_followed_here { Ok(()) } else { Err(owner::followed_by_other(&of_source, Hint::DetachFromTarget)) }
}

/// Captures tables of the source anew, after their definitions were changed. The next sync replaces their rows.
///
/// # Errors
/// When a side fails, a table cannot be captured, or another sync is at work.
pub fn recapture(settings: &SyncSettings<'_>, tables: &[String]) -> Result<(), SyncError> {
    let mut source = open_sqlite(settings.run.source, Access::Follow).map_err(SyncError::OpenSource)?;
    let mut target = Target::open_with(settings.run.target, settings.schema)?;
    let _lock = RunLock::take(&target)?;
    refuse_other_columns(&mut source, &mut target, tables)?;
    for table in tables {
        capture::recapture(&mut source, table)?;
    }
    Ok(())
}

/// Refuses tables with other columns than those that were copied: their rows would be followed without them.
fn refuse_other_columns(
    source: &mut SqliteConnection,
    target: &mut Target,
    tables: &[String],
) -> Result<(), SyncError> {
    let Some(record) = SyncRecord::load(target)? else { return Ok(()) };
    let Some(conversion) = record.tables::<Option<StoredConversion>>()? else { return Ok(()) };
    let (schema, _) = import::schema::read(source).map_err(capture::CaptureError::from)?;
    let changed = tables.iter().filter_map(|table| {
        let reason = conversion.changed_columns(&schema, table)?;
        Some(BrokenTable { table: table.clone(), reason })
    });
    let changed: Vec<BrokenTable> = changed.collect();
    if changed.is_empty() { Ok(()) } else { Err(SyncError::ColumnsChanged(changed)) }
}
