//! The reader of a worker: it reads a part of a table from the source and sends it in batches.

use std::ops::ControlFlow;

use diesel::SqliteConnection;

use super::batch::{Batch, Batcher};
use super::channel::Sender;
use super::context::WorkContext;
use super::raw;
use crate::digest::Digest;
use crate::error::TransferError;
use crate::plan::{OnError, TablePlan};
use crate::table::{Key, KeyRange, Order, ReadError, Table};
use crate::target::state::{Part, Reject};

/// The limit on bytes of batches that are read, waiting or being written, for each worker.
pub(super) const WAITING_BYTES: usize = 8 << 20;

/// A batch of rows, the rejects among them, and the checkpoint after them.
pub(super) struct Step {
    pub(super) batch: Batch,
    pub(super) rejects: Vec<Reject>,
    pub(super) last: Key,
    pub(super) digest: Digest,
}

/// Reads the rest of the part and sends it in batches.
pub(super) fn read(
    context: &WorkContext<'_>,
    source: &mut SqliteConnection,
    plan: &TablePlan,
    part: &Part,
    sender: &Sender<Step>,
) -> Result<(), TransferError> {
    let table = plan.table.as_ref();
    let mut digest = part.digest;
    let mut range = part.rest();
    let mut rejects = Vec::new();
    loop {
        let mut last = None;
        let mut failed = None;
        let send = |batch: Batch, digest: Digest, rejects: Vec<Reject>| {
            let Some((_, last)) = batch.key_range() else { return ControlFlow::Continue(()) };
            let size_bytes = batch.size_bytes();
            let sent = sender.send(Step { batch, rejects, last, digest }, size_bytes);
            if sent { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let mut batcher = Batcher::default();
        table
            .read_source(source, range, Order::Key, &mut |row| {
                if context.run.control.is_stopping() {
                    return ControlFlow::Break(());
                }
                match row {
                    Ok((key, _)) if plan.violating.contains(&key) => {
                        failed = Some(ReadError::Check { table: table.name().to_owned(), key });
                        ControlFlow::Break(())
                    }
                    Ok((key, tuple)) => {
                        digest.add(tuple);
                        last = Some(key);
                        match batcher.push(key, tuple) {
                            Some(batch) => send(batch, digest, std::mem::take(&mut rejects)),
                            None => ControlFlow::Continue(()),
                        }
                    }
                    Err(error) => {
                        failed = Some(error);
                        ControlFlow::Break(())
                    }
                }
            })
            .map_err(TransferError::ReadRow)?;
        if let Some(batch) = batcher.finish() {
            let flow = send(batch, digest, std::mem::take(&mut rejects));
            if flow.is_break() {
                return Ok(());
            }
        }
        let Some(error) = failed else { break };
        if context.plan.on_error == OnError::Stop {
            return Err(TransferError::ReadRow(error));
        }
        let (key, reject) = read_reject(source, table, after(range, last), error)?;
        rejects.push(reject);
        range = KeyRange::after(Some(key), part.upto);
        // Rejects without a row after them are a step of their own.
        let step = Step { batch: Batch::default(), rejects: std::mem::take(&mut rejects), last: key, digest };
        if !sender.send(step, 0) {
            return Ok(());
        }
    }
    Ok(())
}

/// The rest of `range` after the key.
fn after(range: KeyRange, last: Option<Key>) -> KeyRange {
    let lower = last.map_or(range.lower, std::ops::Bound::Excluded);
    KeyRange { lower, upper: range.upper }
}

/// The first row of `range`, which could not be read, as a reject.
fn read_reject(
    source: &mut SqliteConnection,
    table: &dyn Table,
    range: KeyRange,
    error: ReadError,
) -> Result<(Key, Reject), TransferError> {
    let column = raw::column_of(&error);
    let outermost: &dyn std::error::Error = &error;
    let reason = std::iter::successors(Some(outermost), |error| error.source())
        .last()
        .map_or_else(String::new, ToString::to_string);
    let reject = raw::reject(source, table, range, column.as_deref(), reason)
        .map_err(|source| TransferError::ReadSource { what: "read a rejected row", source })?;
    // Without its key the rows after it cannot be found.
    let key = reject.as_ref().and_then(|reject| Key::parse(&reject.key));
    match (key, reject) {
        (Some(key), Some(reject)) => Ok((key, reject)),
        _ => Err(TransferError::ReadRow(error)),
    }
}
