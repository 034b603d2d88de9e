//! P6: placeholders are numbered in order, in every position, and nothing else of the text changes.

use proptest::prelude::*;

use super::super::{adapt, number_placeholders};

/// A part of a statement.
#[derive(Clone, Debug)]
enum Part {
    /// Text without placeholders.
    Fixed(String),
    /// `?`.
    Next,
    /// `?NNN`.
    Numbered(usize),
    /// `:name` and similar.
    Named(String),
}

fn inside() -> impl Strategy<Value = String> {
    "[a-z0-9?:@$ ,;é*/-]{0,12}"
}

/// Syntax that both databases share.
fn common_part() -> impl Strategy<Value = Part> {
    prop_oneof![
        inside().prop_map(|text| Part::Fixed(format!("'{text}''?'"))),
        inside().prop_map(|text| Part::Fixed(format!("1 -- {text}\n"))),
        inside().prop_map(|text| Part::Fixed(format!("/*{}*/ 1", text.replace(['*', '/'], "")))),
        Just(Part::Next),
        (1_usize..40).prop_map(Part::Numbered),
        "[:@$][a-c]{1,2}".prop_map(Part::Named),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        common_part(),
        inside().prop_map(|text| Part::Fixed(format!("\"{text}\"\"?\""))),
        inside().prop_map(|text| Part::Fixed(format!("`{text}`"))),
        inside().prop_map(|text| Part::Fixed(format!("[{text}]"))),
        Just(Part::Fixed("x'00'".to_owned())),
        Just(Part::Fixed("a$1".to_owned())),
    ]
}

/// The expected result, without the scanner: the parts are known, and nothing is searched.
fn model(parts: &[Part]) -> (String, String, Vec<(usize, Option<String>)>) {
    let mut largest = 0;
    let mut names: Vec<(String, usize)> = Vec::new();
    let mut order: Vec<(usize, Option<String>)> = Vec::new();
    let (mut source, mut target) = (Vec::new(), Vec::new());
    for part in parts {
        let (text, number, name) = match part {
            Part::Fixed(text) => {
                source.push(text.clone());
                target.push(text.clone());
                continue;
            }
            Part::Next => ("?".to_owned(), largest + 1, None),
            Part::Numbered(number) => (format!("?{number}"), *number, None),
            Part::Named(name) => {
                let known = names.iter().find(|(known, _)| known == name).map(|(_, number)| *number);
                let number = known.unwrap_or(largest + 1);
                if known.is_none() {
                    names.push((name.clone(), number));
                }
                (name.clone(), number, Some(name.clone()))
            }
        };
        largest = largest.max(number);
        let place = match order.iter().position(|(known, _)| *known == number) {
            Some(place) => place,
            None => {
                order.push((number, None));
                order.len() - 1
            }
        };
        if order[place].1.is_none() {
            order[place].1 = name;
        }
        source.push(text);
        target.push(format!("${}", place + 1));
    }
    (source.join(" , "), target.join(" , "), order)
}

const FRAGMENTS: &[&str] = &[
    "SELECT ",
    "FROM ",
    "t ",
    "a",
    "b ",
    "WHERE ",
    "(",
    ")",
    ",",
    "'",
    "\"",
    "`",
    "[",
    "]",
    "--",
    "/*",
    "*/",
    "\n",
    "?",
    "?1",
    ":x",
    "@y",
    "$z",
    "::",
    "??",
    ";",
    "=",
    "==",
    "||",
    "->>",
    "LIKE ",
    "GLOB ",
    "IN ",
    "NOT ",
    "NULL ",
    "CASE ",
    "WHEN ",
    "THEN ",
    "END ",
    "1",
    "1e",
    "0x",
    "x'",
    "INSERT INTO ",
    "VALUES ",
    "OR REPLACE ",
    "UPDATE ",
    "SET ",
    "ON CONFLICT ",
    "DO ",
    "NOTHING ",
    "substr(",
    "count(*)",
    "OVER ",
    "LIMIT ",
    "-1",
    "ORDER BY ",
    "é",
    "\0",
    "WITH ",
    "AS ",
    "JOIN ",
    "UNION ",
    "COLLATE ",
    "CAST(",
    "BETWEEN ",
    "AND ",
    "datetime('now')",
    "*",
    ".",
    "EXISTS ",
    "GROUP BY ",
];

proptest! {
    #![proptest_config(test_seed::config(512))]

    #[test]
    fn placeholders_become_numbers_and_nothing_else_changes(parts in prop::collection::vec(part(), 0..12)) {
        let (source, target, order) = model(&parts);
        let adapted = number_placeholders(&source).expect("numbered");
        prop_assert_eq!(&adapted.sql, &target);
        let parameters: Vec<_> = adapted.parameters.into_iter().map(|one| (one.number, one.name)).collect();
        prop_assert_eq!(parameters, order);
    }

    #[test]
    fn a_statement_in_which_only_placeholders_change_keeps_every_other_byte(
        parts in prop::collection::vec(common_part(), 1..12),
    ) {
        let (source, target, _) = model(&parts);
        let adapted = adapt(&format!("SELECT {source}"));
        prop_assert_eq!(adapted.expect("adapted").sql, format!("SELECT {target}"));
    }

    #[test]
    fn no_text_makes_it_panic(fragments in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..60)) {
        let text: String = fragments.concat().chars().take(200).collect();
        let _ = adapt(&text);
    }

    #[test]
    fn no_characters_make_it_panic(text in "\\PC{0,200}") {
        let _ = adapt(&text);
    }
}
