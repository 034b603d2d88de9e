//! The report of an import.

use serde::Deserialize;

use crate::app::{App, Ended};

/// The parts of the report that tests use.
#[derive(Default, Deserialize)]
pub(super) struct Report {
    #[serde(default)]
    pub(super) tables: Vec<TableReport>,
    #[serde(default)]
    pub(super) left_out: Vec<SkippedObject>,
    pub(super) assessment: Option<Assessment>,
    pub(super) error: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct TableReport {
    pub(super) table: String,
    pub(super) copied: i64,
    pub(super) rejected: i64,
}

#[derive(Deserialize)]
pub(super) struct SkippedObject {
    pub(super) table_name: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) reason: String,
}

#[derive(Deserialize)]
pub(super) struct Assessment {
    pub(super) findings: Vec<Finding>,
}

#[derive(Deserialize)]
pub(super) struct Finding {
    pub(super) rule: String,
    pub(super) weight: String,
    pub(super) table: Option<String>,
    pub(super) object: Option<String>,
}

/// A finished import with its report.
pub(super) struct Found {
    pub(super) ended: Ended,
    pub(super) report: Report,
}

/// Imports a file of the folder with defaults.
pub(super) fn import(app: &App, file: &str, url: &str) -> Found {
    let ended = app.run(&["db", "import", file, "--postgres", url, "--json"]);
    let report = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| {
        panic!("exit {}: {error} in\n{}\n{}", ended.code, ended.stdout, ended.stderr)
    });
    Found { ended, report }
}

impl Found {
    /// All findings.
    pub(super) fn findings(&self) -> &[Finding] {
        self.report.assessment.as_ref().map_or(&[], |assessment| &assessment.findings)
    }

    /// Rejected rows.
    pub(super) fn rejected(&self) -> i64 {
        self.report.tables.iter().map(|table| table.rejected).sum()
    }

    /// Copied rows.
    pub(super) fn copied(&self) -> i64 {
        self.report.tables.iter().map(|table| table.copied).sum()
    }

    /// Whether an object or value that was not converted is reported.
    pub(super) fn names_a_loss(&self) -> bool {
        // What has another name is there.
        let is_loss = |finding: &&Finding| finding.weight == "decision" && !finding.rule.starts_with("name/");
        let decisions = self.findings().iter().filter(is_loss);
        decisions.count() > 0 || self.rejected() > 0 || !self.report.left_out.is_empty()
    }

    /// The result, for a message.
    pub(super) fn in_short(&self) -> String {
        let findings = self.findings().iter().map(|finding| {
            let place = [finding.table.as_deref(), finding.object.as_deref()];
            let place: Vec<&str> = place.into_iter().flatten().collect();
            format!("{} [{}] {}", finding.rule, finding.weight, place.join("."))
        });
        let left_out = self.report.left_out.iter().map(|object| {
            format!("skipped: {} {} of {}: {}", object.kind, object.name, object.table_name, object.reason)
        });
        let rejected = self.report.tables.iter().filter(|table| table.rejected > 0);
        let rejected = rejected.map(|table| format!("rejected: {} of {}", table.rejected, table.table));
        let lines: Vec<String> = findings.chain(left_out).chain(rejected).collect();
        format!("= exit {}; {}", self.ended.code, lines.join("; "))
    }
}
