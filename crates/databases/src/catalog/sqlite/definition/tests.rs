use proptest::prelude::*;

use super::*;

fn print(tokens: &[Token]) -> String {
    parse(tokens).to_string()
}

#[test]
fn clauses_are_found_where_they_are_meant() {
    let text = TableText::parse(
        "CREATE TABLE \"odd (name\" (
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- CHECK (comment)
            [check] TEXT DEFAULT ('CHECK (text)') CHECK (\"check\" <> ')' /* ) */),
            a INTEGER REFERENCES t (id) NOT NULL DEFERRABLE INITIALLY DEFERRED,
            b INTEGER REFERENCES t NOT DEFERRABLE CHECK (b > 0) CHECK (b < 9),
            c TEXT COLLATE NOCASE,
            d TEXT COLLATE binary,
            e INTEGER GENERATED ALWAYS AS (a + 1) STORED,
            f INTEGER NOT NULL ON CONFLICT IGNORE,
            FOREIGN KEY (a, b) REFERENCES u (x, y) DEFERRABLE,
            CONSTRAINT one CHECK (a <> b) CHECK (a < 7)
        ) STRICT",
    );
    let checks: Vec<String> = text.checks.iter().map(|check| print(check)).collect();
    assert_eq!(checks, ["check <> ')'", "b > 0", "b < 9", "a <> b", "a < 7"]);
    assert_eq!(text.deferrals, [Deferral::Deferred, Deferral::Never, Deferral::Immediate]);
    let unusual: Vec<String> =
        text.unusual.iter().map(|(column, clause)| format!("{column} {clause}")).collect();
    assert_eq!(unusual, ["c COLLATE NOCASE", "e GENERATED ALWAYS AS (a + 1)", "f ON CONFLICT IGNORE"]);
    assert!(text.autoincrement);
}

#[test]
fn index_parts_and_predicate_are_split() {
    let text = IndexText::parse("CREATE INDEX \"i(\" ON t (a, substr(b, 1) DESC) WHERE c IN ('x', ')')");
    let parts: Vec<String> = text.parts.iter().map(|part| print(part)).collect();
    assert_eq!(parts, ["a", "substr(b, 1)"]);
    assert_eq!(text.predicate.as_deref().map(print).as_deref(), Some("c IN ('x', ')')"));
}

#[test]
fn columns_are_told_from_functions() {
    let tokens = tokenize("LENGTH(Length) > \"date\" AND date(x) IS 'length'", Dialect::Sqlite);
    let (resolved, used) = resolve(&tokens, &["length", "date", "y"]);
    assert_eq!(used, ["date", "length"]);
    assert_eq!(print(&resolved), "length(length) > date AND date(x) IS 'length'");
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn no_text_panics(text in any::<String>()) {
        TableText::parse(&text);
        IndexText::parse(&text);
    }

    #[test]
    fn no_order_of_words_panics(words in prop::collection::vec(
        prop::sample::select(vec![
            "CREATE", "TABLE", "t", "(", ")", ",", "CHECK", "REFERENCES", "NOT", "DEFERRABLE", "INITIALLY",
            "DEFERRED", "COLLATE", "'", "\"", "[", "--", "/*", "\n", "WHERE", "DESC",
        ]), 0..60)
    ) {
        let text = words.join(" ");
        TableText::parse(&text);
        IndexText::parse(&text);
    }
}
