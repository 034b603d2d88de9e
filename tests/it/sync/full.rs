//! A full disk on either side: reported, and the sync goes on with free space.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use super::{Pair, SOURCE, open, rows_of_source, rows_of_target, rows_query};
use crate::app::App;
use crate::disk::Disk;
use crate::own_server::OwnServer;
use crate::running::{HANGS, Running};
use crate::skipped::skipped;

const SCHEMA: &str = "PRAGMA journal_mode = wal;
    CREATE TABLE item(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO item VALUES (1, 'a')";

/// About so many megabytes in one transaction.
fn rows(megabytes: u32) -> String {
    format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO item(v) SELECT hex(randomblob(2000)) FROM n",
        megabytes * 250
    )
}

fn folder() -> tempfile::TempDir {
    let permissions = std::fs::Permissions::from_mode(0o755);
    tempfile::Builder::new().permissions(permissions).tempdir().expect("temporary folder")
}

#[track_caller]
fn assert_equal(path: &std::path::Path, server: &OwnServer) {
    let source = open(path);
    let mut target = PgConnection::establish(server.url()).expect("connect");
    let found = rows_of_target(&mut target, &rows_query(&source));
    super::assert_same(&rows_of_source(&source), &found, "the target");
}

#[track_caller]
fn wait_for_count(run: &mut Running<'_>, target: &mut PgConnection, query: &str, count: i64) {
    let began = Instant::now();
    while super::number(target, query) < count {
        assert!(!run.has_ended(), "{}", run.stderr());
        assert!(began.elapsed() < HANGS, "{count} rows do not come: {}", run.stderr());
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_full_disk_of_the_target_ends_the_sync_which_goes_on_later() {
    let folder = folder();
    // In this order: the server is stopped before the disk is unmounted.
    let disk;
    let server = OwnServer::start();
    let Some(mounted) = Disk::mount(folder.path(), &server, "2m") else {
        skipped("only root may mount a small disk");
        return;
    };
    disk = mounted;
    let mut admin = PgConnection::establish(server.url()).expect("connect");
    let tablespace = format!("CREATE TABLESPACE small LOCATION '{}'", folder.path().display());
    admin.batch_execute(&tablespace).expect("make a tablespace");
    admin.batch_execute("ALTER DATABASE postgres SET default_tablespace = small").expect("use it");
    let app = App::new();
    let path = app.path(SOURCE);
    open(&path).execute_batch(SCHEMA).expect("create");
    let mut run = Running::start(&app, &Pair::arguments(server.url(), &[]));
    run.wait_for("following");
    open(&path).execute_batch(&rows(8)).expect("write");
    let ended = run.end();
    assert_eq!(ended.code, 21, "{}", ended.stderr);
    assert!(ended.stderr.contains("No space left on device"), "{}", ended.stderr);
    disk.enlarge("200m");
    app.expect(0, &Pair::arguments(server.url(), &["--once"]));
    assert_equal(&path, &server);
}

#[test]
fn a_full_disk_of_the_source_fails_its_writers_and_loses_nothing() {
    let folder = folder();
    let server = OwnServer::start();
    let Some(disk) = Disk::mount(folder.path(), &server, "4m") else {
        skipped("only root may mount a small disk");
        return;
    };
    let app = App::new();
    let path = folder.path().join("small.db");
    let source = open(&path);
    source.execute_batch(SCHEMA).expect("create");
    let name = path.to_str().expect("UTF-8");
    let sync = |further: &[&'static str]| {
        [&["db", "sync", "--import", name, "--postgres", server.url()], further].concat()
    };
    let mut run = Running::start(&app, &sync(&[]));
    run.wait_for("following");
    let mut written = 0;
    while source.execute_batch("INSERT INTO item(v) VALUES (hex(randomblob(5000)))").is_ok() {
        written += 1;
        assert!(written < 10_000, "the disk is not full");
    }
    // What was committed arrives, also while the disk is full.
    let mut target = PgConnection::establish(server.url()).expect("connect");
    let count: i64 = source.query_row("SELECT count(*) FROM item", [], |row| row.get(0)).expect("a count");
    wait_for_count(&mut run, &mut target, "SELECT count(*) AS number FROM item", count);
    disk.enlarge("50m");
    source.execute_batch("INSERT INTO item(v) VALUES ('free again')").expect("write");
    let free = "SELECT count(*) AS number FROM item WHERE v = 'free again'";
    wait_for_count(&mut run, &mut target, free, 1);
    assert_eq!(run.interrupt().0.code, 50);
    app.expect(0, &sync(&["--once"]));
    assert_equal(&path, &server);
    drop(source);
}
