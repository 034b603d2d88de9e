//! The last line of a command that moves or compares: its outcome, the cause of an exit code other than 0, and the
//! next command.

use crate::cli::output;
use transfer::run::{RunReport, VerifyReport};
use transfer::verify::{Side, Verdict, Verification};

/// What a verdict rests on.
struct Outcome<'a> {
    verdict: Verdict,
    verification: &'a Verification,
    /// Rows that the run rejected: verification does not count those of a table that is compared without its keys.
    rejected_rows: i64,
    skipped_objects: usize,
    /// What to do about differences.
    hint: &'a str,
}

/// Prints the outcome of a copy or an import that reached its verdict.
pub(super) fn note_run(report: &RunReport, hint: &str) {
    if let (Some(verdict), Some(verification)) = (report.verdict, &report.verification) {
        let rejected_rows = report.tables.iter().map(|table| table.rejected).sum();
        let skipped_objects = report.left_out.len();
        Outcome { verdict, verification, rejected_rows, skipped_objects, hint }.note();
    }
}

/// Prints the outcome of a comparison that reached its verdict.
pub(super) fn note_comparison(report: &VerifyReport, hint: &str) {
    if let (Some(verdict), Some(verification)) = (report.verdict, &report.verification) {
        Outcome { verdict, verification, rejected_rows: 0, skipped_objects: 0, hint }.note();
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
                "verified: every value of {} is equal; keys, sequences, indexes and checks are in force",
                output::rows(self.verification.verified_rows())
            ),
            Verdict::NoDifferenceFound => "no difference found, but not every value was compared".to_owned(),
            Verdict::Incomplete => {
                let (parts, hint) = self.missing();
                format!("incomplete (exit code {code}): {parts}; everything else is verified\nhint: {hint}")
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
        let compared: i64 = self.verification.tables.iter().map(|table| table.rejected_rows).sum();
        let rejected = compared.max(self.rejected_rows);
        let mut parts = Vec::new();
        if rejected > 0 {
            parts.push(format!("{} rejected", output::rows(rejected)));
        }
        match self.skipped_objects {
            0 => {}
            1 => parts.push("1 object skipped".to_owned()),
            count => parts.push(format!("{count} objects skipped")),
        }
        if parts.is_empty() {
            parts.push("parts of the source are not converted".to_owned());
        }
        let hint = match (rejected, self.skipped_objects) {
            (1.., _) => {
                "see `app db rejects list`; when their cause is fixed, run `app db rejects retry` or the same command"
            }
            (_, 1..) => "see the lines that begin with `skipped` and `not in force` above",
            _ => "see the findings of the assessment above, or run `app db assess --all` on the file",
        };
        (parts.join(", "), hint)
    }
}
