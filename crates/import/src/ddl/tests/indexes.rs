use super::*;

fn index(sql: &str) -> (Vec<String>, Vec<String>) {
    let table = "CREATE TABLE t (a TEXT, b INTEGER, c JSON, d TEXT COLLATE NOCASE, e INTEGER UNIQUE)";
    let made = make(&format!("{table};\n{sql}"));
    let statements = made.of(StatementKind::Index).into_iter().map(str::to_owned).collect();
    (statements, made.rules().into_iter().map(str::to_owned).collect())
}

fn one(sql: &str, expected: &str, rules: &[&str]) {
    let (statements, found) = index(sql);
    assert_eq!(statements, [expected], "{sql}");
    assert_eq!(found, rules, "{sql}");
}

fn none(sql: &str, rule: &str) {
    assert_eq!(index(sql), (Vec::new(), vec![rule.to_owned()]), "{sql}");
}

#[test]
fn indexes_keep_their_terms_directions_and_condition() {
    one("CREATE INDEX i ON t (a, b DESC)", "CREATE INDEX \"i\" ON \"public\".\"t\" (\"a\", \"b\" DESC)", &[]);
    one("CREATE UNIQUE INDEX i ON t (a)", "CREATE UNIQUE INDEX \"i\" ON \"public\".\"t\" (\"a\")", &[]);
    one(
        "CREATE UNIQUE INDEX i ON t (e) WHERE b > 0",
        "CREATE UNIQUE INDEX \"i\" ON \"public\".\"t\" (\"e\") WHERE (\"b\" > 0)",
        &[],
    );
}

#[test]
fn collations_become_expressions() {
    one(
        "CREATE INDEX i ON t (d)",
        "CREATE INDEX \"i\" ON \"public\".\"t\" (lower(\"d\" COLLATE \"C\"))",
        &["index/collation"],
    );
    one("CREATE INDEX i ON t (d COLLATE BINARY)", "CREATE INDEX \"i\" ON \"public\".\"t\" (\"d\")", &[]);
    one(
        "CREATE UNIQUE INDEX i ON t (a COLLATE nocase)",
        "CREATE UNIQUE INDEX \"i\" ON \"public\".\"t\" (lower(\"a\" COLLATE \"C\"))",
        &["key/nocase"],
    );
    one(
        "CREATE INDEX i ON t (a COLLATE german)",
        "CREATE INDEX \"i\" ON \"public\".\"t\" (\"a\")",
        &["index/collation"],
    );
}

#[test]
fn an_index_of_a_key_is_not_created_again() {
    none("CREATE INDEX i ON t (e)", "index/duplicate");
    none("CREATE UNIQUE INDEX i ON t (e DESC)", "index/duplicate");
    one("CREATE INDEX i ON t (e, b)", "CREATE INDEX \"i\" ON \"public\".\"t\" (\"e\", \"b\")", &[]);
}

#[test]
fn an_index_in_mixed_directions_is_another() {
    let (statements, rules) = index("CREATE UNIQUE INDEX i ON t (a, b);\nCREATE INDEX j ON t (a, b DESC)");
    assert_eq!((statements.len(), rules.len()), (2, 0));
    let (statements, rules) = index("CREATE UNIQUE INDEX i ON t (a, b DESC);\nCREATE INDEX j ON t (a, b)");
    assert_eq!((statements.len(), rules.len()), (2, 0));
}

#[test]
fn what_postgresql_cannot_index_is_named() {
    none("CREATE INDEX i ON t (b, c)", "index/no-order");
    none("CREATE INDEX i ON t (nobody_knows(a))", "index/not-carried");
    none("CREATE INDEX i ON t (a) WHERE nobody_knows(a)", "index/not-carried");
}

#[test]
fn an_index_over_a_column_that_is_skipped_is_named() {
    let sql = "CREATE TABLE t (a TEXT, b INTEGER);\nCREATE INDEX i ON t (a, b)";
    let made = make_with(sql, &DdlOptions::default(), |_, conversion| leave_out(conversion, "b"));
    assert!(made.of(StatementKind::Index).is_empty());
    assert_eq!(made.rules(), ["index/not-carried"]);
}

#[test]
fn an_index_of_long_values_is_a_hash_index() {
    let options = DdlOptions { long_values: vec![("t".to_owned(), "a".to_owned())], ..DdlOptions::default() };
    let sql = "CREATE TABLE t (a TEXT, b INTEGER);\nCREATE INDEX i ON t (a);\nCREATE INDEX j ON t (a, b)";
    let made = make_with(sql, &options, |_, _| {});
    assert_eq!(
        made.of(StatementKind::Index),
        [
            "CREATE INDEX \"i\" ON \"public\".\"t\" USING hash (\"a\")",
            "CREATE INDEX \"j\" ON \"public\".\"t\" (\"a\", \"b\")"
        ]
    );
    assert_eq!(made.rules(), ["index/long-values", "index/long-values"]);
}

#[test]
fn a_full_text_table_becomes_an_index_if_requested() {
    let sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, \"a\"\"b\" TEXT, c TEXT, d TEXT);
CREATE VIRTUAL TABLE f USING fts5(\"a\"\"b\", c UNINDEXED, d, content='t', content_rowid='id')";
    let made = make(sql);
    assert_eq!(made.rules(), ["full-text/not-carried"]);
    let options = DdlOptions { full_text: true, ..DdlOptions::default() };
    let made = make_with(sql, &options, |_, _| {});
    assert_eq!(
        made.of(StatementKind::Index),
        ["CREATE INDEX \"f\" ON \"public\".\"t\" USING gin \
          (to_tsvector('simple', coalesce(\"a\"\"b\", '') || ' ' || coalesce(\"d\", '')))"]
    );
    assert_eq!(made.rules(), ["full-text/as-index"]);
}

#[test]
fn a_full_text_table_without_a_table_of_text_is_named() {
    let options = DdlOptions { full_text: true, ..DdlOptions::default() };
    for arguments in ["a", "a, content=''", "a, content='missing'", "b, content=t", "missing, content=t"] {
        let sql =
            format!("CREATE TABLE t (a TEXT, b INTEGER);\nCREATE VIRTUAL TABLE f USING fts5({arguments})");
        let made = make_with(&sql, &options, |_, _| {});
        assert_eq!(made.rules(), ["full-text/not-carried"], "{arguments}");
        assert!(made.of(StatementKind::Index).is_empty(), "{arguments}");
    }
}
