//! Progress as JSON, one object a line (docs/progress.md).

mod line;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Clock};

use self::line::{Line, Remaining};
use super::estimate::{Estimate, decimal};
use crate::cli::failure::CommandFailure;
use crate::cli::{hints, output};
use databases::error::ExitStatus;
use transfer::run::{Event, Observer};
use transfer::verify::{TableVerdict, Verification};

/// The time between two lines about the rows of a table: at most eight in a second.
const PAUSE: Duration = Duration::from_millis(125);

/// Prints lines.
pub(in crate::cli) struct Json {
    began: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    estimate: Estimate,
    stage_began: Duration,
    /// When the last line about the rows of a table was printed.
    printed: BTreeMap<String, Duration>,
}

impl Json {
    pub(super) fn new() -> Self {
        Self { began: Clock::now(), state: Mutex::default() }
    }

    pub(super) fn begin(&self, title: &'static str, row_count: i64) {
        let at = self.began.elapsed();
        let mut state = self.lock();
        state.estimate.begin(title, row_count, at);
        state.begin_stage(title, None, at);
    }

    pub(super) fn advance(&self, table: &str, row_count: i64) {
        let mut state = self.lock();
        state.estimate.advance(table, row_count, 0);
        state.print_rows(table, self.began.elapsed());
    }

    pub(super) fn end(&self) {
        let at = self.began.elapsed();
        let mut state = self.lock();
        if let Some(progress) = state.estimate.stage(at) {
            state.end_stage(progress.title, at, at.saturating_sub(state.stage_began));
        }
        state.estimate.end(at);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Json {
    fn observe(&self, event: &Event<'_>) {
        let at = self.began.elapsed();
        let mut state = self.lock();
        if let Event::StageEnded { stage, elapsed } = *event {
            state.end_stage(stage.title(), at, elapsed);
        }
        state.estimate.observe(event, at);
        match *event {
            Event::StageBegun { stage, size_bytes, .. } => state.begin_stage(stage.title(), size_bytes, at),
            Event::Rows { table, .. } => state.print_rows(table, at),
            Event::TableDone { table } => state.print_table(table, at),
            Event::IndexBuilt { table, name } => {
                print(&Line::IndexBuilt { table, name, remaining: state.remaining(at) });
            }
            Event::KeyChecked { table, name } => {
                print(&Line::KeyChecked { table, name, remaining: state.remaining(at) });
            }
            _ => print_as_is(event),
        }
    }
}

impl State {
    fn begin_stage(&mut self, stage: &'static str, byte_total: Option<u64>, at: Duration) {
        self.printed.clear();
        self.stage_began = at;
        let row_total = self.estimate.stage(at).and_then(|progress| progress.row_total);
        print(&Line::StageBegun { stage, row_total, byte_total });
    }

    fn end_stage(&self, stage: &'static str, at: Duration, elapsed: Duration) {
        // The assessment of an import is within the stage `preflight`, of which nothing is left then.
        let progress = self.estimate.stage(at).filter(|progress| progress.title == stage);
        let (rows, bytes) = progress.map_or((0, 0), |progress| (progress.row_count, progress.size_bytes));
        print(&Line::StageEnded { stage, rows, bytes, stage_ms: millis(elapsed) });
    }

    /// Prints how many rows of a table are done, unless that was printed a moment ago.
    fn print_rows(&mut self, name: &str, at: Duration) {
        let last = self.printed.get(name);
        if last.is_some_and(|last| at.saturating_sub(*last) < PAUSE) {
            return;
        }
        let (Some(progress), Some(table)) = (self.estimate.stage(at), self.estimate.table(name)) else {
            return;
        };
        self.printed.insert(name.to_owned(), at);
        print(&Line::Rows {
            stage: progress.title,
            table: name,
            rows: table.row_count,
            row_total: table.row_total,
            bytes: table.size_bytes,
            stage_rows: progress.row_count,
            stage_row_total: progress.row_total,
            stage_bytes: progress.size_bytes,
            stage_byte_total: progress.byte_total,
            rows_per_second: progress.row_rate.number(),
            bytes_per_second: progress.byte_rate.number(),
            remaining: self.remaining(at),
        });
    }

    fn print_table(&self, name: &str, at: Duration) {
        let Some(progress) = self.estimate.stage(at) else { return };
        let table = self.estimate.table(name).unwrap_or_default();
        print(&Line::TableDone {
            stage: progress.title,
            table: name,
            rows: table.row_count,
            bytes: table.size_bytes,
        });
    }

    fn remaining(&self, at: Duration) -> Remaining {
        let progress = self.estimate.stage(at);
        let seconds = |duration: Duration| decimal(duration.as_millis());
        Remaining {
            remaining_seconds: progress.as_ref().and_then(|progress| progress.remaining).map(seconds),
            run_remaining_seconds: progress.and_then(|progress| progress.run_remaining).map(seconds),
        }
    }
}

/// Prints an event that needs nothing but itself.
fn print_as_is(event: &Event<'_>) {
    match *event {
        Event::RunBegun { run_id, source, target } => print(&Line::RunBegun { run_id, source, target }),
        Event::SnapshotTaken(snapshot) => print(&Line::Snapshot {
            kind: snapshot.kind,
            size_bytes: snapshot.size_bytes,
            taken_ms: u64::try_from(snapshot.elapsed_ms).unwrap_or(u64::MAX),
            backup: snapshot.backup.as_deref(),
        }),
        Event::Planned(plan) => print(&Line::Planned {
            tables: plan.tables.len(),
            row_total: plan.tables.iter().map(|plan| plan.total).sum(),
            rows_to_copy: plan.missing(),
            byte_total: plan.size_bytes(),
            continues: plan.continues.as_deref(),
        }),
        Event::Finding(finding) => {
            let hint = &hints::words(&finding.hint);
            print(&Line::Finding { kind: finding.kind, text: &finding.text, hint });
        }
        Event::TableQueued { table, index_count, foreign_key_count } => {
            print(&Line::TableQueued { table, indexes: index_count, foreign_keys: foreign_key_count });
        }
        Event::Retry { what, attempt, pause, cause } => {
            print(&Line::Retry { what, attempt, pause_ms: millis(pause), cause: texts(cause).join(": ") });
        }
        Event::Rejected(reject) => print(&Line::Reject {
            table: &reject.table_name,
            key: &reject.key,
            column: reject.column_name.as_deref(),
            reason: &reject.reason,
        }),
        Event::Skipped(object) => print(&Line::Skipped {
            table: &object.table_name,
            kind: &object.kind,
            name: &object.name,
            reason: &object.reason,
        }),
        Event::RejectsFile(path) => print(&Line::RejectsFile { path: path.display().to_string() }),
        Event::Copied { row_count, .. } => print(&Line::Copied { rows: row_count }),
        Event::Repaired(repairs) => print(&Line::Repaired {
            tables: repairs.len(),
            inserted_rows: repairs.iter().map(|repair| repair.inserted_rows).sum(),
            updated_rows: repairs.iter().map(|repair| repair.updated_rows).sum(),
        }),
        Event::Verified(verification) => print(&verified(verification)),
        Event::SourceChanged { change, wal_size_bytes } => {
            print(&Line::SourceChanged { change, wal_size_bytes });
        }
        Event::RolledBack => print(&Line::RolledBack),
        Event::EndNotWritten(error) => {
            let text =
                format!("the end of the run could not be written to the target: {}", texts(error).join(": "));
            print(&Line::Note { text: &text });
        }
        // What the others say is in other lines.
        _ => {}
    }
}

fn verified(verification: &Verification) -> Line<'static> {
    Line::Verified {
        tables: verification.tables.len(),
        verified: verification.count(TableVerdict::Verified),
        different: verification.count(TableVerdict::Different),
        could_not_be_verified: verification.count(TableVerdict::CouldNotBeVerified),
        not_verified: verification.count(TableVerdict::NotVerified),
        differences: verification.tables.iter().map(|table| table.difference_count).sum(),
    }
}

/// Prints the error that ended the command, as the last line.
pub(in crate::cli) fn show_error(failure: &CommandFailure, hint: Option<&str>) {
    let mut texts = failure.texts();
    let message = texts.next().unwrap_or_default();
    print(&Line::Error { message, causes: texts.collect(), hint, exit_code: failure.status().code() });
}

/// Prints the end of a command without an error, as the last line.
pub(in crate::cli) fn show_end(status: ExitStatus) {
    print(&Line::End { exit_code: status.code() });
}

fn print(line: &Line<'_>) {
    output::event(line);
}

fn texts(error: &(dyn Error + 'static)) -> Vec<String> {
    std::iter::successors(Some(error), |&error| error.source()).map(ToString::to_string).collect()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
