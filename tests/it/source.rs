//! The source: one snapshot, for every journal mode and beside concurrent writers.

mod backup;
mod other;
mod refused;
mod rights;
mod writers;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use databases::error::Explain as _;
use databases::url::SqlitePath;
use transfer::error::TransferError;
use transfer::source::{Source, SourceChange, SourceOptions};

/// The invariant of all states of the accounts (the total), and what identifies one state.
#[derive(QueryableByName, Debug, PartialEq, Eq, Clone, Copy)]
struct Balance {
    #[diesel(sql_type = BigInt)]
    total: i64,
    #[diesel(sql_type = BigInt)]
    checking: i64,
    #[diesel(sql_type = BigInt)]
    moves: i64,
}

/// The constant total.
const TOTAL: i64 = 200_000;

fn balance(connection: &mut SqliteConnection) -> Balance {
    diesel::sql_query(
        "SELECT (SELECT sum(amount) FROM checking) + (SELECT sum(amount) FROM savings) AS total,
                (SELECT sum(amount) FROM checking) AS checking, (SELECT number FROM moves) AS moves",
    )
    .get_result(connection)
    .expect("read the balance")
}

fn sqlite(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).expect("open SQLite");
    connection.busy_timeout(Duration::from_secs(5)).expect("set up");
    connection
}

/// Accounts in a file of some megabytes.
fn accounts(folder: &Path, journal_mode: &str) -> PathBuf {
    let path = folder.join("accounts.db");
    sqlite(&path)
        .execute_batch(&format!(
            "PRAGMA journal_mode = {journal_mode};
             PRAGMA synchronous = OFF;
             BEGIN;
             CREATE TABLE checking (id INTEGER PRIMARY KEY, amount INTEGER);
             CREATE TABLE savings (id INTEGER PRIMARY KEY, amount INTEGER);
             CREATE TABLE moves (number INTEGER);
             CREATE TABLE filler (bytes BLOB);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
             INSERT INTO checking SELECT i, 1000 FROM n;
             INSERT INTO savings SELECT * FROM checking;
             INSERT INTO moves VALUES (0);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
             INSERT INTO filler SELECT randomblob(1000) FROM n;
             COMMIT"
        ))
        .expect("make the accounts");
    path
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("temporary folder")
}

fn open_with(path: &Path, options: &SourceOptions<'_>) -> Result<Source, TransferError> {
    Source::open(&SqlitePath::parse(path.to_str().expect("UTF-8")).expect("a path"), options)
}

fn open(path: &Path) -> Result<Source, TransferError> {
    open_with(path, &SourceOptions::default())
}

/// The error with its causes and hint.
#[track_caller]
fn refusal(outcome: Result<Source, TransferError>) -> String {
    let error = outcome.err().expect("it is refused");
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    format!("{text}; {:?}", error.hint().expect("a hint"))
}

/// Waits until the source sees that another process has written to its file, and nothing else happened to it.
#[track_caller]
fn wait_for_writer(source: &mut Source) {
    let began = Instant::now();
    loop {
        match source.change().expect("look") {
            SourceChange::Written => return,
            change => assert_eq!(change, SourceChange::None),
        }
        assert!(began.elapsed() < Duration::from_secs(60), "nobody writes");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("read the folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
