//! No data is lost and no wrong result reported when a run is blocked.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use rusqlite::config::DbConfig;

use crate::app::{App, Move};
use crate::cluster::TestDatabase;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn count(this: &Move, table: &str) -> i64 {
    let query = diesel::sql_query(format!("SELECT count(*) AS number FROM {table}"));
    query.get_result::<Number>(&mut this.postgres()).expect(table).number
}

#[test]
fn clear_detects_references_from_other_schemas() {
    let this = Move::done(300);
    this.on_target(
        "CREATE SCHEMA other;
         CREATE TABLE other.notes (submission bigint REFERENCES contact_submissions (id) ON DELETE CASCADE);
         INSERT INTO other.notes SELECT id FROM contact_submissions",
    );
    let before = count(&this, "other.notes");
    assert!(before > 0);
    let refused = this.copy(10, &["--clear", "--yes", "--tables", "contact_submissions"]);
    assert!(refused.stderr.contains("emptying would touch `other.notes`"), "{}", refused.stderr);
    assert_eq!(count(&this, "other.notes"), before);
}

#[test]
fn a_failed_force_recreate_changes_nothing() {
    let this = Move::done(300);
    let before = count(&this, "tasks");
    this.on_target("CREATE VIEW dependent AS SELECT id FROM organizations");
    let ended = this.copy(21, &["--force-recreate", "--yes"]);
    assert!(ended.stderr.contains("organizations"), "{}", ended.stderr);
    assert_eq!(count(&this, "tasks"), before);
    // The failed attempt does not affect a later run.
    this.on_target(
        "DROP VIEW dependent;
         INSERT INTO contact_submissions (id, name, email, subject, message, created_at)
         VALUES (777777, 'own', 'o@example.com', '', '', now())",
    );
    this.copy(0, &["--append", "--yes", "--tables", "tasks"]);
    assert_eq!(count(&this, "contact_submissions WHERE id = 777777"), 1);
}

#[test]
fn verify_only_detects_values_that_a_typed_read_would_convert() {
    let this = Move::done(300);
    this.on_source(
        "PRAGMA ignore_check_constraints = ON; UPDATE tasks SET completed = 2 WHERE completed = 1",
    );
    let ended = this.copy(10, &["--verify-only"]);
    assert!(ended.stderr.contains("of `tasks` in the source against its checks"), "{}", ended.stderr);
}

#[test]
fn verify_only_needs_select_only() {
    let this = Move::done(300);
    let role = format!("reader_{}", std::process::id());
    this.on_target(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA __backoffice_public TO {role};
         GRANT SELECT ON ALL TABLES IN SCHEMA public, __backoffice_public TO {role};
         GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    ));
    let (_, place) = this.target.url().split_once('@').expect("a user in the URL");
    let url = format!("postgresql://{role}:x@{place}");
    this.app.expect(0, &["db", "copy-from-sqlite", "--verify-only", "--postgres", &url]);
    let refused = this.app.expect(10, &["db", "copy-from-sqlite", "--dry-run", "--postgres", &url]);
    assert!(refused.stderr.contains("the role does not own"), "{}", refused.stderr);
    this.on_target(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn a_wrong_index_is_reported_as_corruption_only_if_rows_are_read_through_it() {
    let damaged = with_swapped("sqlite_autoindex_users_1", "idx_users_created_at").copy(10, &[]);
    assert!(damaged.stderr.contains("is damaged"), "{}", damaged.stderr);
    // No row is read through these indexes: every row is copied.
    with_swapped("idx_tasks_user_id", "idx_tasks_completed").copy(0, &[]);
}

/// A source in which the root pages of two indexes of a table are exchanged.
fn with_swapped(one: &str, other: &str) -> Move {
    let this = Move::seeded(300);
    // The number of entries is unchanged, so that only their content differs.
    let connection = rusqlite::Connection::open(this.app.path("backoffice.db")).expect("open SQLite");
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).expect("leave defensive mode");
    let swap = format!(
        "CREATE TEMP TABLE keep AS SELECT name, rootpage FROM main.sqlite_schema
         WHERE name IN ('{one}', '{other}');
         PRAGMA writable_schema = ON;
         UPDATE main.sqlite_schema SET rootpage = (SELECT rootpage FROM keep WHERE keep.name <> sqlite_schema.name)
         WHERE name IN (SELECT name FROM keep);
         PRAGMA writable_schema = RESET"
    );
    connection.execute_batch(&swap).expect("damage the source");
    this
}

#[test]
fn control_characters_in_names_are_escaped() {
    let this = Move::seeded(300);
    this.on_source("CREATE TABLE \"x\u{7f}\u{1b}[31m\nblocker: fake\" (id INTEGER)");
    let ended = this.copy(0, &["--json"]);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("the report is JSON");
    assert_eq!(report["findings"][0]["kind"], "warning");
    assert!(!ended.stderr.contains('\u{1b}') && !ended.stderr.contains("\nblocker"), "{}", ended.stderr);
}

// Only Linux has such a device.
#[cfg(target_os = "linux")]
#[test]
fn a_failed_write_to_standard_output_is_not_success() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("open /dev/full");
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    let status = app.command(&["db", "status"]).stdout(full).stderr(std::process::Stdio::null()).status();
    assert_eq!(status.expect("run").code(), Some(1));
}

#[test]
fn a_password_in_the_wrong_argument_is_not_printed() {
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    let target = TestDatabase::create();
    let url = "postgres://u:S3cr3t@h/d";
    for arguments in [
        &["db", "migrate", "--to", url][..],
        &["db", "copy-from-sqlite", "--postgres", target.url(), "--tables", url],
        &["config", "--database-url", "host=h", "password=S3cr3t"],
        &["db", "status", url],
    ] {
        let ended = app.run(arguments);
        assert_ne!(ended.code, 0, "{arguments:?}");
        assert!(!ended.stderr.contains("S3cr3t") && !ended.stdout.contains("S3cr3t"), "{}", ended.stderr);
    }
}
