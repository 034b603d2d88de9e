//! The last line of a command that moves or compares: its outcome, the cause of an exit code other than 0, and the
//! next command.

use crate::cli::output;
use databases::terminal::escape_line;
use transfer::run::{RunReport, VerifyReport};
use transfer::verify::{Side, Verdict, Verification};

/// What a verdict rests on.
struct Outcome<'a> {
    verdict: Verdict,
    verification: &'a Verification,
    /// Rejected rows of the run: those of a table without a key in the target are in no verification.
    rejected_rows: i64,
    skipped_objects: usize,
    /// Tables of the source that were not converted.
    skipped_tables: SkippedTables,
    /// Whether it is an import, whose rejected rows the same command copies.
    is_import: bool,
    /// What to do about differences.
    hint: &'a str,
}

/// Prints the outcome of a copy or an import that reached its verdict.
pub(super) fn note_run(report: &RunReport, hint: &str) {
    if let (Some(verdict), Some(verification)) = (report.verdict, &report.verification) {
        let (rejected_rows, skipped_objects) = (report.rejected_rows(), report.left_out.len());
        let (skipped_tables, is_import) = (SkippedTables::of(report), report.assessment.is_some());
        Outcome { verdict, verification, rejected_rows, skipped_objects, skipped_tables, is_import, hint }
            .note();
    }
}

/// Prints the outcome of a comparison that reached its verdict.
pub(super) fn note_comparison(report: &VerifyReport, hint: &str) {
    if let (Some(verdict), Some(verification)) = (report.verdict, &report.verification) {
        let (rejected_rows, skipped_objects, is_import) = (0, 0, false);
        let skipped_tables = SkippedTables::default();
        Outcome { verdict, verification, rejected_rows, skipped_objects, skipped_tables, is_import, hint }
            .note();
    }
}

impl Outcome<'_> {
    fn note(&self) {
        let is_good = matches!(self.verdict, Verdict::Verified | Verdict::NoDifferenceFound);
        output::note_verdict(is_good, self.text());
    }

    fn text(&self) -> String {
        let code = self.verdict.exit_status().code();
        match self.verdict {
            Verdict::Verified => format!(
                "verified: every value of {} is equal; keys, sequences, indexes and checks are {}",
                output::rows(self.verification.verified_rows()),
                match self.verification.not_in_force_before.is_empty() {
                    true => "in force",
                    false => "as they were before, and not all of them are in force",
                }
            ),
            Verdict::NoDifferenceFound => "no difference found, but not every value was compared".to_owned(),
            Verdict::Incomplete => {
                let (parts, hint) = self.missing();
                let is_without_rows = self.rejected_rows > 0 || self.skipped_tables.row_count > 0;
                match self.verification.verified_rows() {
                    0 if is_without_rows => {
                        format!("nothing was copied (exit code {code}): {parts}\nhint: {hint}")
                    }
                    _ => format!(
                        "incomplete (exit code {code}): {parts}; everything else is verified\nhint: {hint}"
                    ),
                }
            }
            Verdict::Different => {
                let differences = self.verification.tables.iter().map(|table| table.difference_count).sum();
                let rows = match differences {
                    0 => "the rows are equal, but not the structure".to_owned(),
                    _ => format!("{} differences", output::count(differences)),
                };
                format!("different (exit code {code}): {rows}; see the lines above\nhint: {}", self.hint)
            }
            Verdict::NotVerified(side) => {
                let side = match side {
                    Side::Source => "source",
                    Side::Target => "target",
                };
                format!(
                    "not verified (exit code {code}): the {side} cannot be read to its end; see the lines above"
                )
            }
        }
    }

    /// What the target does not have, and what to do about it.
    fn missing(&self) -> (String, &'static str) {
        let verified: i64 = self.verification.tables.iter().map(|table| table.rejected_rows).sum();
        let rejected = verified.max(self.rejected_rows);
        let mut parts = Vec::new();
        if rejected > 0 {
            parts.push(format!("{} rejected", output::rows(rejected)));
        }
        parts.extend(self.skipped_tables.text());
        match self.skipped_objects {
            0 => {}
            1 => parts.push("1 object skipped".to_owned()),
            count => parts.push(format!("{count} objects skipped")),
        }
        if parts.is_empty() {
            parts.push("parts of the source are not converted".to_owned());
        }
        let hint = match (rejected, self.skipped_objects) {
            (1.., 1..) if self.is_import => {
                "see `app db rejects list` and the lines that begin with `skipped` and `not in force` above; when the causes are fixed, run the same command, and `app db restore` for what existed before"
            }
            (1.., _) if self.is_import => {
                "see `app db rejects list`; when their cause is fixed, run the same command"
            }
            (1.., _) => {
                "see `app db rejects list`; when their cause is fixed, run `app db rejects retry` or the same command"
            }
            (_, 1..) => {
                "see the lines that begin with `skipped` and `not in force` above; what existed before is recreated by `app db restore` when the rows at fault are corrected"
            }
            _ => "see the findings of the assessment above; `--json` prints all of them",
        };
        (parts.join(", "), hint)
    }
}

/// The tables of the source that an import did not convert.
#[derive(Default)]
struct SkippedTables {
    names: Vec<String>,
    row_count: i64,
}

impl SkippedTables {
    fn of(report: &RunReport) -> Self {
        let tables =
            report.assessment.as_ref().and_then(|assessment| assessment["skipped_tables"].as_array());
        let mut skipped = Self::default();
        for table in tables.into_iter().flatten() {
            skipped.names.extend(table["name"].as_str().map(escape_line));
            skipped.row_count = skipped.row_count.saturating_add(table["row_count"].as_i64().unwrap_or(0));
        }
        skipped
    }

    fn text(&self) -> Option<String> {
        let (first, rest) = self.names.split_first()?;
        let rows = output::rows(self.row_count);
        Some(match rest.len() {
            0 => format!("{rows} of 1 table not copied: {first}"),
            more => format!("{rows} of {} tables not copied: {first} and {more} more", more + 1),
        })
    }
}
