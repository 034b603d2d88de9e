//! The file of the source: replaced, restored from a backup, or with another log.

use super::{Pair, open};

const SCHEMA: &str =
    "CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO item VALUES (1, 'a'), (2, 'b');";

/// Sees that the sync ends with 10, names the commands, and that these work.
#[track_caller]
fn begin_again(pair: &Pair, ended: &crate::app::Ended, what: &str) {
    assert_eq!(ended.code, 10, "{what}: {}", ended.stderr);
    let again = pair.app.run(&Pair::arguments(pair.target.url(), &["--once"]));
    assert_eq!(again.code, 10, "{what}: {}", again.stderr);
    assert!(again.stderr.contains("app db sync --detach"), "{what}: {}", again.stderr);
    pair.sync(0, &["--detach"]);
    pair.sync(0, &["--once", "--yes"]);
    pair.assert_equal();
}

#[test]
fn a_restored_backup_is_noticed() {
    let pair = Pair::of("delete", SCHEMA);
    pair.sync(0, &["--once"]);
    pair.on_source("UPDATE item SET name = 'kept' WHERE id = 1");
    pair.sync(0, &["--once"]);
    let backup = pair.app.path("backup.db");
    std::fs::copy(pair.path(), &backup).expect("copy");
    let mut run = pair.follow(&[]);
    pair.on_source("UPDATE item SET name = 'lost' WHERE id = 2; INSERT INTO item VALUES (3, 'lost')");
    pair.settle(&mut run);
    // Through SQLite, as `.restore` does: the same file, the pages of the backup.
    let (from, mut to) = (open(&backup), pair.sqlite());
    rusqlite_backup(&from, &mut to);
    to.execute_batch("INSERT INTO item VALUES (4, 'new'); UPDATE item SET name = 'new' WHERE id = 1")
        .expect("write");
    let ended = run.end();
    assert!(ended.stderr.contains("change log of the source is another one"), "{}", ended.stderr);
    assert_eq!(pair.number("SELECT count(*) AS number FROM item WHERE name = 'new'"), 0);
    begin_again(&pair, &ended, "restored");
}

/// Copies all pages of one database to another.
fn rusqlite_backup(from: &rusqlite::Connection, to: &mut rusqlite::Connection) {
    let path = from.path().expect("a path").to_owned();
    to.restore(rusqlite::MAIN_DB, path, None::<fn(rusqlite::backup::Progress)>).expect("restore");
}

#[test]
fn a_backup_that_is_moved_over_the_path_is_noticed() {
    let pair = Pair::of("delete", SCHEMA);
    pair.sync(0, &["--once"]);
    let backup = pair.app.path("backup.db");
    std::fs::copy(pair.path(), &backup).expect("copy");
    let mut run = pair.follow(&[]);
    pair.on_source("UPDATE item SET name = 'lost' WHERE id = 2");
    pair.settle(&mut run);
    std::fs::rename(&backup, pair.path()).expect("rename");
    let ended = run.end();
    assert!(ended.stderr.contains("another file is at the path"), "{}", ended.stderr);
    pair.on_source("UPDATE item SET name = 'new' WHERE id = 1");
    assert_eq!(pair.number("SELECT count(*) AS number FROM item WHERE name = 'new'"), 0);
    begin_again(&pair, &ended, "moved");
}

#[test]
fn a_removed_file_ends_the_sync() {
    let pair = Pair::of("wal", SCHEMA);
    let run = pair.follow(&[]);
    std::fs::remove_file(pair.path()).expect("remove");
    let ended = run.end();
    assert_eq!(ended.code, 10, "{}", ended.stderr);
    assert!(ended.stderr.contains("another file is at the path of the source, or none"), "{}", ended.stderr);
}

#[test]
fn another_database_at_the_path_is_refused_also_when_the_sync_starts() {
    let pair = Pair::of("wal", SCHEMA);
    pair.sync(0, &["--once"]);
    std::fs::remove_file(pair.path()).expect("remove");
    pair.on_source(
        "CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO item VALUES (1, 'stranger')",
    );
    let ended = pair.sync(10, &[]);
    assert_eq!(pair.number("SELECT count(*) AS number FROM item WHERE name = 'stranger'"), 0);
    begin_again(&pair, &ended, "another database");
}

#[test]
fn an_emptied_log_is_noticed() {
    for (mode, statement) in [
        ("wal", "DELETE FROM __backoffice_changes"),
        ("wal", "UPDATE __backoffice_changes SET stamp = stamp + 1"),
        ("delete", "DELETE FROM __backoffice_changes; UPDATE item SET name = name || 'x'"),
    ] {
        let pair = Pair::of(mode, SCHEMA);
        let mut run = pair.follow(&[]);
        pair.on_source("UPDATE item SET name = 'c'");
        pair.settle(&mut run);
        pair.on_source(statement);
        let ended = run.end();
        assert!(ended.stderr.contains("change log of the source is another one"), "{}", ended.stderr);
        begin_again(&pair, &ended, statement);
    }
}
