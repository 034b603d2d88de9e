//! The SQLite file is deleted, moved or replaced while the application runs: nothing is acknowledged that is then lost.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use serde_json::{Value, json};

use crate::app::App;
use crate::client::Client;
use crate::service::{Service, folder, until};

/// After this time the change is noticed, also on a busy machine; without requests it is checked twice a second.
const NOTICED: Duration = Duration::from_secs(20);

const DATABASE: &str = "sqlite:own.db";

fn start(app: &App) -> (Service, Client) {
    let service = Service::start(app, DATABASE);
    let owner = service.client().register("ada@example.org");
    (service, owner)
}

fn wait_for(service: &Service, status: u16) {
    let what = format!("the readiness is {status}");
    until(&what, NOTICED, || (service.client().get("/health/ready").status == status).then_some(()));
}

/// A copy of the database as it is now, in one file.
fn copy(app: &App, name: &str) {
    let sqlite = rusqlite::Connection::open(app.path("own.db")).expect("open");
    let statement = format!("VACUUM INTO '{}'", app.path(name).display());
    sqlite.execute_batch(&statement).expect("copy");
}

/// Puts a file into the place of the database, as a restore of a backup does that does not stop the application.
fn put(app: &App, name: &str) {
    for beside in ["own.db-wal", "own.db-shm"] {
        let _ = std::fs::remove_file(app.path(beside));
    }
    std::fs::rename(app.path(name), app.path("own.db")).expect("rename");
}

fn names(path: &Path) -> i64 {
    let sqlite = rusqlite::Connection::open(path).expect("open");
    sqlite.query_row("SELECT count(*) FROM customers", [], |row| row.get(0)).expect("count")
}

#[test]
fn a_deleted_file_ends_all_acknowledgements() {
    let app = folder();
    let (service, owner) = start(&app);
    owner.expect(201, "POST", "/api/customers", &json!({"name": "Ada"}));
    std::fs::rename(app.path("own.db"), app.path("moved.db")).expect("move");
    // The next change already, without a wait.
    let refused = owner.ask("POST", "/api/customers", &json!({"name": "Bob"}));
    assert_eq!((refused.status, refused.body["code"].as_str()), (503, Some("unavailable")), "{refused:?}");
    assert!(refused.headers.contains_key("retry-after"), "{refused:?}");
    wait_for(&service, 503);
    assert_eq!(owner.get("/api/customers").status, 503);
    assert!(service.log().contains("was deleted or moved"), "{}", service.log());
    assert!(!app.path("own.db").exists(), "nothing is made in its place");
    std::fs::rename(app.path("moved.db"), app.path("own.db")).expect("move back");
    wait_for(&service, 200);
    owner.expect(201, "POST", "/api/customers", &json!({"name": "Cleo"}));
    service.stop();
    assert_eq!(names(&app.path("own.db")), 2);
}

#[test]
fn a_replaced_file_is_noticed_without_a_request() {
    let app = folder();
    let (service, _owner) = start(&app);
    copy(&app, "copy.db");
    app.expect(0, &["db", "setup", "--database-url", "sqlite:other.db"]);
    put(&app, "other.db");
    wait_for(&service, 503);
    until("the log names the cause", NOTICED, || {
        service.log().contains("was replaced by that of another database").then_some(())
    });
    put(&app, "copy.db");
    wait_for(&service, 200);
    service.stop();
}

#[test]
fn an_older_copy_is_not_worked_on_and_a_newer_one_is() {
    let app = folder();
    let (service, owner) = start(&app);
    copy(&app, "older.db");
    owner.expect(201, "POST", "/api/customers", &json!({"name": "Ada"}));
    copy(&app, "same.db");
    put(&app, "older.db");
    wait_for(&service, 503);
    until("the log names the cause", NOTICED, || {
        service.log().contains("was replaced by an older copy").then_some(())
    });
    assert_eq!(owner.ask("POST", "/api/customers", &json!({"name": "Bob"})).status, 503);
    put(&app, "same.db");
    wait_for(&service, 200);
    let listed = owner.expect(200, "GET", "/api/customers", &Value::Null);
    assert!(listed.to_string().contains("Ada"), "{listed}");
    owner.expect(201, "POST", "/api/customers", &json!({"name": "Cleo"}));
    service.stop();
    assert_eq!(names(&app.path("own.db")), 2);
}

#[test]
fn no_change_that_begins_after_the_move_is_acknowledged_and_those_before_are_kept() {
    let app = folder();
    let (service, owner) = start(&app);
    let acknowledged = Mutex::new(Vec::new());
    let (is_moved, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let client = owner.again_at(&service.base);
            let (acknowledged, is_moved, is_over) = (&acknowledged, &is_moved, &is_over);
            scope.spawn(move || {
                while !is_over.load(SeqCst) {
                    let was_moved = is_moved.load(SeqCst);
                    let created = client.ask("POST", "/api/customers", &json!({"name": "Ada"}));
                    if created.status == 201 {
                        assert!(!was_moved, "{created:?} was acknowledged without a file");
                        let key = created.body["id"].as_i64().expect("a key");
                        acknowledged.lock().expect("no panic").push(key);
                    }
                }
            });
        }
        until("changes are made", NOTICED, || {
            (acknowledged.lock().expect("no panic").len() > 50).then_some(())
        });
        std::fs::rename(app.path("own.db"), app.path("moved.db")).expect("move");
        is_moved.store(true, SeqCst);
        wait_for(&service, 503);
        is_over.store(true, SeqCst);
    });
    drop(service);
    for beside in ["-wal", "-shm"] {
        let _ = std::fs::rename(app.path(&format!("own.db{beside}")), app.path(&format!("moved.db{beside}")));
    }
    let sqlite = rusqlite::Connection::open(app.path("moved.db")).expect("open");
    for key in acknowledged.into_inner().expect("no panic") {
        let found: i64 = sqlite
            .query_row("SELECT count(*) FROM customers WHERE id = ?1", [key], |row| row.get(0))
            .expect("count");
        assert_eq!(found, 1, "customer {key} was acknowledged");
    }
}
