//! Malicious names in every report.

use proptest::prelude::*;

use super::sample::{HOSTILE, sample};
use super::{html, text};
use crate::finding::ImportFinding;
use crate::report::{Assessment, TextOptions};

/// An assessment in which every text of the file is `name`.
fn named(name: &str) -> Assessment {
    let mut assessment = sample(true);
    assessment.source = name.to_owned();
    assessment.program_version = name.to_owned();
    for table in &mut assessment.tables {
        name.clone_into(&mut table.source);
        name.clone_into(&mut table.target);
        for column in &mut table.columns {
            for text in
                [&mut column.source, &mut column.target, &mut column.declared_type, &mut column.target_type]
            {
                name.clone_into(text);
            }
            column.note = Some(name.to_owned());
        }
    }
    for statement in &mut assessment.statements {
        name.clone_into(&mut statement.sql);
    }
    for finding in &mut assessment.findings {
        let rule = finding.rule;
        *finding = ImportFinding::new(rule, Some(name), Some(name), name).with_rows(1, vec![name.to_owned()]);
    }
    assessment
}

/// The first tag that differs from a page with harmless names. Attributes are part of a tag: they contain no text of the
/// file.
fn strange_tag(page: &str) -> Option<String> {
    let harmless = html(&named("x y"));
    let (tags, expected) = (tags(page), tags(&harmless));
    let strange =
        tags.iter().zip(&expected).find(|(tag, expected)| tag != expected).map(|(tag, _)| (*tag).to_owned());
    strange.or_else(|| (tags.len() != expected.len()).then(|| format!("{} tags", tags.len())))
}

/// The tags of a page, without the text between them.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).map(|tag| tag.split_once('>').map_or(tag, |(tag, _)| tag)).collect()
}

#[test]
fn a_page_of_hostile_names_has_the_tags_of_one_of_harmless_names() {
    let hostile = html(&named(HOSTILE));
    assert!(hostile.contains("&lt;script&gt;"));
    assert_eq!(strange_tag(&hostile), None);
}

#[test]
fn a_terminal_gets_no_control_character_out_of_a_file() {
    let options = TextOptions { all: true, ..TextOptions::default() };
    let report = text(&sample(true), options);
    assert!(report.contains("\\u{202e}"), "the hostile name is in the report");
    assert!(!report.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'));
}

#[test]
fn an_endless_name_is_shortened_in_every_report_but_json() {
    let assessment = named(&"n".repeat(1 << 16));
    assert!(text(&assessment, TextOptions::default()).len() < 250_000);
    assert!(serde_json::to_string(&assessment).expect("an assessment is JSON").len() > 1 << 16);
}

#[test]
fn names_in_json_are_as_they_are() {
    let json = serde_json::to_string(&sample(false)).expect("an assessment is JSON");
    let read: serde_json::Value = serde_json::from_str(&json).expect("JSON can be read");
    let last = read["tables"].as_array().and_then(|tables| tables.last()).expect("there are tables");
    assert_eq!(last["source"], HOSTILE);
}

proptest! {
    #![proptest_config(test_seed::config(100))]

    #[test]
    fn no_name_makes_a_tag_or_moves_a_terminal(name in "([<>\"'&;/=! \n\u{1b}\u{202e}\u{0}-]|script|x|\\PC){1,30}") {
        let assessment = named(&format!(" {name}"));
        prop_assert_eq!(strange_tag(&html(&assessment)), None);
        let report = text(&assessment, TextOptions { all: true, ..TextOptions::default() });
        prop_assert!(!report.chars().any(|c| c.is_control() && c != '\n'));
        prop_assert_eq!(report.chars().filter(|c| *c == '\u{202e}').count(), 0);
    }
}
