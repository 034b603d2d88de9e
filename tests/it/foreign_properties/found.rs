//! Failures that the properties found, each with the smallest database that shows it.

use super::Scene;

#[track_caller]
fn holds(statements: &[&str]) {
    let statements: Vec<String> = statements.iter().map(|sql| (*sql).to_owned()).collect();
    if let Err(error) = Scene::new().check(&statements) {
        panic!("{error}");
    }
}

#[test]
fn identity_values_continue_after_a_rejected_row() {
    holds(&[
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES (1, 'a'), (7, 'a' || char(0))",
    ]);
}

#[test]
fn tables_may_be_named_as_those_of_the_catalog() {
    holds(&["CREATE TABLE pg_class (id INTEGER PRIMARY KEY, v)", "INSERT INTO pg_class VALUES (3, 'a')"]);
}

#[test]
fn keys_of_orphans_need_not_be_well_formed_text() {
    holds(&[
        "CREATE TABLE p (k TEXT PRIMARY KEY)",
        "CREATE TABLE c (k TEXT PRIMARY KEY REFERENCES p) WITHOUT ROWID",
        "INSERT INTO c VALUES (CAST(x'61c3' AS TEXT)), ('b')",
    ]);
}

#[test]
fn generated_columns_that_are_not_computed_have_the_values_of_the_source() {
    holds(&[
        "CREATE TABLE t (a, b TEXT GENERATED ALWAYS AS (a > 1) STORED, c GENERATED ALWAYS AS (printf('%d', a)))",
        "INSERT INTO t (a) VALUES (1), (-4), (5)",
    ]);
}

#[test]
fn generated_columns_are_computed_only_where_the_values_are_those_of_the_source() {
    holds(&[
        "CREATE TABLE t (a, b GENERATED ALWAYS AS (typeof(a)) STORED, c GENERATED ALWAYS AS (substr(a, 1, 2)) STORED)",
        "INSERT INTO t (a) VALUES (x'00ff'), ('text'), (1.5e-9)",
        "CREATE TABLE u (id INTEGER PRIMARY KEY, b NUMERIC GENERATED ALWAYS AS (-id) STORED)",
        "INSERT INTO u (id) VALUES (-9223372036854775807 - 1), (3)",
        "CREATE TABLE v (a TEXT, b NUMERIC GENERATED ALWAYS AS (substr(a, 1, 2)) STORED)",
        "INSERT INTO v (a) VALUES ('12'), ('1.x'), ('-0'), ('07'), ('ab')",
    ]);
}
