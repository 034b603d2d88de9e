use diesel::dsl::sql;
use diesel::sql_types::Bool;
use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection};
use proptest::prelude::*;

use super::tokens::render;
use super::*;

fn sqlite(text: &str) -> String {
    parse(&tokenize(text, Dialect::Sqlite)).to_string()
}

fn postgres(text: &str) -> String {
    parse(&tokenize(text, Dialect::Postgres)).to_string()
}

#[test]
fn both_backends_print_the_same() {
    for (written, printed, one_form) in [
        (
            "status = 'approved' AND NOT uploaded",
            "((status = 'approved'::text) AND (NOT uploaded))",
            "status = 'approved' AND NOT uploaded",
        ),
        (
            "(bill_id IS NULL) <> (milestone_id IS NULL)",
            "((bill_id IS NULL) <> (milestone_id IS NULL))",
            "(bill_id IS NULL) <> (milestone_id IS NULL)",
        ),
        ("a IN ('x', 'it''s')", "(a = ANY (ARRAY['x'::text, 'it''s'::text]))", "a IN ('x', 'it''s')"),
        ("a NOT IN (1, 2)", "(a <> ALL (ARRAY[1, 2]))", "a NOT IN (1, 2)"),
        ("a in (1)", "(a = 1)", "a = 1"),
        (
            "position BETWEEN 1 AND 9",
            "((\"position\" >= 1) AND (\"position\" <= 9))",
            "position >= 1 AND position <= 9",
        ),
        ("x > -1.50", "(x > ('-1.5'::numeric)::double precision)", "x > -1.5"),
        ("x > 1e3", "(x > (1000)::numeric)", "x > 1000"),
        ("a IS NOT NULL", "(NOT (a IS NULL))", "a IS NOT NULL"),
        ("a IS b", "(NOT (a IS DISTINCT FROM b))", "a IS b"),
        ("a + 2 * b > 3", "((a + (2 * b)) > 3)", "(a + (2 * b)) > 3"),
        ("a = 1 OR b = 2 AND c", "((a = 1) OR ((b = 2) AND c))", "a = 1 OR (b = 2 AND c)"),
        ("NOT a = 1", "(NOT (a = 1))", "NOT (a = 1)"),
        ("a NOT LIKE 'x%'", "(NOT (a LIKE 'x%'::text))", "a NOT LIKE 'x%'"),
        ("a || b <> 'x'", "((a || b) <> 'x'::text)", "(a || b) <> 'x'"),
        ("\"Odd\" == 1", "(\"Odd\" = 1)", "\"Odd\" = 1"),
        ("length(a) != 3", "(length((a)::text) <> 3)", "length(a) <> 3"),
        ("CAST(a AS INTEGER) > 1", "((a)::integer > 1)", "CAST(a AS integer) > 1"),
        ("a < '24:00:00'", "(a < '24:00:00'::time(3) without time zone)", "a < '24:00:00'"),
    ] {
        assert_eq!(sqlite(written), one_form, "{written}");
        assert_eq!(postgres(printed), one_form, "{printed}");
    }
}

#[test]
fn what_is_not_understood_stays_text() {
    assert_eq!(sqlite("CASE  WHEN a\n THEN 'x  y' END"), "CASE WHEN a THEN 'x  y' END");
    assert_eq!(sqlite("a +"), "a +");
    assert_eq!(sqlite("(SELECT 1)"), "( SELECT 1 )");
    assert_eq!(sqlite(""), "");
}

#[test]
fn casts_that_change_something_stay() {
    assert_eq!(postgres("(a)::integer = 1"), "CAST(a AS integer) = 1");
    assert_eq!(postgres("array_position(a, NULL::real) IS NULL"), "array_position(a, NULL) IS NULL");
    assert_eq!(postgres("a <> 'NaN'::numeric"), "a <> 'NaN'");
}

#[test]
fn quotes_comments_and_brackets_are_read_as_each_backend_does() {
    let tokens = tokenize("a--b\n/* c */'d''e' \"f\"\"g\" [h i] `j` 1.5e-3 <>", Dialect::Sqlite);
    assert_eq!(
        tokens,
        [
            Token::Word("a".to_owned()),
            Token::Text("d'e".to_owned()),
            Token::Quoted("f\"g".to_owned()),
            Token::Quoted("h i".to_owned()),
            Token::Quoted("j".to_owned()),
            Token::Number("1.5e-3".to_owned()),
            Token::Symbol("<>".to_owned()),
        ]
    );
    assert_eq!(render(&tokenize("a[1]", Dialect::Postgres)), "a [ 1 ]");
}

#[test]
fn numbers_have_one_spelling() {
    for (left, right) in
        [("007", "7"), ("1.0", "1"), ("1.50", "1.5"), ("1e2", "100"), ("-0", "0"), ("-0.0", "0")]
    {
        assert_eq!(sqlite(left), sqlite(right), "{left}");
    }
    assert_ne!(sqlite("99999999999999"), sqlite("99999999999998"));
}

#[test]
fn deep_and_long_expressions_end() {
    let deep = format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(sqlite(&deep).starts_with("( ( ("));
    for operator in [" + ", " AND ", " BETWEEN 1 AND ", "::"] {
        let long = vec!["a"; 100_000].join(operator);
        assert!(!postgres(&long).is_empty());
    }
    let long_list = format!("a IN ({})", vec!["1"; 10_000].join(","));
    assert!(matches!(parse(&tokenize(&long_list, Dialect::Sqlite)), Expression::In(..)));
}

fn operand() -> impl Strategy<Value = String> {
    let prefix = prop::sample::select(vec!["", "", "", "NOT ", "- ", "~ "]);
    let value = prop::sample::select(vec![
        "a",
        "b",
        "c",
        "1",
        "2.50",
        "'x'",
        "NULL",
        "abs(a)",
        "(a < b)",
        "(a OR b = 1)",
        "CAST(a AS integer)",
    ]);
    (prefix, value).prop_map(|(prefix, value)| format!("{prefix}{value}"))
}

fn operator() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "=",
        "==",
        "<>",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "%",
        "||",
        "&",
        "<<",
        "AND",
        "OR",
        "IS",
        "IS NOT",
        "GLOB",
        "NOT LIKE",
        "ISNULL AND",
        "NOT NULL =",
        "IN (1, 2) OR",
        "NOT IN ('x', a) <",
        "BETWEEN 0 AND",
        "IS NOT DISTINCT FROM",
    ])
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn no_text_panics(text in any::<String>()) {
        sqlite(&text);
        postgres(&text);
    }

    #[test]
    fn no_order_of_words_panics(words in prop::collection::vec(
        prop::sample::select(vec![
            "a", "'x'", "1", "1.5", "(", ")", "[", "]", ",", "NOT", "AND", "OR", "IS", "NULL", "IN", "BETWEEN",
            "LIKE", "COLLATE", "CAST", "AS", "ARRAY", "ANY", "::", "-", "=", "<>", "DISTINCT", "FROM", "x",
            "timestamp", "with", "time", "zone", "'", "\"", "/*", "--", "\n", "\u{e9}", "\0",
        ]), 0..40)
    ) {
        let text = words.join(" ");
        sqlite(&text);
        postgres(&text);
    }

    /// SQLite itself is the reference for operator precedence.
    #[test]
    fn the_one_form_means_the_same(
        first in operand(),
        rest in prop::collection::vec((operator(), operand()), 1..8),
        values in prop::collection::vec(prop::sample::select(vec!["NULL", "0", "1", "2", "-3", "'x'"]), 3),
    ) {
        let written: String = rest.iter().fold(first, |text, (operator, operand)| format!("{text} {operator} {operand}"));
        let one_form = sqlite(&written);
        // BETWEEN is not expanded if its operand is too large to be duplicated.
        let text = matches!(parse(&tokenize(&written, Dialect::Sqlite)), Expression::Raw(_));
        prop_assert!(!text || written.contains("BETWEEN"), "{}", written);
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        let from = format!("(SELECT {} AS a, {} AS b, {} AS c)", values[0], values[1], values[2]);
        let same: bool = diesel::select(sql::<Bool>(&format!("(SELECT ({written}) IS ({one_form}) FROM {from})")))
            .get_result(&mut connection)
            .unwrap();
        prop_assert!(same, "{} | {}", written, one_form);
    }

    #[test]
    fn the_one_form_is_stable(words in prop::collection::vec(
        prop::sample::select(vec![
            "a", "'x'", "1", "(", ")", ",", "NOT", "AND", "OR", "IS", "NULL", "IN", "BETWEEN", "GLOB", "=", "-",
        ]), 0..20)
    ) {
        let tokens = tokenize(&words.join(" "), Dialect::Sqlite);
        let once = parse(&tokens).to_string();
        prop_assert_eq!(sqlite(&once), once);
    }
}
