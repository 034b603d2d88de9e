//! What an assessment comes to, in two sentences and a command.

use super::groups::WeightGroup;
use super::names::shell_word;
use super::numbers::{counted, size, span};
use super::{Assessment, Grade};
use crate::finding::Weight;

/// What an assessment comes to.
pub(super) struct Verdict {
    /// What the grade means here.
    pub(super) meaning: String,
    /// What to do next, followed by `command`.
    pub(super) next: &'static str,
    /// The command to type.
    pub(super) command: String,
}

pub(super) fn verdict(assessment: &Assessment, groups: &[WeightGroup<'_>]) -> Verdict {
    let findings = |weight: Weight, verb: &str| {
        let number = groups.iter().find(|group| group.weight == weight).map_or(0, WeightGroup::finding_count);
        // "1 finding says", "2 findings say"
        format!("{} {verb}{}", counted(number, "finding"), if number == 1 { "s" } else { "" })
    };
    let file = shell_word(&assessment.source);
    let import = format!("app db import {file} --postgres URL");
    let (detail, next, command) = match assessment.grade {
        Grade::A => ("Every row and object is carried as it stands".to_owned(), "Next", import),
        Grade::B => {
            let say = findings(Weight::Widened, "say");
            (format!("Every value arrives; {say} what becomes wider or other"), "Next", import)
        }
        Grade::C => {
            let need = findings(Weight::Decision, "need");
            (
                format!("{need} one, or what they name is not carried as it stands"),
                "Next: decide, or accept the defaults",
                import,
            )
        }
        Grade::D => {
            let say = findings(Weight::Impossible, "say");
            (format!("{say} why"), "Next: change what is impossible, then", format!("app db assess {file}"))
        }
    };
    Verdict { meaning: format!("{}. {detail}.", assessment.grade.meaning()), next, command }
}

/// Where the settings are that rules speak of.
pub(super) const SETTINGS: &str = "Settings such as `type` stand in the configuration file, which \
    `app db convert --write-config` writes";

/// What the file is.
pub(super) fn facts(assessment: &Assessment) -> String {
    let row_count = assessment.tables.iter().map(|table| table.row_count).fold(0, i64::saturating_add);
    format!(
        "{}, {} in {}",
        size(assessment.size_bytes),
        counted(row_count, "row"),
        counted(super::numbers::length(&assessment.tables), "table")
    )
}

/// What an import is expected to come to.
pub(super) fn expectation(assessment: &Assessment) -> String {
    let predicted = assessment.predicted;
    format!(
        "about {} to {} with the server on the same machine, {} in the target, {} set aside",
        span(predicted.low_ms),
        span(predicted.high_ms),
        size(predicted.target_size_bytes),
        counted(predicted.rejects, "row")
    )
}
