//! The verdict of an assessment: two sentences and the next command.

use std::collections::BTreeSet;

use super::groups::WeightGroup;
use super::next_steps::on_source;
use super::numbers::{counted, size, span};
use super::{Assessment, Grade, NextSteps};
use crate::finding::Weight;
use crate::rules::import::TABLE_FAILED;

/// The verdict of an assessment.
pub(super) struct AssessmentVerdict {
    /// The meaning of the grade, with the number of findings.
    pub(super) meaning: String,
    /// The next step, followed by `command`.
    pub(super) next: &'static str,
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
    let import = on_source(steps.import, &assessment.source);
    let (detail, next, command) = match assessment.grade {
        Grade::A => {
            ("Every row is copied and every object is created as declared".to_owned(), "Next", import)
        }
        Grade::B => {
            let say = findings(Weight::Widened, "list", " what differs");
            (format!("Every value is copied; {say}"), "Next", import)
        }
        Grade::C => {
            let need = findings(Weight::Decision, "need", " a decision");
            (
                format!("{need}; without one, the defaults apply"),
                "Next: edit the configuration file, or accept the defaults",
                import,
            )
        }
        Grade::D => {
            let say = findings(Weight::Impossible, "prevent", " it");
            let assess = on_source(steps.assess, &assessment.source);
            (say, "Next: fix the findings under \"Impossible\", then", assess)
        }
    };
    AssessmentVerdict { meaning: format!("{}. {detail}.", assessment.grade.meaning()), next, command }
}

/// Where the settings that rules mention belong.
pub(super) fn settings(steps: &NextSteps) -> String {
    let command = steps.write_config;
    format!("Settings such as `type` belong in the configuration file; `{command}` writes one")
}

/// The size of the source, its rows and tables.
pub(super) fn facts(assessment: &Assessment) -> String {
    let row_count = assessment.tables.iter().map(|table| table.row_count).fold(0, i64::saturating_add);
    let failed = assessment.findings.iter().filter(|finding| finding.rule == &TABLE_FAILED);
    let failed: BTreeSet<Option<&str>> = failed.map(|finding| finding.table.as_deref()).collect();
    let unread = match i64::try_from(failed.len()) {
        Ok(0) => String::new(),
        unread => format!(", and {} that cannot be read", counted(unread.unwrap_or(i64::MAX), "table")),
    };
    format!(
        "{}, {} in {}{unread}",
        size(assessment.size_bytes),
        counted(row_count, "row"),
        counted(super::numbers::length(&assessment.tables), "table")
    )
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
