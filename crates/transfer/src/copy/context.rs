//! What the stages of a run, and all workers of a stage, share.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant as Clock;

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::queue::Queue;
use super::raw;
use super::rejects::RejectFile;
use super::report::{Status, TableReport};
use super::write::Refused;
use crate::control::Control;
use crate::error::TransferError;
use crate::plan::Plan;
use crate::run::{Event, StageLog};
use crate::table::{Key, KeyRange, Table};
use crate::target::Target;
use crate::target::state::Reject;

/// Memory for building indexes, of all connections together.
const INDEX_MEMORY_MB: usize = 512;

/// A run, as the functions of its stages are given it.
#[derive(Clone, Copy)]
pub struct CopyRun<'a> {
    /// Its id.
    pub id: &'a str,
    /// Connections that work at the same time.
    pub jobs: usize,
    /// The file of rejects.
    pub rejects: &'a RejectFile,
    /// The log of its stages.
    pub stages: &'a StageLog<'a>,
    /// The interruption and the observer.
    pub control: Control<'a>,
}

/// A run while rows are copied: what its workers share.
pub(super) struct WorkContext<'a> {
    pub(super) run: CopyRun<'a>,
    pub(super) plan: &'a Plan,
    pub(super) queue: Queue,
    pub(super) index_memory_mb: usize,
    /// The source, to look up rows that the target refuses.
    source: Mutex<Option<&'a mut SqliteConnection>>,
    reports: Mutex<Vec<TimedReport>>,
    /// Server processes that execute a long statement.
    pub(super) cancellable: Mutex<Vec<i32>>,
    /// Whether the workers are running.
    pub(super) is_working: AtomicBool,
}

/// The report of a table, and when its first batch was written.
pub(super) type TimedReport = (TableReport, Option<Clock>);

#[derive(QueryableByName)]
struct Process {
    #[diesel(sql_type = Integer)]
    process: i32,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> WorkContext<'a> {
    /// The context of `jobs` workers; `source` where a connection is left to look up rows with.
    pub(super) fn new(
        run: CopyRun<'a>,
        plan: &'a Plan,
        queue: Queue,
        jobs: usize,
        source: Option<&'a mut SqliteConnection>,
        reports: Vec<TimedReport>,
    ) -> Self {
        Self {
            run,
            plan,
            queue,
            index_memory_mb: (INDEX_MEMORY_MB / jobs.max(1)).max(64),
            source: Mutex::new(source),
            reports: Mutex::new(reports),
            cancellable: Mutex::new(Vec::new()),
            is_working: AtomicBool::new(true),
        }
    }

    /// The reports of the tables, when all workers have ended.
    pub(super) fn into_reports(self) -> Vec<TableReport> {
        let reports = self.reports.into_inner().unwrap_or_else(PoisonError::into_inner);
        reports.into_iter().map(|(report, _)| report).collect()
    }

    /// Runs `action`, a long statement within a transaction, so that an interruption cancels it.
    pub(super) fn cancellable<T>(
        &self,
        target: &mut Target,
        action: impl FnOnce(&mut Target) -> QueryResult<T>,
    ) -> QueryResult<T> {
        let query = diesel::sql_query("SELECT pg_backend_pid() AS process");
        let process = query.get_result::<Process>(target.postgres())?.process;
        lock(&self.cancellable).push(process);
        let outcome = action(target);
        lock(&self.cancellable).retain(|other| *other != process);
        outcome
    }

    /// Refused rows as rejects, with their values in the source.
    pub(super) fn describe(&self, table: &dyn Table, refused: &[Refused]) -> QueryResult<Vec<Reject>> {
        let of = |refused: &Refused| self.describe_row(table, refused.key, refused.reason.clone());
        refused.iter().map(of).collect()
    }

    /// The rows with these keys as rejects, with their values in the source.
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

    /// Writes rejects to the target, in the current transaction, and to the file, unless a failed attempt has written them
    /// there already (`is_filed`). The inner error is not one of the database.
    pub(super) fn reject(
        &self,
        target: &mut Target,
        rejects: &[Reject],
        is_filed: &mut bool,
    ) -> QueryResult<Result<(), TransferError>> {
        if !*is_filed {
            if let Err(error) = self.run.rejects.append(rejects) {
                return Ok(Err(error));
            }
            rejects.iter().for_each(|reject| self.run.control.observe(&Event::Rejected(reject)));
        }
        *is_filed = true;
        for reject in rejects {
            reject.save(target, &self.plan.source_id, self.run.id)?;
        }
        Ok(Ok(()))
    }

    /// Work on a table begins, or goes on.
    pub(super) fn begin_table(&self, index: usize) {
        self.with_report(index, |_| {});
    }

    /// All rows of a table are in the target, or rejected.
    pub(super) fn table_done(&self, index: usize) {
        self.run.control.observe(&Event::TableDone { table: self.plan.tables[index].table.name() });
    }

    /// Rows were copied and rejected.
    pub(super) fn copied_rows(&self, index: usize, copied: i64, rejected: i64, size_bytes: usize) {
        self.with_report(index, |report| {
            report.copied += copied;
            report.rejected += rejected;
        });
        let table = self.plan.tables[index].table.name();
        self.run.control.observe(&Event::Rows { table, row_count: copied, size_bytes });
    }

    /// Rows that this run or the one it continues has copied were removed from the target and rejected.
    pub(super) fn rejected_rows(&self, index: usize, row_count: i64) {
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

    /// A batch of `row_count` rows was refused.
    pub(super) fn failed_rows(&self, index: usize, row_count: usize) {
        let row_count = i64::try_from(row_count).unwrap_or(i64::MAX);
        self.with_report(index, |report| {
            report.failed += row_count;
            report.status = Status::Failed;
        });
    }

    /// The rows that were copied of a table were rolled back.
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
