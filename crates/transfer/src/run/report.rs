//! The reports of runs, as data. They serialise as docs/report.md documents.

use serde::Serialize;

use super::settings::HintWords;
use super::stages::StageTime;
use crate::copy::TableReport;
use crate::finding::{Finding, FindingKind};
use crate::plan::{Existing, Plan, SchemaPlan};
use crate::source::{Snapshot, SourceChange};
use crate::target::state::{Reject, SkippedObject};
use crate::verify::{TableRepair, Verdict, Verification};
use databases::error::ExitStatus;

/// The report of a copy or an import, also of one that an error ended.
#[derive(Serialize)]
pub struct RunReport {
    /// The id of the run.
    pub run_id: String,
    /// The id of the unfinished run that it continues.
    pub continues: Option<String>,
    /// The version of the program.
    pub version: &'static str,
    /// The source, without a password.
    pub source: String,
    /// The target, without a password.
    pub target: String,
    /// Whether the run ended before the first write, as requested.
    pub dry_run: bool,
    /// The snapshot of the source; `null` when it could not be opened.
    pub snapshot: Option<Snapshot>,
    /// What was found before anything was written.
    pub findings: Vec<FindingReport>,
    /// What happens to the schema of the target; `null` when the run ended before that was known.
    pub schema: Option<SchemaPlan>,
    /// What happens to rows of the target that no run from this source wrote.
    pub existing: Existing,
    /// The plan, by table.
    pub plan: Vec<PlannedTable>,
    /// The result, by table.
    pub tables: Vec<TableReport>,
    /// What happened to the source since the snapshot; `null` when the run ended before that was checked.
    pub source_change: Option<SourceChange>,
    /// Bytes of the `-wal` of the source at the end, which SQLite cannot empty while the snapshot is read.
    pub wal_size_bytes: u64,
    /// The file of rejects, if there are any.
    pub rejects_file: Option<String>,
    /// How long each stage took, in order.
    pub stages: Vec<StageTime>,
    /// Sequences that were advanced.
    pub sequences_continued: usize,
    /// Objects of the source that PostgreSQL refused: the target does not have them, or they are not in force.
    pub left_out: Vec<SkippedObject>,
    /// The assessment of a source that is not an application database (docs/assessment.md); else `null`.
    pub assessment: Option<serde_json::Value>,
    /// The result of verification; `null` when the run ended before it.
    pub verification: Option<Verification>,
    /// The verdict; `null` when the run ended before verification did.
    pub verdict: Option<Verdict>,
    /// Whether everything was rolled back (`--single-transaction`).
    pub undone: bool,
    /// The error that ended the run early, with its causes.
    pub error: Option<String>,
    /// Milliseconds from the beginning to the end.
    pub elapsed_ms: u128,
    /// The exit code of the command.
    pub exit_code: u8,
    /// The identity of the source.
    pub source_id: String,
}

/// What was found before anything was written, in words.
#[derive(Clone, Debug, Serialize)]
pub struct FindingReport {
    /// Whether it blocks the run.
    pub kind: FindingKind,
    /// What was found.
    pub text: String,
    /// What to do about it.
    pub hint: String,
}

impl FindingReport {
    pub(super) fn of(findings: &[Finding], words: &HintWords<'_>) -> Vec<Self> {
        let reports = findings.iter().map(|finding| Self {
            kind: finding.kind,
            text: finding.text.clone(),
            hint: words(&finding.hint),
        });
        reports.collect()
    }
}

/// The plan for one table.
#[derive(Clone, Debug, Serialize)]
pub struct PlannedTable {
    /// The table.
    pub table: String,
    /// Rows of the source.
    pub total: i64,
    /// Rows whose key the target has.
    pub already_there: i64,
    /// Rows of the target whose key the source does not have.
    pub only_in_target: i64,
    /// Rows to copy.
    pub to_copy: i64,
}

impl RunReport {
    /// The report of a run of which nothing is known yet.
    pub(super) fn new(run_id: String, source: String, target: String, dry_run: bool) -> Self {
        Self {
            run_id,
            continues: None,
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
            source_change: None,
            wal_size_bytes: 0,
            rejects_file: None,
            stages: Vec::new(),
            sequences_continued: 0,
            left_out: Vec::new(),
            assessment: None,
            verification: None,
            verdict: None,
            undone: false,
            error: None,
            elapsed_ms: 0,
            exit_code: 0,
            source_id: String::new(),
        }
    }

    /// Takes over the plan. Where both sides are only compared, no table is to be copied.
    pub(super) fn take_plan(&mut self, plan: &Plan, verify_only: bool, words: &HintWords<'_>) {
        self.findings = FindingReport::of(&plan.findings, words);
        self.schema = Some(plan.schema.clone());
        self.existing = plan.existing;
        self.source_id = plan.source_id.clone();
        self.continues = plan.continues.clone();
        let planned = plan.tables.iter().filter(|_| !verify_only).map(|plan| PlannedTable {
            table: plan.table.name().to_owned(),
            total: plan.total,
            already_there: plan.already_there,
            only_in_target: plan.only_in_target,
            to_copy: plan.missing(),
        });
        self.plan = planned.collect();
    }

    /// Rows that this run wrote.
    pub fn copied_rows(&self) -> i64 {
        self.tables.iter().map(|table| table.copied).sum()
    }

    /// Rows that this run, or the one it continues, rejected.
    pub fn rejected_rows(&self) -> i64 {
        self.tables.iter().map(|table| table.rejected).sum()
    }
}

/// The report of a comparison, also of one that an error ended.
#[derive(Serialize)]
pub struct VerifyReport {
    /// The version of the program.
    pub version: &'static str,
    /// The source, without a password.
    pub source: String,
    /// The target, without a password.
    pub target: String,
    /// What was found before anything was compared.
    pub findings: Vec<FindingReport>,
    /// The result of verification, after the repair if there was one; `null` when the command ended before it.
    pub verification: Option<Verification>,
    /// The verdict on it; `null` when the command ended before it.
    pub verdict: Option<Verdict>,
    /// The result of verification before the repair; `null` when there was none.
    pub before_repair: Option<Verification>,
    /// The repairs, by table.
    pub repaired: Vec<TableRepair>,
    /// Sequences that the repair advanced.
    pub sequences_continued: usize,
    /// How long each stage took, in order.
    pub stages: Vec<StageTime>,
    /// The error that ended the command early, with its causes.
    pub error: Option<String>,
    /// Milliseconds from the beginning to the end.
    pub elapsed_ms: u128,
    /// The exit code of the command.
    pub exit_code: u8,
}

impl VerifyReport {
    /// The report of a comparison of which nothing is known yet.
    pub(super) fn new(source: String, target: String) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            source,
            target,
            findings: Vec::new(),
            verification: None,
            verdict: None,
            before_repair: None,
            repaired: Vec::new(),
            sequences_continued: 0,
            stages: Vec::new(),
            error: None,
            elapsed_ms: 0,
            exit_code: 0,
        }
    }
}

/// The report of a retry of rejects.
#[derive(Serialize)]
pub struct RetryReport {
    /// Rejects that were copied.
    pub copied: usize,
    /// Rejects that remain, each with its present reason.
    pub remaining: Vec<Reject>,
    /// The exit code of the command.
    pub exit_code: u8,
}

impl RetryReport {
    pub(super) fn new(copied: usize, remaining: Vec<Reject>) -> Self {
        let mut report = Self { copied, remaining, exit_code: 0 };
        report.exit_code = report.exit_status().code();
        report
    }

    /// The status with which the command ends.
    pub fn exit_status(&self) -> ExitStatus {
        if self.remaining.is_empty() { ExitStatus::Done } else { ExitStatus::Incomplete }
    }
}
