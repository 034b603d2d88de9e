//! Copying all rows of a plan, and recreating keys and indexes: the stages `copy` and `constraints`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::constraints;
use super::context::{CopyRun, TimedReport, WorkContext, lock};
use super::merge::merge;
use super::queue::Queue;
use super::report::{Status, TableReport};
use super::worker::work;
use crate::control::Control;
use crate::error::TransferError;
use crate::plan::{Mode, Plan};
use crate::run::{Event, Stage};
use crate::source::Source;
use crate::target::RunLock;
use crate::target::Target;
use crate::target::state::{Definition, DefinitionKind, Part};

/// Copies the rows that are missing, and recreates keys and indexes. The result of each table is returned also when an
/// error ends the run.
pub fn copy_all(
    source: &mut Source,
    target: &mut Target,
    lock: &mut RunLock,
    plan: &Plan,
    run: &CopyRun<'_>,
) -> (Vec<TableReport>, Result<(), TransferError>) {
    let reports: Vec<TimedReport> = plan.tables.iter().map(|plan| (TableReport::begin(plan), None)).collect();
    match copy_with_workers(source, target, lock, plan, run, reports.clone()) {
        Ok((reports, outcome)) => (reports, outcome),
        Err(error) => (reports.into_iter().map(|(report, _)| report).collect(), Err(error)),
    }
}

/// The tasks of the workers.
fn queue(target: &mut Target, plan: &Plan, control: Control<'_>) -> Result<Queue, TransferError> {
    let definitions = constraints::load(target)?;
    let mut tables = Vec::new();
    for (index, plan) in plan.tables.iter().enumerate() {
        let parts = match &plan.mode {
            Mode::Continue(parts) => parts.clone(),
            Mode::Fresh | Mode::Nothing | Mode::Merge => continue,
        };
        let is_of_table = |definition: &&Definition| {
            definition.table == plan.table.name()
                && definition.kind != DefinitionKind::ForeignKey
                && definition.is_down()
        };
        let built: Vec<Definition> = definitions.iter().filter(is_of_table).cloned().collect();
        let is_foreign_key = |definition: &&Definition| {
            definition.table == plan.table.name() && definition.kind == DefinitionKind::ForeignKey
        };
        control.observe(&Event::TableQueued {
            table: plan.table.name(),
            index_count: built.len(),
            foreign_key_count: definitions.iter().filter(is_foreign_key).count(),
        });
        tables.push((index, parts, built));
    }
    // The largest first: the last tasks are small then, and no worker waits long for another.
    tables.sort_by_key(|(index, _, _): &(usize, _, _)| std::cmp::Reverse(plan.tables[*index].missing()));
    Ok(Queue::new(tables))
}

fn copy_with_workers(
    source: &mut Source,
    target: &mut Target,
    lock: &mut RunLock,
    plan: &Plan,
    run: &CopyRun<'_>,
    reports: Vec<TimedReport>,
) -> Result<(Vec<TableReport>, Result<(), TransferError>), TransferError> {
    let queue = queue(target, plan, run.control)?;
    let nested =
        target.is_in_transaction().map_err(|source| TransferError::UseTarget { what: "begin", source })?;
    let mut readers: Vec<SqliteConnection> = std::iter::from_fn(|| source.take_reader()).collect();
    // One transaction is one connection.
    let jobs = if nested { 1 } else { run.jobs.clamp(1, readers.len().max(1)) };
    readers.truncate(jobs);
    // Without readers of its own, the only worker uses the connection of the source.
    let (only, shared) = match readers.is_empty() {
        true => (Some(source.sqlite()), None),
        false => (None, Some(source.sqlite())),
    };
    let context = WorkContext::new(*run, plan, queue, jobs, shared, reports);
    let mut others = Vec::new();
    for _ in 1..jobs {
        others.push(target.another()?);
    }
    let spare = if nested { None } else { Some(target.another()?) };
    let outcome = std::thread::scope(|scope| {
        if let Some(spare) = spare {
            scope.spawn(|| cancel_when_stopped(&context, spare));
        }
        let mut sources: Vec<&mut SqliteConnection> = readers.iter_mut().chain(only).collect();
        let _watcher = EndOnDrop(&context.is_working);
        work_with_all(&context, target, &mut others, &mut sources, lock)
    });
    Ok((end_reports(context.into_reports(), &outcome), outcome))
}

fn work_with_all(
    context: &WorkContext<'_>,
    target: &mut Target,
    others: &mut [Target],
    sources: &mut [&mut SqliteConnection],
    lock: &mut RunLock,
) -> Result<(), TransferError> {
    std::thread::scope(|scope| {
        let mut targets = std::iter::once(&mut *target).chain(others.iter_mut());
        let mut sources = sources.iter_mut();
        let workers: Vec<_> = targets
            .by_ref()
            .zip(sources.by_ref())
            .map(|(target, source)| scope.spawn(|| work(context, target, source)))
            .collect();
        let outcomes: Vec<_> = workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        outcomes.into_iter().try_for_each(|outcome| outcome.map_err(|_panic| TransferError::ReaderLost)?)
    })?;
    lock.keep()?;
    check_checkpoints(context, target)?;
    // Keys are attached to their indexes; an index that the server lost while building it is built again.
    let no_foreign_key = |definition: &Definition| definition.kind != DefinitionKind::ForeignKey;
    let WorkContext { run, plan, .. } = context;
    let policy = |definition: &Definition| plan.on_refused_of(&definition.table);
    constraints::restore_those(target, run.control, policy, no_foreign_key)?;
    let merged = plan.tables.iter().enumerate().filter(|(_, plan)| plan.mode == Mode::Merge);
    for (index, _) in merged {
        context.begin_table(index);
        if let Some(source) = sources.first_mut() {
            merge(context, target, source, index)?;
            context.table_done(index);
        }
    }
    run.stages.begin_in(target, run.id, Stage::Constraints, 0)?;
    constraints::restore_foreign_keys(context, target, others)?;
    lock.keep()
}

/// Checks that every part is in the target. A server that was killed, or a standby that was promoted, may have lost
/// batches that it had confirmed, each with its checkpoint.
fn check_checkpoints(context: &WorkContext<'_>, target: &mut Target) -> Result<(), TransferError> {
    let failed = |source| TransferError::UseTarget { what: "read the checkpoints", source };
    let (source_id, id) = (&context.plan.source_id, context.run.id);
    for plan in &context.plan.tables {
        let Mode::Continue(parts) = &plan.mode else { continue };
        let stored = target.in_transaction(|target| Part::load(target, source_id, plan.table.name(), id));
        let done = stored.map_err(failed)?.iter().filter(|part| part.is_done).count();
        // Another run that took over has changed the owner of the parts.
        if done != parts.len() {
            return Err(TransferError::TakenOver);
        }
    }
    Ok(())
}

/// Ends the thread that watches for interruptions, also after a panic.
struct EndOnDrop<'a>(&'a AtomicBool);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Cancels long statements of the server when the user interrupts.
fn cancel_when_stopped(context: &WorkContext<'_>, mut target: Target) {
    while context.is_working.load(Ordering::Relaxed) {
        if context.run.control.is_stopping() {
            for process in std::mem::take(&mut *lock(&context.cancellable)) {
                let query = diesel::sql_query("SELECT pg_cancel_backend($1)").bind::<Integer, _>(process);
                if let Err(error) = query.execute(target.postgres()) {
                    tracing::debug!(%error, "cancel a statement");
                }
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The reports with the final status of each table.
fn end_reports(mut reports: Vec<TableReport>, outcome: &Result<(), TransferError>) -> Vec<TableReport> {
    for report in &mut reports {
        // The snapshot does not change: a table that gave more or fewer rows than were counted is not completed.
        let is_whole = report.copied + report.already_there + report.rejected == report.total;
        if is_whole && report.status != Status::Failed {
            report.status = Status::Completed;
        } else if report.status == Status::InProgress && !matches!(outcome, Err(TransferError::Interrupted)) {
            report.status = Status::Failed;
        }
    }
    reports
}
