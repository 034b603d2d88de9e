//! The verdict of an assessment: two sentences and the next command.

use std::collections::BTreeSet;

use super::groups::WeightGroup;
use super::next_steps::on_source;
use super::numbers::{counted, length, size, span};
use super::{Assessment, Grade, NextSteps, SkippedTable};
use crate::finding::Weight;
use crate::rules::import::TABLE_FAILED;

/// The verdict of an assessment.
pub(super) struct AssessmentVerdict {
    /// The meaning of the grade, with the number of findings.
    pub(super) meaning: String,
    /// What the user does next; `None` in a command that goes on by itself.
    pub(super) next: Option<NextCommand>,
}

/// A command that the user may run next.
pub(super) struct NextCommand {
    /// What precedes the command.
    pub(super) words: &'static str,
    /// The command to run.
    pub(super) command: String,
}

pub(super) fn verdict(
    assessment: &Assessment,
    groups: &[WeightGroup<'_>],
    steps: &NextSteps,
) -> AssessmentVerdict {
    let findings = |weight: Weight, verb: &str, object: &str| {
        let number = groups.iter().find(|group| group.weight == weight).map_or(0, WeightGroup::finding_count);
        // "1 finding needs", "2 findings need"
        format!("{} {verb}{}{object}", counted(number, "finding"), if number == 1 { "s" } else { "" })
    };
    let (detail, words, command) = match assessment.grade {
        Grade::A => {
            ("Every row is copied and every object is created as declared".to_owned(), "Next", steps.import)
        }
        Grade::B => {
            let say = findings(Weight::Widened, "list", " what differs");
            (format!("Every value is copied; {say}"), "Next", steps.import)
        }
        Grade::C => {
            let need = findings(Weight::Decision, "need", " a decision");
            (
                format!("{need}; without one, the defaults apply"),
                "Next: edit the configuration file, or accept the defaults",
                steps.import,
            )
        }
        Grade::D => {
            let say = findings(Weight::Impossible, "prevent", " it");
            (say, "Next: fix the findings under \"Impossible\", then", steps.assess)
        }
    };
    let next = command.map(|command| NextCommand { words, command: on_source(command, &assessment.source) });
    AssessmentVerdict { meaning: format!("{}. {detail}.", assessment.grade.meaning()), next }
}

/// Where the settings that rules mention belong.
pub(super) fn settings(steps: &NextSteps) -> String {
    let command = steps.write_config;
    format!("Settings such as `type` belong in the configuration file; `{command}` writes one")
}

/// The size of the source, its rows and tables.
pub(super) fn facts(assessment: &Assessment) -> String {
    let failed = assessment.findings.iter().filter(|finding| finding.rule == &TABLE_FAILED);
    let failed: BTreeSet<&str> = failed.filter_map(|finding| finding.table.as_deref()).collect();
    let skipped: Vec<&SkippedTable> =
        assessment.skipped_tables.iter().filter(|table| !failed.contains(table.name.as_str())).collect();
    let skipped_rows = skipped.iter().map(|table| table.row_count).fold(0, i64::saturating_add);
    let converted = assessment.tables.iter().map(|table| table.row_count).fold(0, i64::saturating_add);
    let tables = length(&assessment.tables).saturating_add(length(&skipped));
    let mut facts = format!(
        "{}, {} in {}",
        size(assessment.size_bytes),
        counted(converted.saturating_add(skipped_rows), "row"),
        counted(tables, "table")
    );
    if !failed.is_empty() {
        let count = i64::try_from(failed.len()).unwrap_or(i64::MAX);
        facts.push_str(&format!(", and {} that cannot be read", counted(count, "table")));
    }
    if !skipped.is_empty() {
        let tables = counted(length(&skipped), "table");
        facts.push_str(&format!("; {} in {tables} not converted", counted(skipped_rows, "row")));
    }
    facts
}

/// The predicted result of an import.
pub(super) fn expectation(assessment: &Assessment) -> String {
    let predicted = assessment.predicted;
    format!(
        "about {} to {} with the server on the same machine, {} in the target, {} rejected",
        span(predicted.low_ms),
        span(predicted.high_ms),
        size(predicted.target_size_bytes),
        counted(predicted.rejects, "row")
    )
}
