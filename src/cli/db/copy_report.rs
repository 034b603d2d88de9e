//! What the terminal shows of a run: its plan, its progress and its result as text.

use std::error::Error;

use super::verify_report;
use crate::cli::progress::ProgressDisplay;
use crate::cli::{hints, output};
use databases::terminal::escape_line;
use transfer::copy::TableReport;
use transfer::finding::{Finding, FindingKind};
use transfer::plan::{Plan, SchemaPlan};
use transfer::run::{Event, Observer, RunReport};
use transfer::source::{Snapshot, SnapshotKind, SourceChange};
use transfer::target::state::SkippedObject;

/// A `-wal` that is worth a note.
const LARGE_WAL_BYTES: u64 = 64_000_000;

/// Said of a source in WAL mode without its `-wal`.
pub(super) const NO_WAL: &str = "note: the source is in WAL mode and has no -wal file beside it. If the application \
    was closed in order, nothing is missing. If only the main file was copied while the application ran, what was not yet \
    in it is missing: copy both files, or close the application first";

/// Shows the events of a run: results on standard output, everything else on standard error. Where standard error is JSON,
/// the events themselves are everything else.
pub(super) struct Terminal<'a> {
    source: String,
    target: String,
    /// Whether results are printed as JSON, at the end.
    json: bool,
    progress: &'a ProgressDisplay,
}

impl<'a> Terminal<'a> {
    /// A terminal for a run from `source` to `target`.
    pub(super) fn new(
        source: &impl ToString,
        target: &impl ToString,
        json: bool,
        progress: &'a ProgressDisplay,
    ) -> Self {
        Self { source: source.to_string(), target: target.to_string(), json, progress }
    }

    fn show_result(event: &Event<'_>) {
        match event {
            Event::TablesEnded(tables) => show_tables(tables),
            Event::Copied { row_count, table_count } => output::say(copied(*row_count, *table_count)),
            Event::Repaired(repairs) => verify_report::show_repairs(repairs),
            Event::Verified(verification) => verify_report::show_verification(verification),
            _ => {}
        }
    }

    fn note(&self, event: &Event<'_>) {
        match event {
            Event::SnapshotTaken(snapshot) => show_snapshot(snapshot),
            Event::Planned(plan) => show_plan(plan, &self.source, &self.target),
            Event::Finding(finding) => show_finding(finding),
            Event::Skipped(object) => show_skipped(object),
            Event::RejectsFile(path) => output::note(format!(
                "rejected rows are in {}; see also `app db rejects list`",
                path.display()
            )),
            Event::Copied { row_count, table_count } if self.json => {
                output::note(copied(*row_count, *table_count));
            }
            Event::SourceChanged { change, wal_size_bytes } => show_change(*change, *wal_size_bytes),
            Event::RolledBack => output::note("rolled back: the target is unchanged"),
            Event::EndNotWritten(error) => output::note(format!(
                "warning: the end of the run could not be written down in the target: {}",
                with_causes(*error)
            )),
            _ => {}
        }
    }
}

impl Observer for Terminal<'_> {
    fn observe(&self, event: &Event<'_>) {
        self.progress.observe(event);
        if !self.json {
            Self::show_result(event);
        }
        if !output::has_events() {
            self.note(event);
        }
    }
}

fn copied(row_count: i64, table_count: usize) -> String {
    match row_count {
        _ if table_count == 0 => "no table was copied".to_owned(),
        0 => "every row is already there; nothing was changed".to_owned(),
        _ => format!("copied {}", output::rows(row_count)),
    }
}

fn with_causes(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Shows which copy of the source is read, where that is not the source itself.
fn show_snapshot(snapshot: &Snapshot) {
    if snapshot.wal_was_absent {
        output::note(NO_WAL);
    }
    let size = output::count(snapshot.size_bytes);
    let seconds = output::seconds(snapshot.elapsed_ms);
    match (&snapshot.backup, snapshot.kind) {
        (Some(path), _) => {
            output::note(format!("backup of the source, which is read from here on: {path} ({size} bytes)"))
        }
        (None, SnapshotKind::WalTransaction) => {}
        (None, SnapshotKind::OnlineBackup) => output::note(format!(
            "the source has a rollback journal: read from a private copy ({size} bytes, created in {seconds} s)"
        )),
        (None, SnapshotKind::FileCopy) => output::note(format!(
            "the source cannot be opened in place: read from a private copy of its files ({size} bytes, created in {seconds} s)"
        )),
    }
}

/// Shows what the run will do.
fn show_plan(plan: &Plan, source: &str, target: &str) {
    output::note(format!("source: {source}"));
    output::note(format!("target: {target}"));
    match &plan.schema {
        SchemaPlan::Ready => {}
        SchemaPlan::Make { anew, .. } if anew.is_empty() => output::note("the tables are created first"),
        SchemaPlan::Make { anew, .. } => output::note(format!(
            "these tables are dropped with their rows, and created again: {}",
            anew.join(", ")
        )),
        SchemaPlan::Create => output::note("the target is empty: its tables are created first"),
        SchemaPlan::Recreate { losses } if losses.is_empty() => {
            output::note("the target's tables are created again")
        }
        SchemaPlan::Recreate { losses } => {
            output::note("the target's tables are dropped and created again; these rows are lost:");
            for loss in losses {
                output::note(format!("  {loss}: {}", output::count(loss.row_count)));
            }
        }
    }
    if let Some(run) = &plan.continues {
        output::note(format!("continues run {run}, which did not reach its end"));
    }
    let cleared = plan.cleared();
    if !cleared.is_empty() {
        output::note("these tables of the target are emptied first:");
        for (table, row_count) in &cleared {
            output::note(format!("  {table}: {}", output::rows(*row_count)));
        }
    }
}

fn show_finding(finding: &Finding) {
    let kind = match finding.kind {
        FindingKind::Blocker => "blocker",
        FindingKind::Warning => "warning",
    };
    output::note(format!("{kind}: {}\n  hint: {}", escape_line(&finding.text), hints::words(&finding.hint)));
}

/// Shows what happened to the source during the run.
fn show_change(change: SourceChange, wal_size_bytes: u64) {
    match change {
        SourceChange::None => {}
        SourceChange::Written => output::note(
            "the source was written to since the snapshot: what came since is not in the target\nhint: run the command again to copy it",
        ),
        SourceChange::Replaced => {
            output::note("warning: another file has taken the place of the source since the snapshot")
        }
        SourceChange::Removed => output::note("warning: the source was removed since the snapshot"),
    }
    if wal_size_bytes > LARGE_WAL_BYTES {
        output::note(format!(
            "the source's -wal has grown to {} MB while it was read; the application empties it from now on",
            wal_size_bytes / 1_000_000
        ));
    }
}

/// Shows an object that the target does not have, or that is not in force.
fn show_skipped(SkippedObject { table_name, kind, name, reason }: &SkippedObject) {
    let what = if kind == "foreign key" { "not in force" } else { "skipped" };
    output::note(format!("{what}: {kind} `{name}` of `{table_name}`: {reason}"));
}

/// Shows what would be copied.
pub(super) fn show_dry_run(report: &RunReport) {
    let rows: Vec<Vec<String>> = report
        .plan
        .iter()
        .map(|plan| {
            let numbers = [plan.total, plan.already_there, plan.to_copy, plan.only_in_target];
            [plan.table.to_owned()].into_iter().chain(numbers.map(output::count)).collect()
        })
        .collect();
    output::table(&["table", "total", "already there", "to copy", "only in target"], &rows);
    let missing = report.plan.iter().map(|plan| plan.to_copy).sum();
    output::say(format!("dry run: nothing was written; {} rows would be copied", output::count(missing)));
}

/// Shows what was copied.
fn show_tables(tables: &[TableReport]) {
    let rows: Vec<Vec<String>> = tables
        .iter()
        .map(|report| {
            let numbers = [report.total, report.copied, report.already_there, report.rejected, report.failed];
            [report.table.to_owned()]
                .into_iter()
                .chain(numbers.map(output::count))
                .chain([output::seconds(report.elapsed_ms), report.status.as_str().to_owned()])
                .collect()
        })
        .collect();
    output::table(
        &["table", "total", "copied", "already there", "rejected", "failed", "seconds", "status"],
        &rows,
    );
}
