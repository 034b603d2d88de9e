//! Adding missing rows to a table that holds rows: rows of the application, or of an earlier run.

use std::ops::ControlFlow;

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection as _;
use diesel::result::Error;

use super::channel::{Receiver, channel};
use super::context::WorkContext;
use super::reader::{Step, WAITING_BYTES, read};
use super::retry::{Failed, with_retries};
use super::write::{explained, write_batch};
use crate::error::TransferError;
use crate::plan::{OnError, TablePlan};
use crate::table::KeyRange;
use crate::target::Target;
use crate::target::state::Part;

/// Adds the rows of the table at `index` whose keys the target does not have.
pub(super) fn merge(
    context: &WorkContext<'_>,
    target: &mut Target,
    source: &mut SqliteConnection,
    index: usize,
) -> Result<(), TransferError> {
    let plan = &context.plan.tables[index];
    let (sender, receiver) = channel(WAITING_BYTES);
    let everything = Part::new(0, None, None);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(context, source, plan, &everything, &sender));
        let written = if plan.refers_to_itself && context.plan.on_error == OnError::Stop {
            // A row may refer to a row of a later batch: foreign keys are checked when the table is complete.
            let whole = target.in_transaction(|target| {
                target.postgres().batch_execute("SET CONSTRAINTS ALL DEFERRED")?;
                write(context, target, index, &receiver)
            });
            whole.inspect_err(|_rolled_back| context.forget_copied(index))
        } else {
            write(context, target, index, &receiver)
        };
        drop(receiver);
        reader.join().map_err(|_panic| TransferError::ReaderLost)?.and(written)
    })
}

fn write(
    context: &WorkContext<'_>,
    target: &mut Target,
    index: usize,
    receiver: &Receiver<Step>,
) -> Result<(), TransferError> {
    let plan = &context.plan.tables[index];
    let mut number = 0;
    while let Some(mut step) = receiver.receive() {
        context.run.control.go_on()?;
        number += 1;
        let keys = step.batch.key_range();
        let (sent, size_bytes) = (step.batch.row_count(), step.batch.size_bytes());
        let (copied, rejected) =
            add(context, target, plan, &mut step).map_err(|failed| match (failed, keys) {
                (Failed::Refused(source), Some(keys)) => {
                    context.failed_rows(index, sent);
                    TransferError::WriteBatch { number, table: plan.table.name().to_owned(), keys, source }
                }
                (failed, _) => failed.into_error("write rows"),
            })?;
        context.copied_rows(index, copied, rejected, size_bytes);
        let sent = i64::try_from(sent).unwrap_or(i64::MAX);
        context.found_rows(index, (sent - copied - rejected).max(0));
    }
    context.run.control.go_on()
}

/// Adds the missing rows of a batch, in a transaction. After an attempt that was committed although its answer was lost,
/// the keys are in the target.
fn add(
    context: &WorkContext<'_>,
    target: &mut Target,
    plan: &TablePlan,
    step: &mut Step,
) -> Result<(i64, i64), Failed> {
    let table = plan.table.as_ref();
    let mut failed = None;
    let mut is_filed = false;
    let mut sent = None;
    let added = with_retries(target, context.run.control, "add rows", |target| {
        let added = target.in_transaction(|target| {
            // Locked: no other session may insert a key between the check and the write.
            let lock = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", target.full_name(table.name()));
            target.postgres().batch_execute(&lock)?;
            let mut known = Vec::new();
            if let Some((first, last)) = step.batch.key_range() {
                table.read_target_keys(target.postgres(), KeyRange::between(first, last), &mut |key| {
                    known.push(key);
                    ControlFlow::Continue(())
                })?;
            }
            let rest = sent.insert(step.batch.without(&known));
            let written = write_batch(target, table, rest, context.plan.on_error)?;
            let refused = context.describe(table, &written.refused)?;
            let rejects = [step.rejects.as_slice(), &refused].concat();
            if let Err(error) = context.reject(target, &rejects, &mut is_filed)? {
                failed = Some(error);
                return Err(Error::RollbackTransaction);
            }
            Part::remember_merge(target, &context.plan.source_id, table.name(), context.run.id)?;
            Ok((written.row_count, i64::try_from(rejects.len()).unwrap_or(i64::MAX)))
        });
        added.map_err(|error| match &mut sent {
            Some(rest) => explained(target, table, rest, context.plan.on_error, error),
            None => error,
        })
    });
    match failed {
        Some(error) => Err(Failed::Stopped(error)),
        None => added,
    }
}
