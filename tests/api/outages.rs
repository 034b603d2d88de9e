//! PostgreSQL starts late, stops and restarts while the application runs.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Client;
use crate::halted::{Halted, Stalled};
use crate::own_server::OwnServer;
use crate::service::{Service, folder, until};
use crate::site::Answer;

/// Maximum duration of a response, whatever the database does: about 5 seconds for a connection, more on a busy machine,
/// and less than the request timeout of 30 seconds.
const LONGEST: Duration = Duration::from_secs(25);
/// After this time everything works again, also on a busy machine.
const BACK: Duration = Duration::from_secs(60);
const CLIENTS: usize = 8;

/// The responses to all clients of a server.
#[derive(Default)]
struct Heard {
    acknowledged: Mutex<BTreeSet<i64>>,
    done: AtomicUsize,
    away: AtomicUsize,
    is_over: AtomicBool,
}

impl Heard {
    /// Writes and reads until stopped, and checks every response.
    fn work(&self, client: &Client) {
        while !self.is_over.load(SeqCst) {
            let began = Instant::now();
            let created = client.ask("POST", "/api/customers", &json!({"name": "Bob"}));
            self.hear(&created, began);
            if created.status == 201 {
                let key = created.body["id"].as_i64().expect("a key");
                assert!(self.acknowledged.lock().expect("no panic").insert(key), "{key} twice");
            }
            let began = Instant::now();
            self.hear(&client.get("/api/customers?limit=5"), began);
        }
    }

    fn hear(&self, answer: &Answer, began: Instant) {
        assert!(began.elapsed() < LONGEST, "{:?}: {answer:?}", began.elapsed());
        match answer.status {
            200 | 201 => self.done.fetch_add(1, SeqCst),
            503 => {
                assert_eq!(answer.body["code"], "unavailable", "{answer:?}");
                assert!(answer.headers.contains_key("retry-after"), "{answer:?}");
                self.away.fetch_add(1, SeqCst)
            }
            _ => panic!("{answer:?}"),
        };
    }

    /// Waits until this many more are counted.
    fn more(&self, what: &str, count: &AtomicUsize, more: usize, patience: Duration) {
        let wanted = count.load(SeqCst) + more;
        until(what, patience, || (count.load(SeqCst) >= wanted || self.is_over.load(SeqCst)).then_some(()));
        assert!(!self.is_over.load(SeqCst), "a client met what it should not");
    }
}

/// Stops all clients, also when the test fails.
struct Over<'a>(&'a Heard);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.is_over.store(true, SeqCst);
    }
}

#[test]
fn postgres_may_crash_and_restart_under_load() {
    let server = OwnServer::start();
    let app = folder();
    app.expect(0, &["db", "setup", "--database-url", server.url()]);
    let service = Service::start(&app, server.url());
    let owner = service.client().register("ada@example.org");
    let heard = Heard::default();
    std::thread::scope(|scope| {
        let over = Over(&heard);
        for _ in 0..CLIENTS {
            let (heard, client) = (&heard, owner.again_at(&service.base));
            scope.spawn(move || {
                // A failing client ends the test.
                let failing = Over(heard);
                heard.work(&client);
                drop(failing);
            });
        }
        let patience = Duration::from_secs(60);
        heard.more("requests are answered", &heard.done, 100, patience);

        let away = Halted::new(&server);
        heard.more("requests are told to come again", &heard.away, 30, patience);
        assert_eq!(service.client().get("/health/live").status, 200);
        until("it is not ready", BACK, || {
            (service.client().get("/health/ready").status == 503).then_some(())
        });
        away.resume();
        heard.more("requests are answered again", &heard.done, 4 * CLIENTS, BACK);

        server.crash();
        heard.more("requests are answered after a crash", &heard.done, 4 * CLIENTS, BACK);
        drop(over);
    });
    assert_eq!(service.client().get("/health/ready").status, 200);
    let found: BTreeSet<i64> = owner.customers().into_iter().collect();
    let acknowledged = heard.acknowledged.into_inner().expect("no panic");
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "{lost:?} of {}", acknowledged.len());
    service.stop();
}

#[test]
fn the_application_starts_before_postgres_and_its_tables() {
    let server = OwnServer::start();
    let app = folder();
    let away = Halted::new(&server);
    let service = Service::start(&app, server.url());
    let client = service.client();
    let nothing_yet = || {
        assert_eq!(client.get("/health/live").status, 200);
        let ready = client.get("/health/ready");
        assert_eq!(ready.status, 503, "{}", ready.body);
        assert!(ready.headers.contains_key("retry-after"), "{ready:?}");
        let body = json!({"email": "a@example.org", "password": "a password of nobody"});
        assert_eq!(client.ask("POST", "/api/auth/login", &body).status, 503);
    };
    nothing_yet();
    away.resume();
    // The database has been checked, and is empty.
    until("it looks at the database", BACK, || {
        service.log().contains("no tables of this application").then_some(())
    });
    nothing_yet();
    app.expect(0, &["db", "setup", "--database-url", server.url()]);
    until("it is ready", BACK, || (client.get("/health/ready").status == 200).then_some(()));
    let owner = client.register("ada@example.org");
    let me = owner.expect(200, "GET", "/api/auth/me", &Value::Null);
    assert!(me.to_string().contains("ada@example.org"), "{me}");
    service.stop();
}

#[test]
fn the_application_stops_while_postgres_does_not_respond() {
    let server = OwnServer::start();
    let app = folder();
    app.expect(0, &["db", "setup", "--database-url", server.url()]);
    let variables = [("SHUTDOWN_GRACE", "100"), ("REQUEST_TIMEOUT", "5000")];
    let mut service = Service::start_with(&app, server.url(), &variables);
    let owner = service.client().register("ada@example.org");
    let data = server.data();
    let stalled = Stalled::new(data.parent().expect("the data are in the folder of the script"));
    let given_up = owner.get("/api/customers");
    assert_eq!((given_up.status, given_up.body["code"].as_str()), (503, Some("timeout")), "{given_up:?}");
    assert_eq!(service.client().get("/health/live").status, 200);
    service.terminate();
    assert_eq!(service.end(), 0);
    drop(stalled);
}
