//! Runs the tasks on all connections of a source.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;

use super::error::SurveyError;
use super::profile::profile_table;
use super::task::{SurveyTask, TaskKind, tasks};
use crate::damage::damage;
use crate::decisions::Decisions;
use crate::orphans::{self, OrphanRows};
use crate::profile::TableProfile;
use crate::schema::{Schema, SqliteTable};
use crate::translate::shortened;
use databases::failure::Failure;
use transfer::source::Source;

/// The progress of a survey.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    /// Reading rows has started; this is the maximum number of rows in tables with rowids.
    Begin {
        /// Estimated from the rowids.
        most_rows: i64,
    },
    /// The number of rows read since the last report.
    Rows(i64),
}

/// The result of a task.
pub(super) enum TaskResult {
    /// The profile of the table or of the part.
    Profile(Box<TableProfile>),
    /// The messages about corruption.
    Damage(Vec<String>),
    /// The orphans of each foreign key, by its index in the table.
    Orphans(Vec<(usize, OrphanRows)>),
    /// The task failed, and the others can continue.
    Failed(String),
}

/// The context of all tasks.
pub(super) struct SurveyWork<'a> {
    pub(super) schema: &'a Schema,
    pub(super) decisions: &'a Decisions,
    pub(super) stop: &'a AtomicBool,
    pub(super) progress: &'a (dyn Fn(Progress) + Sync),
}

impl SurveyWork<'_> {
    /// Runs the tasks on all connections, and returns the results in the order of the tasks.
    pub(super) fn run(&self, source: &mut Source) -> Result<Vec<(SurveyTask, TaskResult)>, SurveyError> {
        let tasks = tasks(source.sqlite(), self.schema)?;
        let most_rows = tasks.iter().fold(0_i64, |sum, task| sum.saturating_add(task.kind.most_rows()));
        (self.progress)(Progress::Begin { most_rows });
        let mut readers: Vec<SqliteConnection> = std::iter::from_fn(|| source.take_reader()).collect();
        let waiting = Waiting(Mutex::new(tasks.into_iter().enumerate().collect()));
        let outcomes = std::thread::scope(|scope| {
            let spawn = |reader| scope.spawn(|| self.run_waiting(reader, &waiting));
            let others: Vec<_> = readers.iter_mut().map(spawn).collect();
            let own = self.run_waiting(source.sqlite(), &waiting);
            let joined = others.into_iter().map(|other| other.join().unwrap_or(Err(SurveyError::ReaderLost)));
            std::iter::once(own).chain(joined).collect::<Vec<_>>()
        });
        readers.into_iter().for_each(|reader| source.give_reader(reader));
        let mut done = Vec::new();
        for outcome in outcomes {
            done.extend(outcome?);
        }
        done.sort_by_key(|(number, _, _)| *number);
        Ok(done.into_iter().map(|(_, task, result)| (task, result)).collect())
    }

    /// Runs waiting tasks on one connection until none is left; returns each with its number and result.
    fn run_waiting(
        &self,
        connection: &mut SqliteConnection,
        waiting: &Waiting,
    ) -> Result<Vec<(usize, SurveyTask, TaskResult)>, SurveyError> {
        let mut done = Vec::new();
        while let Some((number, task)) = waiting.next() {
            // After an error the other connections can stop.
            let result = self.run_task(connection, task).inspect_err(|_| waiting.clear())?;
            if let TaskResult::Profile(profile) = &result {
                (self.progress)(Progress::Rows(profile.row_count));
            }
            done.push((number, task, result));
        }
        Ok(done)
    }

    fn run_task(
        &self,
        connection: &mut SqliteConnection,
        task: SurveyTask,
    ) -> Result<TaskResult, SurveyError> {
        let result = match (task.kind, self.schema.tables.get(task.table)) {
            (TaskKind::Pages, _) => Ok(check_pages(connection, self.schema)),
            (TaskKind::Values(range), Some(table)) => self.profile(connection, table, range),
            (TaskKind::Orphans, Some(table)) => find_orphans(connection, self.schema, table),
            (TaskKind::Values(_) | TaskKind::Orphans, None) => return Err(SurveyError::ReaderLost),
        };
        match result {
            _ if self.is_stopped() => Err(SurveyError::Interrupted),
            Ok(result) => Ok(result),
            // SQLite parses the statement but cannot run it, for instance because an application-defined function is
            // missing.
            Err(error) if Failure::of_query(&error).is_refusal() => Ok(TaskResult::Failed(error.to_string())),
            Err(source) => {
                let table = self.schema.tables.get(task.table);
                Err(SurveyError::Rows {
                    table: table.map(|table| table.name.clone()).unwrap_or_default(),
                    source,
                })
            }
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn profile(
        &self,
        connection: &mut SqliteConnection,
        table: &SqliteTable,
        range: Option<(i64, i64)>,
    ) -> QueryResult<TaskResult> {
        let profile =
            profile_table(connection, self.schema, table, range, self.decisions, &|| self.is_stopped())?;
        Ok(TaskResult::Profile(Box::new(profile)))
    }
}

/// The tasks that no connection has taken yet, with their numbers.
struct Waiting(Mutex<VecDeque<(usize, SurveyTask)>>);

impl Waiting {
    fn next(&self) -> Option<(usize, SurveyTask)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn check_pages(connection: &mut SqliteConnection, schema: &Schema) -> TaskResult {
    let is_unsorted = |table: &&SqliteTable| table.is_in_unknown_order();
    let unchecked = schema.tables.iter().find(is_unsorted);
    let tables = unchecked.map(|_| schema.tables.iter().filter(|table| !is_unsorted(table)));
    match damage(connection, tables) {
        Ok(damage) => match unchecked {
            Some(table) if damage.is_empty() => TaskResult::Failed(format!(
                "the key of {} has a collation that the application defines; the tables without one are intact",
                shortened(&table.name)
            )),
            _ => TaskResult::Damage(damage),
        },
        Err(error) if Failure::of_query(&error).is_refusal() => TaskResult::Failed(error.to_string()),
        Err(error) => TaskResult::Damage(vec![error.to_string()]),
    }
}

fn find_orphans(
    connection: &mut SqliteConnection,
    schema: &Schema,
    table: &SqliteTable,
) -> QueryResult<TaskResult> {
    let mut all = Vec::new();
    for (key, found) in orphans::find(connection, schema, table) {
        all.push((key, found.map_err(|error| error.source)?));
    }
    Ok(TaskResult::Orphans(all))
}
