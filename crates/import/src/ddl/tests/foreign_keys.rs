use super::*;

fn keys(sql: &str) -> (Vec<String>, Vec<String>) {
    let made = make(sql);
    let statements = made.of(StatementKind::ForeignKey).into_iter().map(str::to_owned).collect();
    (statements, made.rules().into_iter().map(str::to_owned).collect())
}

fn refused(sql: &str, rule: &str) {
    assert_eq!(keys(sql), (Vec::new(), vec![rule.to_owned()]), "{sql}");
}

const PARENT: &str =
    "CREATE TABLE p (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, u UUID UNIQUE, UNIQUE (a, b))";

#[test]
fn actions_names_and_deferral_are_kept() {
    let (statements, rules) = keys(&format!(
        "{PARENT};
CREATE TABLE c (p INTEGER REFERENCES p ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED, a INTEGER, \
         b TEXT, CONSTRAINT both FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE RESTRICT ON UPDATE SET DEFAULT)"
    ));
    assert_eq!(
        statements,
        [
            "ALTER TABLE \"public\".\"c\" ADD CONSTRAINT \"c_p_fkey\" FOREIGN KEY (\"p\") REFERENCES \
             \"public\".\"p\" (\"id\") ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE \"public\".\"c\" ADD CONSTRAINT \"both\" FOREIGN KEY (\"a\", \"b\") REFERENCES \
             \"public\".\"p\" (\"a\", \"b\") ON DELETE RESTRICT ON UPDATE SET DEFAULT"
        ]
    );
    assert!(rules.is_empty());
}

#[test]
fn a_unique_index_is_something_to_refer_to_but_not_one_in_part() {
    let sql = "CREATE TABLE p (a INTEGER);\nCREATE TABLE c (a INTEGER REFERENCES p (a))";
    let (statements, _) = keys(&format!("{sql};\nCREATE UNIQUE INDEX i ON p (a)"));
    assert_eq!(statements.len(), 1);
    refused(&format!("{sql};\nCREATE UNIQUE INDEX i ON p (a) WHERE a > 0"), "foreign-key/nothing-unique");
    refused(&format!("{sql};\nCREATE INDEX i ON p (a)"), "foreign-key/nothing-unique");
    refused(&format!("{sql};\nCREATE UNIQUE INDEX i ON p (a, a)"), "foreign-key/nothing-unique");
}

#[test]
fn types_that_postgresql_does_not_compare_are_named() {
    refused(&format!("{PARENT};\nCREATE TABLE c (u TEXT REFERENCES p (u))"), "foreign-key/types-differ");
    refused(&format!("{PARENT};\nCREATE TABLE c (u DECIMAL(10,2) REFERENCES p)"), "foreign-key/types-differ");
    let (statements, _) =
        keys(&format!("{PARENT};\nCREATE TABLE c (p int REFERENCES p, u UUID REFERENCES p (u))"));
    assert_eq!(statements.len(), 2);
}

#[test]
fn what_cannot_hold_is_named() {
    refused("CREATE TABLE c (p INTEGER REFERENCES missing)", "foreign-key/problem");
    let twice = "CREATE TABLE c (a INTEGER, FOREIGN KEY (a, a) REFERENCES p (id, a))";
    refused(&format!("{PARENT};\n{twice}"), "foreign-key/not-carried");
    let generated = "CREATE TABLE c (a INTEGER, g INTEGER AS (a + 1) STORED REFERENCES p ON DELETE SET NULL)";
    refused(&format!("{PARENT};\n{generated}"), "foreign-key/not-carried");
}

#[test]
fn skipped_objects_skip_their_foreign_keys() {
    let sql = format!("{PARENT};\nCREATE TABLE c (p INTEGER REFERENCES p)");
    let options = DdlOptions::default();
    let made = make_with(&sql, &options, |_, conversion| {
        conversion.tables.remove(0);
    });
    assert_eq!(made.rules(), ["foreign-key/left-out"]);
    let made = make_with(&sql, &options, |_, conversion| leave_out(conversion, "id"));
    assert_eq!(made.rules(), ["key/not-carried", "foreign-key/left-out"]);
    let made = make_with(&sql, &options, |_, conversion| leave_out(conversion, "p"));
    assert_eq!(made.rules(), ["foreign-key/left-out"]);
}

#[test]
fn a_key_with_orphans_is_added_not_valid() {
    let options = DdlOptions { orphans_not_valid: vec![("C".to_owned(), 1)], ..DdlOptions::default() };
    let sql = format!("{PARENT};\nCREATE TABLE c (a INTEGER REFERENCES p, b INTEGER REFERENCES p)");
    let made = make_with(&sql, &options, |_, _| {});
    let ends: Vec<bool> =
        made.of(StatementKind::ForeignKey).iter().map(|sql| sql.ends_with(" NOT VALID")).collect();
    assert_eq!(ends, [false, true]);
}

#[test]
fn a_reference_without_case_is_not_valid_and_has_something_to_refer_to() {
    let sql = "CREATE TABLE p (a TEXT COLLATE NOCASE UNIQUE);\nCREATE TABLE c (a TEXT REFERENCES p (a))";
    let made = make(sql);
    assert!(made.of(StatementKind::ForeignKey)[0].ends_with("REFERENCES \"public\".\"p\" (\"a\") NOT VALID"));
    assert!(made.of(StatementKind::Key)[0].ends_with("\"p_a_key1\" UNIQUE (\"a\")"));
    assert!(made.of(StatementKind::Index)[0].starts_with("CREATE UNIQUE INDEX \"p_a_key\""));
    assert_eq!(made.rules(), ["key/nocase", "foreign-key/collation"]);
}

#[test]
fn citext_refers_to_citext_but_text_does_not() {
    let options = DdlOptions { nocase: NoCase::Citext, ..DdlOptions::default() };
    let parent = "CREATE TABLE p (a TEXT COLLATE NOCASE UNIQUE)";
    let same = format!("{parent};\nCREATE TABLE c (a TEXT COLLATE NOCASE REFERENCES p (a))");
    let made = make_with(&same, &options, |_, _| {});
    assert!(made.of(StatementKind::ForeignKey)[0].ends_with("(\"a\")"));
    let other = format!("{parent};\nCREATE TABLE c (a TEXT REFERENCES p (a))");
    let made = make_with(&other, &options, |_, _| {});
    assert!(made.of(StatementKind::ForeignKey).is_empty());
    assert_eq!(made.rules(), ["key/citext", "foreign-key/types-differ"]);
}

#[test]
fn a_table_refers_to_itself_and_tables_in_a_circle() {
    let (statements, rules) = keys(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, up INTEGER REFERENCES a, b INTEGER REFERENCES b);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a)",
    );
    assert_eq!((statements.len(), rules.len()), (3, 0));
}
