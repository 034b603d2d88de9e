//! A worker: one connection to the target and one to the source, taking tasks from the queue.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use diesel::SqliteConnection;

use super::batch::{Batch, Batcher};
use super::channel::{Receiver, Sender, channel};
use super::digest::Digest;
use super::error::CopyError;
use super::plan::{OnError, TablePlan};
use super::progress::Event;
use super::queue::{Queue, Task};
use super::raw;
use super::retry::with_retries;
use super::run::Run;
use super::state::{Definition, Part, Reject};
use super::target::Target;
use super::write::{Written, write_batch};
use crate::table::{Key, KeyRange, Order, ReadError, Table};

/// Batches that are read, waiting or being written have at most so many bytes, for each worker.
pub(super) const WAITING_BYTES: usize = 8 << 20;

/// A batch is lost with the server's memory only together with its checkpoint, so it need not reach the disk before
/// the next one is begun; the last transaction of a run waits for the disk, and so for all before it.
const BATCH_SETTINGS: [&str; 1] = ["synchronous_commit = off"];

/// What the reader hands over: rows, those set aside, and where the part stands after them.
pub(super) struct Step {
    pub(super) batch: Batch,
    pub(super) rejects: Vec<Reject>,
    last: Key,
    digest: Digest,
}

/// Lets the other workers end when this one panics: they would wait for what it was doing.
struct FailOnPanic<'a>(&'a Queue);

impl Drop for FailOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.fail();
        }
    }
}

/// Works until there is nothing left to do, or something fails.
pub(super) fn work(
    run: &Run<'_>,
    target: &mut Target,
    source: &mut SqliteConnection,
) -> Result<(), CopyError> {
    let _others = FailOnPanic(&run.queue);
    while let Some(task) = run.queue.next() {
        let outcome = match task {
            Task::Copy(index, part) => {
                copy(run, target, source, index, part).inspect(|()| run.queue.copied(index))
            }
            Task::Build(definition) => build(run, target, &definition).inspect(|()| run.queue.built()),
        };
        if outcome.is_err() {
            run.queue.fail();
            return outcome;
        }
    }
    Ok(())
}

fn copy(
    run: &Run<'_>,
    target: &mut Target,
    source: &mut SqliteConnection,
    index: usize,
    mut part: Part,
) -> Result<(), CopyError> {
    let plan = &run.plan.tables[index];
    let (sender, receiver) = channel(WAITING_BYTES);
    let begin = part.clone();
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(run, source, plan, &begin, &sender));
        let written = write(run, target, index, &mut part, &receiver);
        drop(receiver);
        let read = reader.join().map_err(|_panic| CopyError::ReaderLost)?;
        written?;
        read?;
        if run.stop.load(Ordering::Relaxed) {
            return Err(CopyError::Interrupted);
        }
        let done = Part { is_done: true, ..part.clone() };
        advance(run, target, index, &part, &done, None).map(|_| ())
    })
}

/// Reads what is left of the part, and hands it over in batches.
pub(super) fn read(
    run: &Run<'_>,
    source: &mut SqliteConnection,
    plan: &TablePlan,
    part: &Part,
    sender: &Sender<Step>,
) -> Result<(), CopyError> {
    let table = plan.table;
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
                if run.is_stopping() {
                    return ControlFlow::Break(());
                }
                match row {
                    Ok((key, _)) if plan.violating.contains(&key) => {
                        failed = Some(ReadError::Check { table: table.name(), key });
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
            .map_err(CopyError::ReadRow)?;
        if let Some(batch) = batcher.finish() {
            let flow = send(batch, digest, std::mem::take(&mut rejects));
            if flow.is_break() {
                return Ok(());
            }
        }
        let Some(error) = failed else { break };
        if run.plan.on_error == OnError::Stop {
            return Err(CopyError::ReadRow(error));
        }
        let (key, reject) = set_aside(source, table, after(range, last), error)?;
        rejects.push(reject);
        range = KeyRange::after(Some(key), part.upto);
        // Rejects that no row follows are a step of their own.
        let step = Step { batch: Batch::default(), rejects: std::mem::take(&mut rejects), last: key, digest };
        if !sender.send(step, 0) {
            return Ok(());
        }
    }
    Ok(())
}

/// What is left of `range` after the key.
fn after(range: KeyRange, last: Option<Key>) -> KeyRange {
    let lower = last.map_or(range.lower, std::ops::Bound::Excluded);
    KeyRange { lower, upper: range.upper }
}

/// The row that comes first in `range` and could not be read, as a reject.
fn set_aside(
    source: &mut SqliteConnection,
    table: &dyn Table,
    range: KeyRange,
    error: ReadError,
) -> Result<(Key, Reject), CopyError> {
    let column = raw::column_of(&error);
    let outermost: &dyn std::error::Error = &error;
    let reason = std::iter::successors(Some(outermost), |error| error.source())
        .last()
        .map_or_else(String::new, ToString::to_string);
    let reject = raw::reject(source, table, range, column.as_deref(), reason)
        .map_err(|source| CopyError::ReadSource { what: "read a row that is set aside", source })?;
    // Without its key the rows after it cannot be found either.
    let key = reject.as_ref().and_then(|reject| Key::parse(&reject.key));
    match (key, reject) {
        (Some(key), Some(reject)) => Ok((key, reject)),
        _ => Err(CopyError::ReadRow(error)),
    }
}

/// Writes the steps of a part, each in a transaction with its checkpoint.
fn write(
    run: &Run<'_>,
    target: &mut Target,
    index: usize,
    part: &mut Part,
    receiver: &Receiver<Step>,
) -> Result<(), CopyError> {
    let table = run.plan.tables[index].table;
    let mut number = 0;
    while let Some(mut step) = receiver.receive() {
        if run.is_stopping() {
            return Err(CopyError::Interrupted);
        }
        number += 1;
        let keys = step.batch.key_range();
        let next = Part { done: Some(step.last), digest: step.digest, ..part.clone() };
        let next = advance(run, target, index, part, &next, Some(&mut step)).map_err(|error| {
            match (error, keys) {
                (CopyError::UseTarget { source, .. }, Some(keys)) => {
                    run.failed_rows(index, step.batch.row_count());
                    CopyError::WriteBatch { number, table: table.name(), keys, source }
                }
                (error, _) => error,
            }
        })?;
        let copied = next.row_count - part.row_count;
        run.copied_rows(index, copied, next.rejected_count - part.rejected_count);
        (run.progress)(Event::Rows { table: table.name(), row_count: copied });
        *part = next;
    }
    Ok(())
}

/// Moves the checkpoint on, in the transaction that writes the rows of `step`. Tells where it stands then.
fn advance(
    run: &Run<'_>,
    target: &mut Target,
    index: usize,
    part: &Part,
    next: &Part,
    mut step: Option<&mut Step>,
) -> Result<Part, CopyError> {
    let table = run.plan.tables[index].table;
    let (source_id, name) = (run.plan.source_id.as_str(), table.name());
    let mut failed = None;
    let mut tries = 0;
    let mut is_filed = false;
    let moved = with_retries(target, run.stop, |target| {
        tries += 1;
        if tries > 1 {
            // The answer to an earlier COMMIT may have been lost: the checkpoint tells.
            let stored = target.in_transaction(|target| Part::load(target, source_id, name, run.id))?;
            let stored = stored.into_iter().find(|stored| stored.number == part.number);
            if let Some(stored) =
                stored.filter(|stored| stored.done == next.done && stored.is_done == next.is_done)
            {
                return Ok(Some(stored));
            }
        }
        target.in_transaction_with(&BATCH_SETTINGS, |target| {
            let written = match &mut step {
                Some(step) => write_batch(target, table, &mut step.batch, run.plan.on_error)?,
                None => Written::default(),
            };
            let rejects = step.as_ref().map(|step| step.rejects.as_slice()).unwrap_or_default();
            let refused = run.describe(table, &written.refused)?;
            if let Err(error) = run.set_aside(target, &[rejects, &refused].concat(), &mut is_filed)? {
                failed = Some(error);
                return Err(diesel::result::Error::RollbackTransaction);
            }
            let set_aside = i64::try_from(rejects.len() + refused.len()).unwrap_or(i64::MAX);
            let next = Part {
                row_count: part.row_count + written.row_count,
                rejected_count: part.rejected_count + set_aside,
                ..next.clone()
            };
            let moved = part.advance(&next, target, source_id, name, run.id)?;
            Ok(moved.then_some(next))
        })
    });
    match (moved, failed) {
        (_, Some(error)) => Err(error),
        (Ok(Some(part)), _) => Ok(part),
        (Ok(None), _) => Err(CopyError::TakenOver),
        (Err(error), _) => Err(error.into_error("write rows")),
    }
}

/// Builds an index.
fn build(run: &Run<'_>, target: &mut Target, definition: &Definition) -> Result<(), CopyError> {
    let memory = format!("maintenance_work_mem = '{}MB'", run.index_memory_mb);
    let settings = [memory.as_str(), "synchronous_commit = off"];
    let built = with_retries(target, run.stop, |target| {
        target.in_transaction_with(&settings, |target| {
            run.cancellable(target, |target| definition.do_first_step(target))
        })
    });
    (run.progress)(Event::Done);
    run.settle(target, definition, built)
}
