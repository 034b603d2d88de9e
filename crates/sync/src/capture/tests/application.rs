//! What the application sees, and that other versions of SQLite can write.

use std::process::Command;

use rusqlite::Connection;

use super::mirror::Mirror;
use super::{File, fixed};
use crate::capture::CapturePlan;

const SCHEMA: &str = "CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE, b); CREATE TABLE n(x, y);
    CREATE TABLE w(k TEXT PRIMARY KEY, v) WITHOUT ROWID; CREATE TABLE s(k TEXT PRIMARY KEY, v);
    INSERT INTO t VALUES (1, 1, 1), (2, 2, 2)";

/// Results of the statements, with `last_insert_rowid()` and `changes()` after each.
fn seen(connection: &Connection) -> Vec<String> {
    let statements = [
        "INSERT INTO t(a) VALUES (3) RETURNING id, a, b",
        "INSERT OR REPLACE INTO t(a) VALUES (1), (2) RETURNING id",
        "INSERT OR IGNORE INTO t(a) VALUES (1)",
        "INSERT INTO t(id, a) VALUES (9, 1) ON CONFLICT(a) DO UPDATE SET b = 7 RETURNING id, b",
        "UPDATE t SET b = 5",
        "INSERT INTO n VALUES (1, 2), (3, 4)",
        "UPDATE n SET x = 1 RETURNING y",
        "DELETE FROM n",
        "INSERT INTO w VALUES ('a', 1), ('b', 2)",
        "UPDATE w SET k = k || '!' RETURNING k",
        "INSERT OR REPLACE INTO s VALUES ('a', 1)",
        "DELETE FROM t WHERE a > 1 RETURNING a",
        "DELETE FROM t",
    ];
    let mut seen = Vec::new();
    for sql in statements {
        let mut statement = connection.prepare(sql).expect(sql);
        let mut rows = statement.query([]).expect(sql);
        while let Some(row) = rows.next().expect(sql) {
            seen.push(format!("{:?}", row.get_ref(0).expect("a value")));
        }
        drop(rows);
        drop(statement);
        let counts = connection.query_row("SELECT last_insert_rowid(), changes()", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        });
        seen.push(format!("{sql}: {:?}", counts.expect("counts")));
    }
    seen
}

#[test]
fn results_counts_and_rowids_are_as_without_capture() {
    let (plain, captured) = (File::new(SCHEMA), File::new(SCHEMA));
    captured.attach();
    assert_eq!(seen(&captured.writer()), seen(&plain.writer()));
}

/// SQL that came after 2010, or that fails on values that SQLite stores.
#[test]
fn statements_are_sql_of_2010() {
    let file = File::new(&format!(
        "{};{SCHEMA}",
        fixed::SCHEMA.replace("CREATE TABLE w(", "CREATE TABLE w2(").replace("ON w(", "ON w2(")
    ));
    let plan = CapturePlan::of(&mut file.diesel(), &|name| name != "h").expect("a plan");
    assert!(plan.statements.len() > 40);
    let later = [
        "CONFLICT",
        "DO ",
        "RETURNING",
        "JSON",
        "->",
        "STRICT",
        "WITHOUT",
        "WITH ",
        "IIF",
        "OVER ",
        "FILTER",
        "GENERATED",
        "QUOTE(",
        "NULLS ",
        "PRINTF",
        "FORMAT(",
        "SQLITE_SCHEMA",
        "VALUES (1), (",
        "IS DISTINCT",
        "TRUE",
        "FALSE",
        "AUTOINCREMENT",
        "UNIQUE",
        "CHECK",
        "NOT NULL",
    ];
    for statement in &plan.statements {
        // The names of triggers have the word.
        let text = statement.to_uppercase().replace("_UNIQUE", "");
        for word in later {
            assert!(!text.contains(word), "{word} in {statement}");
        }
    }
}

/// Python has the SQLite of the system, an older one than ours.
#[test]
fn python_writes_a_captured_file() {
    let script = "
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
for i in range(50):
    c.execute('INSERT OR REPLACE INTO u(id, e, n, m) VALUES (?, ?, ?, ?)', (i % 7, chr(97 + i % 3), i, 'pq'[i % 2]))
    c.execute('INSERT OR REPLACE INTO w VALUES (?, ?, ?)', ('aAbB'[i % 4], i % 2, str(i)))
    c.execute('INSERT INTO l VALUES (?, ?)', (str(i), 1.0 * i))
    c.execute('INSERT OR REPLACE INTO lu VALUES (?, ?)', (None if i % 3 else i % 5, i))
    c.execute('UPDATE u SET n = n + 1'); c.execute('DELETE FROM l WHERE ts = ?', (str(i - 3),))
    c.commit()
";
    let file = File::new(fixed::SCHEMA);
    let capture = file.attach();
    let follower = file.writer();
    let mut mirror = Mirror::new(capture, &follower);
    let output = match Command::new("python3").args(["-c", script]).arg(&file.path).output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => panic!("{error}"),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    mirror.apply(&follower).expect("equal");
    assert!(mirror.position > 200);
}
