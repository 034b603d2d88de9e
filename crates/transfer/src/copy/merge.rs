//! Adding missing rows to a table that holds some: beside rows of others, or after the source has grown.

use std::ops::ControlFlow;

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection as _;
use diesel::result::Error;

use super::channel::{Receiver, channel};
use super::error::CopyError;
use super::plan::{OnError, TablePlan};
use super::progress::Event;
use super::retry::{Failed, with_retries};
use super::run::Run;
use super::state::Part;
use super::target::Target;
use super::worker::{Step, WAITING_BYTES, read};
use super::write::write_batch;
use crate::table::KeyRange;

/// Adds the rows of the table at `index` whose keys the target does not have.
pub(super) fn merge(
    run: &Run<'_>,
    target: &mut Target,
    source: &mut SqliteConnection,
    index: usize,
) -> Result<(), CopyError> {
    let plan = &run.plan.tables[index];
    let (sender, receiver) = channel(WAITING_BYTES);
    let everything = Part::new(0, None, None);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(run, source, plan, &everything, &sender));
        let written = if plan.refers_to_itself && run.plan.on_error == OnError::Stop {
            // A row may refer to one of a later batch: such keys are checked when the table is whole.
            let whole = target.in_transaction(|target| {
                target.postgres().batch_execute("SET CONSTRAINTS ALL DEFERRED")?;
                write(run, target, index, &receiver)
            });
            whole.inspect_err(|_undone| run.forget_copied(index))
        } else {
            write(run, target, index, &receiver)
        };
        drop(receiver);
        reader.join().map_err(|_panic| CopyError::ReaderLost)?.and(written)
    })
}

fn write(
    run: &Run<'_>,
    target: &mut Target,
    index: usize,
    receiver: &Receiver<Step>,
) -> Result<(), CopyError> {
    let plan = &run.plan.tables[index];
    let mut number = 0;
    while let Some(mut step) = receiver.receive() {
        if run.is_stopping() {
            return Err(CopyError::Interrupted);
        }
        number += 1;
        let keys = step.batch.key_range();
        let sent = step.batch.row_count();
        let (copied, set_aside) =
            add(run, target, plan, &mut step).map_err(|failed| match (failed, keys) {
                (Failed::Refused(source), Some(keys)) => {
                    run.failed_rows(index, sent);
                    CopyError::WriteBatch { number, table: plan.table.name(), keys, source }
                }
                (failed, _) => failed.into_error("write rows"),
            })?;
        run.copied_rows(index, copied, set_aside);
        let sent = i64::try_from(sent).unwrap_or(i64::MAX);
        run.found_rows(index, (sent - copied - set_aside).max(0));
        (run.progress)(Event::Rows { table: plan.table.name(), row_count: copied });
    }
    if run.is_stopping() { Err(CopyError::Interrupted) } else { Ok(()) }
}

/// Adds what is missing of a batch, in a transaction. A try that was committed though its answer was lost is found by
/// its keys.
fn add(run: &Run<'_>, target: &mut Target, plan: &TablePlan, step: &mut Step) -> Result<(i64, i64), Failed> {
    let table = plan.table;
    let mut failed = None;
    let mut is_filed = false;
    let added = with_retries(target, run.stop, |target| {
        target.in_transaction(|target| {
            // Nobody may add a key between looking for it and writing it.
            let lock = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", target.full_name(table.name()));
            target.postgres().batch_execute(&lock)?;
            let mut known = Vec::new();
            if let Some((first, last)) = step.batch.key_range() {
                table.read_target_keys(target.postgres(), KeyRange::between(first, last), &mut |key| {
                    known.push(key);
                    ControlFlow::Continue(())
                })?;
            }
            let mut rest = step.batch.without(&known);
            let written = write_batch(target, table, &mut rest, run.plan.on_error)?;
            let refused = run.describe(table, &written.refused)?;
            let rejects = [step.rejects.as_slice(), &refused].concat();
            if let Err(error) = run.set_aside(target, &rejects, &mut is_filed)? {
                failed = Some(error);
                return Err(Error::RollbackTransaction);
            }
            Part::remember_merge(target, &run.plan.source_id, table.name(), run.id)?;
            Ok((written.row_count, i64::try_from(rejects.len()).unwrap_or(i64::MAX)))
        })
    });
    match failed {
        Some(error) => Err(Failed::Stopped(error)),
        None => added,
    }
}
