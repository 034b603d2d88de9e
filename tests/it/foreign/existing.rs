//! Imports into tables that the application's migrations created, as these are.

use diesel::connection::SimpleConnection as _;

use super::commands::{lines, source};
use crate::app::Ended;
use crate::cluster::TestDatabase;

/// Imports the rows of `rows`, SQL for SQLite, into the tables of `tables`, SQL for PostgreSQL.
fn import(rows: &str, tables: &str, code: i32, more: &[&str]) -> (TestDatabase, Ended) {
    let app = source(rows);
    let target = TestDatabase::create();
    target.connect().batch_execute(tables).expect("migrate");
    let command = ["db", "import", "legacy.db", "--data-only", "--postgres", target.url()];
    let ended = app.expect(code, &[&command[..], more].concat());
    (target, ended)
}

fn line(target: &TestDatabase, query: &str) -> String {
    lines(target, &format!("SELECT ({query})::text AS line")).concat()
}

#[test]
fn a_value_that_does_not_fit_rejects_its_row_and_the_others_arrive() {
    let (target, ended) = import(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, at TEXT, ip TEXT, b TEXT);
         INSERT INTO t VALUES (1, 5, '2024-01-02', '10.0.0.1', 'yes'), (2, 3000000000, NULL, NULL, NULL),
             (3, 7, '2024-01-02T03:04:05Z', NULL, NULL), (4, 7, NULL, 'localhost', NULL), (5, 7, NULL, NULL, 'maybe');
         CREATE TABLE u (id INTEGER PRIMARY KEY, at TEXT); INSERT INTO u VALUES (1, '2024-01-02 03:04:05.123456')",
        "CREATE TABLE t (id integer PRIMARY KEY, n integer, at timestamp, ip inet, b boolean);
         CREATE TABLE u (id integer PRIMARY KEY, at timestamp(3))",
        40,
        &["--rejects-file", "rejects.jsonl"],
    );
    assert_eq!(
        line(&target, "SELECT string_agg(concat_ws(' ', id, n, at, host(ip), b), ',') FROM t"),
        "1 5 2024-01-02 00:00:00 10.0.0.1 t"
    );
    assert_eq!(line(&target, "SELECT count(*) FROM u"), "0", "a digit would be rounded");
    assert!(
        ended.stdout.contains("5 rows rejected") || ended.stderr.contains("5 rows rejected"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_unit_is_decided_by_a_setting_and_never_guessed() {
    let rows = "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME);
        INSERT INTO t VALUES (1, -131000000000), (2, 486000000000);
        CREATE TABLE u (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO u VALUES (1, 1700000000123)";
    let tables = "CREATE TABLE t (id integer PRIMARY KEY, at timestamptz); CREATE TABLE u (id integer PRIMARY KEY, at timestamptz)";
    let (target, ended) = import(rows, tables, 40, &[]);
    assert_eq!(line(&target, "SELECT count(*) FROM t"), "0");
    assert_eq!(line(&target, "SELECT at AT TIME ZONE 'UTC' FROM u"), "2023-11-14 22:13:20.123");
    assert!(ended.stderr.contains("target/unit-unknown"), "{}", ended.stderr);
    let (target, ended) = import(rows, tables, 0, &["--set", "tables.t.columns.at.form = 'milliseconds'"]);
    assert_eq!(line(&target, "SELECT min(at) AT TIME ZONE 'UTC' FROM t"), "1965-11-06 19:06:40");
    assert!(ended.stderr.contains("in milliseconds"), "the unit is named: {}", ended.stderr);
}

#[test]
fn every_sequence_of_a_default_goes_on_past_the_farthest_value() {
    let (target, _) = import(
        "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER, d INTEGER, code TEXT, odd INTEGER);
         INSERT INTO a VALUES (7, 20, -5, 'P0042', 8); DELETE FROM a; INSERT INTO a VALUES (5, 20, -5, 'P0042', 8);
         CREATE TABLE b (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO b VALUES (30, 'x')",
        "CREATE SEQUENCE shared; CREATE SEQUENCE down INCREMENT -1; CREATE SEQUENCE codes; CREATE SEQUENCE cached CACHE 20;
         CREATE SEQUENCE odd START 1 INCREMENT 2; CREATE SEQUENCE named;
         CREATE TABLE a (id integer PRIMARY KEY DEFAULT nextval('shared'), n integer DEFAULT nextval('cached'),
             d integer DEFAULT nextval('down'), code text DEFAULT 'P' || lpad(nextval('codes')::text, 4, '0'),
             odd integer DEFAULT nextval('odd'), other integer DEFAULT nextval(('named'::text)::regclass));
         CREATE TABLE b (id integer PRIMARY KEY DEFAULT nextval('shared'), v text)",
        0,
        &[],
    );
    target.connect().batch_execute("INSERT INTO a DEFAULT VALUES").expect("insert");
    let query = "SELECT concat_ws(' ', id, n, d, code, odd, other) FROM a WHERE code <> 'P0042'";
    assert_eq!(line(&target, query), "31 21 -6 P0043 11 2");
}

#[test]
fn an_index_that_rows_break_stops_nothing_else_and_is_recreated_when_they_are_corrected() {
    let app = source(
        "CREATE TABLE acc (id INTEGER PRIMARY KEY, email TEXT);
         INSERT INTO acc VALUES (1, 'a@x.org'), (2, 'A@x.org'), (3, 'b@x.org');
         CREATE TABLE zlog (id INTEGER PRIMARY KEY AUTOINCREMENT, acc INTEGER, t TEXT); INSERT INTO zlog VALUES (5, 1, 'x')",
    );
    let target = TestDatabase::create();
    let tables = "CREATE TABLE acc (id integer PRIMARY KEY, email text); CREATE UNIQUE INDEX acc_lower ON acc (lower(email));
         CREATE TABLE zlog (id serial PRIMARY KEY, acc integer REFERENCES acc, t text); CREATE INDEX zlog_t ON zlog (t)";
    target.connect().batch_execute(tables).expect("migrate");
    let import = ["db", "import", "legacy.db", "--data-only", "--postgres", target.url()];
    let indexes = || {
        line(
            &target,
            "SELECT count(*) FROM pg_indexes WHERE indexname IN ('acc_lower', 'zlog_t', 'acc_pkey')",
        )
    };
    let ended = app.expect(40, &import);
    assert!(ended.stderr.contains("acc_lower") && ended.stderr.contains("(a@x.org)"), "{}", ended.stderr);
    assert!(ended.stderr.contains("app db restore"), "{}", ended.stderr);
    assert_eq!(indexes(), "2");
    assert_eq!(line(&target, "SELECT nextval('zlog_id_seq')"), "6");
    assert_eq!(line(&target, "SELECT bool_and(convalidated) FROM pg_constraint WHERE contype = 'f'"), "true");
    // Again, and by the advice: it is named until it is recreated.
    app.expect(40, &import);
    let restore = ["db", "restore", "--postgres", target.url()];
    let ended = app.expect(40, &restore);
    assert!(ended.stdout.contains("acc_lower"), "{}", ended.stdout);
    target.connect().batch_execute("UPDATE acc SET email = 'c@x.org' WHERE id = 2").expect("correct");
    app.expect(0, &restore);
    assert_eq!(indexes(), "3");
    target
        .connect()
        .batch_execute("DROP INDEX acc_lower; UPDATE acc SET email = 'A@x.org' WHERE id = 2")
        .expect("as before");
    app.expect(0, &import);
}

#[test]
fn what_was_not_in_force_before_is_no_difference() {
    let rows = "CREATE TABLE p (id INTEGER PRIMARY KEY, a INTEGER); INSERT INTO p VALUES (1, 5);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER, q INTEGER); INSERT INTO c VALUES (1, 9, 9)";
    let tables =
        "CREATE TABLE p (id integer PRIMARY KEY, a integer, CONSTRAINT small CHECK (a < 9) NOT VALID);
        CREATE TABLE c (id integer PRIMARY KEY, p integer, q integer);
        ALTER TABLE c ADD CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p NOT VALID;
        COMMENT ON CONSTRAINT c_p ON c IS 'why';
        ALTER TABLE c ADD CONSTRAINT c_q FOREIGN KEY (q) REFERENCES p; ALTER TABLE c DISABLE TRIGGER ALL";
    let state = "SELECT string_agg(concat_ws(' ', conname, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint')), '; '
        ORDER BY conname) FROM pg_constraint WHERE contype IN ('f', 'c') AND conrelid IN ('p'::regclass, 'c'::regclass)";
    for more in [&[][..], &["--single-transaction"]] {
        let before = TestDatabase::create();
        before.connect().batch_execute(tables).expect("migrate");
        let (target, ended) = import(rows, tables, 0, more);
        assert_eq!(line(&target, "SELECT count(*) FROM c"), "1", "{more:?}");
        assert_eq!(line(&target, state), line(&before, state), "{more:?}");
        assert!(ended.stdout.contains("c_p of c is not valid, as it was before"), "{}", ended.stdout);
    }
    // Without the triggers disabled, the key that was not valid is enforced for new rows again.
    let enabled = tables.replace("ALTER TABLE c DISABLE TRIGGER ALL", "DROP TABLE IF EXISTS x");
    let (target, _) = import(rows, &enabled, 40, &[]);
    assert_eq!(line(&target, "SELECT count(*) FROM c"), "1");
}

#[test]
fn partitioned_tables_are_filled_and_views_are_named() {
    let (target, ended) = import(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1);
         CREATE TABLE e (id INTEGER PRIMARY KEY, day TEXT, p INTEGER);
         INSERT INTO e VALUES (1, '2024-01-05', 1), (2, '2024-02-05', 1), (3, '2025-01-01', 1)",
        "CREATE TABLE p (id integer PRIMARY KEY);
         CREATE TABLE e (id integer, day date, p integer REFERENCES p, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
         CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
         CREATE TABLE e2 PARTITION OF e FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
         CREATE INDEX ON e (p); CREATE MATERIALIZED VIEW days AS SELECT day FROM e",
        40,
        &[],
    );
    assert_eq!(
        line(&target, "SELECT string_agg(tableoid::regclass || ' ' || id, ',' ORDER BY id) FROM e"),
        "e1 1,e2 2"
    );
    assert_eq!(
        line(
            &target,
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND conrelid = 'e'::regclass"
        ),
        "1"
    );
    assert!(ended.stderr.contains("target/materialized-view"), "{}", ended.stderr);
}

#[test]
fn the_tables_of_migration_tools_are_changed_only_by_name() {
    let rows = "CREATE TABLE VersionInfo (Version INTEGER, AppliedOn DATETIME, Description TEXT); INSERT INTO VersionInfo VALUES (1, '2023-01-01', 'a');
        CREATE TABLE my_migrations (id INTEGER PRIMARY KEY, name TEXT, applied_at TEXT); INSERT INTO my_migrations VALUES (1, 'a', 'b');
        CREATE TABLE d (id INTEGER PRIMARY KEY); INSERT INTO d VALUES (1)";
    let tables = "CREATE TABLE \"VersionInfo\" (\"Version\" bigint, \"AppliedOn\" timestamp, \"Description\" text); INSERT INTO \"VersionInfo\" VALUES (2);
        CREATE TABLE my_migrations (id integer PRIMARY KEY, name text, applied_at text); INSERT INTO my_migrations VALUES (2);
        CREATE TABLE d (id integer PRIMARY KEY)";
    let state = "SELECT concat_ws(' ', (SELECT string_agg(\"Version\"::text, ',') FROM \"VersionInfo\"),
        (SELECT string_agg(id::text, ',') FROM my_migrations), (SELECT string_agg(id::text, ',') FROM d))";
    let (target, ended) = import(rows, tables, 40, &["--clear"]);
    assert_eq!(line(&target, state), "2 2 1");
    assert!(ended.stderr.contains("target/like-migrations"), "{}", ended.stderr);
    let (target, _) = import(rows, tables, 0, &["--clear", "--yes", "--tables", "VersionInfo,my_migrations"]);
    assert_eq!(line(&target, state), "1 1");
}

#[test]
fn what_blocks_an_import_is_found_before_the_source_is_read() {
    let app = source("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
    let target = TestDatabase::create();
    target.connect().batch_execute("CREATE TABLE t (id integer PRIMARY KEY)").expect("migrate");
    let import = ["db", "import", "legacy.db", "--data-only", "--postgres", target.url()];
    let missing = [&import[..], &["--rejects-file", "/proc/rejects.jsonl"]].concat();
    let ended = app.expect(3, &missing);
    assert!(ended.stderr.contains("--rejects-file"), "{}", ended.stderr);
    assert_eq!(line(&target, "SELECT count(*) FROM t"), "0");
}

#[test]
fn an_index_that_the_user_recreated_is_not_in_the_way_of_the_next_import() {
    let app =
        source("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'A')");
    let target = TestDatabase::create();
    let tables = "CREATE TABLE t (id integer PRIMARY KEY, v text); CREATE UNIQUE INDEX tv ON t (lower(v))";
    target.connect().batch_execute(tables).expect("migrate");
    let import = ["db", "import", "legacy.db", "--data-only", "--postgres", target.url()];
    app.expect(40, &import);
    target
        .connect()
        .batch_execute("DELETE FROM t WHERE id = 2; CREATE UNIQUE INDEX tv ON t (lower(v))")
        .expect("correct");
    rusqlite::Connection::open(app.path("legacy.db"))
        .expect("open")
        .execute("UPDATE t SET v = 'b' WHERE id = 2", [])
        .expect("correct");
    app.expect(0, &[&import[..], &["--clear", "--yes"]].concat());
    assert_eq!(line(&target, "SELECT count(*) FROM pg_indexes WHERE indexname = 'tv'"), "1");
    assert_eq!(line(&target, "SELECT count(*) FROM t"), "2");
}

#[test]
fn a_foreign_key_to_a_partitioned_table_is_named_once() {
    let (target, ended) = import(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1);
         CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER); INSERT INTO c VALUES (1, 1), (2, 7)",
        "CREATE TABLE p (id integer PRIMARY KEY) PARTITION BY HASH (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0);
         CREATE TABLE c (id integer PRIMARY KEY, p integer REFERENCES p)",
        40,
        &[],
    );
    assert_eq!(line(&target, "SELECT count(*) FROM c"), "2");
    assert!(ended.stderr.contains("c_p_fkey"), "{}", ended.stderr);
}

#[test]
fn materialized_views_are_refreshed_on_request() {
    let rows = "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)";
    let tables =
        "CREATE TABLE t (id integer PRIMARY KEY); CREATE MATERIALIZED VIEW a AS SELECT count(*) AS n FROM t;
        CREATE MATERIALIZED VIEW \"B b\" AS SELECT n + 1 AS n FROM a";
    let counts = "SELECT (SELECT n FROM a)::text || (SELECT n FROM \"B b\")::text";
    let (target, _) = import(rows, tables, 0, &[]);
    assert_eq!(line(&target, counts), "01");
    let (target, _) = import(rows, tables, 0, &["--refresh-views"]);
    assert_eq!(line(&target, counts), "23");
}
