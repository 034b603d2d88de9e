//! CREATE TABLE, CREATE INDEX, CREATE VIEW, CREATE TRIGGER and CREATE VIRTUAL TABLE.

use super::super::{Affinity, IndexOn};
use super::{read_sql, rule_ids, schema, table};

#[test]
fn columns_have_type_affinity_collation_default_and_not_null() {
    let table = table(
        "CREATE TABLE t (a INTEGER NOT NULL DEFAULT -5, b VARCHAR(20) COLLATE nocase DEFAULT 'it''s', \
         c DECIMAL(5,2) DEFAULT (1 + 2), d DOUBLE PRECISION, e BLOB DEFAULT x'00ff', f, \
         g TIMESTAMP DEFAULT CURRENT_TIMESTAMP, h BOOLEAN DEFAULT TRUE, i FLOATING POINT, j TEXT DEFAULT word)",
    );
    let found: Vec<_> = table
        .columns
        .iter()
        .map(|c| {
            let default = c.default.as_ref().map(ToString::to_string).unwrap_or_default();
            format!(
                "{} {} {:?} {} {} {default}",
                c.name, c.declared_type, c.affinity, c.collation, c.not_null
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "a INTEGER Integer BINARY true - 5",
            "b VARCHAR(20) Text NOCASE false 'it''s'",
            "c DECIMAL(5,2) Numeric BINARY false (1 + 2)",
            "d DOUBLE PRECISION Real BINARY false ",
            "e BLOB Blob BINARY false X'00ff'",
            "f  Blob BINARY false ",
            "g TIMESTAMP Numeric BINARY false CURRENT_TIMESTAMP",
            "h BOOLEAN Numeric BINARY false TRUE",
            "i FLOATING POINT Integer BINARY false ",
            "j TEXT Text BINARY false 'word'",
        ]
    );
    assert_eq!(table.rowid, Some("rowid"));
    assert!(table.primary_key.is_none());
}

#[test]
fn an_any_column_converts_nothing_only_in_a_strict_table() {
    let strict = table("CREATE TABLE t (a ANY, b INT) STRICT");
    assert!(strict.strict);
    assert_eq!(strict.columns[0].affinity, Affinity::Any);
    let other = table("CREATE TABLE t (a ANY, b INT)");
    assert!(!other.strict);
    assert_eq!(other.columns[0].affinity, Affinity::Numeric);
}

#[test]
fn checks_have_their_names_and_columns() {
    let table = table(
        "CREATE TABLE t (a CONSTRAINT positive CHECK (a > 0) CHECK (a < 9), b, \
         CONSTRAINT \"a \"\"or\"\" b\" CHECK (a OR b) CHECK (b <> ')'))",
    );
    let found: Vec<_> = table
        .checks
        .iter()
        .map(|check| (check.name.as_deref(), check.column.as_deref(), check.expression.to_string()))
        .collect();
    assert_eq!(
        found,
        [
            (Some("positive"), Some("a"), "a > 0".to_owned()),
            (None, Some("a"), "a < 9".to_owned()),
            (Some("a \"or\" b"), None, "a OR b".to_owned()),
            (None, None, "b <> ')'".to_owned()),
        ]
    );
}

#[test]
fn generated_columns_are_stored_or_not() {
    let table = table(
        "CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED, c TEXT AS (a || 'x') VIRTUAL, \
         d AS (a + 1))",
    );
    let found: Vec<_> = table
        .columns
        .iter()
        .map(|column| {
            let generated = column.generated.as_ref();
            let of = generated.map(|generated| (generated.expression.to_string(), generated.is_stored));
            (column.declared_type.as_str(), of)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("INTEGER", None),
            ("INTEGER", Some(("a * 2".to_owned(), true))),
            ("TEXT", Some(("a || 'x'".to_owned(), false))),
            ("", Some(("a + 1".to_owned(), false))),
        ]
    );
}

#[test]
fn indexes_have_terms_collations_directions_and_conditions() {
    let table = table(
        "CREATE TABLE t (a TEXT COLLATE NOCASE, b INTEGER, c);
         CREATE INDEX plain ON t (b DESC, a);
         CREATE UNIQUE INDEX \"partial\" ON t (a COLLATE rtrim) WHERE b > 0 AND c IS NOT NULL;
         CREATE INDEX computed ON t (lower(a) COLLATE NOCASE DESC, c, b + 1)",
    );
    let found: Vec<_> = table
        .indexes
        .iter()
        .map(|index| {
            let terms: Vec<_> = index
                .terms
                .iter()
                .map(|term| {
                    let on = match &term.on {
                        IndexOn::Column(name) => format!("column {name}"),
                        IndexOn::Expression(expression) => expression.to_string(),
                    };
                    format!("{on} {} {}", term.collation, term.is_descending)
                })
                .collect();
            let predicate = index.predicate.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {} [{}] {predicate}", index.name, index.is_unique, terms.join(", "))
        })
        .collect();
    assert_eq!(
        found,
        [
            "plain false [column b BINARY true, column a NOCASE false] ",
            "partial true [column a RTRIM false] b > 0 AND c IS NOT NULL",
            "computed false [lower (a) NOCASE true, column c BINARY false, b + 1 BINARY false] ",
        ]
    );
}

#[test]
fn an_index_on_a_quoted_word_that_is_no_column_is_on_an_expression() {
    let table = table("CREATE TABLE t (a); CREATE INDEX i ON t (\"nowhere\")");
    assert!(matches!(table.indexes[0].terms[0].on, IndexOn::Expression(_)));
}

#[test]
fn views_and_triggers_keep_their_statements_without_a_finding() {
    let schema = schema(
        "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM missing;
         CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 1; END",
    );
    assert_eq!(schema.views[0].name, "v");
    assert_eq!(schema.views[0].sql, "CREATE VIEW v AS SELECT a FROM missing");
    assert_eq!((schema.triggers[0].name.as_str(), schema.triggers[0].table.as_str()), ("r", "t"));
    assert!(schema.triggers[0].sql.ends_with("END"));
}

#[test]
fn conflict_clauses_are_found_but_for_the_default() {
    let (_, findings) =
        read_sql("CREATE TABLE t (a UNIQUE ON CONFLICT ABORT, b NOT NULL ON CONFLICT REPLACE)");
    assert_eq!(rule_ids(&findings), ["schema/on-conflict"]);
    assert!(findings[0].text.contains("NOT NULL"));
}

#[test]
fn virtual_tables_and_their_own_tables_are_no_tables() {
    let (schema, findings) = read_sql(
        "CREATE VIRTUAL TABLE Docs USING FTS5(title, body, tokenize = 'porter ascii');
         CREATE TABLE docs_other (a); CREATE TABLE \"sqlitelike\" (a);
         CREATE VIRTUAL TABLE old USING fts4(a); CREATE VIRTUAL TABLE area USING rtree(id, x0, x1);
         CREATE VIRTUAL TABLE words USING fts5vocab(Docs, row)",
    );
    let names: Vec<_> = schema.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["docs_other", "sqlitelike"]);
    assert_eq!(schema.virtual_tables[0].module, "fts5");
    assert_eq!(schema.virtual_tables[0].arguments, ["title", "body", "tokenize = 'porter ascii'"]);
    let own: Vec<_> = schema.virtual_tables.iter().map(|table| table.shadow_tables.join(" ")).collect();
    assert_eq!(
        own,
        [
            "Docs_data Docs_idx Docs_docsize Docs_config Docs_content",
            "old_segments old_segdir old_docsize old_stat old_content",
            "area_node area_rowid area_parent",
            "",
        ]
    );
    assert_eq!(rule_ids(&findings), ["schema/virtual-table"; 4]);
}

#[test]
fn a_content_table_of_the_user_is_a_table() {
    let (schema, _) = read_sql(
        "CREATE TABLE docs_content (id INTEGER PRIMARY KEY, c0);
         CREATE VIRTUAL TABLE docs USING fts5(c0, content='docs_content', content_rowid=id);
         CREATE TABLE bare_content (a);
         CREATE VIRTUAL TABLE bare USING fts5(a, content='')",
    );
    let names: Vec<_> = schema.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["docs_content", "bare_content"]);
}
