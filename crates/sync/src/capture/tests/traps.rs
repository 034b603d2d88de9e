//! Each trap by name: the mirror equals the file after the statements.

use diesel::connection::SimpleConnection as _;

use super::File;
use super::mirror::Mirror;
use crate::capture::{CHANGES, CaptureKind, CapturePlan};

/// Runs the statements on a captured file, and compares.
fn follow(schema: &str, statements: &str) -> Mirror {
    let file = File::new(schema);
    let capture = file.attach();
    let (writer, follower) = (file.writer(), file.writer());
    let mut mirror = Mirror::new(capture, &follower);
    for statement in statements.split(";;") {
        writer.execute_batch(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
        mirror.apply(&follower).unwrap_or_else(|text| panic!("{statement}: {text}"));
    }
    mirror
}

fn kind(schema: &str) -> CaptureKind {
    let file = File::new(schema);
    let plan = CapturePlan::of(&mut file.diesel(), &|_| true).expect("a plan");
    plan.tables.into_iter().next().expect("a table").kind
}

fn keyed(columns: &[&str]) -> CaptureKind {
    CaptureKind::Keyed { columns: columns.iter().map(|column| (*column).to_owned()).collect() }
}

#[test]
fn the_key_of_a_table_is_chosen() {
    assert_eq!(kind("CREATE TABLE t(a, id INTEGER PRIMARY KEY)"), keyed(&["id"]));
    assert_eq!(kind("CREATE TABLE t(a, b, PRIMARY KEY(b, a))"), keyed(&["b", "a"]));
    assert_eq!(kind("CREATE TABLE t(a UNIQUE, b NOT NULL UNIQUE)"), keyed(&["b"]), "NOT NULL first");
    assert_eq!(
        kind("CREATE TABLE t(a PRIMARY KEY, b UNIQUE); INSERT INTO t VALUES (NULL, 1)"),
        keyed(&["b"])
    );
    let is_images = |schema: &str| matches!(kind(schema), CaptureKind::Images { .. });
    assert!(is_images("CREATE TABLE t(a, b)"));
    assert!(is_images("CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES (NULL)"));
    assert!(is_images("CREATE TABLE t(a); CREATE UNIQUE INDEX i ON t(a) WHERE a > 1"));
    assert!(is_images("CREATE TABLE t(a); CREATE UNIQUE INDEX i ON t(lower(a))"));
}

#[test]
fn replace_deletes_rows_of_other_keys() {
    let schema = "CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE, b UNIQUE);
        INSERT INTO t VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3)";
    follow(schema, "INSERT OR REPLACE INTO t VALUES (4, 1, 2);; UPDATE OR REPLACE t SET a = 3 WHERE id = 4");
    let schema =
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE ON CONFLICT REPLACE); INSERT INTO t VALUES (1, 1)";
    follow(schema, "INSERT INTO t(a) VALUES (1)");
}

#[test]
fn replace_deletes_a_row_with_the_same_rowid_and_another_key() {
    let schema = "CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL, v); INSERT INTO t VALUES ('a', 1), ('b', 2)";
    follow(
        schema,
        "INSERT OR REPLACE INTO t(rowid, k) VALUES (1, 'c');; UPDATE OR REPLACE t SET rowid = 2 WHERE k = 'c'",
    );
    let schema =
        "CREATE TABLE t(rowid, k TEXT PRIMARY KEY NOT NULL); INSERT INTO t VALUES (9, 'a'), (8, 'b')";
    follow(schema, "INSERT OR REPLACE INTO t(_rowid_, k) VALUES (1, 'c')");
}

#[test]
fn replace_fills_in_a_default_that_collides() {
    let schema = "CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE NOT NULL ON CONFLICT REPLACE DEFAULT 'x');
        INSERT INTO t VALUES (1, 'x')";
    follow(schema, "INSERT OR REPLACE INTO t VALUES (2, NULL)");
    let schema = "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 5, g AS (a || '!') UNIQUE);
        INSERT INTO t VALUES (1, '5')";
    follow(schema, "INSERT OR REPLACE INTO t VALUES (2, NULL)");
    let schema = "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 5);
        CREATE UNIQUE INDEX i ON t(typeof(a)); INSERT INTO t VALUES (1, '5')";
    follow(schema, "INSERT OR REPLACE INTO t VALUES (2, NULL)");
}

#[test]
fn keys_change_in_bytes_and_in_class() {
    let schema =
        "CREATE TABLE t(k COLLATE NOCASE PRIMARY KEY NOT NULL, v); INSERT INTO t VALUES ('x', 1), (1, 2)";
    follow(
        schema,
        "UPDATE t SET k = 'X' WHERE k = 'x';; UPDATE t SET k = 1.0 WHERE k = 1;; REPLACE INTO t VALUES ('x', 3)",
    );
    follow(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, 1)",
        "UPDATE t SET rowid = 7",
    );
}

#[test]
fn null_in_a_key_is_a_mark() {
    let schema = "CREATE TABLE t(a PRIMARY KEY, b); INSERT INTO t VALUES (1, 1)";
    let mirror = follow(schema, "INSERT INTO t VALUES (NULL, 1), (NULL, 1);; DELETE FROM t WHERE a IS NULL");
    assert_eq!(mirror.marks, 2);
}

#[test]
fn a_row_without_a_key_is_replaced() {
    let schema = "CREATE TABLE t(a UNIQUE, b); INSERT INTO t VALUES (NULL, 1), (1, 2)";
    let statements = "INSERT INTO t VALUES (2, 1);; REPLACE INTO t VALUES (1, 3);; REPLACE INTO t(rowid, b) VALUES (1, 4);; VACUUM;; UPDATE OR REPLACE t SET a = 2 WHERE a = 1";
    assert_eq!(follow(schema, statements).marks, 3);
    let hidden = "CREATE TABLE t(rowid, oid, _rowid_)";
    follow(
        hidden,
        "INSERT INTO t VALUES (1, 2, 3), (1, 2, 3);; UPDATE t SET oid = 4;; DELETE FROM t WHERE rowid = 1",
    );
}

#[test]
fn a_before_trigger_changes_rows_of_a_table_without_a_key() {
    let schema = "CREATE TABLE t(a UNIQUE, b); INSERT INTO t VALUES (NULL, 0), (1, 1), (2, 2);
        CREATE TRIGGER x BEFORE INSERT ON t BEGIN UPDATE t SET a = NEW.a WHERE b = 1; END;
        CREATE TRIGGER y BEFORE UPDATE ON t BEGIN UPDATE t SET b = 7 WHERE b = 2; END";
    follow(schema, "REPLACE INTO t VALUES (3, 3);; UPDATE t SET a = a + 10;; DELETE FROM t WHERE b = 7");
}

#[test]
fn cascades_and_triggers_of_the_application_are_captured() {
    let schema = "CREATE TABLE p(id INTEGER PRIMARY KEY, u UNIQUE);
        CREATE TABLE c(id INTEGER PRIMARY KEY, p REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE);
        CREATE TABLE log(x); CREATE TRIGGER l AFTER DELETE ON c BEGIN INSERT INTO log VALUES (OLD.id); END;
        INSERT INTO p VALUES (1, 1), (2, 2); INSERT INTO c VALUES (1, 1), (2, 2)";
    let statements = "PRAGMA foreign_keys = ON; UPDATE p SET id = 3 WHERE id = 1;; REPLACE INTO p VALUES (4, 2);; DELETE FROM p";
    follow(schema, statements);
}

#[test]
fn an_ignored_row_of_or_ignore_loses_no_entry() {
    let schema = "CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE); INSERT INTO t VALUES (1, 1)";
    follow(schema, "INSERT OR IGNORE INTO t VALUES (2, 1), (3, 3), (4, 3), (5, 5)");
}

#[test]
fn what_is_rolled_back_is_not_logged() {
    let file = File::new("CREATE TABLE t(id INTEGER PRIMARY KEY)");
    file.attach();
    let writer = file.writer();
    writer
        .execute_batch(
            "BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s; INSERT INTO t VALUES (2); ROLLBACK TO s; COMMIT; \
             BEGIN; INSERT INTO t VALUES (3); ROLLBACK",
        )
        .expect("write");
    let keys: String = writer
        .query_row(&format!("SELECT group_concat(k1) FROM {CHANGES}"), [], |row| row.get(0))
        .expect("keys");
    assert_eq!(keys, "1");
}

#[test]
fn values_arrive_as_they_are_stored() {
    let schema = "CREATE TABLE t(a, b REAL); CREATE TABLE k(a PRIMARY KEY NOT NULL)";
    let values = "INSERT INTO t VALUES (1e999, 1), (-1e999, -0.0), (CAST(x'610062' AS TEXT), 2), (CAST(x'ff' AS TEXT), 3), (x'00', NULL), (9007199254740993, 9007199254740993);; INSERT INTO k SELECT a FROM t;; UPDATE k SET a = a || 'x';; DELETE FROM t WHERE b = 1";
    follow(schema, values);
}

#[test]
fn a_file_in_utf16_is_captured() {
    let schema = "PRAGMA encoding = 'UTF-16'; CREATE TABLE \"ö\"(\"ü\" TEXT PRIMARY KEY NOT NULL, v UNIQUE);
        CREATE UNIQUE INDEX i ON \"ö\"(lower(v)) WHERE \"ü\" <> 'ß'; CREATE TABLE l(a, b)";
    let statements = "PRAGMA trusted_schema = OFF; REPLACE INTO \"ö\" VALUES ('é', 1), ('É', 2), ('x', 2);; UPDATE OR REPLACE \"ö\" SET v = 'A';; INSERT INTO l VALUES ('ß', x'00')";
    follow(schema, statements);
}

#[test]
fn blockers_are_named() {
    let blocked = |schema: &str| {
        let file = File::new("");
        let mut connection = file.diesel();
        connection.register_collation("mine", |left, right| left.cmp(right)).expect("a collation");
        connection.batch_execute(schema).expect("create the schema");
        let plan = CapturePlan::of(&mut connection, &|_| true).expect("a plan");
        plan.blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        blocked("CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE UNIQUE INDEX i ON t(a, id % 10)"),
        "`t`, index `i`: it depends on the rowid, which is not known before the row is inserted"
    );
    assert_eq!(
        blocked("CREATE TABLE t(id INTEGER PRIMARY KEY, a COLLATE mine UNIQUE)"),
        "`t`, index `UNIQUE (a)`: its collation `mine` is defined by the application"
    );
    assert_eq!(blocked("CREATE TABLE t(id INTEGER PRIMARY KEY, a COLLATE mine)"), "");
    assert_eq!(
        blocked("CREATE VIEW __BACKOFFICE_changes AS SELECT 1"),
        "`__BACKOFFICE_changes`: the view `__BACKOFFICE_changes` exists; this name is reserved for the change log"
    );
}

#[test]
fn a_foreign_key_of_another_type_does_not_change_the_logged_key() {
    // SQLite applies the affinity of the referencing index to OLD and NEW before AFTER triggers are executed.
    for options in ["", "WITHOUT ROWID"] {
        let schema = format!(
            "CREATE TABLE p(k TEXT PRIMARY KEY NOT NULL) {options};
            CREATE TABLE c(id INTEGER PRIMARY KEY, p NUMERIC UNIQUE REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE
              DEFERRABLE INITIALLY DEFERRED);
            INSERT INTO p VALUES ('01'), ('02')"
        );
        let statements = "PRAGMA foreign_keys = ON; DELETE FROM p WHERE k = '01';; UPDATE p SET k = '03' WHERE k = '02';;
            INSERT INTO p VALUES ('04'), ('05');;
            BEGIN; INSERT INTO c VALUES (1, '06'); INSERT INTO p VALUES ('6'), ('06'), ('006'); ROLLBACK;;
            BEGIN; INSERT INTO c VALUES (1, 'a'), (2, '06'); INSERT INTO p VALUES ('6'), ('a'), ('06'); COMMIT;; PRAGMA foreign_keys = OFF; DELETE FROM p";
        follow(&schema, statements);
    }
    let schema =
        "CREATE TABLE p(k TEXT UNIQUE); CREATE TABLE c(p NUMERIC UNIQUE REFERENCES p(k) ON UPDATE CASCADE);
        INSERT INTO p VALUES ('01'), ('02'), (NULL)";
    let statements =
        "PRAGMA foreign_keys = ON; DELETE FROM p WHERE k = '01';; UPDATE p SET k = '03' WHERE k = '02';;
            INSERT INTO p VALUES ('04'), ('05');; DELETE FROM p";
    follow(schema, statements);
}
