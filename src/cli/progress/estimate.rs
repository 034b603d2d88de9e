//! How far a command is, how fast, and what remains: computed from events and their times, without a clock.
//!
//! Work is counted in bytes of rows in the binary form of COPY; what is no row counts as so many bytes (the constants
//! below), which holds well enough because only its share of the whole matters. They were measured on seeded data:
//! `make bench` prints what was predicted beside what came.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::cli::output;
use transfer::plan::Plan;
use transfer::run::{Event, Stage};

/// Building an index costs as much as copying so many bytes for each row.
const INDEX_BYTES: u64 = 8;
/// Checking a foreign key costs as much as copying so many bytes for each row.
const FOREIGN_KEY_BYTES: u64 = 15;
/// Comparing a row costs so many hundredths of copying it.
const VERIFY_PERCENT: u64 = 70;
/// Gathering statistics costs so many hundredths of copying the rows.
const FINISH_PERCENT: u64 = 25;
/// Nothing is predicted before a stage has lasted so long.
const SETTLING: Duration = Duration::from_millis(200);
/// Nothing is predicted before one part in so many is done.
const FIRST_PART: u128 = 200;

/// What the plan says of a table.
#[derive(Clone, Copy, Default)]
struct PlannedWork {
    row_count: u64,
    size_bytes: u64,
    missing_rows: u64,
    missing_bytes: u64,
    index_count: u64,
    foreign_key_count: u64,
}

/// What was done of a table in the current stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TableProgress {
    /// Rows so far.
    pub(super) row_count: u64,
    /// All rows; `None` when they are unknown.
    pub(super) row_total: Option<u64>,
    /// Bytes of the rows so far.
    pub(super) size_bytes: u64,
    planned_bytes: u64,
    is_done: bool,
}

impl TableProgress {
    /// The bytes that all rows will have been. What was seen of the table weighs as much as it is a part of the table.
    fn expected_bytes(&self) -> u64 {
        let Some(row_total) = self.row_total.filter(|_| !self.is_done) else { return self.size_bytes };
        let rest = u128::from(row_total.saturating_sub(self.row_count));
        let row_total = u128::from(row_total.max(1));
        let all = u128::from(self.size_bytes) + rest * u128::from(self.planned_bytes) / row_total;
        self.size_bytes.saturating_add(u64::try_from(all * rest / row_total).unwrap_or(u64::MAX))
    }
}

/// The current stage.
struct CurrentStage {
    title: &'static str,
    /// `None` for work that is no stage of a run.
    stage: Option<Stage>,
    began: Duration,
    row_total: Option<u64>,
    is_by_bytes: bool,
    row_count: u64,
    size_bytes: u64,
    /// Bytes that indexes and keys counted as.
    other_bytes: u64,
    tables: BTreeMap<String, TableProgress>,
}

/// How far the current stage is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StageProgress {
    /// The name of the stage.
    pub(super) title: &'static str,
    /// Rows so far.
    pub(super) row_count: u64,
    /// All rows; `None` when they are unknown or do not matter.
    pub(super) row_total: Option<u64>,
    /// Bytes of the rows so far.
    pub(super) size_bytes: u64,
    /// Bytes of all rows, estimated; `None` when they are unknown.
    pub(super) byte_total: Option<u64>,
    /// Hundredths of the stage that are done, indexes and keys included.
    pub(super) percent: Option<u64>,
    /// Rows a second, since the stage began.
    pub(super) row_rate: Rate,
    /// Bytes a second, since the stage began.
    pub(super) byte_rate: Rate,
    /// What remains of the stage.
    pub(super) remaining: Option<Duration>,
    /// What remains of the run.
    pub(super) run_remaining: Option<Duration>,
}

/// So many a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rate {
    thousandths: u128,
}

impl Rate {
    pub(super) fn new(count: u64, elapsed: Duration) -> Self {
        Self { thousandths: u128::from(count) * 1_000_000 / elapsed.as_millis().max(1) }
    }

    /// As a number, to the thousandth.
    pub(super) fn number(self) -> f64 {
        decimal(self.thousandths)
    }

    /// With a unit for bytes.
    pub(super) fn bytes(self) -> String {
        match self.thousandths {
            1_000_000_000.. => format!("{} MB/s", Self { thousandths: self.thousandths / 1_000_000 }),
            1_000_000.. => format!("{} kB/s", Self { thousandths: self.thousandths / 1000 }),
            _ => format!("{self} B/s"),
        }
    }
}

/// As a person writes it: whole from ten on, else with a decimal. Only what is nothing is 0.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.thousandths / 1000, self.thousandths % 1000);
        match self.thousandths {
            0 => f.write_str("0"),
            1..100 => write!(f, "0.{rest:03}"),
            100..10_000 => write!(f, "{whole}.{}", rest / 100),
            _ => f.write_str(&output::count(i64::try_from(whole).unwrap_or(i64::MAX))),
        }
    }
}

/// So many thousandths as a number.
pub(super) fn decimal(thousandths: u128) -> f64 {
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000).parse().unwrap_or(f64::MAX)
}

/// A duration as a person writes it.
pub(super) fn duration(duration: Duration) -> String {
    match duration.as_millis().div_ceil(1000) {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// How far a command is.
#[derive(Default)]
pub(super) struct Estimate {
    planned: BTreeMap<String, PlannedWork>,
    current: Option<CurrentStage>,
    /// The work of the stages that ended, in hundredths of bytes, and the time it took.
    ended: (u128, Duration),
    has_copied: bool,
}

impl Estimate {
    /// Takes in an event that was observed `at` this time since the beginning.
    pub(super) fn observe(&mut self, event: &Event<'_>, at: Duration) {
        match *event {
            Event::Planned(plan) => self.plan(plan),
            Event::StageBegun { stage, row_count, size_bytes } => {
                self.begin_stage(Some(stage), stage.title(), row_count, size_bytes, at);
            }
            Event::StageEnded { .. } => self.end(at),
            Event::TableQueued { table, index_count, foreign_key_count } => {
                let planned = self.planned.entry(table.to_owned()).or_default();
                planned.index_count = u64::try_from(index_count).unwrap_or(0);
                planned.foreign_key_count = u64::try_from(foreign_key_count).unwrap_or(0);
            }
            Event::Rows { table, row_count, size_bytes } => self.advance(table, row_count, size_bytes),
            Event::TableDone { table } => {
                if let Some(table) = self.current.as_mut().and_then(|stage| stage.tables.get_mut(table)) {
                    table.is_done = true;
                }
            }
            Event::IndexBuilt { table, .. } => self.advance_other(table, INDEX_BYTES),
            Event::KeyChecked { table, .. } => self.advance_other(table, FOREIGN_KEY_BYTES),
            _ => {}
        }
    }

    fn plan(&mut self, plan: &Plan) {
        let planned = plan.tables.iter().map(|plan| {
            let work = PlannedWork {
                row_count: count(plan.total),
                size_bytes: plan.size_bytes.unwrap_or(0),
                missing_rows: count(plan.missing()),
                missing_bytes: plan.missing_bytes().unwrap_or(0),
                ..PlannedWork::default()
            };
            (plan.table.name().to_owned(), work)
        });
        self.planned = planned.collect();
    }

    /// Work begins on at most so many rows.
    pub(super) fn begin(&mut self, title: &'static str, row_count: i64, at: Duration) {
        self.begin_stage(None, title, row_count, None, at);
    }

    fn begin_stage(
        &mut self,
        stage: Option<Stage>,
        title: &'static str,
        row_count: i64,
        size_bytes: Option<u64>,
        at: Duration,
    ) {
        self.has_copied |= stage == Some(Stage::Copy);
        let is_by_bytes = size_bytes.is_some_and(|size_bytes| size_bytes > 0);
        let of_table = |work: &PlannedWork| {
            let (row_total, planned_bytes) = match stage {
                Some(Stage::Copy) => (work.missing_rows, work.missing_bytes),
                _ => (work.row_count, work.size_bytes),
            };
            TableProgress { row_total: Some(row_total), planned_bytes, ..TableProgress::default() }
        };
        let tables = match is_by_bytes {
            true => self.planned.iter().map(|(table, work)| (table.clone(), of_table(work))).collect(),
            false => BTreeMap::new(),
        };
        self.current = Some(CurrentStage {
            title,
            stage,
            began: at,
            row_total: Some(count(row_count)).filter(|row_total| *row_total > 0),
            is_by_bytes,
            row_count: 0,
            size_bytes: 0,
            other_bytes: 0,
            tables,
        });
    }

    /// So many more rows of a table are done.
    pub(super) fn advance(&mut self, table: &str, row_count: i64, size_bytes: usize) {
        let Some(stage) = &mut self.current else { return };
        let (row_count, size_bytes) = (count(row_count), u64::try_from(size_bytes).unwrap_or(0));
        stage.row_count += row_count;
        stage.size_bytes += size_bytes;
        let table = stage.tables.entry(table.to_owned()).or_default();
        table.row_count += row_count;
        table.size_bytes += size_bytes;
    }

    fn advance_other(&mut self, table: &str, bytes_per_row: u64) {
        let row_count = self.planned.get(table).map_or(0, |work| work.row_count);
        if let Some(stage) = &mut self.current {
            stage.other_bytes = stage.other_bytes.saturating_add(row_count.saturating_mul(bytes_per_row));
        }
    }

    /// The current stage ends.
    pub(super) fn end(&mut self, at: Duration) {
        let Some(stage) = self.current.take() else { return };
        let done = match stage.stage {
            Some(Stage::Finish) => self.finish_work(),
            _ if self.goes_by_bytes(&stage) => self.done(&stage),
            _ => 0,
        };
        if done > 0 {
            self.ended = (self.ended.0 + done, self.ended.1 + at.saturating_sub(stage.began));
        }
    }

    /// How far the current stage is; `None` between stages.
    pub(super) fn stage(&self, at: Duration) -> Option<StageProgress> {
        let stage = self.current.as_ref()?;
        let elapsed = at.saturating_sub(stage.began);
        let (done, total) = (self.done(stage), self.total(stage));
        let remaining = total.and_then(|total| remaining(done, total, elapsed));
        let percent = total.map(|total| u64::try_from(done * 100 / total.max(1)).unwrap_or(100).min(100));
        Some(StageProgress {
            title: stage.title,
            row_count: stage.row_count,
            row_total: stage.row_total,
            size_bytes: stage.size_bytes,
            byte_total: stage.is_by_bytes.then(|| expected_bytes(stage)),
            percent,
            row_rate: Rate::new(stage.row_count, elapsed),
            byte_rate: Rate::new(stage.size_bytes, elapsed),
            remaining,
            run_remaining: self.run_remaining(stage, done, total, elapsed),
        })
    }

    /// What was done of a table in the current stage.
    pub(super) fn table(&self, table: &str) -> Option<TableProgress> {
        self.current.as_ref()?.tables.get(table).copied()
    }

    /// The work that is done in a stage, in hundredths of bytes; of a stage that goes by rows, in rows.
    fn done(&self, stage: &CurrentStage) -> u128 {
        match (stage.stage, stage.is_by_bytes) {
            (Some(Stage::Verify), true) => u128::from(stage.size_bytes) * u128::from(VERIFY_PERCENT),
            (Some(Stage::Copy | Stage::Constraints), _) if self.goes_by_bytes(stage) => {
                (u128::from(stage.size_bytes) + u128::from(stage.other_bytes)) * 100
            }
            _ => u128::from(stage.row_count),
        }
    }

    /// The work of a stage, in the unit of [`done`](Self::done); `None` when it is unknown.
    fn total(&self, stage: &CurrentStage) -> Option<u128> {
        match (stage.stage, stage.is_by_bytes) {
            (Some(Stage::Verify), true) => {
                Some(u128::from(expected_bytes(stage)) * u128::from(VERIFY_PERCENT))
            }
            (Some(Stage::Copy), true) => Some((u128::from(expected_bytes(stage)) + self.index_bytes()) * 100),
            (Some(Stage::Constraints), _) => Some(self.foreign_key_bytes() * 100).filter(|total| *total > 0),
            _ => stage.row_total.map(u128::from),
        }
    }

    fn goes_by_bytes(&self, stage: &CurrentStage) -> bool {
        stage.is_by_bytes || stage.stage == Some(Stage::Constraints)
    }

    fn index_bytes(&self) -> u128 {
        let of = |work: &PlannedWork| u128::from(work.row_count) * u128::from(work.index_count * INDEX_BYTES);
        self.planned.values().map(of).sum()
    }

    fn foreign_key_bytes(&self) -> u128 {
        let of = |work: &PlannedWork| {
            u128::from(work.row_count) * u128::from(work.foreign_key_count * FOREIGN_KEY_BYTES)
        };
        self.planned.values().map(of).sum()
    }

    fn all_bytes(&self) -> u128 {
        self.planned.values().map(|work| u128::from(work.size_bytes)).sum()
    }

    fn finish_work(&self) -> u128 {
        self.all_bytes() * u128::from(FINISH_PERCENT)
    }

    /// The work of the stages after this one, in hundredths of bytes.
    fn later(&self, stage: Stage) -> u128 {
        let verify = self.all_bytes() * u128::from(VERIFY_PERCENT);
        let finish = if self.has_copied { self.finish_work() } else { 0 };
        match stage {
            Stage::Preflight | Stage::Prepare | Stage::Finish => 0,
            Stage::Copy => self.foreign_key_bytes() * 100 + verify + finish,
            Stage::Constraints | Stage::Sequences => verify + finish,
            Stage::Verify => finish,
        }
    }

    /// What remains of the run: of this stage at its own rate, of those after it at the rate of the run.
    fn run_remaining(
        &self,
        stage: &CurrentStage,
        done: u128,
        total: Option<u128>,
        elapsed: Duration,
    ) -> Option<Duration> {
        let kind = stage.stage?;
        if !self.goes_by_bytes(stage) {
            return None;
        }
        let total = total?;
        let (run_done, run_elapsed) = (self.ended.0 + done, self.ended.1 + elapsed);
        let at_run_rate = |work: u128| remaining(run_done, run_done + work, run_elapsed);
        let of_stage = remaining(done, total, elapsed).or_else(|| at_run_rate(total.saturating_sub(done)))?;
        Some(of_stage + at_run_rate(self.later(kind))?)
    }
}

fn expected_bytes(stage: &CurrentStage) -> u64 {
    stage.tables.values().map(TableProgress::expected_bytes).sum()
}

/// The time that the rest of `total` takes, when `done` of it took `elapsed`.
fn remaining(done: u128, total: u128, elapsed: Duration) -> Option<Duration> {
    if elapsed < SETTLING || done == 0 || done < total / FIRST_PART {
        return None;
    }
    let rest_ms = total.saturating_sub(done) * elapsed.as_millis() / done;
    Some(Duration::from_millis(u64::try_from(rest_ms).unwrap_or(u64::MAX)))
}

fn count(row_count: i64) -> u64 {
    u64::try_from(row_count).unwrap_or(0)
}

#[cfg(test)]
mod tests;
