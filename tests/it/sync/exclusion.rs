//! What may not run beside a sync is refused by name.

use super::Pair;
use crate::app::Move;
use crate::cluster::TestDatabase;
use crate::running::Running;

const SCHEMA: &str = "CREATE TABLE item(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO item VALUES (1, 'a')";

#[test]
fn a_second_sync_of_a_source_is_refused_with_any_target() {
    let pair = Pair::of("wal", SCHEMA);
    let mut run = pair.follow(&[]);
    let same = pair.sync(10, &[]);
    assert!(same.stderr.contains("another run is writing to this target"), "{}", same.stderr);
    let recapture = pair.sync(10, &["--recapture", "item"]);
    assert!(recapture.stderr.contains("another run is writing"), "{}", recapture.stderr);
    let detach = pair.sync(10, &["--detach"]);
    assert!(detach.stderr.contains("another run is writing"), "{}", detach.stderr);

    let other = TestDatabase::create();
    let refused = pair.app.expect(10, &Pair::arguments(other.url(), &[]));
    assert!(refused.stderr.contains("the source is followed by another target"), "{}", refused.stderr);
    assert!(refused.stderr.contains("app db sync --detach"), "{}", refused.stderr);
    // A detach that names another target would leave this one without its log.
    let refused = pair.app.expect(10, &Pair::arguments(other.url(), &["--detach"]));
    assert!(refused.stderr.contains("another target"), "{}", refused.stderr);

    // None of these disturbed the first one.
    pair.on_source("UPDATE item SET v = 'b'");
    pair.settle(&mut run);
    pair.assert_equal();
    assert_eq!(run.interrupt().0.code, 50);
    // The target of one source does not follow another one.
    let second = Pair::of("wal", SCHEMA);
    for further in ["--once", "--detach"] {
        let arguments = ["db", "sync", "--import", "./source.db", "--postgres", pair.target.url(), further];
        let refused = second.app.expect(10, &arguments);
        assert!(refused.stderr.contains("follows another source, sqlite:source.db"), "{}", refused.stderr);
    }
    pair.assert_equal();
    assert_eq!(second.log_count(), None, "the refused sync left its log in the other source");
    pair.sync(0, &["--once"]);
}

#[test]
fn a_copy_import_or_restore_beside_a_sync_is_refused() {
    let pair = Pair::of("wal", SCHEMA);
    let run = pair.follow(&[]);
    let other = Pair::of("wal", SCHEMA);
    for (app, arguments) in [
        (&pair.app, ["db", "import", super::SOURCE, "--postgres", pair.target.url()]),
        (&other.app, ["db", "import", super::SOURCE, "--postgres", pair.target.url()]),
    ] {
        let refused = app.expect(10, &arguments);
        assert!(refused.stderr.contains("another run is writing to this target"), "{}", refused.stderr);
    }
    let restore = pair.app.expect(10, &["db", "restore", "--postgres", pair.target.url()]);
    assert!(restore.stderr.contains("another run is writing"), "{}", restore.stderr);
    assert_eq!(run.interrupt().0.code, 50);
    // Also while none is at work: the target belongs to the sync until it is detached.
    for command in [
        &["db", "import", super::SOURCE, "--postgres", pair.target.url()][..],
        &["db", "import", super::SOURCE, "--restart", "--yes", "--postgres", pair.target.url()],
        &["db", "restore", "--postgres", pair.target.url()],
        &["db", "forget", "--yes", "--postgres", pair.target.url()],
    ] {
        let refused = pair.app.expect(10, command);
        assert!(refused.stderr.contains("app db sync --detach"), "{command:?}: {}", refused.stderr);
    }
    pair.sync(0, &["--once"]);
    pair.sync(0, &["--detach"]);
}

#[test]
fn migrations_of_a_source_with_a_change_log_are_refused() {
    let this = Move::seeded(100);
    let sync = |further: &[&'static str]| -> Vec<&str> {
        [&["db", "sync", "--postgres", this.target.url()], further].concat()
    };
    this.app.expect(0, &["db", "rollback", "--yes"]);
    this.app.expect(0, &["db", "migrate"]);
    this.app.expect(0, &sync(&["--once"]));
    for command in
        [&["db", "rollback", "--yes"][..], &["db", "rollback", "--all", "--yes"], &["db", "redo", "--yes"]]
    {
        let refused = this.app.expect(10, command);
        assert!(refused.stderr.contains("change log"), "{}", refused.stderr);
        assert!(refused.stderr.contains("app db sync --detach"), "{}", refused.stderr);
    }
    // Nothing is pending.
    this.app.expect(0, &["db", "migrate"]);
    this.app.expect(0, &["db", "setup"]);
    // One is pending: its record is missing.
    this.on_source(
        "CREATE TEMP TABLE newest AS SELECT max(version) AS version FROM __diesel_schema_migrations;
         DELETE FROM __diesel_schema_migrations WHERE version = (SELECT version FROM newest)",
    );
    for command in ["migrate", "setup"] {
        let refused = this.app.expect(10, &["db", command]);
        assert!(refused.stderr.contains("app db sync --detach"), "{command}: {}", refused.stderr);
    }
}

#[test]
fn a_sync_of_the_application_and_its_copy_exclude_each_other() {
    let this = Move::seeded(100);
    let arguments = ["db", "sync", "--postgres", this.target.url()];
    let mut run = Running::start(&this.app, &arguments);
    run.wait_for("following");
    let refused = this.copy(10, &[]);
    assert!(refused.stderr.contains("another run is writing to this target"), "{}", refused.stderr);
    assert_eq!(run.interrupt().0.code, 50);
    let retry = ["db", "rejects", "retry", "--postgres", this.target.url()];
    let repair = ["db", "verify", "--repair", "--yes", "--postgres", this.target.url()];
    for refused in [this.copy(10, &[]), this.app.expect(10, &retry), this.app.expect(10, &repair)] {
        assert!(refused.stderr.contains("app db sync --detach"), "{}", refused.stderr);
    }
}
