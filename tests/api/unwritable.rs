//! The disk is full or read-only: nothing is acknowledged, reads go on, and the application is not ready meanwhile.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use serde_json::json;

use crate::client::Client;
use crate::cluster::TestDatabase;
use crate::service::{Service, folder, until};
use crate::skipped::skipped;

const SOON: Duration = Duration::from_secs(60);

/// Creates customers until the application says that it cannot write; returns those that it acknowledged.
#[track_caller]
fn create_until_refused(owner: &Client) -> Vec<i64> {
    let mut created = Vec::new();
    let note = "x".repeat(200);
    until("a write is refused", SOON, || match owner.create(&note) {
        Ok(key) => {
            created.push(key);
            None
        }
        Err(refused) => {
            let code = refused.body["code"].as_str().map(str::to_owned);
            assert_eq!((refused.status, code.as_deref()), (503, Some("not_writable")), "{refused:?}");
            assert!(refused.headers.contains_key("retry-after"), "{refused:?}");
            Some(())
        }
    });
    created
}

/// Not ready, and reads are served.
#[track_caller]
fn check_refusing(service: &Service, owner: &Client) {
    assert_eq!(owner.get("/health/ready").status, 503);
    assert_eq!(owner.get("/api/customers?limit=1").status, 200);
    assert_eq!(owner.get("/health/live").status, 200);
    assert!(service.log().contains("cannot be written"), "{}", service.log());
}

/// Ready without a request, and changes are made.
#[track_caller]
fn check_working(owner: &Client) {
    until("it is ready", SOON, || (owner.get("/health/ready").status == 200).then_some(()));
    owner.expect(201, "POST", "/api/customers", &json!({"name": "Bob"}));
}

fn run(program: &str, arguments: &[&str], path: &Path) -> bool {
    let ended = Command::new(program).args(arguments).arg(path).output();
    ended.is_ok_and(|ended| ended.status.success())
}

/// A small file system in memory.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(path: PathBuf) -> Option<Self> {
        std::fs::create_dir(&path).expect("make a folder");
        run("mount", &["-t", "tmpfs", "-o", "size=6m", "tmpfs"], &path).then_some(Self(path))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        assert!(run("umount", &["--lazy"], &self.0), "umount {}", self.0.display());
    }
}

#[test]
fn a_full_disk_refuses_changes_and_loses_none() {
    let app = folder();
    let Some(disk) = SmallDisk::mount(app.path("disk")) else {
        return skipped("a file system cannot be mounted: not root");
    };
    let service = Service::start(&app, disk.0.join("own.db").to_str().expect("UTF-8"));
    let owner = service.client().register("ada@example.org");
    let filler = disk.0.join("filler");
    let full = std::fs::write(&filler, vec![0; 8 * 1024 * 1024]).expect_err("the disk is smaller");
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    let created = create_until_refused(&owner);
    check_refusing(&service, &owner);
    // It stays so.
    std::thread::sleep(Duration::from_secs(5));
    assert_eq!(owner.get("/health/ready").status, 503);
    std::fs::remove_file(&filler).expect("remove");
    check_working(&owner);
    let kept = owner.customers();
    assert!(created.iter().all(|key| kept.contains(key)), "{created:?} {kept:?}");
    assert_eq!(kept.len(), created.len() + 1, "what was refused was not made");
    service.stop();
}

/// Files that cannot be changed, not even by root.
struct Immutable(Vec<PathBuf>);

impl Drop for Immutable {
    fn drop(&mut self) {
        for path in &self.0 {
            assert!(run("chattr", &["-i"], path), "chattr -i {}", path.display());
        }
    }
}

#[test]
fn a_read_only_file_refuses_changes() {
    let app = folder();
    let service = Service::start(&app, app.path("own.db").to_str().expect("UTF-8"));
    let owner = service.client().register("ada@example.org");
    let mut files = Immutable(Vec::new());
    for path in [app.path("own.db"), app.path("own.db-wal")] {
        if !run("chattr", &["+i"], &path) {
            return skipped("files cannot be made immutable: not root, or not on this file system");
        }
        files.0.push(path);
    }
    create_until_refused(&owner);
    check_refusing(&service, &owner);
    drop(files);
    check_working(&owner);
    service.stop();
}

#[test]
fn a_read_only_server_refuses_changes() {
    let app = folder();
    let target = TestDatabase::create();
    app.expect(0, &["db", "setup", "--database-url", target.url()]);
    let service = Service::start(&app, target.url());
    let owner = service.client().register("ada@example.org");
    let mut administrator = PgConnection::establish(target.url()).expect("connect");
    let mut switch = |word: &str| {
        // New connections take it over.
        administrator
            .batch_execute(&format!(
                "SET default_transaction_read_only = off; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \
                 default_transaction_read_only = {word}', current_database()); END $$; \
                 SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ))
            .expect("switch");
    };
    switch("on");
    create_until_refused(&owner);
    check_refusing(&service, &owner);
    switch("off");
    check_working(&owner);
    service.stop();
}
