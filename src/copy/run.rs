//! Doing what the plan says.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Instant as Clock;

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::prelude::*;

use super::batch::{Batch, Batcher};
use super::error::CopyError;
use super::plan::{Existing, Finding, Plan, SchemaPlan, TablePlan};
use super::progress::Event;
use super::report::{Status, TableReport};
use super::source::Source;
use super::target::Target;
use crate::db::migrations::{self, ChangedPolicy, Extent, MigrationError};
use crate::table::{KeyRange, ReadError};

/// Makes the schema and empties what is to be emptied. The schema is made, or taken back and made anew, in one
/// transaction: a run that is killed here, or that something refuses, leaves the target as it was.
///
/// # Errors
/// When the database refuses, or tables that are to be emptied got rows since the plan was made.
pub fn prepare(target: &mut Target, plan: &Plan) -> Result<(), CopyError> {
    let names: Vec<&str> = plan.tables.iter().map(|plan| plan.table.name()).collect();
    let made = target.in_transaction(|target| {
        if let SchemaPlan::Recreate { .. } = plan.schema {
            migrations::revert(target.any(), &Extent::All, true, &mut |_| {})?;
        }
        if plan.schema != SchemaPlan::Ready {
            migrations::apply(target.any(), None, ChangedPolicy::Refuse, &mut |_| {})?;
            migrations::ensure_identity(target.any())?;
        }
        target.prepare_memory()?;
        if plan.schema != SchemaPlan::Ready {
            // The tables are new: what an earlier life of them held is gone.
            names.iter().try_for_each(|name| target.forget(name))?;
        }
        Ok::<_, MigrationError>(())
    });
    made.map_err(|source| CopyError::Migrations { what: "prepare the schema", side: "target", source })?;
    if plan.existing == Existing::Clear && plan.schema == SchemaPlan::Ready {
        super::clear::clear(target, &plan.tables)?;
    }
    Ok(())
}

/// Takes the target for this run, before anything is planned that another run may change.
///
/// # Errors
/// When another run has it.
pub fn take_target(target: &mut Target) -> Result<(), CopyError> {
    let lock =
        target.lock().map_err(|source| CopyError::UseTarget { what: "take the lock of runs", source })?;
    if lock {
        return Ok(());
    }
    let text = "another run is writing to this target";
    Err(CopyError::Blocked { blockers: vec![Finding::blocker(text, "wait until it has ended")] })
}

enum FromReader {
    Batch(usize, Batch),
    End(usize, Result<(), ReadError>),
}

/// Copies the rows that are missing. What became of each table is told also when the run ends early.
pub fn run(
    source: &mut Source,
    target: &mut Target,
    plan: &Plan,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
) -> (Vec<TableReport>, Result<(), CopyError>) {
    let mut reports: Vec<TableReport> = plan.tables.iter().map(begin_report).collect();
    let outcome = copy_tables(source, target, plan, stop, progress, &mut reports);
    if let Err(error) = &outcome {
        let status = match error {
            CopyError::Interrupted => Status::InProgress,
            _ => Status::Failed,
        };
        if let Some(report) = reports.iter_mut().find(|report| report.status == Status::InProgress) {
            report.status = status;
            let plan = plan.tables.iter().find(|plan| plan.table.name() == report.table);
            if plan.is_some_and(|plan| plan.refers_to_itself) {
                // Its batches are one transaction, which is undone.
                report.copied = 0;
            }
        }
    }
    (reports, outcome)
}

fn begin_report(plan: &TablePlan) -> TableReport {
    let nothing_missing = plan.missing() == 0;
    TableReport {
        table: plan.table.name(),
        total: plan.total,
        copied: 0,
        already_there: if nothing_missing { plan.already_there } else { 0 },
        failed: 0,
        elapsed_ms: 0,
        status: if nothing_missing { Status::Completed } else { Status::Pending },
    }
}

fn copy_tables(
    source: &mut Source,
    target: &mut Target,
    plan: &Plan,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
    reports: &mut [TableReport],
) -> Result<(), CopyError> {
    let sqlite = source.sqlite();
    std::thread::scope(|scope| {
        // Two batches wait at most: while one is written, the next is read.
        let (send, receive) = sync_channel(2);
        let reader = scope.spawn(move || {
            for (index, plan) in plan.tables.iter().enumerate().filter(|(_, plan)| plan.missing() > 0) {
                let mut batcher = Batcher::new(|batch| match send.send(FromReader::Batch(index, batch)) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_writer_gone) => ControlFlow::Break(()),
                });
                let mut failed = None;
                let outcome = plan.table.read_source(sqlite, KeyRange::ALL, &mut |row| {
                    if stop.load(Ordering::Relaxed) {
                        return ControlFlow::Break(());
                    }
                    match row {
                        Ok((key, tuple)) => batcher.push(key, tuple),
                        Err(error) => {
                            failed = Some(error);
                            ControlFlow::Break(())
                        }
                    }
                });
                let outcome = failed.map_or(outcome, Err);
                batcher.finish();
                if send.send(FromReader::End(index, outcome)).is_err() {
                    return;
                }
            }
        });
        let mut writer = Writer { target, source_id: &plan.source_id, number: 0, began: None };
        let outcome = (|| {
            for message in &receive {
                if stop.load(Ordering::Relaxed) {
                    return Err(CopyError::Interrupted);
                }
                match message {
                    FromReader::Batch(index, batch) => {
                        writer.write(&plan.tables[index], batch, &mut reports[index], progress)?;
                    }
                    FromReader::End(index, outcome) => {
                        outcome.map_err(|error| {
                            reports[index].status = Status::InProgress;
                            CopyError::ReadRow(error)
                        })?;
                        writer.end(&plan.tables[index], &mut reports[index])?;
                    }
                }
            }
            Ok(())
        })();
        writer.abandon();
        // The reader may wait for room in the channel: without a receiver its send fails and it ends.
        drop(receive);
        reader.join().map_err(|_panic| CopyError::ReaderLost)?;
        outcome
    })
}

struct Writer<'a> {
    target: &'a mut Target,
    source_id: &'a str,
    /// Batches written to the table at hand.
    number: usize,
    /// When the table at hand began.
    began: Option<Clock>,
}

impl Writer<'_> {
    fn write(
        &mut self,
        plan: &TablePlan,
        batch: Batch,
        report: &mut TableReport,
        progress: &mut dyn FnMut(Event),
    ) -> Result<(), CopyError> {
        let table = plan.table.name();
        report.status = Status::InProgress;
        let began = *self.began.get_or_insert_with(Clock::now);
        self.number += 1;
        let Some(keys) = batch.key_range() else {
            return Ok(());
        };
        let row_count = i64::try_from(batch.row_count()).unwrap_or(i64::MAX);
        let number = self.number;
        tracing::debug!(table, number, row_count, "write batch");
        let copied = self.write_in_transaction(plan, batch, keys).map_err(|source| {
            report.failed = row_count;
            CopyError::WriteBatch { number, table, keys, source }
        })?;
        report.copied += copied;
        report.already_there += row_count - copied;
        report.elapsed_ms = began.elapsed().as_millis();
        progress(Event::Rows { table, row_count: copied });
        Ok(())
    }

    fn write_in_transaction(
        &mut self,
        plan: &TablePlan,
        batch: Batch,
        keys: (crate::table::Key, crate::table::Key),
    ) -> QueryResult<i64> {
        let table = plan.table;
        if !self.in_transaction()? {
            AnsiTransactionManager::begin_transaction(self.target.postgres())?;
            if plan.refers_to_itself {
                // A row may refer to one of a later batch: such keys are checked when the table is whole.
                self.target.postgres().batch_execute("SET CONSTRAINTS ALL DEFERRED")?;
            }
        }
        let batch = if plan.held > 0 {
            // Nobody may add a key between looking for it and writing it.
            let lock = format!("LOCK TABLE \"{}\" IN SHARE ROW EXCLUSIVE MODE", table.name());
            self.target.postgres().batch_execute(&lock)?;
            let mut known = Vec::new();
            table.read_target_keys(
                self.target.postgres(),
                KeyRange::between(keys.0, keys.1),
                &mut |key| {
                    known.push(key);
                    ControlFlow::Continue(())
                },
            )?;
            batch.without(&known)
        } else {
            batch
        };
        let copied = i64::try_from(batch.row_count()).unwrap_or(i64::MAX);
        if copied > 0 {
            let written = table.write_target(self.target.postgres(), &batch.into_stream())?;
            if i64::try_from(written) != Ok(copied) {
                let text = format!("PostgreSQL says it took {written} rows of {copied}");
                return Err(diesel::result::Error::QueryBuilderError(text.into()));
            }
            self.target.remember(self.source_id, table.name(), copied)?;
        }
        if !plan.refers_to_itself {
            AnsiTransactionManager::commit_transaction(self.target.postgres())?;
        }
        Ok(copied)
    }

    fn end(&mut self, plan: &TablePlan, report: &mut TableReport) -> Result<(), CopyError> {
        let failed = |source| CopyError::UseTarget { what: "finish a table", source };
        if self.in_transaction().map_err(failed)? {
            AnsiTransactionManager::commit_transaction(self.target.postgres()).map_err(failed)?;
        }
        // The snapshot does not change: a table that gave more or fewer rows than were counted is a bug.
        if report.copied + report.already_there == plan.total {
            report.status = Status::Completed;
        }
        report.elapsed_ms = self.began.take().map_or(0, |began| began.elapsed().as_millis());
        self.number = 0;
        Ok(())
    }

    /// Undoes what is not committed.
    fn abandon(&mut self) {
        if self.in_transaction().unwrap_or(false)
            && let Err(error) = AnsiTransactionManager::rollback_transaction(self.target.postgres())
        {
            tracing::debug!(%error, "roll back");
        }
    }

    fn in_transaction(&mut self) -> QueryResult<bool> {
        let status = AnsiTransactionManager::transaction_manager_status_mut(self.target.postgres());
        Ok(status.transaction_depth()?.is_some())
    }
}
