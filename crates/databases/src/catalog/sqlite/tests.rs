use diesel::connection::SimpleConnection as _;
use rusqlite::config::DbConfig;

use super::*;

fn catalog(sql: &str) -> Catalog {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(sql).unwrap();
    read_sqlite(&mut connection).unwrap()
}

#[test]
fn a_table_is_described() {
    let catalog = catalog(
        "CREATE TABLE parents (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
         CREATE TABLE Children (
             id INTEGER PRIMARY KEY AUTOINCREMENT,
             parent_id INTEGER REFERENCES PARENTS ON DELETE CASCADE DEFERRABLE,
             done INTEGER NOT NULL DEFAULT 0 CHECK (DONE IN (0, 1)),
             price INTEGER CHECK (price BETWEEN -999 AND 999 AND price > 0),
             CHECK (parent_id <> id)
         ) STRICT;
         CREATE INDEX open_children ON Children (Parent_Id, price DESC, abs(price)) WHERE NOT done;",
    );
    let children = &catalog.tables["Children"];
    let column = |name: &str, kind, nullable, default: Option<&str>| CatalogColumn {
        name: name.to_owned(),
        kind,
        nullable,
        default: default.map(str::to_owned),
        identity: name == "id",
    };
    assert_eq!(
        children.columns,
        [
            column("id", ColumnKind::BigInt, false, None),
            column("parent_id", ColumnKind::BigInt, true, None),
            column("done", ColumnKind::Bool, false, Some("false")),
            column("price", ColumnKind::Decimal { precision: 3, scale: None, positive: true }, true, None),
        ]
    );
    assert_eq!(children.primary_key, ["id"]);
    assert_eq!(children.checks, ["parent_id <> id"]);
    assert_eq!(
        children.foreign_keys,
        [CatalogForeignKey {
            columns: vec!["parent_id".to_owned()],
            parent_table: "parents".to_owned(),
            parent_columns: vec!["id".to_owned()],
            on_delete: ReferentialAction::Cascade,
            deferrable: true,
            unusual: Vec::new(),
        }]
    );
    assert_eq!(
        children.indexes,
        [CatalogIndex {
            name: "open_children".to_owned(),
            columns: vec![
                ("parent_id".to_owned(), false),
                ("price".to_owned(), true),
                ("(abs(price))".to_owned(), false)
            ],
            unique: false,
            predicate: Some("NOT done".to_owned()),
            unusual: Vec::new(),
        }]
    );
}

#[test]
fn only_bookkeeping_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("strange.db");
    // Diesel cannot disable the defensive mode.
    let writer = rusqlite::Connection::open(&path).unwrap();
    writer.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
    let strange = "CREATE TABLE __migrations (id INTEGER PRIMARY KEY AUTOINCREMENT);
         CREATE TABLE _x (a); CREATE TABLE sqlites (a); CREATE VIEW broken AS SELECT * FROM gone;
         CREATE VIRTUAL TABLE texts USING fts5 (body);
         PRAGMA writable_schema = ON;
         INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql)
         VALUES ('table', 'strange', 'strange', 0, 'CREATE VIRTUAL TABLE strange USING missing(a)');
         PRAGMA writable_schema = RESET;";
    writer.execute_batch(strange).unwrap();
    drop(writer);
    let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    connection.batch_execute("CREATE TEMP TABLE passing (a)").unwrap();
    let catalog = read_sqlite(&mut connection).unwrap();
    assert_eq!(catalog.tables.keys().collect::<Vec<_>>(), ["_x", "sqlites"]);
}

#[test]
fn what_is_not_ours_is_unknown() {
    let catalog = catalog(
        "CREATE TABLE loose (a TEXT CHECK (instr(a, char(0)) = 0), b);
         CREATE TABLE strict (a TEXT, b TEXT COLLATE NOCASE, c ANY, d TEXT AS (lower(a)) STORED) STRICT;",
    );
    let kinds = |table: &str| -> Vec<String> {
        catalog.tables[table].columns.iter().map(|column| column.kind.to_string()).collect()
    };
    assert_eq!(
        kinds("loose"),
        ["unknown: TEXT in a table that is not STRICT", "unknown: no type in a table that is not STRICT"]
    );
    assert_eq!(
        kinds("strict"),
        [
            "unknown: TEXT",
            "unknown: TEXT COLLATE NOCASE",
            "unknown: ANY",
            "unknown: TEXT GENERATED ALWAYS AS (lower(a))",
        ]
    );
}
