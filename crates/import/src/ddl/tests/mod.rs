mod build;
mod foreign_keys;
mod indexes;
mod keys;
mod naming;
mod tables;
mod views;

use super::*;
use crate::conversion::StatementKind;
use crate::decisions::NoCase;
use crate::types::TargetType;

struct Made {
    statements: Vec<Statement>,
    findings: Vec<ImportFinding>,
}

fn make(sql: &str) -> Made {
    make_with(sql, &DdlOptions::default(), |_, _| {})
}

fn make_with(sql: &str, options: &DdlOptions, change: impl FnOnce(&mut Schema, &mut Conversion)) -> Made {
    let mut schema = build::schema(sql);
    let mut conversion = build::conversion(&schema);
    change(&mut schema, &mut conversion);
    let (statements, findings) = statements(&schema, &conversion, options);
    Made { statements, findings }
}

/// Removes a column from the conversion.
fn leave_out(conversion: &mut Conversion, column: &str) {
    for table in &mut conversion.tables {
        table.columns.retain(|one| one.source != column);
    }
}

/// Changes the conversion of a column.
fn change_column(
    conversion: &mut Conversion,
    name: &str,
    change: impl Fn(&mut crate::conversion::ColumnConversion),
) {
    let mut columns = conversion.tables.iter_mut().flat_map(|table| &mut table.columns);
    change(columns.find(|column| column.source == name).expect("the column is there"));
}

impl Made {
    /// The statements of a kind.
    fn of(&self, kind: StatementKind) -> Vec<&str> {
        self.statements.iter().filter(|one| one.kind == kind).map(|one| one.sql.as_str()).collect()
    }

    /// The rules of the findings, without the notes about order.
    fn rules(&self) -> Vec<&str> {
        let ids = self.findings.iter().map(|finding| finding.rule.id);
        ids.filter(|id| !matches!(*id, "text/order" | "index/null-order")).collect()
    }
}

#[test]
fn statements_are_ordered_by_kind() {
    let made = make(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES b, ctid TEXT, CHECK (b > 0));
         CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a);
         CREATE INDEX b_a ON b (a)",
    );
    let kinds: Vec<StatementKind> = made.statements.iter().map(|one| one.kind).collect();
    use StatementKind::*;
    assert_eq!(kinds, [Table, Table, Key, Key, Check, Index, ForeignKey, ForeignKey, Comment]);
}

#[test]
fn a_schema_of_its_own_and_citext_come_first() {
    let options = DdlOptions { nocase: NoCase::Citext, ..DdlOptions::default() };
    let made = make_with("CREATE TABLE a (x TEXT COLLATE NOCASE)", &options, |_, conversion| {
        conversion.schema = "my \"own\"".to_owned();
    });
    assert_eq!(made.of(StatementKind::Schema), ["CREATE SCHEMA IF NOT EXISTS \"my \"\"own\"\"\""]);
    assert_eq!(
        made.of(StatementKind::Extension),
        ["CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public"]
    );
    assert_eq!(
        made.of(StatementKind::Table),
        ["CREATE TABLE \"my \"\"own\"\"\".\"a\" (\n    \"x\" citext\n)"]
    );
}

#[test]
fn what_is_about_order_is_reported_once() {
    let made = make(
        "CREATE TABLE a (x TEXT, y TEXT);
         CREATE TABLE b (x TEXT, y INTEGER NOT NULL);
         CREATE INDEX a_x ON a (x);
         CREATE INDEX b_x ON b (x);
         CREATE INDEX b_y ON b (y)",
    );
    let found: Vec<(&str, &str)> =
        made.findings.iter().map(|finding| (finding.rule.id, finding.text.as_str())).collect();
    assert_eq!(
        found,
        [("text/order", "Text columns: 3"), ("index/null-order", "Indexes on nullable columns: 2")]
    );
    assert!(make("CREATE TABLE a (x INTEGER NOT NULL)").findings.is_empty());
}

#[test]
fn a_file_is_grouped_by_table_and_no_name_leaves_its_comment() {
    let made = make(
        "CREATE TABLE \"a\nDROP TABLE x; --\" (id INTEGER NOT NULL UNIQUE, b INTEGER REFERENCES b (id));
         CREATE TABLE b (id INTEGER NOT NULL UNIQUE);
         CREATE INDEX b_id ON b (id, id)",
    );
    let file = render(&made.statements);
    let expected = "\n-- a DROP TABLE x; --\nCREATE TABLE";
    assert!(file.contains(expected), "{file}");
    let place = |text: &str| file.find(text).unwrap_or_else(|| panic!("{text} is not in {file}"));
    assert!(place("\n-- a ") < place("ADD CONSTRAINT \"a\nDROP"));
    assert!(place("ADD CONSTRAINT \"a\nDROP") < place("\n-- b\n"));
    assert!(place("CREATE INDEX") < place("\n-- Foreign keys\n"));
    assert!(file.ends_with(";\n"));
}

#[test]
fn the_rules_have_ids_of_their_own() {
    let mut ids: Vec<&str> = crate::rules::ddl::ALL.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn more_columns_than_postgresql_has_are_impossible_and_what_refers_there_is_named() {
    let columns: Vec<String> = (0..1601).map(|place| format!("c{place} INTEGER")).collect();
    let made = make(&format!(
        "CREATE TABLE wide (id INTEGER NOT NULL UNIQUE, {});
         CREATE TABLE b (id INTEGER REFERENCES wide (id))",
        columns.join(", ")
    ));
    assert_eq!(made.rules(), ["table/too-many-columns", "foreign-key/left-out"]);
    assert_eq!(made.of(StatementKind::Table).len(), 1);
}
