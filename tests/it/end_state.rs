//! The complete state of a database after a copy, to compare two databases.

use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Catalog and sequences, a line per object, without the records of runs. Objects are identified by name, because
/// OIDs differ between databases.
const CATALOG: &[&str] = &[
    // Including unlogged tables and storage parameters that must not remain after a copy.
    "SELECT concat_ws(' ', c.relkind, c.oid::regclass, c.relpersistence, c.reloptions) AS line
     FROM pg_class c WHERE c.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE OURS)",
    "SELECT concat_ws(' ', 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
         a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) AS line
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r'
       AND c.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE OURS)",
    "SELECT concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indislive) AS line
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE OURS)",
    "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) AS line
     FROM pg_constraint WHERE connamespace = ANY (SELECT oid FROM pg_namespace WHERE OURS)",
    "SELECT concat_ws(' ', 'triggers', tgrelid::regclass, tgenabled, count(*)) AS line
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE OURS) GROUP BY tgrelid, tgenabled",
    "SELECT concat_ws(' ', 'sequence', sequencename, last_value) AS line FROM pg_sequences WHERE schemaname NOT LIKE '\\_\\_backoffice\\_%'",
    "SELECT concat_ws(' ', 'prepared', gid) AS line FROM pg_prepared_xacts WHERE database = current_database()",
    "SELECT concat_ws(' ', 'schema', nspname) AS line FROM pg_namespace WHERE OURS",
];

/// The schema of the application's tables.
const MIGRATIONS: &str =
    "SELECT concat_ws(' ', 'migration', version) AS line FROM __diesel_schema_migrations";

/// The tables whose rows are compared. Internal tables contain times, a random identity and the state of runs.
const TABLES: &str = "SELECT oid::regclass::text AS line FROM pg_class
    WHERE relkind = 'r' AND relname NOT LIKE '\\_\\_%'
      AND relnamespace = ANY (SELECT oid FROM pg_namespace WHERE OURS) ORDER BY 1";

/// The complete state, sorted. Two databases with equal states are equal.
pub(crate) fn end_state(url: &str) -> Vec<String> {
    let mut connection = PgConnection::establish(url).expect("the test server accepts connections");
    let mut lines = |query: &str| -> Vec<String> {
        let query = query.replace(
            "OURS",
            "nspname NOT LIKE 'pg\\_%' AND nspname NOT LIKE '\\_\\_backoffice\\_%' AND nspname <> 'information_schema'",
        );
        let found: Vec<Line> = diesel::sql_query(&query).load(&mut connection).expect(&query);
        found.into_iter().map(|row| row.line).collect()
    };
    let mut state: Vec<String> = CATALOG.iter().flat_map(|query| lines(query)).collect();
    if state.iter().any(|line| line.starts_with("r __diesel_schema_migrations ")) {
        state.extend(lines(MIGRATIONS));
    }
    state.sort();
    for table in lines(TABLES) {
        let literal = table.replace('\'', "''");
        // An alias that is not the name of a column.
        let row = "\"the whole row\"";
        let rows = format!(
            "SELECT '{literal} ' || {row}::text AS line FROM {table} {row} ORDER BY {row}::text COLLATE \"C\""
        );
        state.extend(lines(&rows));
    }
    state
}

/// Panics with the differences if the states are not equal.
#[track_caller]
pub(crate) fn assert_complete(expected: &[String], url: &str, what: &str) {
    let found = end_state(url);
    if found != expected {
        let missing: Vec<_> = expected.iter().filter(|line| !found.contains(line)).take(5).collect();
        let more: Vec<_> = found.iter().filter(|line| !expected.contains(line)).take(5).collect();
        panic!("{what}\nthe end state lacks {missing:#?}\nand has {more:#?}");
    }
}

/// Each kind of incomplete state must be detected by the comparison.
#[test]
fn every_incomplete_state_is_detected() {
    let this = crate::app::Move::done(300);
    let complete = end_state(this.target.url());
    assert!(complete.len() > 500, "{} lines", complete.len());
    for (undone, done) in [
        ("DELETE FROM tasks WHERE id = (SELECT max(id) FROM tasks)", None),
        ("UPDATE users SET last_name = last_name || ' '", None),
        ("ALTER TABLE tasks DISABLE TRIGGER ALL", Some("ALTER TABLE tasks ENABLE TRIGGER ALL")),
        (
            "ALTER TABLE tasks SET (autovacuum_enabled = off)",
            Some("ALTER TABLE tasks RESET (autovacuum_enabled)"),
        ),
        ("ALTER TABLE contact_submissions SET UNLOGGED", Some("ALTER TABLE contact_submissions SET LOGGED")),
        ("DROP INDEX idx_tasks_user_id", None),
        ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_tasks_completed'::regclass", None),
        ("SELECT setval('organizations_id_seq', 1)", None),
        ("UPDATE pg_constraint SET convalidated = false WHERE conrelid = 'tasks'::regclass", None),
        ("CREATE TABLE left_over ()", Some("DROP TABLE left_over")),
        ("CREATE SCHEMA left_over", Some("DROP SCHEMA left_over")),
        ("ALTER TABLE tasks ALTER COLUMN title DROP NOT NULL", None),
    ] {
        let before = end_state(this.target.url());
        this.on_target(undone);
        assert!(end_state(this.target.url()) != before, "{undone}");
        if let Some(done) = done {
            this.on_target(done);
            assert!(end_state(this.target.url()) == before, "{done}");
        }
    }
}
