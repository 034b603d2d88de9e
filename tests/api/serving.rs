//! Acknowledged changes survive the end of the program, however it ends.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{RunQueryDsl as _, select};
use serde_json::{Value, json};

use crate::app::App;
use crate::cluster::TestDatabase;
use crate::service::{Service, folder, until};

/// Runs `test` with a new database on each backend.
pub(crate) fn on_both(test: impl Fn(&App, &str)) {
    let app = folder();
    let target = TestDatabase::create();
    let file = app.path("backoffice.db");
    for url in [file.to_str().expect("UTF-8"), target.url()] {
        app.expect(0, &["db", "setup", "--database-url", url]);
        test(&app, url);
    }
}

#[test]
fn acknowledged_changes_survive_a_restart() {
    on_both(|app, url| {
        let service = Service::start(app, url);
        let owner = service.client().register("ada@example.org");
        let product = json!({"code": "P", "name": "Pen", "price": "1.25", "stock": 1});
        let key = owner.expect(201, "POST", "/api/products", &product)["id"].clone();
        let path = format!("/api/products/{}", key.as_i64().expect("a key"));
        let changed = owner.ask("PATCH", &path, &json!({"stock": 2}));
        assert_eq!(changed.status, 200, "{}", changed.body);
        service.stop();

        let service = Service::start(app, url);
        let owner = owner.again_at(&service.base);
        let found = owner.get(&path);
        assert_eq!((found.status, &found.body), (200, &changed.body));
        assert_eq!(found.headers["etag"], changed.headers["etag"]);
        let activities = owner.expect(200, "GET", "/api/activities", &Value::Null);
        let told = activities["items"].as_array().expect("a list");
        assert!(told.iter().any(|activity| activity["entity_type"] == "product"), "{activities}");
        service.stop();
    });
}

/// Enough that the kill interrupts several requests.
const WRITERS: usize = 8;
const ACKNOWLEDGED: usize = 150;

#[test]
fn acknowledged_changes_survive_a_kill_under_load() {
    on_both(|app, url| {
        let mut service = Service::start(app, url);
        let owner = service.client().register("ada@example.org");
        let acknowledged = Mutex::new(BTreeSet::new());
        let is_killed = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let client = owner.again_at(&service.base);
                let (acknowledged, is_killed) = (&acknowledged, &is_killed);
                scope.spawn(move || {
                    let body = json!({"name": format!("by {writer}")});
                    loop {
                        match client.try_ask_with("POST", "/api/customers", &[], &body) {
                            Ok(answer) => {
                                assert_eq!(answer.status, 201, "{}", answer.body);
                                let key = answer.body["id"].as_i64().expect("a key");
                                // SQLite reuses the key of a row that was rolled back.
                                assert!(acknowledged.lock().expect("no panic").insert(key), "{key} twice");
                            }
                            Err(error) => {
                                assert!(is_killed.load(Ordering::SeqCst), "{error}");
                                return;
                            }
                        }
                    }
                });
            }
            until("writers are answered", Duration::from_secs(120), || {
                let acknowledged = acknowledged.lock().expect("no writer has failed");
                (acknowledged.len() >= ACKNOWLEDGED).then_some(())
            });
            is_killed.store(true, Ordering::SeqCst);
            service.kill();
        });
        let service = Service::start(app, url);
        let owner = owner.again_at(&service.base);
        let found: BTreeSet<i64> = owner.customers().into_iter().collect();
        let acknowledged = acknowledged.into_inner().expect("no panic");
        let lost: Vec<_> = acknowledged.difference(&found).collect();
        assert!(lost.is_empty(), "{lost:?} of {}", acknowledged.len());
        // Per writer, at most one row exists without a response.
        assert!(found.len() <= acknowledged.len() + WRITERS, "{} {}", found.len(), acknowledged.len());
        owner.create("after it").expect("writing goes on");
        service.stop();
        if !url.contains("://") {
            let check = select(sql::<Text>("integrity_check FROM pragma_integrity_check"));
            assert_eq!(check.get_result::<String>(&mut app.sqlite()).as_deref(), Ok("ok"));
        }
    });
}
