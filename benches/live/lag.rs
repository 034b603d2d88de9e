//! How long a commit takes to reach PostgreSQL.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use rusqlite::Connection as Sqlite;

use crate::cluster::TestDatabase;
use crate::print;

/// The pause between two questions to PostgreSQL.
const PAUSE: Duration = Duration::from_millis(2);

/// The longest time to wait for the last transaction.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Measures the lag at a rate.
pub(crate) fn measure(journal: &str, rate: u64, seconds: u64) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("shop.db");
    create(&path, journal);
    let alone = write(&path, rate, seconds);
    let target = TestDatabase::create();
    let mut first = sync(folder.path(), target.url(), &["--once"]);
    assert!(first.wait().expect("end").success(), "the first sync failed");
    let mut follower = sync(folder.path(), target.url(), &["--json"]);
    let is_writing = AtomicBool::new(true);
    let seen = Mutex::new(Vec::new());
    let commits = std::thread::scope(|scope| {
        scope.spawn(|| watch(target.url(), &is_writing, &seen));
        let commits = write(&path, rate, seconds);
        let began = Instant::now();
        let last = commits.last().map_or(0, |(number, _)| *number);
        while seen.lock().expect("lock").last().is_none_or(|(number, _)| *number < last) {
            assert!(began.elapsed() < PATIENCE, "the last transaction did not arrive");
            std::thread::sleep(PAUSE);
        }
        is_writing.store(false, Ordering::Relaxed);
        commits
    });
    let peak_kib = peak_kib(follower.id());
    follower.kill().expect("kill");
    follower.wait().expect("end");
    let mut compared = sync(folder.path(), target.url(), &["--once"]);
    let is_equal = compared.wait().expect("end").success();
    let lags = lags(&commits, &seen.into_inner().expect("lock"));
    let log: i64 = Sqlite::open(&path)
        .and_then(|sqlite| {
            sqlite.query_row("SELECT count(*) FROM __backoffice_changes", [], |row| row.get(0))
        })
        .expect("count the log");
    let achieved = |commits: &[(i64, Instant)]| u64::try_from(commits.len()).expect("few") / seconds.max(1);
    print(&format!(
        "{journal:<6} {rate:>5} tx/s wanted, {:>5} alone, {:>5} followed: lag p50 {:>4} ms, p99 {:>4} ms, most {:>4} ms; peak memory {} MB; {log} entries left in the log; afterwards {}",
        achieved(&alone),
        achieved(&commits),
        quantile(&lags, 50),
        quantile(&lags, 99),
        quantile(&lags, 100),
        peak_kib * 1024 / 1_000_000,
        if is_equal { "equal" } else { "DIFFERENT" },
    ));
}

fn create(path: &Path, journal: &str) {
    let sqlite = Sqlite::open(path).expect("open");
    sqlite
        .execute_batch(&format!(
            "PRAGMA journal_mode = {journal};
             CREATE TABLE beat (id INTEGER PRIMARY KEY, number INTEGER NOT NULL);
             CREATE TABLE account (id INTEGER PRIMARY KEY, owner TEXT NOT NULL UNIQUE, balance INTEGER NOT NULL);
             CREATE TABLE entry (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, amount INTEGER NOT NULL);
             INSERT INTO beat VALUES (1, 0);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                 INSERT INTO account SELECT i, 'owner ' || i, 1000 FROM n;"
        ))
        .expect("create");
}

/// Commits at this rate, or as fast as it can; returns the number of each transaction, and when it was committed.
fn write(path: &Path, rate: u64, seconds: u64) -> Vec<(i64, Instant)> {
    let sqlite = Sqlite::open(path).expect("open");
    sqlite.busy_timeout(Duration::from_secs(30)).expect("busy timeout");
    // What applications use with a write-ahead log; with a rollback journal they keep the default.
    let journal: String = sqlite.query_row("PRAGMA journal_mode", [], |row| row.get(0)).expect("mode");
    if journal == "wal" {
        sqlite.execute_batch("PRAGMA synchronous = NORMAL").expect("synchronous");
    }
    let mut number: i64 =
        sqlite.query_row("SELECT number FROM beat", [], |row| row.get(0)).expect("the last number");
    let mut statements = [
        "UPDATE beat SET number = ?1",
        "UPDATE account SET balance = balance - 1 WHERE id = 1 + ?1 % 10000",
        "INSERT INTO entry (account, amount) VALUES (1 + ?1 % 10000, 1)",
    ]
    .map(|statement| sqlite.prepare(statement).expect("prepare"));
    let mut commits = Vec::new();
    let (began, length) = (Instant::now(), Duration::from_secs(seconds));
    while began.elapsed() < length {
        let due = Duration::from_secs(u64::try_from(commits.len()).expect("few"))
            / u32::try_from(rate).expect("small");
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        number += 1;
        let transaction = sqlite.unchecked_transaction().expect("begin");
        for statement in &mut statements {
            statement.execute([number]).expect("write");
        }
        transaction.commit().expect("commit");
        commits.push((number, Instant::now()));
    }
    commits
}

/// Notes when PostgreSQL first has each number.
fn watch(url: &str, is_writing: &AtomicBool, seen: &Mutex<Vec<(i64, Instant)>>) {
    let mut postgres = PgConnection::establish(url).expect("connect");
    while is_writing.load(Ordering::Relaxed) {
        let row: Number =
            sql_query("SELECT number::bigint FROM public.beat").get_result(&mut postgres).expect("ask");
        let mut seen = seen.lock().expect("lock");
        if seen.last().is_none_or(|(number, _)| *number < row.number) {
            seen.push((row.number, Instant::now()));
        }
        drop(seen);
        std::thread::sleep(PAUSE);
    }
}

/// The lag of each transaction, in order of length.
fn lags(commits: &[(i64, Instant)], seen: &[(i64, Instant)]) -> Vec<u128> {
    let mut arrivals = seen.iter().peekable();
    let mut lags = Vec::new();
    for (number, committed) in commits {
        while arrivals.next_if(|(arrived, _)| arrived < number).is_some() {}
        let (_, arrived) = arrivals.peek().expect("every transaction arrived");
        lags.push(arrived.saturating_duration_since(*committed).as_millis());
    }
    lags.sort_unstable();
    lags
}

fn quantile(sorted: &[u128], percent: usize) -> u128 {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

pub(crate) fn sync(folder: &Path, url: &str, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_app"))
        .args(["db", "sync", "--import", "shop.db"])
        .args(arguments)
        .env("DATABASE_URL", url)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("start")
}

/// The most memory a process has had, where the system tells (Linux).
fn peak_kib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}
