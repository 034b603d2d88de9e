use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;

fn document() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules.md")
}

#[test]
fn ids_are_unique_and_sorted() {
    let ids: Vec<&str> = all().map(|rule| rule.id).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert!(!ids.is_empty());
    assert_eq!(ids, unique.into_iter().collect::<Vec<_>>());
}

/// Without this, a rule that is missing in the list of its module could be raised without being documented.
#[test]
fn every_rule_is_in_the_list_of_its_module() {
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/rules")];
    let mut defined = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("src/rules exists") {
            let path = entry.expect("entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let text = std::fs::read_to_string(&path).expect("readable");
                    defined += text.matches(concat!(": Rule = Rule", " {")).count();
                }
            }
        }
    }
    assert_eq!(defined, all().count());
}

#[test]
fn anchors_of_the_document_are_unique() {
    let anchors: BTreeSet<String> = all().map(|rule| rule.id.replace('/', "")).collect();
    assert_eq!(anchors.len(), all().count());
}

#[test]
fn an_id_is_an_area_and_a_few_words() {
    let is_word = |part: &str| {
        let edges = part.starts_with('-') || part.ends_with('-') || part.contains("--");
        !part.is_empty()
            && !edges
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    for rule in all() {
        let (area, what) = rule.id.split_once('/').unwrap_or_default();
        assert!(is_word(area) && is_word(what), "`{}` is not area/what", rule.id);
    }
}

#[test]
fn texts_are_complete_and_formatted() {
    for rule in all() {
        for text in [rule.what, rule.by_default, rule.change] {
            let id = rule.id;
            assert!(!text.trim().is_empty(), "{id}: a text is empty");
            assert_eq!(text, text.trim(), "{id}: a text has leading or trailing spaces");
            assert!(!text.ends_with(['.', ';', ':', ',']), "{id}: `{text}` ends with punctuation");
            assert!(
                !text.contains("  ") && !text.contains('\n'),
                "{id}: `{text}` has a double space or a line feed"
            );
            assert!(!text.chars().any(char::is_control), "{id}: `{text}` has a control character");
            assert!(text.len() <= 400, "{id}: `{text}` is too long for a report");
            assert_eq!(text.matches('`').count() % 2, 0, "{id}: `{text}` has an open code span");
            let begin = text.chars().next().unwrap_or_default();
            assert!(
                begin.is_uppercase() || begin == '`',
                "{id}: `{text}` does not start with a capital letter or a code span"
            );
        }
    }
}

#[test]
fn the_document_lists_exactly_the_rules() {
    let written = std::fs::read_to_string(document()).expect("docs/rules.md exists");
    assert!(
        written.replace("\r\n", "\n") == markdown(),
        "docs/rules.md is outdated: run cargo test --workspace --lib write_the_rules_document -- --ignored"
    );
}

#[test]
#[ignore = "writes docs/rules.md"]
fn write_the_rules_document() {
    std::fs::write(document(), markdown()).expect("write docs/rules.md");
}
