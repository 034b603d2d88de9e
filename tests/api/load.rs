//! Concurrent clients: every response comes from the application, and nothing is lost.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::app::App;
use crate::client::Client;
use crate::cluster::TestDatabase;
use crate::service::{Service, folder};

const CLIENTS: usize = 64;
const TIME: Duration = Duration::from_secs(60);

/// The responses to a client, and how often it incremented the counter.
#[derive(Default)]
struct Told {
    statuses: BTreeMap<u16, u64>,
    created: Vec<i64>,
    raised: i64,
}

impl Told {
    fn heard(&mut self, status: u16) {
        *self.statuses.entry(status).or_default() += 1;
    }
}

/// Reads, creates, and increments a shared counter until the time is over.
fn work(client: &Client, counter: &str) -> Told {
    let mut told = Told::default();
    let began = Instant::now();
    while began.elapsed() < TIME {
        let list = client.get("/api/customers?limit=20");
        told.heard(list.status);
        let created = client.ask("POST", "/api/customers", &json!({"name": "Bob"}));
        told.heard(created.status);
        if created.status == 201 {
            told.created.push(created.body["id"].as_i64().expect("a key"));
        }
        let read = client.get(counter);
        told.heard(read.status);
        let (Some(tag), Some(stock)) = (read.headers.get("etag"), read.body["stock"].as_i64()) else {
            continue;
        };
        let body = json!({"stock": stock + 1});
        let raised = client.ask_with("PATCH", counter, &[("if-match", tag)], &body);
        told.heard(raised.status);
        told.raised += i64::from(raised.status == 200);
    }
    told
}

/// The results of all clients of one server.
fn load(app: &App, url: &str) {
    let service = Service::start(app, url);
    let owner = service.client().register("ada@example.org");
    let product = json!({"code": "P", "name": "Pen", "price": "1"});
    let key = owner.expect(201, "POST", "/api/products", &product)["id"].as_i64().expect("a key");
    let counter = format!("/api/products/{key}");
    let mut all = Told::default();
    std::thread::scope(|scope| {
        let counter = &counter;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| owner.again_at(&service.base))
            .map(|client| scope.spawn(move || work(&client, counter)))
            .collect();
        for client in clients {
            let told = client.join().expect("no connection is refused or lost");
            told.statuses
                .iter()
                .for_each(|(status, count)| *all.statuses.entry(*status).or_default() += count);
            all.created.extend(told.created);
            all.raised += told.raised;
        }
    });
    let others = all.statuses.keys().filter(|status| ![200, 201, 412].contains(*status));
    assert_eq!(others.count(), 0, "{url}: {:?}", all.statuses);
    assert!(all.raised > 0 && !all.created.is_empty(), "{url}: {:?}", all.statuses);
    let stock = owner.expect(200, "GET", &counter, &Value::Null)["stock"].clone();
    assert_eq!(stock, json!(all.raised), "{url}: raisings that were acknowledged");
    let (mut found, mut created) = (owner.customers(), all.created);
    found.sort_unstable();
    created.sort_unstable();
    assert_eq!(found, created, "{url}");
    let log = service.log();
    assert!(!log.contains("ERROR") && !log.contains("locked"), "{log}");
    service.stop();
}

#[test]
fn sixty_four_clients_for_a_minute_lose_nothing() {
    let target = TestDatabase::create();
    // Slow queries are not logged here.
    let quiet = || folder().env("LOG_LEVEL", "warn").env("SLOW_QUERY_MS", "0");
    let (sqlite, postgres) = (quiet(), quiet());
    let file = sqlite.path("backoffice.db");
    let of = [(&sqlite, file.to_str().expect("UTF-8")), (&postgres, target.url())];
    std::thread::scope(|scope| {
        for (app, url) in of {
            app.expect(0, &["db", "setup", "--database-url", url]);
            scope.spawn(move || load(app, url));
        }
    });
}
