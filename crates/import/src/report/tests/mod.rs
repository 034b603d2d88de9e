//! Whole reports of one realistic assessment, compared with the files in `expected`.

mod documented;
mod hostile;
mod sample;

use std::path::PathBuf;

use sample::sample;

use super::{Assessment, Grade, NextSteps, TextOptions};
use crate::finding::{ImportFinding, Rule, Weight};

const STEPS: NextSteps = NextSteps {
    command: "app db assess",
    assess: Some("app db assess FILE"),
    import: Some("app db import FILE --postgres URL"),
    write_config: "app db convert --write-config",
    list_all: "--all",
};

fn text(assessment: &Assessment, options: TextOptions) -> String {
    super::text(assessment, &STEPS, options)
}

fn html(assessment: &Assessment) -> String {
    super::html(assessment, &STEPS)
}

/// Compares a report with its file; on a difference writes the current report to the temporary directory.
fn assert_expected(file: &str, report: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/report/tests/expected");
    let expected = std::fs::read_to_string(folder.join(file)).unwrap_or_default().replace("\r\n", "\n");
    if expected != report {
        let now = std::env::temp_dir().join(format!("backoffice-{}-{file}", std::process::id()));
        std::fs::write(&now, report).expect("write the report");
        panic!("{file} is not as expected; the current report: {}", now.display());
    }
}

#[test]
fn the_text_is_as_expected() {
    assert_expected("decisions.txt", &text(&sample(false), TextOptions::default()));
}

#[test]
fn the_text_with_everything_is_as_expected() {
    let options = TextOptions { width: 72, colour: false, all: true };
    assert_expected("impossible.txt", &text(&sample(true), options));
}

#[test]
fn the_page_is_as_expected() {
    assert_expected("decisions.html", &html(&sample(false)));
}

#[test]
fn the_json_is_as_expected() {
    let json = serde_json::to_string_pretty(&sample(false)).expect("an assessment is JSON");
    assert_expected("decisions.json", &format!("{json}\n"));
}

#[test]
fn the_order_in_which_things_were_found_changes_nothing() {
    let mut other = sample(true);
    other.findings.reverse();
    let options = TextOptions { all: true, ..TextOptions::default() };
    assert_eq!(text(&sample(true), options), text(&other, options));
    assert_eq!(html(&sample(true)), html(&other));
    let json = |assessment| serde_json::to_string(assessment).expect("an assessment is JSON");
    assert_eq!(json(&sample(true)), json(&other));
}

#[test]
fn no_line_is_wider_than_requested() {
    for width in [60, 72, 100, 200] {
        let report = text(&sample(true), TextOptions { width, colour: false, all: true });
        // A command is one line, so that it can be copied.
        let wide = report.lines().find(|line| line.chars().count() > width && !line.starts_with("  app db "));
        assert_eq!(wide, None, "at {width}");
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    let coloured = text(&sample(true), TextOptions { colour: true, ..TextOptions::default() });
    let mut plain = coloured.clone();
    for code in ["\u{1b}[1m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m", "\u{1b}[36m", "\u{1b}[0m"] {
        plain = plain.replace(code, "");
    }
    assert_ne!(coloured, plain);
    assert_eq!(plain, text(&sample(true), TextOptions::default()));
}

#[test]
fn the_heaviest_finding_decides_the_grade() {
    fn rule(weight: Weight) -> &'static Rule {
        Box::leak(Box::new(Rule { id: "a/b", weight, what: "A", by_default: "B", change: "C" }))
    }
    let grade = |weights: &[Weight]| {
        let findings: Vec<ImportFinding> =
            weights.iter().map(|w| ImportFinding::new(rule(*w), None, None, "x")).collect();
        Grade::of(&findings)
    };
    assert_eq!(grade(&[]), Grade::A);
    assert_eq!(grade(&[Weight::Note]), Grade::A);
    assert_eq!(grade(&[Weight::Widened, Weight::Note]), Grade::B);
    assert_eq!(grade(&[Weight::Note, Weight::Decision, Weight::Widened]), Grade::C);
    assert_eq!(grade(&[Weight::Impossible, Weight::Decision]), Grade::D);
}

#[test]
fn a_database_without_findings_gets_the_command_and_no_details() {
    let mut assessment = sample(false);
    assessment.findings.clear();
    assessment.tables.truncate(1);
    assessment.grade = Grade::of(&assessment.findings);
    let report = text(&assessment, TextOptions::default());
    let mut lines = report.lines();
    assert_eq!(
        lines.next(),
        Some("Grade A: no decisions needed. Every row is copied and every object is created as declared.")
    );
    assert_eq!(lines.next(), Some("Next: app db import '/srv/data/it'\\''s legacy.db' --postgres URL"));
    assert_eq!(report.lines().last(), Some("  orders  1,204,518  512.0 MB  orders"));
}

#[test]
fn one_rule_with_many_findings_is_described_once() {
    let report = text(&sample(false), TextOptions::default());
    assert_eq!(report.matches("The column becomes text, with every value in").count(), 1);
    assert!(report.contains("and 3 more: --all"));
    let all = text(&sample(false), TextOptions { all: true, ..TextOptions::default() });
    assert!(!all.contains("--all") && all.contains("settings.extra_1 "));
}
