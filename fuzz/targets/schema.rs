//! Creates a schema with SQL, or writes arbitrary text to `sqlite_schema`; it is read and converted.
//!
//! The input consists of statements, each ended by a semicolon at the end of a line. The text after the line
//! `--stored` replaces the last statement in `sqlite_schema`. Only statements that read no rows are executed: others
//! may run forever.

use std::path::Path;

use diesel::prelude::*;
use rusqlite::config::DbConfig;

use super::conversion;
use databases::open::{Access, open_sqlite_file};
use import::decisions::Decisions;
use import::schema;

const STORED: &[u8] = b"\n--stored\n";

pub(crate) fn run(data: &[u8]) {
    match data.windows(STORED.len()).position(|part| part == STORED) {
        None => made(data),
        Some(place) => stored(&data[..place], &data[place + STORED.len()..]),
    }
}

fn made(data: &[u8]) {
    let mut connection = SqliteConnection::establish(":memory:").expect("open");
    for statement in statements(data) {
        // Only the first statement of a text is prepared; the rest of its line is ignored.
        let _ = diesel::sql_query(statement).execute(&mut connection);
    }
    read(&mut connection);
}

fn stored(before: &[u8], sql: &[u8]) {
    let folder = tempfile::tempdir().expect("make a folder");
    let path = folder.path().join("source.db");
    if write(&path, before, sql).is_ok()
        && let Ok(mut connection) = open_sqlite_file(&path, Access::Read)
    {
        read(&mut connection);
    }
}

fn write(path: &Path, before: &[u8], sql: &[u8]) -> rusqlite::Result<()> {
    let connection = rusqlite::Connection::open(path)?;
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")?;
    for statement in statements(before) {
        let _ = connection.prepare(statement).and_then(|mut statement| statement.execute([]));
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    connection.execute_batch("PRAGMA writable_schema = ON")?;
    connection.execute(
        "UPDATE sqlite_schema SET sql = CAST(?1 AS TEXT) WHERE rowid = (SELECT max(rowid) FROM sqlite_schema)",
        [sql],
    )?;
    connection.execute_batch("COMMIT")
}

fn read(connection: &mut SqliteConnection) {
    if let Ok((schema, _)) = schema::read(connection) {
        conversion::convert(&schema, &Decisions::default());
    }
}

fn statements(data: &[u8]) -> Vec<&str> {
    let Ok(text) = std::str::from_utf8(data) else { return Vec::new() };
    text.split(";\n").map(str::trim).filter(|statement| reads_no_rows(statement)).collect()
}

fn reads_no_rows(statement: &str) -> bool {
    let lower = statement.to_ascii_lowercase();
    let mut words = lower.split_ascii_whitespace();
    match words.next() {
        Some("alter") => true,
        Some("pragma") => lower.starts_with("pragma encoding"),
        Some("create") => {
            let is_table = words.next().is_some_and(|word| word.starts_with("t"));
            !is_table
                || lower.contains("create trigger")
                || !["select", "values"].iter().any(|word| lower.contains(word))
        }
        _ => false,
    }
}
