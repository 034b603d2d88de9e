//! The application's own tables.

use crate::app::{App, Move};
use crate::cluster::TestDatabase;
use crate::end_state::{assert_complete, end_state};
use crate::running::Running;

#[test]
fn the_application_is_followed_while_it_is_filled() {
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    let target = TestDatabase::create();
    let sync = |further: &[&'static str]| [&["db", "sync", "--postgres", target.url()], further].concat();
    let mut run = Running::start(&app, &sync(&[]));
    run.wait_for("following");
    app.expect(0, &["db", "seed", "--rows", "3000"]);
    assert!(!run.has_ended(), "{}", run.stderr());
    let (ended, _) = run.interrupt();
    assert_eq!(ended.code, 50, "{}", ended.stderr);
    app.expect(0, &sync(&["--once"]));
    let verified = app.expect(0, &["db", "sync", "--status", "--postgres", target.url()]);
    assert!(verified.stdout.contains("equal and compared"), "{}", verified.stdout);
    // After a detach it is the same database as after a copy, with its foreign keys and sequences.
    app.expect(0, &sync(&["--detach"]));
    app.expect(0, &["db", "verify", "--postgres", target.url()]);
    let copied = TestDatabase::create();
    app.expect(0, &["db", "copy-from-sqlite", "--postgres", copied.url()]);
    assert_complete(&end_state(copied.url()), target.url(), "detached");
}

#[test]
fn a_sync_begins_with_what_a_copy_has_left() {
    let this = Move::done(500);
    this.on_source("UPDATE organizations SET plan = 'trial'; UPDATE users SET last_name = 'changed'");
    let sync = ["db", "sync", "--once", "--postgres", this.target.url()];
    let unconfirmed = this.app.run(&sync);
    assert_eq!(unconfirmed.code, 10, "{}", unconfirmed.stderr);
    assert!(unconfirmed.stderr.contains("add --yes"), "{}", unconfirmed.stderr);
    let ended = this.app.run(&[&sync[..], &["--yes"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    this.on_source("UPDATE users SET last_name = 'again' WHERE id IN (SELECT id FROM users LIMIT 5)");
    this.app.expect(0, &sync);
}
