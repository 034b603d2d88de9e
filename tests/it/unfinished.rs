//! Unfinished runs: when they are continued, and when not.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::app::{App, Move};
use crate::cluster::TestDatabase;
use crate::proxy::{Fault, Plan};
use crate::scene::{Scene, proxy, through};

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(target: &TestDatabase, query: &str) -> i64 {
    let query = format!("SELECT count(*) AS number FROM {query}");
    diesel::sql_query(query).get_result::<Number>(&mut target.connect()).expect("count").number
}

/// A target in which a run was killed while it copied.
fn killed(scene: &Scene) -> TestDatabase {
    let target = TestDatabase::create();
    let plan = Plan { fault: Fault::Kill, at: scene.mid_copy(), lasting: false };
    let (ended, fired) = scene.disturb(target.url(), plan);
    assert!(fired.is_some() && ended.code == -1, "{}", ended.stderr);
    assert!(
        number(&target, "__backoffice_public.parts WHERE done_key IS NOT NULL") > 0,
        "nothing was copied yet"
    );
    assert!(number(&target, "__backoffice_public.definitions") > 0, "no definition is stored");
    target
}

/// A target in which a run was killed while it recreated foreign keys.
fn killed_late(scene: &Scene) -> TestDatabase {
    let target = TestDatabase::create();
    // The messages after the foreign keys are those of sequences, verification and statistics.
    for back in (0..scene.messages()).step_by(15) {
        let fresh = TestDatabase::create();
        let plan = Plan { fault: Fault::Kill, at: scene.messages() - back, lasting: false };
        let (ended, _) = scene.disturb(fresh.url(), plan);
        let added = "__backoffice_public.definitions WHERE kind = 'foreign key' AND first_done";
        if ended.code == -1 && number(&fresh, added) > 0 {
            drop(target);
            return fresh;
        }
    }
    panic!("no message is between adding and validating foreign keys");
}

/// The arguments of a scene of a few tables.
const FEW: [&str; 4] = [
    "db",
    "copy-from-sqlite",
    "--tables",
    "organizations,users,organization_settings,batches,document_metadata,recurring_patterns,tasks",
];

fn run(app: &App, code: i32, target: &TestDatabase, further: &[&str]) -> crate::app::Ended {
    app.expect(code, &[&FEW[..], &["--postgres", target.url()], further].concat())
}

#[test]
fn a_changed_source_is_refused_until_restart() {
    let scene = Scene::small();
    let target = killed(&scene);
    let early = "'2020-01-01T00:00:00.000000Z'";
    let tables = FEW[3].split(',').map(|table| format!("UPDATE {table} SET created_at = {early};"));
    let change = &tables.collect::<String>();
    diesel::connection::SimpleConnection::batch_execute(&mut scene.app.sqlite(), change).expect("change");
    let refused = run(&scene.app, 10, &target, &[]);
    assert!(refused.stderr.contains("changed in the source since the run of"), "{}", refused.stderr);
    assert!(refused.stderr.contains("--restart"), "{}", refused.stderr);
    let asked = run(&scene.app, 10, &target, &["--restart"]);
    assert!(asked.stderr.contains("this requires confirmation"), "{}", asked.stderr);
    run(&scene.app, 0, &target, &["--restart", "--yes"]);
    assert_eq!(number(&target, "__backoffice_public.definitions"), 0);
}

#[test]
fn rows_added_after_the_checkpoints_are_copied_as_well() {
    let scene = Scene::small();
    let target = killed(&scene);
    let add = "INSERT INTO organizations (id, name, created_at, updated_at)
               SELECT max(id) + 1, 'late', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z'
               FROM organizations";
    diesel::connection::SimpleConnection::batch_execute(&mut scene.app.sqlite(), add).expect("add");
    let ended = run(&scene.app, 0, &target, &[]);
    assert!(ended.stderr.contains("continues run"), "{}", ended.stderr);
    assert_eq!(number(&target, "organizations WHERE name = 'late'"), 1);
}

#[test]
fn other_run_settings_are_refused_and_the_original_ones_are_reported() {
    let scene = Scene::small();
    let target = killed(&scene);
    for other in [&["--append"][..], &["--clear", "--yes"]] {
        let refused = run(&scene.app, 10, &target, other);
        assert!(refused.stderr.contains("and has other settings"), "{}", refused.stderr);
    }
    let other = Move::seeded(50);
    let refused = run(&other.app, 10, &target, &[]);
    assert!(refused.stderr.contains("its source was another database"), "{}", refused.stderr);
    run(&scene.app, 0, &target, &[]);
}

#[test]
fn objects_dropped_by_a_killed_run_can_be_recreated_by_restore() {
    let scene = Scene::small();
    let target = killed(&scene);
    let restore = ["db", "restore", "--postgres", target.url()];
    // Foreign keys violated by rows without parents are reported, the others are recreated.
    let ended = scene.app.run(&restore);
    assert!(ended.code == 0 || ended.code == 40 && ended.stdout.contains("is refused"), "{}", ended.stderr);
    let indexes = "__backoffice_public.definitions WHERE kind <> 'foreign key'";
    assert_eq!(number(&target, indexes), 0, "{}", ended.stderr);
    run(&scene.app, 0, &target, &[]);
    let ended = scene.app.expect(0, &restore);
    assert!(ended.stdout.contains("no dropped definitions"), "{}", ended.stdout);
}

#[test]
fn each_run_is_recorded_with_its_stages() {
    let scene = Scene::small();
    let target = killed(&scene);
    run(&scene.app, 0, &target, &[]);
    let ended = scene.app.expect(0, &["db", "runs", "--json", "--postgres", target.url()]);
    let runs: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(runs[0]["state"], "completed");
    assert_eq!(runs[0]["exit_code"], 0);
    assert_eq!(runs[0]["continues"], runs[1]["id"]);
    assert_eq!(runs[1]["state"], "interrupted");
    let id = runs[0]["id"].as_str().expect("id");
    let ended = scene.app.expect(0, &["db", "runs", "show", id, "--json", "--postgres", target.url()]);
    let shown: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let stages: Vec<&str> = shown["stages"]
        .as_array()
        .expect("stages")
        .iter()
        .map(|s| s["stage"].as_str().expect("name"))
        .collect();
    assert_eq!(stages, ["prepare", "copy", "constraints", "sequences", "verify", "finish"]);
    assert!(shown["stages"].as_array().expect("stages").iter().all(|stage| !stage["ended_at"].is_null()));
    assert_eq!(shown["report"]["run_id"].as_str(), Some(id));

    let damage = "ALTER TABLE __backoffice_public.runs RENAME COLUMN began_at TO other";
    target.connect().batch_execute(damage).expect("damage the records");
    let ended = scene.app.expect(21, &["db", "runs", "--postgres", target.url()]);
    assert!(ended.stderr.contains("read the recorded runs"), "{}", ended.stderr);
}

#[test]
fn single_transaction_is_atomic() {
    let this = Move::seeded(500);
    let plan = Plan { fault: Fault::Fail, at: 200, lasting: false };
    let proxy = proxy(this.target.url(), plan);
    let url = through(this.target.url(), &proxy);
    let all = ["db", "copy-from-sqlite", "--single-transaction", "--postgres", &url];
    this.app.expect(21, &all);
    assert!(proxy.fired().is_some());
    assert_eq!(number(&this.target, "pg_tables WHERE schemaname = 'public'"), 0);
    this.copy(0, &["--single-transaction"]);
    assert_eq!(number(&this.target, "__backoffice_public.definitions"), 0);
    assert_eq!(number(&this.target, "__backoffice_public.runs WHERE state = 'completed'"), 1);
    // Existing rows are verified as well before the commit.
    this.on_target("UPDATE organizations SET name = lower(name) || '!' WHERE length(name) < 200");
    this.on_source(
        "INSERT INTO contact_submissions (name, email, subject, message, created_at)
         VALUES ('new', 'new@example.com', '', '', '2026-01-01T00:00:00.000000Z')",
    );
    let undone = this.copy(30, &["--single-transaction"]);
    assert!(undone.stderr.contains("rolled back"), "{}", undone.stderr);
    assert_eq!(number(&this.target, "contact_submissions WHERE name = 'new'"), 0);
}

#[test]
fn a_report_file_is_readable_by_its_owner_only() {
    let this = Move::seeded(100);
    this.copy(0, &["--report", "report.json"]);
    let path = this.app.path("report.json");
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON");
    assert_eq!(report["exit_code"], 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(path.metadata().expect("metadata").permissions().mode() & 0o777, 0o600);
    }
    // A report that cannot be written is an error, whatever the result of the run.
    let ended = this.app.run(&[
        "db",
        "copy-from-sqlite",
        "--report",
        "no/such/folder",
        "--postgres",
        this.target.url(),
    ]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("is in no folder that exists"), "{}", ended.stderr);
}

#[test]
fn a_run_killed_while_it_recreated_keys_can_be_restarted() {
    let scene = Scene::small();
    let target = killed_late(&scene);
    run(&scene.app, 0, &target, &["--restart", "--yes"]);
    assert_eq!(number(&target, "__backoffice_public.definitions"), 0);
    let target = killed_late(&scene);
    run(&scene.app, 0, &target, &[]);
}

#[test]
fn rows_deleted_from_the_target_meanwhile_are_copied_again() {
    let scene = Scene::small();
    let target = killed(&scene);
    let delete = "DELETE FROM organizations; DELETE FROM users; DELETE FROM tasks; DELETE FROM batches";
    diesel::connection::SimpleConnection::batch_execute(&mut target.connect(), delete).expect("delete");
    run(&scene.app, 0, &target, &[]);
    assert_eq!(number(&target, "__backoffice_public.definitions"), 0);
}

#[test]
fn an_unfinished_target_can_be_recreated() {
    let scene = Scene::whole(300);
    let target = TestDatabase::create();
    let plan = Plan { fault: Fault::Kill, at: scene.mid_copy(), lasting: false };
    scene.disturb(target.url(), plan);
    let all = ["db", "copy-from-sqlite", "--postgres", target.url()];
    let part =
        scene.app.expect(10, &[&all[..], &["--restart", "--tables", "organizations", "--yes"]].concat());
    assert!(part.stderr.contains("which --tables does not select"), "{}", part.stderr);
    for writing in [&["db", "rejects", "retry"][..], &["db", "verify", "--repair", "--yes"]] {
        let refused = scene.app.expect(10, &[writing, &["--postgres", target.url()]].concat());
        assert!(refused.stderr.contains("did not reach its end"), "{}", refused.stderr);
    }
    scene.app.expect(0, &[&all[..], &["--restart", "--force-recreate", "--yes"]].concat());
    assert_eq!(number(&target, "__backoffice_public.definitions"), 0);
}

#[test]
fn keys_used_by_views_and_indexes_with_comments_are_kept_or_recreated() {
    let this = Move::done(300);
    this.on_target(
        "CREATE VIEW by_key AS SELECT id, name FROM organizations GROUP BY id;
         COMMENT ON CONSTRAINT tasks_user_id_fkey ON tasks IS 'whose it is';
         COMMENT ON INDEX idx_tasks_completed IS 'quick'",
    );
    this.copy(0, &["--clear", "--yes"]);
    let kept = "pg_description WHERE description IN ('whose it is', 'quick')";
    assert_eq!(number(&this.target, kept), 2);
}
