//! How the result of a copy is shown: as text, and as one JSON object (documented in docs/report.md).

use std::time::Instant as Clock;

use serde::Serialize;

use crate::cli::output;
use transfer::copy::{
    Event, Existing, Finding, FindingKind, LeftOut, Plan, SchemaPlan, Snapshot, SnapshotKind, SourceChange,
    Stage, TableReport,
};
use transfer::verify::Verification;

/// The result of `app db copy-from-sqlite`, whatever it came to.
#[derive(Serialize)]
pub(super) struct Report {
    /// The id of the run, by which `app db runs show` finds it.
    pub(super) run_id: String,
    /// The run that it continues.
    pub(super) continues: Option<String>,
    /// The version of the program.
    pub(super) version: &'static str,
    /// Where rows were read, without a password.
    pub(super) source: String,
    /// Where rows were written, without a password.
    pub(super) target: String,
    /// `--dry-run`.
    pub(super) dry_run: bool,
    /// How the source was read; `null` when it could not be opened.
    pub(super) snapshot: Option<Snapshot>,
    /// What was found before anything was written.
    pub(super) findings: Vec<Finding>,
    /// What happens to the target's schema; `null` when the run ended before that was known.
    pub(super) schema: Option<SchemaPlan>,
    /// What happens to rows that were in the target.
    pub(super) existing: Existing,
    /// Table by table: what was to be done.
    pub(super) plan: Vec<PlannedTable>,
    /// Table by table: what was done.
    pub(super) tables: Vec<TableReport>,
    /// What became of the source since the snapshot; `null` when the run ended before that was looked at.
    pub(super) source_change: Option<SourceChange>,
    /// Bytes of the source's `-wal` at the end, which SQLite could not empty while the snapshot was read.
    pub(super) wal_size_bytes: u64,
    /// The file with rows that could not go in, if there are any.
    pub(super) rejects_file: Option<String>,
    /// How long each stage took, in order.
    pub(super) stages: Vec<StageTime>,
    /// Sequences that were moved.
    pub(super) sequences_continued: usize,
    /// Objects of the source that PostgreSQL refused, and that the target does not have or that do not hold there.
    pub(super) left_out: Vec<LeftOut>,
    /// What was found out about a source that is not this program's (docs/assessment.md); else `null`.
    pub(super) assessment: Option<serde_json::Value>,
    /// What verification found; `null` when it did not come to that.
    pub(super) verification: Option<Verification>,
    /// Whether all that was done is undone (`--single-transaction`).
    pub(super) undone: bool,
    /// What ended the run early.
    pub(super) error: Option<String>,
    /// Milliseconds from beginning to end.
    pub(super) elapsed_ms: u128,
    /// The code the process exits with.
    pub(super) exit_code: u8,
    /// The identity of the source.
    pub(super) source_id: String,
    /// Rows of the source, as preflight counted them.
    #[serde(skip)]
    pub(super) planned_rows: i64,
    /// Whether the target knows of the run.
    #[serde(skip)]
    pub(super) is_begun: bool,
}

/// A `-wal` that is worth a word.
const LARGE_WAL_BYTES: u64 = 64_000_000;

/// How long a stage took.
#[derive(Serialize)]
pub(super) struct StageTime {
    stage: Stage,
    elapsed_ms: u128,
}

/// Which stage a run is in, since when, and how long those before it took.
pub(super) struct Stages {
    display: output::ProgressDisplay,
    current: Option<(Stage, Clock)>,
    times: Vec<StageTime>,
}

impl Stages {
    pub(super) fn new() -> Self {
        Self { display: output::ProgressDisplay::new(), current: None, times: Vec::new() }
    }

    /// Ends the stage at hand and begins another, which goes through so many rows.
    pub(super) fn begin(&mut self, stage: Stage, row_count: i64) {
        self.end();
        self.current = Some((stage, Clock::now()));
        self.display.show(Event::Stage { stage, row_count });
    }

    /// Shows what happens within a stage.
    pub(super) fn show(&mut self, event: Event) {
        self.display.show(event);
    }

    /// Ends the stage at hand.
    pub(super) fn end(&mut self) {
        self.display.finish();
        if let Some((stage, began)) = self.current.take() {
            self.times.push(StageTime { stage, elapsed_ms: began.elapsed().as_millis() });
        }
    }

    /// The times of all stages.
    pub(super) fn into_times(mut self) -> Vec<StageTime> {
        self.end();
        self.times
    }
}

/// What was to be done with a table.
#[derive(Serialize)]
pub(super) struct PlannedTable {
    table: &'static str,
    total: i64,
    already_there: i64,
    only_in_target: i64,
    to_copy: i64,
}

impl Report {
    pub(super) fn new(run_id: String, source: String, target: String, dry_run: bool) -> Self {
        Self {
            run_id,
            continues: None,
            source_change: None,
            wal_size_bytes: 0,
            rejects_file: None,
            undone: false,
            source_id: String::new(),
            planned_rows: 0,
            is_begun: false,
            version: env!("CARGO_PKG_VERSION"),
            source,
            target,
            dry_run,
            snapshot: None,
            findings: Vec::new(),
            schema: None,
            existing: Existing::Refuse,
            plan: Vec::new(),
            tables: Vec::new(),
            stages: Vec::new(),
            sequences_continued: 0,
            left_out: Vec::new(),
            assessment: None,
            verification: None,
            error: None,
            elapsed_ms: 0,
            exit_code: 0,
        }
    }

    /// Takes over what is known before anything is done. Where both sides are only compared, nothing is to be copied.
    pub(super) fn take_plan(&mut self, plan: &Plan, verify_only: bool) {
        self.findings = plan.findings.clone();
        self.schema = Some(plan.schema.clone());
        self.existing = plan.existing;
        self.source_id = plan.source_id.clone();
        self.continues = plan.continues.clone();
        self.planned_rows = plan.tables.iter().map(|plan| plan.total).sum();
        let tables = plan.tables.iter().filter(|_| !verify_only);
        let planned = tables.map(|plan| PlannedTable {
            table: plan.table.name(),
            total: plan.total,
            already_there: plan.already_there,
            only_in_target: plan.only_in_target,
            to_copy: plan.missing(),
        });
        self.plan = planned.collect();
    }
}

/// Tells of the copy that is read, where it is not the source itself.
pub(super) fn show_snapshot(snapshot: &Snapshot) {
    let size = output::count(snapshot.size_bytes);
    let seconds = output::seconds(snapshot.elapsed_ms);
    match (&snapshot.backup, snapshot.kind) {
        (Some(path), _) => {
            output::note(format!("backup of the source, which is read from here on: {path} ({size} bytes)"))
        }
        (None, SnapshotKind::WalTransaction) => {}
        (None, SnapshotKind::OnlineBackup) => output::note(format!(
            "the source has a rollback journal: read from a private copy ({size} bytes, made in {seconds} s)"
        )),
        (None, SnapshotKind::FileCopy) => output::note(format!(
            "the source cannot be opened in place: read from a private copy of its files ({size} bytes, made in {seconds} s)"
        )),
    }
}

/// Tells what will be done.
pub(super) fn show_plan(plan: &Plan, source: &str, target: &str) {
    output::note(format!("source: {source}"));
    output::note(format!("target: {target}"));
    match &plan.schema {
        SchemaPlan::Ready => {}
        SchemaPlan::Make { anew, .. } if anew.is_empty() => output::note("the tables are made first"),
        SchemaPlan::Make { anew, .. } => output::note(format!(
            "these tables are dropped with their rows, and made anew: {}",
            anew.join(", ")
        )),
        SchemaPlan::Create => output::note("the target is empty: its tables are made first"),
        SchemaPlan::Recreate { losses } if losses.is_empty() => {
            output::note("the target's tables are made anew")
        }
        SchemaPlan::Recreate { losses } => {
            output::note("the target's tables are dropped and made anew; these rows are lost with them:");
            for loss in losses {
                output::note(format!("  {}: {}", loss.table, output::count(loss.row_count)));
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
    for finding in &plan.findings {
        let kind = match finding.kind {
            FindingKind::Blocker => "blocker",
            FindingKind::Warning => "warning",
        };
        output::note(format!("{kind}: {}\n  hint: {}", finding.text, finding.hint));
    }
}

/// Tells what became of the source meanwhile.
pub(super) fn show_change(change: SourceChange, wal_size_bytes: u64) {
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

/// Tells which objects the target does not have, or not in force.
pub(super) fn show_left_out(objects: &[LeftOut]) {
    for object in objects {
        let LeftOut { table_name, kind, name, reason } = object;
        let what = if kind == "foreign key" { "not in force" } else { "left out" };
        output::note(format!("{what}: {kind} `{name}` of `{table_name}`: {reason}"));
    }
}

/// Shows what would be copied.
pub(super) fn show_dry_run(plan: &Plan) {
    let rows: Vec<Vec<String>> = plan
        .tables
        .iter()
        .map(|plan| {
            let numbers = [plan.total, plan.already_there, plan.missing(), plan.only_in_target];
            [plan.table.name().to_owned()].into_iter().chain(numbers.map(output::count)).collect()
        })
        .collect();
    output::table(&["table", "total", "already there", "to copy", "only in target"], &rows);
    output::say(format!(
        "dry run: nothing was written; {} rows would be copied",
        output::count(plan.missing())
    ));
}

/// Shows what was copied.
pub(super) fn show_tables(tables: &[TableReport]) {
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
