use super::*;

#[test]
fn a_primary_key_of_several_columns_is_kept_in_its_order() {
    let made = make("CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID");
    assert_eq!(
        made.of(StatementKind::Key),
        ["ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_pkey\" PRIMARY KEY (\"b\", \"a\")"]
    );
    assert!(made.rules().is_empty());
}

#[test]
fn a_primary_key_with_null_is_unique_instead() {
    let made = make_with("CREATE TABLE t (a TEXT PRIMARY KEY)", &DdlOptions::default(), |_, conversion| {
        change_column(conversion, "a", |column| column.not_null = false);
    });
    assert_eq!(
        made.of(StatementKind::Key),
        ["ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_a_key\" UNIQUE (\"a\")"]
    );
    assert_eq!(made.rules(), ["key/null-in-primary-key"]);
}

#[test]
fn a_column_twice_in_a_key_is_there_once() {
    let made = make("CREATE TABLE t (a INTEGER, b INTEGER, UNIQUE (a, b, a))");
    assert!(made.of(StatementKind::Key)[0].ends_with("UNIQUE (\"a\", \"b\")"));
}

#[test]
fn uniqueness_without_case_is_kept_by_an_index() {
    let made = make("CREATE TABLE t (a TEXT COLLATE NOCASE, b INTEGER, CONSTRAINT one UNIQUE (a, b))");
    assert!(made.of(StatementKind::Key).is_empty());
    assert_eq!(
        made.of(StatementKind::Index),
        ["CREATE UNIQUE INDEX \"one\" ON \"public\".\"t\" (lower(\"a\" COLLATE \"C\"), \"b\")"]
    );
    assert_eq!(made.rules(), ["key/nocase"]);
}

#[test]
fn a_primary_key_without_case_is_both() {
    let made = make("CREATE TABLE t (a TEXT PRIMARY KEY COLLATE NOCASE)");
    assert!(made.of(StatementKind::Key)[0].ends_with("\"t_pkey\" PRIMARY KEY (\"a\")"));
    assert_eq!(
        made.of(StatementKind::Index),
        ["CREATE UNIQUE INDEX \"t_a_key\" ON \"public\".\"t\" (lower(\"a\" COLLATE \"C\"))"]
    );
}

#[test]
fn citext_keeps_a_constraint_and_is_named() {
    let options = DdlOptions { nocase: NoCase::Citext, ..DdlOptions::default() };
    let made = make_with(
        "CREATE TABLE t (a TEXT COLLATE NOCASE UNIQUE, b varchar(40) COLLATE NOCASE UNIQUE);
         CREATE UNIQUE INDEX t_a ON t (a COLLATE BINARY)",
        &options,
        |_, _| {},
    );
    assert_eq!(
        made.of(StatementKind::Key),
        ["ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_a_key\" UNIQUE (\"a\")"]
    );
    assert_eq!(
        made.of(StatementKind::Index),
        [
            "CREATE UNIQUE INDEX \"t_b_key\" ON \"public\".\"t\" (lower(\"b\" COLLATE \"C\"))",
            "CREATE UNIQUE INDEX \"t_a\" ON \"public\".\"t\" ((\"a\"::text))"
        ]
    );
    assert_eq!(made.rules(), ["key/citext", "key/nocase"]);
}

#[test]
fn uniqueness_without_spaces_at_the_end_is_kept_by_an_index() {
    let made = make("CREATE TABLE t (a TEXT COLLATE RTRIM UNIQUE)");
    assert_eq!(
        made.of(StatementKind::Index),
        ["CREATE UNIQUE INDEX \"t_a_key\" ON \"public\".\"t\" (rtrim(\"a\", ' '))"]
    );
    assert_eq!(made.rules(), ["key/rtrim"]);
}

#[test]
fn a_collation_of_the_application_is_named_and_compared_by_bytes() {
    let made = make("CREATE TABLE t (a TEXT COLLATE german UNIQUE)");
    assert!(made.of(StatementKind::Key)[0].ends_with("UNIQUE (\"a\")"));
    assert_eq!(made.rules(), ["key/unknown-collation"]);
}

#[test]
fn collations_of_columns_that_are_not_text_mean_nothing() {
    let made = make("CREATE TABLE t (a INTEGER COLLATE NOCASE UNIQUE)");
    assert!(made.of(StatementKind::Key)[0].ends_with("UNIQUE (\"a\")"));
    assert!(made.rules().is_empty());
}

#[test]
fn json_is_unique_as_text_and_jsonb_as_json() {
    let made = make("CREATE TABLE t (a JSON UNIQUE, b JSONB UNIQUE)");
    assert_eq!(
        made.of(StatementKind::Index),
        ["CREATE UNIQUE INDEX \"t_a_key\" ON \"public\".\"t\" ((\"a\"::text))"]
    );
    assert!(made.of(StatementKind::Key)[0].ends_with("\"t_b_key\" UNIQUE (\"b\")"));
    assert_eq!(made.rules(), ["key/json-text", "key/coarser-equality"]);
}

#[test]
fn a_duplicate_key_is_created_once() {
    let made =
        make("CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER, UNIQUE (a), UNIQUE (b, a), UNIQUE (a, b))");
    assert_eq!(made.of(StatementKind::Key).len(), 3);
    assert_eq!(made.rules(), ["key/duplicate"]);
}

#[test]
fn a_key_over_a_column_that_is_skipped_is_named() {
    let made = make_with(
        "CREATE TABLE t (a INTEGER, b INTEGER, PRIMARY KEY (a, b), UNIQUE (b))",
        &DdlOptions::default(),
        |_, conversion| leave_out(conversion, "b"),
    );
    assert!(made.of(StatementKind::Key).is_empty());
    assert_eq!(made.rules(), ["key/not-carried", "key/not-carried"]);
    assert_eq!(made.findings[1].object.as_deref(), Some("UNIQUE (b)"));
}

#[test]
fn a_key_of_more_columns_than_postgresql_has_is_named() {
    let names: Vec<String> = (0..33).map(|place| format!("c{place}")).collect();
    let sql = |count: usize| {
        format!("CREATE TABLE t ({}, UNIQUE ({}))", names.join(", "), names[..count].join(", "))
    };
    let untyped = "key/coarser-equality";
    let made = make(&sql(32));
    assert_eq!(made.of(StatementKind::Key).len(), 1);
    assert!(made.rules().iter().all(|rule| *rule == untyped));
    let made = make(&sql(33));
    assert!(made.of(StatementKind::Key).is_empty());
    assert_eq!(made.rules(), ["key/not-carried"]);
}

#[test]
fn a_key_of_long_values_is_kept_by_hash() {
    let options = DdlOptions { long_values: vec![("t".to_owned(), "A".to_owned())], ..DdlOptions::default() };
    let made = make_with("CREATE TABLE t (a TEXT UNIQUE, b TEXT UNIQUE)", &options, |_, _| {});
    assert_eq!(
        made.of(StatementKind::Key),
        [
            "ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_a_key\" EXCLUDE USING hash (\"a\" WITH =)",
            "ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_b_key\" UNIQUE (\"b\")"
        ]
    );
    assert_eq!(made.rules(), ["key/long-values"]);
}
