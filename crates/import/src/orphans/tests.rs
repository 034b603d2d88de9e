use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::*;
use crate::schema::read;

/// The orphans of the last table.
fn orphans(sql: &str) -> Vec<(usize, OrphanRows)> {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
    connection.batch_execute(sql).unwrap();
    let (schema, _) = read(&mut connection).unwrap();
    let table = schema.tables.last().unwrap();
    find(&mut connection, &schema, table).into_iter().map(|(place, found)| (place, found.unwrap())).collect()
}

/// The number of rows that `PRAGMA foreign_key_check` reports for the last table.
fn counted_by_sqlite(sql: &str, table: &str) -> i64 {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
    connection.batch_execute(sql).unwrap();
    let query = format!("SELECT count(*) AS row_count FROM pragma_foreign_key_check('{table}')");
    let row: CountRow = diesel::sql_query(query).get_result(&mut connection).unwrap();
    row.row_count
}

#[test]
fn orphans_are_counted_and_the_first_are_named() {
    let found = orphans(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1), (2);
         CREATE TABLE t (x REFERENCES p, y REFERENCES p (id), z REFERENCES missing);
         INSERT INTO t VALUES (1, 2, 3), (NULL, 7, 3), (2, NULL, 3), (3, 1, 3), (4, 1, 3), (5, 1, 3), (6, 1, 3), \
         (7, 1, 3), (8, 1, 3)",
    );
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let first = OrphanRows { count: 6, first_keys: keys(&["4", "5", "6", "7", "8"]) };
    assert_eq!(found, [(0, first), (1, OrphanRows { count: 1, first_keys: keys(&["2"]) })]);
}

#[test]
fn a_row_is_named_by_its_primary_key_where_there_is_no_rowid() {
    let found = orphans(
        "CREATE TABLE p (\"a\"\"b\" TEXT PRIMARY KEY);
         CREATE TABLE \"t\"\"\n\" (k TEXT, n INTEGER, \"f\"\" g\" REFERENCES p, PRIMARY KEY (k, n)) WITHOUT ROWID;
         INSERT INTO \"t\"\"\n\" VALUES ('it''s', 5, 'gone')",
    );
    assert_eq!(found[0].1.first_keys, ["'it''s', 5"]);
}

#[test]
fn a_composite_key_with_a_null_refers_to_nothing() {
    let found = orphans(
        "CREATE TABLE p (a, b, PRIMARY KEY (a, b)); INSERT INTO p VALUES (1, 2);
         CREATE TABLE t (x, y, FOREIGN KEY (y, x) REFERENCES p (b, a));
         INSERT INTO t VALUES (1, 2), (NULL, 9), (9, NULL), (2, 1)",
    );
    assert_eq!(found[0].1.first_keys, ["4"]);
}

#[test]
fn parents_are_found_as_sqlite_finds_them() {
    let types = ["", "TEXT", "INT", "REAL", "NUMERIC", "BLOB", "TEXT COLLATE NOCASE", "TEXT COLLATE RTRIM"];
    let values =
        ["1", "'1'", "'01'", "1.0", "'1.0'", "x'31'", "'a'", "'A'", "'a '", "9007199254740993", "1e300"];
    let rows: Vec<String> = values.iter().map(|value| format!("({value})")).collect();
    let mut orphan_count = 0;
    for parent in types.iter().copied().chain(["INTEGER PRIMARY KEY"]) {
        for child in types {
            let kind = if parent.ends_with("KEY") { "" } else { "PRIMARY KEY" };
            for value in values {
                let sql = format!(
                    "CREATE TABLE p (a {parent} {kind}); INSERT OR IGNORE INTO p VALUES ({value});
                     CREATE TABLE t (x {child} REFERENCES p (a)); INSERT INTO t VALUES {}",
                    rows.join(", ")
                );
                // A rowid accepts integers only.
                if parent.ends_with("KEY") && !["1", "'1'", "1.0", "9007199254740993"].contains(&value) {
                    continue;
                }
                let found = orphans(&sql).first().map_or(0, |found| found.1.count);
                assert_eq!(found, counted_by_sqlite(&sql, "t"), "{sql}");
                orphan_count += found;
            }
        }
    }
    assert!(orphan_count > 1000);
}
