//! `app db copy-from-sqlite`.

use std::path::Path;
use std::time::Instant;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::Value;

use crate::app::{App, Move};
use crate::cluster::TestDatabase;
use crate::running::{HANGS, Running};
use backoffice::migrations::MIGRATIONS;
use backoffice::registry::tables;
use databases::connection::AnyConnection;
use transfer::table::{Key, KeyRange, Order, ReadError};

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(connection: &mut PgConnection, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Number>(connection).expect(sql).number
}

/// Every row of every table, in key order and binary COPY format.
fn dump(connection: &mut AnyConnection) -> Vec<(String, Vec<Vec<u8>>)> {
    let dump = |table: &std::sync::Arc<dyn transfer::table::Table>| {
        let mut rows = Vec::new();
        let mut each = |row: Result<(Key, &[u8]), ReadError>| {
            rows.push(row.expect("a row").1.to_vec());
            std::ops::ControlFlow::Continue(())
        };
        match connection {
            AnyConnection::Sqlite(sqlite) => table.read_source(sqlite, KeyRange::ALL, Order::Key, &mut each),
            AnyConnection::Postgres(postgres) => {
                table.read_target(postgres, KeyRange::ALL, Order::Key, &mut each)
            }
        }
        .expect("read");
        (table.name().to_owned(), rows)
    };
    tables().iter().map(dump).collect()
}

fn report(ended: &crate::app::Ended) -> Value {
    serde_json::from_str(&ended.stdout).expect("the report is JSON")
}

fn bytes(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("backoffice.db")).expect("read the source")
}

#[test]
fn every_row_is_copied_and_the_source_does_not_change() {
    let this = Move::seeded(5000);
    let before = bytes(this.app.folder());
    let ended = this.copy(0, &[]);
    assert!(ended.stdout.contains("copied 5,000 rows"), "{}", ended.stdout);
    let verified = format!("{} tables verified", tables().len());
    assert!(ended.stdout.contains(&verified), "{}", ended.stdout);
    assert_eq!(before, bytes(this.app.folder()));
    let left = dump(&mut AnyConnection::Sqlite(this.app.sqlite()));
    let right = dump(&mut AnyConnection::Postgres(this.postgres()));
    assert_eq!(left.iter().map(|(_, rows)| rows.len()).sum::<usize>(), 5000);
    assert!(left == right);
}

#[test]
fn sums_and_counts_computed_by_each_database_are_equal() {
    let this = Move::done(3000);
    let mut postgres = this.postgres();
    // The same queries in the dialect of each database: sums of money, and counts by conditions.
    #[derive(QueryableByName)]
    struct Words {
        #[diesel(sql_type = diesel::sql_types::Text)]
        words: String,
    }
    for (sqlite, target) in [
        (
            "SELECT CAST(sum(price) AS TEXT) AS words FROM products",
            "SELECT (sum(price) * 100)::bigint::text AS words FROM products",
        ),
        (
            "SELECT CAST(sum(quantity) AS TEXT) AS words FROM bill_items",
            "SELECT (sum(quantity) * 1000)::bigint::text AS words FROM bill_items",
        ),
        (
            "SELECT group_concat(created_at) AS words FROM (SELECT created_at FROM tasks ORDER BY id)",
            "SELECT string_agg(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), ',' ORDER BY id) AS words FROM tasks",
        ),
        (
            "SELECT group_concat(hex(title)) AS words FROM (SELECT title FROM tasks ORDER BY id)",
            "SELECT string_agg(upper(encode(convert_to(title, 'UTF8'), 'hex')), ',' ORDER BY id) AS words FROM tasks",
        ),
        (
            "SELECT group_concat(id) AS words FROM (SELECT id FROM users ORDER BY id)",
            "SELECT string_agg(id::text, ',' ORDER BY id) AS words FROM users",
        ),
        (
            "SELECT CAST(count(*) AS TEXT) AS words FROM usage_logs WHERE billed = 1",
            "SELECT count(*)::text AS words FROM usage_logs WHERE billed",
        ),
    ] {
        let left: Words = diesel::sql_query(sqlite).get_result(&mut this.app.sqlite()).expect(sqlite);
        let right: Words = diesel::sql_query(target).get_result(&mut postgres).expect(target);
        assert_eq!(left.words, right.words, "{sqlite}");
    }
}

#[test]
fn a_second_run_changes_nothing_and_reports_it() {
    let this = Move::done(2000);
    let state = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint AS number FROM pg_stat_user_tables
         WHERE schemaname NOT LIKE '\\_\\_backoffice%' AND relname NOT LIKE '\\_\\_backoffice%'";
    let before = number(&mut this.postgres(), state);
    let ended = this.copy(0, &[]);
    assert!(ended.stdout.contains("every row is already there; nothing was changed"), "{}", ended.stdout);
    assert_eq!(before, number(&mut this.postgres(), state));
}

#[test]
fn rows_added_to_the_source_later_are_added_to_the_target() {
    let this = Move::done(1000);
    this.on_source(
        "INSERT INTO contact_submissions (name, email, subject, message, created_at)
         VALUES ('new', 'new@example.com', '', '', '2026-01-01T00:00:00.000000Z')",
    );
    let ended = this.copy(0, &["--json"]);
    let report = report(&ended);
    let copied: i64 = report["tables"]
        .as_array()
        .expect("tables")
        .iter()
        .map(|t| t["copied"].as_i64().expect("number"))
        .sum();
    assert_eq!(copied, 1);
    assert_eq!(report["exit_code"], 0);
}

#[test]
fn a_run_that_is_killed_is_continued() {
    let whole = Move::done(40_000);
    let expected = dump(&mut AnyConnection::Postgres(whole.postgres()));
    let target = TestDatabase::create();
    let mut kills = 0;
    for pause_ms in [150, 250, 350, 450, 550] {
        let mut run = whole.app.command(&["db", "copy-from-sqlite", "--postgres", target.url()]);
        run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut run = run.spawn().expect("start");
        std::thread::sleep(std::time::Duration::from_millis(pause_ms));
        kills += i32::from(run.try_wait().expect("ask").is_none());
        run.kill().expect("kill");
        run.wait().expect("end");
    }
    assert!(kills > 0, "every run ended before it was killed: raise the number of rows");
    // The server detects only after a moment that the client was killed.
    let began = Instant::now();
    let last = loop {
        let ended = whole.app.run(&["db", "copy-from-sqlite", "--postgres", target.url()]);
        let waits = ended.code == 10 && ended.stderr.contains("another run is writing to this target");
        if !waits || began.elapsed() > HANGS {
            break ended;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    };
    assert_eq!(last.code, 0, "the last run did not reach its end: {}", last.stderr);
    assert!(expected == dump(&mut AnyConnection::Postgres(target.connect())));
}

#[test]
fn an_interrupted_run_exits_with_50() {
    let this = Move::seeded(60_000);
    let mut run = Running::start(&this.app, &["db", "copy-from-sqlite", "--postgres", this.target.url()]);
    run.wait_for("stage 3");
    let (ended, _) = run.interrupt();
    assert_eq!(ended.code, 50, "{}", ended.stderr);
    assert!(ended.stderr.contains("run the same command again to continue"), "{}", ended.stderr);
    this.copy(0, &[]);
}

#[test]
fn a_dry_run_writes_nothing_and_prints_the_plan() {
    let this = Move::seeded(500);
    let ended = this.copy(0, &["--dry-run"]);
    assert!(ended.stdout.contains("500 rows would be copied"), "{}", ended.stdout);
    assert!(ended.stderr.contains("the target is empty: its tables are created first"), "{}", ended.stderr);
    let tables = "SELECT count(*) AS number FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";
    assert_eq!(number(&mut this.postgres(), tables), 0);
}

#[test]
fn a_source_that_is_missing_or_of_another_application_is_refused() {
    let this = Move::seeded(100);
    let missing = this.copy(20, &["--sqlite", "nothing.db"]);
    assert!(missing.stderr.contains("`nothing.db` does not exist"), "{}", missing.stderr);
    assert!(missing.stderr.contains("existing SQLite database"), "{}", missing.stderr);
    assert!(!this.app.path("nothing.db").exists());

    std::fs::write(this.app.path("text.db"), "just text, long enough to look like a header of something")
        .expect("write");
    let text = this.copy(20, &["--sqlite", "text.db"]);
    assert!(text.stderr.contains("not a SQLite database"), "{}", text.stderr);

    std::fs::create_dir(this.app.path("folder.db")).expect("make a folder");
    let folder = this.copy(20, &["--sqlite", "folder.db"]);
    assert!(folder.stderr.contains("is a directory"), "{}", folder.stderr);

    let path = this.app.path("other.db");
    let mut other = SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("open");
    diesel::sql_query("CREATE TABLE users (id INTEGER)").execute(&mut other).expect("create");
    drop(other);
    let other = this.copy(10, &["--sqlite", "other.db"]);
    assert!(other.stderr.contains("is not a database of this application"), "{}", other.stderr);
    assert!(other.stderr.contains("nothing was written"), "{}", other.stderr);
}

#[test]
fn another_migration_version_is_refused_on_either_side() {
    let this = Move::seeded(100);
    this.app.expect(0, &["db", "setup", "--database-url", this.target.url()]);
    this.app.expect(0, &["db", "rollback", "--database-url", this.target.url()]);
    let ended = this.copy(10, &[]);
    let lacks = |side: &str| format!("the {side} lacks migrations: {}", MIGRATIONS.latest());
    assert!(ended.stderr.contains(&lacks("target")), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("`app db migrate` with DATABASE_URL naming the target"),
        "{}",
        ended.stderr
    );

    this.app.expect(0, &["db", "setup", "--database-url", this.target.url()]);
    this.app.expect(0, &["db", "rollback", "--yes"]);
    let ended = this.copy(10, &[]);
    assert!(ended.stderr.contains(&lacks("source")), "{}", ended.stderr);
}

#[test]
fn tables_changed_without_a_migration_are_refused_on_either_side() {
    let this = Move::seeded(100);
    this.app.expect(0, &["db", "setup", "--database-url", this.target.url()]);
    this.on_target("ALTER TABLE tasks ALTER COLUMN title DROP NOT NULL");
    let ended = this.copy(10, &[]);
    assert!(ended.stderr.contains("the target's tables are not those of this program"), "{}", ended.stderr);
    this.on_target("ALTER TABLE tasks ALTER COLUMN title SET NOT NULL");
    this.on_source("DROP INDEX idx_tasks_user_id");
    let ended = this.copy(10, &[]);
    assert!(ended.stderr.contains("the source's tables are not those of this program"), "{}", ended.stderr);
}

#[test]
fn existing_rows_of_the_target_are_refused_kept_or_cleared() {
    let this = Move::seeded(300);
    this.app.expect(0, &["db", "setup", "--database-url", this.target.url()]);
    let stranger = "INSERT INTO contact_submissions (id, name, email, subject, message, created_at)
                    VALUES (900001, 'stranger', 's@example.com', '', '', now())";
    this.on_target(stranger);
    let refused = this.copy(10, &[]);
    assert!(refused.stderr.contains("1 row that no run from this source wrote"), "{}", refused.stderr);
    assert!(refused.stderr.contains("--append"), "{}", refused.stderr);
    assert_eq!(number(&mut this.postgres(), "SELECT count(*) AS number FROM organizations"), 0);

    let kept = this.copy(0, &["--append"]);
    assert!(kept.stdout.contains("1 row was in the target before"), "{}", kept.stdout);
    let stranger = "SELECT count(*) AS number FROM contact_submissions WHERE name = 'stranger'";
    assert_eq!(number(&mut this.postgres(), stranger), 1);

    // Without --append the same row blocks again, although a run from this source has written to the table.
    let refused = this.copy(10, &[]);
    assert!(refused.stderr.contains("1 row that the source does not have"), "{}", refused.stderr);

    // There is no terminal to prompt on.
    let unasked = this.copy(10, &["--clear"]);
    assert!(unasked.stderr.contains("--yes"), "{}", unasked.stderr);
    assert!(unasked.stderr.contains("contact_submissions: "), "{}", unasked.stderr);
    assert_eq!(number(&mut this.postgres(), stranger), 1);

    this.copy(0, &["--clear", "--yes"]);
    assert_eq!(number(&mut this.postgres(), stranger), 0);
    assert!(
        dump(&mut AnyConnection::Sqlite(this.app.sqlite()))
            == dump(&mut AnyConnection::Postgres(this.postgres()))
    );
}

#[test]
fn clear_empties_the_selected_tables_only() {
    let this = Move::done(500);
    let refused = this.copy(10, &["--clear", "--yes", "--tables", "organizations"]);
    assert!(refused.stderr.contains("emptying would touch `users`"), "{}", refused.stderr);
    let users = "SELECT count(*) AS number FROM users";
    let before = number(&mut this.postgres(), users);
    assert!(before > 0);
    // A table without references to it is emptied alone.
    let ended = this.copy(0, &["--clear", "--yes", "--tables", "contact_submissions"]);
    assert!(ended.stdout.contains("1 tables verified"), "{}", ended.stdout);
    assert_eq!(before, number(&mut this.postgres(), users));
}

#[test]
fn selected_tables_are_copied_parents_first() {
    let this = Move::seeded(500);
    this.app.expect(0, &["db", "setup", "--database-url", this.target.url()]);
    let refused = this.copy(10, &["--tables", "tasks"]);
    assert!(refused.stderr.contains("`tasks` refers to `users`, which is empty"), "{}", refused.stderr);
    // Given in any order, copied in the right one.
    this.copy(0, &["--tables", "users,organizations"]);
    assert_eq!(number(&mut this.postgres(), "SELECT count(*) AS number FROM tasks"), 0);
    this.copy(0, &["--tables", "recurring_patterns"]);
    this.copy(0, &["--tables", "tasks"]);
    this.copy(0, &[]);
    let unknown = this.copy(2, &["--tables", "nonsense"]);
    assert!(unknown.stderr.contains("there is no table `nonsense`"), "{}", unknown.stderr);
}

#[test]
fn sequences_continue_after_the_highest_key_ever_generated() {
    let this = Move::seeded(300);
    // The row with the highest generated key was deleted.
    this.on_source(
        "INSERT INTO contact_submissions (id, name, email, subject, message, created_at)
         VALUES (777000, 'x', 'x@example.com', '', '', '2026-01-01T00:00:00.000000Z');
         DELETE FROM contact_submissions WHERE id = 777000",
    );
    this.copy(0, &[]);
    let next = "INSERT INTO contact_submissions (name, email, subject, message, created_at)
                VALUES ('y', 'y@example.com', '', '', now()) RETURNING id AS number";
    assert_eq!(number(&mut this.postgres(), next), 777_001);
}

#[test]
fn force_recreate_deletes_rows_only_after_confirmation() {
    let this = Move::done(300);
    this.on_target("UPDATE organizations SET name = 'changed'");
    let unasked = this.copy(10, &["--force-recreate"]);
    assert!(unasked.stderr.contains("dropped and created again"), "{}", unasked.stderr);
    this.copy(0, &["--force-recreate", "--yes"]);
    assert!(
        dump(&mut AnyConnection::Sqlite(this.app.sqlite()))
            == dump(&mut AnyConnection::Postgres(this.postgres()))
    );
}

#[test]
fn orphans_are_found_before_anything_is_written() {
    let this = Move::seeded(300);
    this.on_source("PRAGMA foreign_keys = OFF; DELETE FROM organizations WHERE id IN (SELECT id FROM organizations LIMIT 1)");
    let ended = this.copy(10, &[]);
    assert!(ended.stderr.contains("with no row of `organizations` to refer to"), "{}", ended.stderr);
}

#[test]
fn values_that_violate_checks_are_found_before_anything_is_written() {
    let this = Move::seeded(300);
    this.on_source("PRAGMA ignore_check_constraints = ON; UPDATE organizations SET auto_upload_enabled = 7;
                    UPDATE usage_logs SET document_count = 3000000000 WHERE id = (SELECT min(id) FROM usage_logs)");
    let ended = this.copy(10, &[]);
    assert!(ended.stderr.contains("of `organizations` in the source against its checks"), "{}", ended.stderr);
}

#[test]
fn text_that_is_not_utf8_is_reported_and_never_replaced() {
    let this = Move::seeded(300);
    this.on_source(
        "UPDATE customers SET address = CAST(x'61ff62' AS TEXT) WHERE id = (SELECT max(id) FROM customers)",
    );
    let ended = this.copy(20, &[]);
    assert!(ended.stderr.contains("text is not valid UTF-8 at byte 1"), "{}", ended.stderr);
    assert!(ended.stderr.contains("`customers`"), "{}", ended.stderr);
    assert!(ended.stderr.contains("address"), "{}", ended.stderr);
}

#[test]
fn json_with_duplicate_keys_is_reported() {
    for (json, why) in [("{\"a\":1,\"a\":2}", "has a duplicate key"), ("[\"\\u0000\"]", "NUL")] {
        let this = Move::seeded(300);
        this.on_source(&format!(
            "UPDATE organizations SET settings = '{json}' WHERE id = (SELECT min(id) FROM organizations)"
        ));
        let ended = this.copy(20, &[]);
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
    }
}

#[test]
fn a_unique_violation_on_another_column_is_reported() {
    let this = Move::seeded(300);
    this.app.expect(0, &["db", "setup", "--database-url", this.target.url()]);
    // Another user of the target, with another key, has the e-mail address of a user of the source.
    #[derive(QueryableByName)]
    struct Email {
        #[diesel(sql_type = diesel::sql_types::Text)]
        email: String,
    }
    let email: Email = diesel::sql_query("SELECT email FROM users ORDER BY id LIMIT 1")
        .get_result(&mut this.app.sqlite())
        .expect("email");
    diesel::sql_query(
        "INSERT INTO users (id, email, first_name, last_name, created_at, updated_at)
         VALUES (gen_random_uuid(), $1, '', '', now(), now())",
    )
    .bind::<diesel::sql_types::Text, _>(&email.email)
    .execute(&mut this.postgres())
    .expect("insert");
    let ended = this.copy(21, &["--append"]);
    assert!(ended.stderr.contains("idx_users_email"), "{}", ended.stderr);
    assert!(ended.stdout.contains("failed"), "{}", ended.stdout);
}

#[test]
fn two_concurrent_runs_exclude_each_other() {
    let this = Move::seeded(300);
    let mut holder = this.postgres();
    diesel::sql_query("SELECT 1 FROM (SELECT pg_advisory_lock(27691471563185)) AS l")
        .execute(&mut holder)
        .expect("lock");
    let ended = this.copy(10, &[]);
    assert!(ended.stderr.contains("another run is writing to this target"), "{}", ended.stderr);
}

#[test]
fn a_target_that_is_not_postgresql_is_refused() {
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    let ended = app.expect(3, &["db", "copy-from-sqlite"]);
    assert!(ended.stderr.contains("which is not PostgreSQL"), "{}", ended.stderr);
    assert!(ended.stderr.contains("DATABASE_URL"), "{}", ended.stderr);
}

#[test]
fn the_report_is_one_json_object_even_if_the_run_is_refused() {
    let this = Move::seeded(300);
    let done = this.copy(0, &["--json"]);
    let report_done = report(&done);
    assert_eq!(report_done["exit_code"], 0);
    assert_eq!(report_done["tables"].as_array().map(Vec::len), Some(tables().len()));
    assert_eq!(report_done["verification"]["tables"][0]["verdict"], "verified");
    for table in report_done["tables"].as_array().expect("tables") {
        assert_eq!(table["status"], "completed");
        let number = |name: &str| table[name].as_i64().expect("number");
        assert_eq!(number("copied") + number("already_there"), number("total"));
    }
    assert!(done.stdout.contains(":***@"), "{}", done.stdout);
    this.on_target("INSERT INTO organizations (name, created_at, updated_at) VALUES ('x', now(), now())");
    let refused = this.copy(10, &["--json"]);
    let report_refused = report(&refused);
    assert_eq!(report_refused["exit_code"], 10);
    assert_eq!(report_refused["findings"][0]["kind"], "blocker");
}

#[test]
fn the_application_runs_on_the_target() {
    let this = Move::done(300);
    let health = this.app.expect(0, &["db", "health", "--json", "--database-url", this.target.url()]);
    let health: Value = serde_json::from_str(&health.stdout).expect("JSON");
    assert_eq!(health["backend"], "postgres");
    assert_eq!(health["migrations"]["applied"], backoffice::migrations::MIGRATIONS.postgres.len());
}
