//! Writing changes to the target: everything between two states of the source in one transaction, with the position.
//!
//! Rows are deleted in all tables before any is inserted: neither unique values that two rows exchange nor keys that move
//! need an order then. Foreign keys are not in force while changes are applied.

mod delete;
mod rejects;

pub(crate) use rejects::{RUN_ID, tables_with_rejects};

use crate::collect::{Batch, NumberedTable, TableBatch};
use crate::error::SyncError;
use crate::spool::Spool;
use crate::state::SyncRecord;
use transfer::control::Control;
use transfer::copy::{Batch as RowBatch, Batcher, Failed, Refused, with_retries, write_batch};
use transfer::error::TransferError;
use transfer::plan::OnError;
use transfer::table::Key;
use transfer::target::Target;

/// Whatever the defaults of the role are: the log is pruned once a position is committed, which must not be lost, and rows
/// without a key are compared as text, which must have every digit (PostgreSQL manual, `extra_float_digits`).
const SETTINGS: [&str; 2] = ["synchronous_commit = on", "extra_float_digits = 1"];

/// What is known where changes are applied.
#[derive(Clone, Copy)]
pub(crate) struct ApplyContext<'a> {
    /// The tables that are followed.
    pub(crate) tables: &'a [NumberedTable],
    /// What is done about rows that cannot be inserted.
    pub(crate) on_error: OnError,
    /// The identity of the source, as rejects have it.
    pub(crate) source_id: &'a str,
    /// The epoch of the owner.
    pub(crate) epoch: i64,
    pub(crate) control: Control<'a>,
}

/// What became of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Applied {
    /// Rows that were inserted.
    pub(crate) row_count: u64,
    /// Rows that were rejected.
    pub(crate) rejected_count: usize,
}

/// Applies changes in one transaction, again after a transient failure. Where an answer to COMMIT was lost, the position
/// says whether they are in the target.
pub(crate) fn apply(
    target: &mut Target,
    context: ApplyContext<'_>,
    batch: &mut Batch,
) -> Result<Applied, SyncError> {
    let mut attempts = 0;
    let mut ended = None;
    let mut at_work = None;
    let outcome = with_retries(target, context.control, "write changes", |target| {
        attempts += 1;
        if attempts > 1 {
            let stored = SyncRecord::load(target);
            match stored {
                // Where nothing but replacements are applied, the position does not move: again, to the same result.
                Ok(Some(record)) if record.position() == batch.upto && batch.from != batch.upto => {
                    return Ok(Some(Applied::default()));
                }
                Ok(_) => {}
                Err(SyncError::Transfer(TransferError::UseTarget { source, .. })) => return Err(source),
                Err(error) => {
                    ended = Some(error);
                    return Ok(None);
                }
            }
        }
        let written =
            target.in_transaction_with(&SETTINGS, |target| write(target, context, batch, &mut at_work));
        match written {
            Ok(applied) => Ok(Some(applied)),
            Err(Stop::Query(error)) => Err(error),
            Err(Stop::Error(error)) => {
                ended = Some(error);
                Ok(None)
            }
        }
    });
    match (outcome, ended) {
        (_, Some(error)) => Err(error),
        (Ok(Some(applied)), None) => Ok(applied),
        (Ok(None), None) => Err(TransferError::TakenOver.into()),
        (Err(Failed::Refused(source)), None) => Err(match at_work {
            Some(table) => SyncError::WriteRows { table, source },
            None => TransferError::UseTarget { what: "write changes", source }.into(),
        }),
        (Err(Failed::Stopped(error)), None) => Err(error.into()),
    }
}

/// Why a transaction is rolled back.
enum Stop {
    /// The database fails: it may be tried again.
    Query(diesel::result::Error),
    /// The sync ends.
    Error(SyncError),
}

impl From<diesel::result::Error> for Stop {
    fn from(error: diesel::result::Error) -> Self {
        Self::Query(error)
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Error(SyncError::Spool(error))
    }
}

/// Writes changes in the current transaction. `at_work` is the table whose rows are being inserted.
fn write(
    target: &mut Target,
    context: ApplyContext<'_>,
    batch: &mut Batch,
    at_work: &mut Option<String>,
) -> Result<Applied, Stop> {
    *at_work = None;
    // First: another program that applies waits here, and then finds another position.
    let is_ours = SyncRecord::advance(target, context.epoch, batch.from, batch.upto, batch.entry_count)?;
    if !is_ours {
        return Err(Stop::Error(TransferError::TakenOver.into()));
    }
    let with_rejects = rejects::tables_with_rejects(target, context.source_id)?;
    for change in &mut batch.tables {
        let table = &context.tables[change.place];
        delete::delete(target, table, &mut change.change)?;
        if with_rejects.contains(table.followed.table().name()) {
            rejects::forget(target, context, table, change)?;
        }
    }
    let mut applied = Applied::default();
    for change in &mut batch.tables {
        let table = &context.tables[change.place];
        applied.rejected_count += rejects::save_unencodable(target, context, change)?;
        *at_work = Some(table.followed.table().name().to_owned());
        insert(target, context, table, change, &mut applied)?;
    }
    *at_work = None;
    Ok(applied)
}

fn insert(
    target: &mut Target,
    context: ApplyContext<'_>,
    table: &NumberedTable,
    change: &mut TableBatch,
    applied: &mut Applied,
) -> Result<(), Stop> {
    let mut batcher = Batcher::default();
    let mut write = |rows: &mut RowBatch| -> Result<(), Stop> {
        let written = write_rows(target, context, table, rows)?;
        applied.row_count += u64::try_from(written.0).unwrap_or(0);
        applied.rejected_count += written.1.len();
        rejects::save_refused(target, context, table, &written.1)
    };
    change.rows.each(|key: Key, tuple: &[u8]| match batcher.push(key, tuple) {
        Some(mut rows) => write(&mut rows),
        None => Ok(()),
    })?;
    batcher.finish().map_or(Ok(()), |mut rows| write(&mut rows))
}

fn write_rows(
    target: &mut Target,
    context: ApplyContext<'_>,
    table: &NumberedTable,
    rows: &mut RowBatch,
) -> Result<(i64, Vec<Refused>), Stop> {
    let table = table.followed.table();
    let written = write_batch(target, table.as_ref(), rows, context.on_error)?;
    Ok((written.row_count, written.refused))
}

/// Whether the rows of a spool are few enough for one statement with their keys in it.
fn is_small(keys: &Spool) -> bool {
    keys.row_count() <= delete::MOST_LITERALS && keys.size_bytes() < 64 * 1024
}
