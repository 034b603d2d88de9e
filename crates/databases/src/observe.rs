//! Query instrumentation: kind, duration and failure of each query, passed to an observer. This file itself only
//! writes the log.
//!
//! No bound value reaches the log: Diesel prints a query and then its binds, and the text is cut where the binds
//! begin, before they are formatted. An error is logged by its kind, because a database's message may quote a value.

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::{DebugQuery, Instrumentation, InstrumentationEvent};

use super::failure::Failure;

/// The kind of a query, by its first keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryKind {
    /// Reads.
    Select,
    /// Inserts rows.
    Insert,
    /// Updates rows.
    Update,
    /// Deletes rows.
    Delete,
    /// Begins or ends a transaction or savepoint, or is a COPY.
    Transaction,
    /// Anything else, including the `SELECT 1` with which the pool tests a connection, and statements with WITH.
    Other,
}

impl QueryKind {
    /// Its name in logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Transaction => "transaction",
            Self::Other => "other",
        }
    }

    /// The kind of a query whose text begins with this.
    fn of(sql: &str) -> Self {
        if sql == POOL_TEST {
            return Self::Other;
        }
        let start = sql.trim_start_matches(|c: char| c == '(' || c.is_whitespace());
        let end = start.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(start.len());
        let word = &start[..end];
        let known = FIRST_WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map_or(Self::Other, |(_, kind)| *kind)
    }
}

/// The statement with which the pool tests a connection; counted as a read it would distort the durations of reads.
const POOL_TEST: &str = "SELECT 1";

const FIRST_WORDS: &[(&str, QueryKind)] = &[
    ("SELECT", QueryKind::Select),
    ("INSERT", QueryKind::Insert),
    ("UPDATE", QueryKind::Update),
    ("DELETE", QueryKind::Delete),
    ("BEGIN", QueryKind::Transaction),
    ("COMMIT", QueryKind::Transaction),
    ("ROLLBACK", QueryKind::Transaction),
    ("SAVEPOINT", QueryKind::Transaction),
    ("RELEASE", QueryKind::Transaction),
    ("COPY", QueryKind::Transaction),
];

/// A query that has finished.
#[derive(Clone, Copy, Debug)]
pub struct QueryDone {
    /// Its kind.
    pub kind: QueryKind,
    /// Its duration, including the reading of all its rows.
    pub elapsed: Duration,
    /// The kind of its failure, if it failed.
    pub failure: Option<Failure>,
}

/// Receives every finished query. It is called on the thread that waits for the query, so it must be fast.
pub trait QueryObserver: Send + Sync {
    /// A query has finished.
    fn query_done(&self, done: &QueryDone);
}

/// Which queries are logged.
#[derive(Clone, Copy, Debug, Default)]
pub struct QueryLog {
    /// All of them, at level info. Otherwise they are logged at level debug.
    pub all: bool,
    /// Queries of at least this duration are logged as warnings.
    pub slow: Option<Duration>,
}

/// Instruments the queries of one connection; for `set_instrumentation`.
pub struct QueryWatch {
    observer: Arc<dyn QueryObserver>,
    log: QueryLog,
    started: Option<Instant>,
}

impl QueryWatch {
    /// Passes each query to `observer`, and logs those that `log` selects.
    pub fn new(observer: Arc<dyn QueryObserver>, log: QueryLog) -> Self {
        Self { observer, log, started: None }
    }

    fn finish(&self, query: &dyn DebugQuery, elapsed: Duration, failure: Option<Failure>) {
        let kind = QueryKind::of(&QueryText::of(query, KIND_BYTES));
        self.observer.query_done(&QueryDone { kind, elapsed, failure });

        let is_slow = self.log.slow.is_some_and(|slow| elapsed >= slow);
        if !is_slow && !self.log.all && !tracing::enabled!(tracing::Level::DEBUG) {
            return;
        }
        let sql = QueryText::of(query, LOGGED_BYTES);
        let (kind, failure) = (kind.name(), failure.map(Failure::name));
        // In microseconds: most queries take less than a millisecond.
        let elapsed_ms = (elapsed.as_secs_f64() * 1e6).round() / 1e3;
        if is_slow {
            tracing::warn!(kind, elapsed_ms, failure, sql, "slow query");
        } else if self.log.all {
            tracing::info!(kind, elapsed_ms, failure, sql, "query");
        } else {
            tracing::debug!(kind, elapsed_ms, failure, sql, "query");
        }
    }
}

impl Instrumentation for QueryWatch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => self.started = Some(Instant::now()),
            InstrumentationEvent::FinishQuery { query, error, .. } => {
                // Without a start there is nothing to measure: Diesel promises no order of events.
                if let Some(started) = self.started.take() {
                    self.finish(query, started.elapsed(), error.map(Failure::of_query));
                }
            }
            // A transaction's own statements are queries as well.
            _ => {}
        }
    }
}

/// What Diesel prints between a query and its binds.
const BINDS: &str = " -- binds: ";
/// The longest first keyword, and what may precede it.
const KIND_BYTES: usize = 24;
/// The text of an insert of many rows is unbounded.
const LOGGED_BYTES: usize = 2000;

/// Collects the text of a query up to its binds or the length limit, and then stops the formatting with an error.
pub(crate) struct QueryText {
    text: String,
    limit: usize,
}

impl QueryText {
    pub(crate) fn of(query: &dyn DebugQuery, limit: usize) -> String {
        let mut taken = Self { text: String::new(), limit };
        // The error is this type's own stop, or a query that Diesel cannot print: then there is no text.
        let _enough = write!(taken, "{query}");
        taken.text
    }
}

impl fmt::Write for QueryText {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        // Character by character: the separator may arrive in two pieces.
        for sign in piece.chars() {
            self.text.push(sign);
            if self.text.ends_with(BINDS) {
                self.text.truncate(self.text.len() - BINDS.len());
                return Err(fmt::Error);
            }
            if self.text.len() >= self.limit {
                self.text.push('…');
                return Err(fmt::Error);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Seek as _;
    use std::sync::Mutex;

    use diesel::prelude::*;
    use diesel::sql_types::{Integer, Text as SqlText};

    use super::*;

    diesel::table! {
        notes (id) {
            id -> Integer,
            body -> Text,
        }
    }

    #[derive(Default)]
    struct Seen(Mutex<Vec<QueryDone>>);

    impl QueryObserver for Seen {
        fn query_done(&self, done: &QueryDone) {
            self.0.lock().expect("no test panics with this lock").push(*done);
        }
    }

    impl Seen {
        fn take(&self) -> Vec<QueryDone> {
            std::mem::take(&mut *self.0.lock().expect("no test panics with this lock"))
        }

        fn kinds(&self) -> Vec<&'static str> {
            self.take().iter().map(|done| done.kind.name()).collect()
        }
    }

    fn watched(log: QueryLog) -> (SqliteConnection, Arc<Seen>) {
        let mut connection = SqliteConnection::establish(":memory:").expect("open a database in memory");
        let table = "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE)";
        diesel::sql_query(table).execute(&mut connection).expect("create the table");
        let seen = Arc::new(Seen::default());
        let observer: Arc<dyn QueryObserver> = seen.clone();
        connection.set_instrumentation(QueryWatch::new(observer, log));
        (connection, seen)
    }

    fn insert(connection: &mut SqliteConnection, body: &str) -> QueryResult<usize> {
        diesel::insert_into(notes::table).values(notes::body.eq(body)).execute(connection)
    }

    /// Runs `work` with a log of this level, and returns what was logged.
    fn logged(level: tracing::Level, work: impl FnOnce()) -> String {
        // If a thread without a subscriber reaches a callsite first, tracing may cache it as disabled for all
        // threads. With this one, each thread has a subscriber.
        let sink = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(std::io::sink);
        let _set_before = tracing::subscriber::set_global_default(sink.finish());
        let file = Arc::new(tempfile::tempfile().expect("a file for the log"));
        let log = tracing_subscriber::fmt().with_max_level(level).with_ansi(false);
        tracing::subscriber::with_default(log.with_writer(Arc::clone(&file)).finish(), work);
        (&*file).rewind().expect("back to the start");
        std::io::read_to_string(&*file).expect("a log is text")
    }

    #[test]
    fn every_query_is_counted_by_its_kind() {
        let (mut connection, seen) = watched(QueryLog::default());
        insert(&mut connection, "one").expect("insert");
        diesel::update(notes::table).set(notes::body.eq("two")).execute(&mut connection).expect("update");
        let bodies: Vec<String> = notes::table.select(notes::body).load(&mut connection).expect("select");
        assert_eq!(bodies, ["two"]);
        diesel::delete(notes::table.find(1)).execute(&mut connection).expect("delete");
        diesel::sql_query("PRAGMA user_version").execute(&mut connection).expect("pragma");
        assert_eq!(seen.kinds(), ["insert", "update", "select", "delete", "other"]);
    }

    #[test]
    fn transactions_within_transactions_are_counted_with_their_statements() {
        let (mut connection, seen) = watched(QueryLog::default());
        let outcome = connection.transaction(|connection| {
            insert(connection, "kept")?;
            let undone = connection.transaction(|connection| {
                insert(connection, "undone")?;
                Err::<(), _>(diesel::result::Error::RollbackTransaction)
            });
            assert_eq!(undone, Err(diesel::result::Error::RollbackTransaction));
            QueryResult::Ok(())
        });
        outcome.expect("the outer transaction commits");
        let (t, i) = ("transaction", "insert");
        assert_eq!(seen.kinds(), [t, i, t, i, t, t]);
    }

    #[test]
    fn first_words_tell_the_kind() {
        for (sql, kind) in [
            ("(SELECT 1) UNION (SELECT 2)", QueryKind::Select),
            ("  select * from notes", QueryKind::Select),
            ("SELECT 1", QueryKind::Other),
            ("SELECT 1 FROM notes", QueryKind::Select),
            ("INSERT OR IGNORE INTO notes", QueryKind::Insert),
            ("COMMIT", QueryKind::Transaction),
            ("ROLLBACK TO SAVEPOINT diesel_savepoint_1", QueryKind::Transaction),
            ("COPY notes FROM STDIN", QueryKind::Transaction),
            ("BEGINNING", QueryKind::Other),
            ("WITH x AS (SELECT 1) DELETE FROM notes", QueryKind::Other),
            ("", QueryKind::Other),
        ] {
            assert_eq!(QueryKind::of(sql), kind, "{sql}");
        }
    }

    #[test]
    fn a_failed_query_is_told_with_its_kind_of_failure() {
        let (mut connection, seen) = watched(QueryLog::default());
        insert(&mut connection, "one").expect("insert");
        insert(&mut connection, "one").expect_err("the body is there");
        diesel::sql_query("SELECT * FROM nowhere").execute(&mut connection).expect_err("no such table");
        let failures: Vec<_> = seen.take().iter().map(|done| done.failure).collect();
        assert_eq!(failures, [None, Some(Failure::DuplicateKey), Some(Failure::TableMissing)]);
    }

    #[test]
    fn the_log_has_queries_and_never_their_values() {
        let log = QueryLog { all: true, slow: None };
        let text = logged(tracing::Level::INFO, || {
            let (mut connection, _seen) = watched(log);
            insert(&mut connection, "hush -- binds: hush").expect("insert");
            insert(&mut connection, "hush -- binds: hush").expect_err("the body is there");
            let of_secret = notes::table.filter(notes::body.eq("hush")).select(notes::id);
            of_secret.load::<i32>(&mut connection).expect("select");
            let raw = diesel::sql_query("SELECT id FROM notes WHERE body = ?").bind::<SqlText, _>("hush");
            raw.execute(&mut connection).expect("select");
        });
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.contains("INSERT INTO `notes` (`body`) VALUES (?)"), "{text}");
        assert!(text.contains("failure=\"duplicate_key\""), "{text}");
        assert!(text.contains("WHERE (`notes`.`body` = ?)"), "{text}");
        assert!(!text.contains("hush") && !text.contains("binds"), "{text}");
    }

    #[test]
    fn without_being_asked_only_debug_tells_of_queries() {
        let work = || {
            let (mut connection, seen) = watched(QueryLog::default());
            insert(&mut connection, "one").expect("insert");
            assert_eq!(seen.take().len(), 1);
        };
        assert_eq!(logged(tracing::Level::INFO, work), "");
        assert!(logged(tracing::Level::DEBUG, work).contains("DEBUG"));
    }

    #[test]
    fn a_slow_query_is_a_warning_and_a_quick_one_is_not() {
        let with = |slow| {
            let log = QueryLog { all: false, slow: Some(slow) };
            logged(tracing::Level::WARN, || {
                let (mut connection, _seen) = watched(log);
                insert(&mut connection, "hush").expect("insert");
            })
        };
        let slow = with(Duration::ZERO);
        assert!(
            slow.contains("WARN") && slow.contains("slow query") && slow.contains("elapsed_ms="),
            "{slow}"
        );
        assert!(slow.contains("INSERT INTO") && !slow.contains("hush"), "{slow}");
        assert_eq!(with(Duration::from_secs(3600)), "");
    }

    /// Prints in pieces, as a later Diesel may.
    #[derive(Debug)]
    struct Pieces(&'static [&'static str]);

    impl fmt::Display for Pieces {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.iter().try_for_each(|piece| f.write_str(piece))
        }
    }

    impl DebugQuery for Pieces {}

    #[test]
    fn the_text_ends_where_values_begin_or_at_its_limit() {
        for (pieces, limit, text) in [
            (&["SELECT ?", " -- binds: ", "[1]"][..], 100, "SELECT ?"),
            (&["SELECT ? -- bi", "nds: [1]"][..], 100, "SELECT ?"),
            (&["SELECT ? -- binds: [\" -- binds: 1\"]"][..], 100, "SELECT ?"),
            (&["ROLLBACK"][..], 100, "ROLLBACK"),
            (&["SELECT 'ééé'"][..], 9, "SELECT 'é…"),
        ] {
            assert_eq!(QueryText::of(&Pieces(pieces), limit), text);
        }
    }

    #[test]
    fn values_of_many_rows_stay_out_of_a_text_that_is_cut() {
        let rows: Vec<_> = (0..500).map(|_| notes::body.eq("hush")).collect();
        let query = diesel::insert_into(notes::table).values(&rows);
        let text = QueryText::of(&diesel::debug_query::<diesel::sqlite::Sqlite, _>(&query), LOGGED_BYTES);
        assert!(text.ends_with('…') && text.len() < LOGGED_BYTES + 8 && !text.contains("hush"), "{text}");
        let ids = diesel::dsl::sql::<Integer>("1");
        assert_eq!(QueryText::of(&diesel::debug_query::<diesel::sqlite::Sqlite, _>(&ids), 100), "1");
    }
}
