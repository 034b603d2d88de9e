//! Primary keys, UNIQUE constraints, rowids, sequences and foreign keys.

use diesel::connection::SimpleConnection as _;

use super::super::{Action, SqliteTable, read};
use super::{columns, database, schema, table};

fn is_rowid(sql: &str) -> bool {
    table(sql).primary_key.unwrap().is_rowid
}

#[test]
fn only_integer_primary_key_is_the_rowid() {
    assert!(is_rowid("CREATE TABLE t (a INTEGER PRIMARY KEY)"));
    assert!(is_rowid("CREATE TABLE t (a integer, b, PRIMARY KEY (a DESC))"));
    assert!(is_rowid("CREATE TABLE t (a \"INTEGER\" PRIMARY KEY ASC)"));
    assert!(!is_rowid("CREATE TABLE t (a INTEGER PRIMARY KEY DESC)"));
    assert!(!is_rowid("CREATE TABLE t (a INT PRIMARY KEY)"));
    assert!(!is_rowid("CREATE TABLE t (a INTEGER(4) PRIMARY KEY)"));
    assert!(!is_rowid("CREATE TABLE t (a INTEGER PRIMARY KEY) WITHOUT ROWID"));
    assert!(!is_rowid("CREATE TABLE t (a INTEGER, b, PRIMARY KEY (a, b))"));
}

#[test]
fn keys_are_not_null_where_sqlite_makes_them_so() {
    let not_null = |sql| table(sql).columns.iter().map(|column| column.not_null).collect::<Vec<_>>();
    assert_eq!(not_null("CREATE TABLE t (a INTEGER PRIMARY KEY, b)"), [true, false]);
    assert_eq!(not_null("CREATE TABLE t (a TEXT PRIMARY KEY)"), [false]);
    assert_eq!(not_null("CREATE TABLE t (a TEXT PRIMARY KEY) STRICT"), [true]);
    assert_eq!(not_null("CREATE TABLE t (a TEXT, b, PRIMARY KEY (b, a)) WITHOUT ROWID"), [true, true]);
}

#[test]
fn keys_have_order_collation_direction_and_names() {
    let table = table(
        "CREATE TABLE t (a TEXT COLLATE NOCASE, b, c CONSTRAINT one UNIQUE, \
         CONSTRAINT key PRIMARY KEY (b DESC, a COLLATE BINARY, b), CONSTRAINT two UNIQUE (C, a), UNIQUE (a)) \
         WITHOUT ROWID",
    );
    let key = table.primary_key.unwrap();
    assert_eq!(key.name.as_deref(), Some("key"));
    assert_eq!(columns(&key.columns), [("b", "BINARY", true), ("a", "BINARY", false)]);
    assert!(table.without_rowid);
    assert_eq!(table.rowid, None);
    let uniques: Vec<_> = table.uniques.iter().map(|u| (u.name.as_deref(), columns(&u.columns))).collect();
    assert_eq!(
        uniques,
        [
            (Some("one"), vec![("c", "BINARY", false)]),
            (Some("two"), vec![("c", "BINARY", false), ("a", "NOCASE", false)]),
            (None, vec![("a", "NOCASE", false)]),
        ]
    );
}

#[test]
fn a_unique_primary_key_is_one_key() {
    let table = table("CREATE TABLE `t` (`_id` VARCHAR(255) UNIQUE PRIMARY KEY)");
    assert_eq!(columns(&table.primary_key.unwrap().columns), [("_id", "BINARY", false)]);
    assert!(table.uniques.is_empty());
}

#[test]
fn the_rowid_has_a_name_that_no_column_has_taken() {
    assert_eq!(table("CREATE TABLE t (RowId TEXT)").rowid, Some("_rowid_"));
    assert_eq!(table("CREATE TABLE t (rowid, _ROWID_)").rowid, Some("oid"));
    assert_eq!(table("CREATE TABLE t (rowid, _rowid_, oid)").rowid, None);
}

#[test]
fn a_sequence_is_that_of_an_autoincrement_key() {
    let schema = schema(
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE u (a INTEGER PRIMARY KEY);
         INSERT INTO t VALUES (9223372036854775806); DELETE FROM t; INSERT INTO sqlite_sequence VALUES ('u', 5)",
    );
    let found: Vec<_> = schema
        .tables
        .iter()
        .map(|table| (table.primary_key.as_ref().unwrap().is_autoincrement, table.sequence))
        .collect();
    assert_eq!(found, [(true, Some(9_223_372_036_854_775_806)), (false, None)]);
}

#[test]
fn a_sequence_that_is_no_integer_is_found() {
    let mut connection = database("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)");
    connection.batch_execute("INSERT INTO sqlite_sequence VALUES ('t', 'many')").unwrap();
    let (schema, findings) = read(&mut connection).unwrap();
    assert_eq!(schema.tables[0].sequence, None);
    assert_eq!(super::rule_ids(&findings), ["schema/sequence"]);
}

fn foreign_keys(table: &SqliteTable) -> Vec<String> {
    let of = |key: &super::super::ForeignKey| {
        let name = key.name.as_deref().unwrap_or("-");
        let problem = key.problem.as_deref().unwrap_or("-");
        let (from, to) = (key.columns.join(","), key.parent_columns.join(","));
        format!("{name} ({from}) {}({to}) {} {problem}", key.parent_table, key.is_deferred)
    };
    table.foreign_keys.iter().map(of).collect()
}

#[test]
fn foreign_keys_are_grouped_in_order_and_spelled_as_their_parents() {
    let table = table(
        "CREATE TABLE Parent (Id INTEGER PRIMARY KEY, X, Y, UNIQUE (Y, X));
         CREATE TABLE child (a CONSTRAINT first REFERENCES PARENT DEFERRABLE INITIALLY DEFERRED, b, \
         c REFERENCES parent (id) ON DELETE SET NULL ON UPDATE CASCADE NOT DEFERRABLE INITIALLY DEFERRED, \
         CONSTRAINT both FOREIGN KEY (b, C) REFERENCES parent (x, y) ON DELETE RESTRICT DEFERRABLE, \
         FOREIGN KEY (a) REFERENCES child (b) DEFERRABLE INITIALLY DEFERRED); CREATE UNIQUE INDEX u ON child (b)",
    );
    assert_eq!(
        foreign_keys(&table),
        [
            "first (a) Parent(Id) true -",
            "- (c) Parent(Id) false -",
            "both (b,c) Parent(X,Y) false -",
            "- (a) child(b) true -",
        ]
    );
    assert_eq!(table.foreign_keys[1].on_delete, Action::SetNull);
    assert_eq!(table.foreign_keys[1].on_update, Action::Cascade);
    assert_eq!(table.foreign_keys[2].on_delete, Action::Restrict);
    assert_eq!(table.foreign_keys[3].on_delete, Action::NoAction);
}

#[test]
fn a_foreign_key_says_why_it_cannot_hold() {
    let sql = "CREATE TABLE p (a PRIMARY KEY, b, c COLLATE NOCASE, d);
         CREATE UNIQUE INDEX partial ON p (b) WHERE b > 0; CREATE UNIQUE INDEX other ON p (c COLLATE BINARY);
         CREATE UNIQUE INDEX computed ON p (d, lower(d)); CREATE TABLE keyless (a); CREATE VIEW v AS SELECT 1 AS a;
         CREATE TABLE t (x REFERENCES missing, y REFERENCES p (nowhere), z REFERENCES p (b), \
         u REFERENCES p (c), w REFERENCES keyless, k REFERENCES v (a), FOREIGN KEY (x, y) REFERENCES p, \
         FOREIGN KEY (z, z) REFERENCES p (d, d), r REFERENCES p (rowid), ok REFERENCES p)";
    // A column constraint cannot follow a table constraint.
    let sql = sql.replace("FOREIGN KEY (x, y) REFERENCES p, FOREIGN KEY (z, z) REFERENCES p (d, d), ", "");
    let sql = sql.replace(
        "ok REFERENCES p)",
        "ok REFERENCES p, FOREIGN KEY (x, y) REFERENCES p, FOREIGN KEY (z, z) REFERENCES p (d, d))",
    );
    let problems: Vec<_> =
        table(&sql).foreign_keys.into_iter().map(|key| key.problem.unwrap_or_default()).collect();
    assert_eq!(
        problems,
        [
            "the table `missing` does not exist",
            "`p` does not have a column `nowhere`",
            "(b) of `p` has no unique constraint",
            "(c) of `p` has no unique constraint",
            "`keyless` has no primary key",
            "`v` is a view",
            "`p` does not have a column `rowid`",
            "",
            "it has 2 referencing columns, and 1 referenced columns of `p`",
            "(d, d) of `p` has no unique constraint",
        ]
    );
}
