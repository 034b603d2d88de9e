//! The application through PgBouncer, where each transaction may use another server connection.

use serde_json::{Value, json};

use crate::client::Client;
use crate::cluster::TestDatabase;
use crate::pooler::Pooler;
use crate::service::{Service, folder};
use crate::skipped::skipped;

const CLIENTS: usize = 32;
const ROUNDS: usize = 5;

/// One resource of each kind, with reads and writes; each step must succeed.
fn work(client: &Client, number: usize) {
    for round in 0..ROUNDS {
        let name = format!("{number} {round}");
        let customer = client.expect(201, "POST", "/api/customers", &json!({"name": name}));
        let path = format!("/api/customers/{}", customer["id"]);
        client.expect(200, "PATCH", &path, &json!({"phone": "1"}));
        let read = client.expect(200, "GET", &path, &Value::Null);
        assert_eq!(read["phone"], "1");
        client.expect(200, "GET", "/api/customers?limit=20&sort=-name", &Value::Null);
        client.expect(200, "GET", "/health", &Value::Null);
        if round > 0 {
            client.expect(204, "DELETE", &path, &Value::Null);
        }
    }
}

#[test]
fn many_clients_share_two_connections_of_a_pooler() {
    let target = TestDatabase::create();
    let Some(pooler) = Pooler::start(target.url(), "default_pool_size = 2") else {
        skipped("PgBouncer cannot be installed");
        return;
    };
    // Slow queries are not logged here.
    let app = folder().env("SLOW_QUERY_MS", "0");
    app.expect(0, &["db", "setup", "--database-url", target.url()]);
    let service = Service::start_with(&app, &pooler.url(target.url()), &[("DB_POOLER", "transaction")]);
    let owner = service.client().register("ada@example.org");
    std::thread::scope(|scope| {
        for number in 0..CLIENTS {
            let client = owner.again_at(&service.base);
            scope.spawn(move || work(&client, number));
        }
    });
    assert_eq!(owner.customers().len(), CLIENTS);
    let log = service.log();
    assert!(!log.contains("ERROR") && !log.contains("WARN") && !log.contains("prepared"), "{log}");
    service.stop();
}
