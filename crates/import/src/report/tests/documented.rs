//! Compares `docs/assessment.md` with the JSON, and the page's policy with its style sheet.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::html;
use super::sample::sample;

/// The names of all fields, at any depth.
fn fields(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                found.insert(name.clone());
                fields(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_document_describes_every_field_and_no_other() {
    let mut expected = BTreeSet::new();
    fields(&serde_json::to_value(sample(false)).expect("an assessment is JSON"), &mut expected);
    let document = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/assessment.md");
    let document = std::fs::read_to_string(document).expect("read docs/assessment.md");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let described: BTreeSet<String> = rows.map(|(field, _)| field.to_owned()).collect();
    assert_eq!(described, expected);
}

#[test]
fn the_policy_allows_the_style_sheet_of_the_page_and_nothing_else() {
    let page = html(&sample(false));
    let style = page
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"))
        .expect("there is a style");
    let digest = base64(&Sha256::digest(style.0.as_bytes()));
    let policy = format!(
        "content=\"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\""
    );
    assert!(page.contains(&policy), "the digest of the style sheet is {digest}");
    assert!(!style.0.contains("url(") && !page.contains(" style=\"") && !page.contains("<script"));
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            (0..3).fold(0_usize, |bits, index| bits << 8 | chunk.get(index).copied().map_or(0, usize::from));
        for position in 0..4 {
            let digit = alphabet.get(bits >> (18 - 6 * position) & 63).copied().unwrap_or('=');
            text.push(if position <= chunk.len() { digit } else { '=' });
        }
    }
    text
}
