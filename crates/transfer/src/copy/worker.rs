//! A worker: one connection to the target and one to the source, taking tasks from the queue.

use diesel::SqliteConnection;

use super::channel::{Receiver, channel};
use super::constraints::settle;
use super::context::WorkContext;
use super::queue::{Queue, Task};
use super::reader::{Step, WAITING_BYTES, read};
use super::retry::with_retries;
use super::write::{Written, explained, write_batch};
use crate::error::TransferError;
use crate::run::Event;
use crate::target::Target;
use crate::target::state::{Definition, Part};

/// A crash of the server loses a batch only together with its checkpoint, so a batch need not reach the disk before the
/// next one begins; the last transaction of a run waits for the disk, and so for all before it.
const BATCH_SETTINGS: [&str; 1] = ["synchronous_commit = off"];

/// Ends the other workers when this one panics: they would wait for its task.
struct FailOnPanic<'a>(&'a Queue);

impl Drop for FailOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.fail();
        }
    }
}

/// Works until there are no tasks left, or one fails.
pub(super) fn work(
    context: &WorkContext<'_>,
    target: &mut Target,
    source: &mut SqliteConnection,
) -> Result<(), TransferError> {
    let _others = FailOnPanic(&context.queue);
    while let Some(task) = context.queue.next() {
        let outcome = match task {
            Task::Copy(index, part) => copy(context, target, source, index, part).inspect(|()| {
                if context.queue.copied(index) {
                    context.table_done(index);
                }
            }),
            Task::Build(definition) => {
                build(context, target, &definition).inspect(|()| context.queue.built())
            }
        };
        if outcome.is_err() {
            context.queue.fail();
            return outcome;
        }
    }
    Ok(())
}

fn copy(
    context: &WorkContext<'_>,
    target: &mut Target,
    source: &mut SqliteConnection,
    index: usize,
    mut part: Part,
) -> Result<(), TransferError> {
    let plan = &context.plan.tables[index];
    let (sender, receiver) = channel(WAITING_BYTES);
    let begin = part.clone();
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(context, source, plan, &begin, &sender));
        let written = write(context, target, index, &mut part, &receiver);
        drop(receiver);
        let read = reader.join().map_err(|_panic| TransferError::ReaderLost)?;
        written?;
        read?;
        context.run.control.go_on()?;
        let done = Part { is_done: true, ..part.clone() };
        advance(context, target, index, &part, &done, None).map(|_| ())
    })
}

/// Writes the steps of a part, each in a transaction with its checkpoint.
fn write(
    context: &WorkContext<'_>,
    target: &mut Target,
    index: usize,
    part: &mut Part,
    receiver: &Receiver<Step>,
) -> Result<(), TransferError> {
    let table = context.plan.tables[index].table.as_ref();
    let mut number = 0;
    while let Some(mut step) = receiver.receive() {
        context.run.control.go_on()?;
        number += 1;
        let keys = step.batch.key_range();
        let size_bytes = step.batch.size_bytes();
        let next = Part { done: Some(step.last), digest: step.digest, ..part.clone() };
        let next = advance(context, target, index, part, &next, Some(&mut step)).map_err(|error| {
            match (error, keys) {
                (TransferError::UseTarget { source, .. }, Some(keys)) => {
                    context.failed_rows(index, step.batch.row_count());
                    TransferError::WriteBatch { number, table: table.name().to_owned(), keys, source }
                }
                (error, _) => error,
            }
        })?;
        let copied = next.row_count - part.row_count;
        context.copied_rows(index, copied, next.rejected_count - part.rejected_count, size_bytes);
        *part = next;
    }
    Ok(())
}

/// Advances the checkpoint in the transaction that writes the rows of `step`, and returns it.
fn advance(
    context: &WorkContext<'_>,
    target: &mut Target,
    index: usize,
    part: &Part,
    next: &Part,
    mut step: Option<&mut Step>,
) -> Result<Part, TransferError> {
    let table = context.plan.tables[index].table.as_ref();
    let (source_id, name, id) = (context.plan.source_id.as_str(), table.name(), context.run.id);
    let mut failed = None;
    let mut attempts = 0;
    let mut is_filed = false;
    let moved = with_retries(target, context.run.control, "write rows", |target| {
        attempts += 1;
        if attempts > 1 {
            // The answer to an earlier COMMIT may have been lost: then the checkpoint has advanced.
            let stored = target.in_transaction(|target| Part::load(target, source_id, name, id))?;
            let stored = stored.into_iter().find(|stored| stored.number == part.number);
            if let Some(stored) =
                stored.filter(|stored| stored.done == next.done && stored.is_done == next.is_done)
            {
                return Ok(Some(stored));
            }
        }
        let moved = target.in_transaction_with(&BATCH_SETTINGS, |target| {
            let written = match &mut step {
                Some(step) => write_batch(target, table, &mut step.batch, context.plan.on_error)?,
                None => Written::default(),
            };
            let rejects = step.as_ref().map(|step| step.rejects.as_slice()).unwrap_or_default();
            let refused = context.describe(table, &written.refused)?;
            if let Err(error) = context.reject(target, &[rejects, &refused].concat(), &mut is_filed)? {
                failed = Some(error);
                return Err(diesel::result::Error::RollbackTransaction);
            }
            let rejected = i64::try_from(rejects.len() + refused.len()).unwrap_or(i64::MAX);
            let next = Part {
                row_count: part.row_count + written.row_count,
                rejected_count: part.rejected_count + rejected,
                ..next.clone()
            };
            let moved = part.advance(&next, target, source_id, name, id)?;
            Ok(moved.then_some(next))
        });
        moved.map_err(|error| match &mut step {
            Some(step) => explained(target, table, &mut step.batch, context.plan.on_error, error),
            None => error,
        })
    });
    match (moved, failed) {
        (_, Some(error)) => Err(error),
        (Ok(Some(part)), _) => Ok(part),
        (Ok(None), _) => Err(TransferError::TakenOver),
        (Err(error), _) => Err(error.into_error("write rows")),
    }
}

/// Builds an index.
fn build(
    context: &WorkContext<'_>,
    target: &mut Target,
    definition: &Definition,
) -> Result<(), TransferError> {
    let control = context.run.control;
    let memory = format!("maintenance_work_mem = '{}MB'", context.index_memory_mb);
    let settings = [memory.as_str(), "synchronous_commit = off"];
    let built = with_retries(target, control, "build an index", |target| {
        target.in_transaction_with(&settings, |target| {
            context.cancellable(target, |target| definition.do_first_step(target))
        })
    });
    control.observe(&Event::IndexBuilt { table: &definition.table, name: &definition.name });
    settle(target, control, context.plan.on_refused_of(&definition.table), definition, built)
}
