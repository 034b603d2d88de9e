//! Doing what the plan says.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Clock};

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::constraints;
use super::error::CopyError;
use super::lock::RunLock;
use super::merge::merge;
use super::plan::{Mode, Plan};
use super::progress::{Event, Stage};
use super::queue::Queue;
use super::raw;
use super::rejects::RejectFile;
use super::report::{Status, TableReport};
use super::retry::Failed;
use super::source::Source;
use super::state::{self, Definition, DefinitionKind, Part, Reject, RunRecord, RunState, StageRecord};
use super::target::Target;
use super::worker::work;
use super::write::Refused;
use crate::table::{Key, KeyRange, Table};

/// Memory for building indexes, of all connections together.
const INDEX_MEMORY_MB: usize = 512;

/// How a run is carried out; none of it changes the result.
pub struct Settings {
    /// Connections that copy and build at the same time.
    pub jobs: usize,
    /// Where rows that are set aside are written down.
    pub rejects: RejectFile,
}

/// A run at work: what all its workers share.
pub(super) struct Run<'a> {
    pub(super) id: &'a str,
    pub(super) plan: &'a Plan,
    pub(super) stop: &'a AtomicBool,
    pub(super) progress: &'a (dyn Fn(Event) + Sync),
    pub(super) queue: Queue,
    pub(super) index_memory_mb: usize,
    rejects: &'a RejectFile,
    /// The source, to look rows up in that the target refuses.
    source: Mutex<Option<&'a mut SqliteConnection>>,
    reports: Mutex<Vec<(TableReport, Option<Clock>)>>,
    /// Processes of the server that are at a long statement.
    long: Mutex<Vec<i32>>,
    /// Whether there is anything to interrupt.
    working: AtomicBool,
}

/// Copies the rows that are missing, and puts keys and indexes back. What became of each table is told also when the
/// run ends early.
#[expect(clippy::too_many_arguments, reason = "both sides, what is to be done, and who is told")]
pub fn run(
    source: &mut Source,
    target: &mut Target,
    lock: &mut RunLock,
    plan: &Plan,
    id: &str,
    settings: &Settings,
    stop: &AtomicBool,
    progress: &(dyn Fn(Event) + Sync),
) -> (Vec<TableReport>, Result<(), CopyError>) {
    let reports: Vec<_> = plan.tables.iter().map(|plan| (TableReport::begin(plan), None)).collect();
    let outcome = queue(target, plan).and_then(|queue| {
        copy_all(source, target, lock, plan, id, settings, stop, progress, queue, reports.clone())
    });
    match outcome {
        Ok((reports, outcome)) => (reports, outcome),
        Err(error) => (reports.into_iter().map(|(report, _)| report).collect(), Err(error)),
    }
}

/// What is to be done by workers.
fn queue(target: &mut Target, plan: &Plan) -> Result<Queue, CopyError> {
    let definitions = constraints::load(target)?;
    let mut tables = Vec::new();
    for (index, plan) in plan.tables.iter().enumerate() {
        let parts = match &plan.mode {
            Mode::Continue(parts) => parts.clone(),
            Mode::Fresh | Mode::Nothing | Mode::Merge => continue,
        };
        let mine = |definition: &&Definition| {
            definition.table == plan.table.name()
                && definition.kind != DefinitionKind::ForeignKey
                && definition.is_down()
        };
        tables.push((index, parts, definitions.iter().filter(mine).cloned().collect()));
    }
    // The largest first: what is left for the end is small, and no worker waits long for another.
    tables.sort_by_key(|(index, _, _): &(usize, _, _)| std::cmp::Reverse(plan.tables[*index].missing()));
    Ok(Queue::new(tables))
}

#[expect(clippy::too_many_arguments, reason = "called once, by the function that makes the rest")]
fn copy_all(
    source: &mut Source,
    target: &mut Target,
    lock: &mut RunLock,
    plan: &Plan,
    id: &str,
    settings: &Settings,
    stop: &AtomicBool,
    progress: &(dyn Fn(Event) + Sync),
    queue: Queue,
    reports: Vec<(TableReport, Option<Clock>)>,
) -> Result<(Vec<TableReport>, Result<(), CopyError>), CopyError> {
    let nested =
        target.is_in_transaction().map_err(|source| CopyError::UseTarget { what: "begin", source })?;
    let mut readers: Vec<SqliteConnection> = std::iter::from_fn(|| source.take_reader()).collect();
    // One transaction is one connection.
    let jobs = if nested { 1 } else { settings.jobs.clamp(1, readers.len().max(1)) };
    readers.truncate(jobs);
    let alone = readers.is_empty();
    let mut only = None;
    let mut shared = None;
    match alone {
        true => only = Some(source.sqlite()),
        false => shared = Some(source.sqlite()),
    }
    let run = Run {
        id,
        plan,
        stop,
        progress,
        queue,
        index_memory_mb: (INDEX_MEMORY_MB / jobs).max(64),
        rejects: &settings.rejects,
        source: Mutex::new(shared.take()),
        reports: Mutex::new(reports),
        long: Mutex::new(Vec::new()),
        working: AtomicBool::new(true),
    };
    let mut others = Vec::new();
    for _ in 1..jobs {
        others.push(target.another()?);
    }
    let spare = if nested { None } else { Some(target.another()?) };
    let outcome = std::thread::scope(|scope| {
        if let Some(spare) = spare {
            scope.spawn(|| cancel_when_stopped(&run, spare));
        }
        let mut sources: Vec<&mut SqliteConnection> = readers.iter_mut().chain(only).collect();
        let _watcher = EndOnDrop(&run.working);
        work_with_all(&run, target, &mut others, &mut sources, lock)
    });
    let reports = run.reports.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((end_reports(reports, &outcome), outcome))
}

/// Makes sure that every part is in the target. A server that was killed, or a standby that took its place, may have
/// lost batches that it had confirmed, each with its checkpoint.
fn check_checkpoints(run: &Run<'_>, target: &mut Target) -> Result<(), CopyError> {
    let failed = |source| CopyError::UseTarget { what: "read the checkpoints", source };
    for plan in &run.plan.tables {
        let Mode::Continue(parts) = &plan.mode else { continue };
        let name = plan.table.name();
        let stored = target.in_transaction(|target| Part::load(target, &run.plan.source_id, name, run.id));
        let done = stored.map_err(failed)?.iter().filter(|part| part.is_done).count();
        // Another run that took over has made them its own.
        if done != parts.len() {
            return Err(CopyError::TakenOver);
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

fn work_with_all(
    run: &Run<'_>,
    target: &mut Target,
    others: &mut [Target],
    sources: &mut [&mut SqliteConnection],
    lock: &mut RunLock,
) -> Result<(), CopyError> {
    std::thread::scope(|scope| {
        let mut targets = std::iter::once(&mut *target).chain(others.iter_mut());
        let mut sources = sources.iter_mut();
        let workers: Vec<_> = targets
            .by_ref()
            .zip(sources.by_ref())
            .map(|(target, source)| scope.spawn(|| work(run, target, source)))
            .collect();
        let outcomes: Vec<_> = workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        outcomes.into_iter().try_for_each(|outcome| outcome.map_err(|_panic| CopyError::ReaderLost)?)
    })?;
    lock.keep()?;
    check_checkpoints(run, target)?;
    // Keys are attached; and an index whose building the server lost is built again.
    let no_foreign_key = |definition: &Definition| definition.kind != DefinitionKind::ForeignKey;
    constraints::restore_those(target, run.stop, run.plan.on_refused, no_foreign_key)?;
    let merged = run.plan.tables.iter().enumerate().filter(|(_, plan)| plan.mode == Mode::Merge);
    for (index, _) in merged {
        run.begin_table(index);
        if let Some(source) = sources.first_mut() {
            merge(run, target, source, index)?;
        }
    }
    begin_stage(target, run.id, Stage::Constraints, 0)?;
    (run.progress)(Event::Stage { stage: Stage::Constraints, row_count: 0 });
    constraints::restore_foreign_keys(run, target, others)?;
    lock.keep()
}

/// Ends long statements of the server when the user interrupts, so that nobody waits for them.
fn cancel_when_stopped(run: &Run<'_>, mut target: Target) {
    while run.working.load(Ordering::Relaxed) {
        if run.is_stopping() {
            for process in std::mem::take(&mut *lock(&run.long)) {
                let query = diesel::sql_query("SELECT pg_cancel_backend($1)").bind::<Integer, _>(process);
                if let Err(error) = query.execute(target.postgres()) {
                    tracing::debug!(%error, "cancel a statement");
                }
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[derive(QueryableByName)]
struct Process {
    #[diesel(sql_type = Integer)]
    process: i32,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Run<'_> {
    /// Whether the user interrupts.
    pub(super) fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Runs `action`, a long statement within a transaction, so that an interruption ends it.
    pub(super) fn cancellable<T>(
        &self,
        target: &mut Target,
        action: impl FnOnce(&mut Target) -> QueryResult<T>,
    ) -> QueryResult<T> {
        let query = diesel::sql_query("SELECT pg_backend_pid() AS process");
        let process = query.get_result::<Process>(target.postgres())?.process;
        lock(&self.long).push(process);
        let outcome = action(target);
        lock(&self.long).retain(|other| *other != process);
        outcome
    }

    /// What becomes of a definition whose step had this outcome.
    pub(super) fn settle(
        &self,
        target: &mut Target,
        definition: &Definition,
        outcome: Result<(), Failed>,
    ) -> Result<(), CopyError> {
        if self.is_stopping() && outcome.is_err() {
            return Err(CopyError::Interrupted);
        }
        constraints::settle(target, self.stop, self.plan.on_refused, definition, outcome)
    }

    /// What the source holds in rows that the target refuses.
    pub(super) fn describe(&self, table: &dyn Table, refused: &[Refused]) -> QueryResult<Vec<Reject>> {
        let of = |refused: &Refused| self.describe_row(table, refused.key, refused.reason.clone());
        refused.iter().map(of).collect()
    }

    /// What the source holds in the rows with these keys.
    pub(super) fn describe_keys(
        &self,
        table: &dyn Table,
        keys: &[Key],
        reason: &str,
    ) -> QueryResult<Vec<Reject>> {
        keys.iter().map(|key| self.describe_row(table, *key, reason.to_owned())).collect()
    }

    fn describe_row(&self, table: &dyn Table, key: Key, reason: String) -> QueryResult<Reject> {
        let mut source = lock(&self.source);
        let found = match source.as_deref_mut() {
            Some(source) => raw::reject(source, table, KeyRange::only(key), None, reason.clone())?,
            None => None,
        };
        Ok(found.unwrap_or_else(|| Reject {
            table_name: table.name().to_owned(),
            key: key.to_string(),
            column_name: None,
            storage_class: None,
            value: None,
            reason,
        }))
    }

    /// Keeps rejects in the transaction at hand, and in the file, unless they are filed already by a try that failed. The
    /// inner error is none of the database.
    pub(super) fn set_aside(
        &self,
        target: &mut Target,
        rejects: &[Reject],
        is_filed: &mut bool,
    ) -> QueryResult<Result<(), CopyError>> {
        if !*is_filed && let Err(error) = self.rejects.append(rejects) {
            return Ok(Err(error));
        }
        *is_filed = true;
        for reject in rejects {
            reject.save(target, &self.plan.source_id, self.id)?;
        }
        Ok(Ok(()))
    }

    /// Work on a table begins, or goes on.
    pub(super) fn begin_table(&self, index: usize) {
        self.with_report(index, |_| {});
    }

    /// Rows were copied, and set aside.
    pub(super) fn copied_rows(&self, index: usize, copied: i64, rejected: i64) {
        self.with_report(index, |report| {
            report.copied += copied;
            report.rejected += rejected;
        });
    }

    /// Rows that were copied, by this run or the one it continues, were set aside after all.
    pub(super) fn set_aside_rows(&self, index: usize, row_count: i64) {
        self.with_report(index, |report| {
            let of_this_run = row_count.min(report.copied);
            report.copied -= of_this_run;
            report.already_there -= row_count - of_this_run;
            report.rejected += row_count;
        });
    }

    /// Rows turned out to be in the target.
    pub(super) fn found_rows(&self, index: usize, row_count: i64) {
        self.with_report(index, |report| report.already_there += row_count);
    }

    /// A batch of so many rows was refused.
    pub(super) fn failed_rows(&self, index: usize, row_count: usize) {
        let row_count = i64::try_from(row_count).unwrap_or(i64::MAX);
        self.with_report(index, |report| {
            report.failed += row_count;
            report.status = Status::Failed;
        });
    }

    /// What was copied of a table is undone.
    pub(super) fn forget_copied(&self, index: usize) {
        self.with_report(index, |report| report.copied = 0);
    }

    fn with_report(&self, index: usize, change: impl FnOnce(&mut TableReport)) {
        let mut reports = lock(&self.reports);
        if let Some((report, began)) = reports.get_mut(index) {
            if report.status == Status::Pending {
                report.status = Status::InProgress;
            }
            change(report);
            report.elapsed_ms = began.get_or_insert_with(Clock::now).elapsed().as_millis();
        }
    }
}

/// What each table came to.
fn end_reports(
    reports: Vec<(TableReport, Option<Clock>)>,
    outcome: &Result<(), CopyError>,
) -> Vec<TableReport> {
    let ended = reports.into_iter().map(|(mut report, _)| {
        // The snapshot does not change: a table that gave more or fewer rows than were counted is not completed.
        let is_whole = report.copied + report.already_there + report.rejected == report.total;
        if is_whole && report.status != Status::Failed {
            report.status = Status::Completed;
        } else if report.status == Status::InProgress && !matches!(outcome, Err(CopyError::Interrupted)) {
            report.status = Status::Failed;
        }
        report
    });
    ended.collect()
}

/// Writes down that a stage of the run begins, which ends the one before it.
///
/// # Errors
/// When the target fails.
pub fn begin_stage(target: &mut Target, id: &str, stage: Stage, row_count: i64) -> Result<(), CopyError> {
    target
        .in_transaction(|target| StageRecord::begin(target, id, stage.title(), row_count))
        .map_err(|source| CopyError::UseTarget { what: "write down a stage", source })
}

/// Writes down how the run ended, with its report, a JSON object. This transaction waits for the disk, and so for
/// all that were committed before it.
///
/// # Errors
/// When the target fails.
pub fn end_run(
    target: &mut Target,
    id: &str,
    state: RunState,
    exit_code: u8,
    error: Option<&str>,
    report: &str,
) -> Result<(), CopyError> {
    target
        .in_transaction(|target| {
            if !state::is_prepared(target)? {
                // The run ended before it was written down that it began.
                return Ok(());
            }
            StageRecord::end(target, id)?;
            RunRecord::end(target, id, state, exit_code, error, report)
        })
        .map_err(|source| CopyError::UseTarget { what: "write down the end of the run", source })
}

/// Where rejects of the run are written down, unless another place is named.
pub fn reject_file_name(id: &str) -> PathBuf {
    PathBuf::from(format!("rejects-{id}.jsonl"))
}
