//! `app db sync` with real processes and a real PostgreSQL.

/// A bank: a sum over two tables.
mod bank;
/// `--dry-run`, `--detach`, `--once`, `--status` and `--verify-every`.
mod commands;
/// What may not run beside a sync.
mod exclusion;
/// Faults at each message of a sync.
mod faults;
/// The file of the source: replaced, restored, with another log.
mod files;
/// A full disk on either side.
mod full;
/// Hostile names and files, roles without rights.
mod hostile;
/// Killed syncs, writers and servers, and failing networks.
mod kills;
/// Transactions of many rows.
mod large;
/// The application's own tables.
mod own;
/// What success rests on.
mod proved;
/// Random numbers that a seed repeats.
mod random;
/// Rows that cannot be inserted.
mod rejects;
/// The rows of both sides as lines.
mod rows;
/// Changes of the schema.
mod schema;
/// Each state of the target is one of the source.
mod states;
/// Random transactions of which the states are known.
mod workload;
/// Other processes that write to the source.
mod writers;

use self::rows::{assert_same, rows_of_source, rows_of_target, rows_query};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::app::{App, Ended};
use crate::cluster::TestDatabase;
use crate::running::{HANGS, Running};

/// The name of the source in the directory of the program.
const SOURCE: &str = "source.db";

/// A SQLite file of another application, and the database that follows it.
struct Pair {
    app: App,
    target: TestDatabase,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Pair {
    /// A file with this journal mode, after these statements.
    fn of(journal_mode: &str, schema: &str) -> Self {
        let this = Self { app: App::new(), target: TestDatabase::create() };
        this.on_source(&format!("PRAGMA journal_mode = {journal_mode}; {schema}"));
        this
    }

    fn path(&self) -> PathBuf {
        self.app.path(SOURCE)
    }

    fn sqlite(&self) -> rusqlite::Connection {
        open(&self.path())
    }

    #[track_caller]
    fn on_source(&self, sql: &str) {
        self.sqlite().execute_batch(sql).expect("change the source");
    }

    #[track_caller]
    fn on_target(&self, sql: &str) {
        self.target.connect().batch_execute(sql).expect("change the target");
    }

    /// The arguments of a sync to `url`.
    fn arguments<'a>(url: &'a str, further: &[&'a str]) -> Vec<&'a str> {
        [&["db", "sync", "--import", SOURCE, "--postgres", url], further].concat()
    }

    /// Runs a sync with these further arguments and expects this exit code.
    #[track_caller]
    fn sync(&self, code: i32, further: &[&str]) -> Ended {
        self.app.expect(code, &Self::arguments(self.target.url(), further))
    }

    /// Runs `--once` to `url`, again as long as the server has not noticed that a killed sync is gone.
    #[track_caller]
    fn sync_after_kill(&self, url: &str, code: i32) -> Ended {
        let began = Instant::now();
        loop {
            let ended = self.app.run(&Self::arguments(url, &["--once"]));
            let is_locked =
                ended.code == 10 && ended.stderr.contains("another run is writing to this target");
            if is_locked && began.elapsed() < HANGS {
                std::thread::sleep(Duration::from_millis(20));
                continue;
            }
            assert_eq!(ended.code, code, "{}\n{}", ended.stdout, ended.stderr);
            return ended;
        }
    }

    /// Starts a sync that follows, through `url`.
    fn start(&self, url: &str, further: &[&str]) -> Running<'_> {
        Running::start(&self.app, &Self::arguments(url, further))
    }

    /// Starts a sync that follows, and waits until it does.
    fn follow(&self, further: &[&str]) -> Running<'_> {
        let mut run = self.start(self.target.url(), further);
        run.wait_for("following");
        run
    }

    /// What `--status --json` prints.
    #[track_caller]
    fn status(&self, code: i32) -> serde_json::Value {
        let ended = self.sync(code, &["--status", "--json"]);
        serde_json::from_str(&ended.stdout).expect("JSON")
    }

    /// The one number that a query of the target returns.
    #[track_caller]
    fn number(&self, query: &str) -> i64 {
        number(&mut self.target.connect(), query)
    }

    /// The number of entries in the change log; `None` if there is no log.
    fn log_count(&self) -> Option<i64> {
        let source = self.sqlite();
        let count = source.query_row("SELECT count(*) FROM __backoffice_changes", [], |row| row.get(0));
        count.ok()
    }

    /// Waits until the sync has applied everything; nobody writes.
    #[track_caller]
    fn settle(&self, run: &mut Running<'_>) {
        let end = "SELECT coalesce(max(seq), 0) FROM __backoffice_changes";
        let end: i64 = self.sqlite().query_row(end, [], |row| row.get(0)).expect("the end of the log");
        let mut target = self.target.connect();
        let began = Instant::now();
        while number(&mut target, "SELECT seq AS number FROM __backoffice_public.sync") < end {
            assert!(!run.has_ended(), "the sync ended: {}", run.stderr());
            assert!(began.elapsed() < HANGS, "position {end} is not reached: {}", run.stderr());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asserts that each table of the target has the rows of the source.
    #[track_caller]
    fn assert_equal(&self) {
        let source = rows_of_source(&self.sqlite());
        let query = rows_query(&self.sqlite());
        let target = rows_of_target(&mut self.target.connect(), &query);
        assert_same(&source, &target, "the target");
    }
}

/// A connection as that of another program.
fn open(path: &std::path::Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).expect("open SQLite");
    connection.busy_timeout(HANGS).expect("set up");
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON").expect("set up");
    connection
}

#[track_caller]
fn number(target: &mut PgConnection, query: &str) -> i64 {
    diesel::sql_query(query).get_result::<Number>(target).expect(query).number
}
