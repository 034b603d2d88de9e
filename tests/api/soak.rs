//! Hostile and kind clients mixed: every kind request succeeds, every hostile client is disconnected in time, and
//! memory and descriptors of the server stay within stated bounds.
//!
//! The hostile ones have an address of their own (127.0.0.2), as strangers have, and use up its share of connections.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

mod hostile;

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::app::App;
use crate::client::Client;
use crate::cluster::TestDatabase;
use crate::process::{Process, Use};
use crate::service::{Service, folder, until};

/// Of the ordinary tests.
const SHORT: Duration = Duration::from_secs(10);
/// Of `make faults`, unless SOAK_SECONDS is set.
const LONG: Duration = Duration::from_secs(600);
const KIND_CLIENTS: usize = 4;

/// The most memory above that of the idle server, and the most that may remain after all clients have left.
const PEAK_BYTES: u64 = 150 << 20;
const KEPT_BYTES: u64 = 64 << 20;
/// The most growth between the second and the last quarter of the time, of the median.
const GROWTH_BYTES: u64 = 16 << 20;
/// The most descriptors above those of the idle server that may remain: the connections of the pool, each with three
/// files on SQLite.
const KEPT_DESCRIPTORS: u64 = 60;

/// Short limits, so that each kind of hostile client is disconnected many times.
const SETTINGS: &[(&str, &str)] = &[
    ("CLIENT_TIMEOUT", "1000"),
    ("MAX_CONCURRENT_REQUESTS", "128"),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "1440"),
    ("LOG_LEVEL", "warn"),
    ("SLOW_QUERY_MS", "0"),
];

/// Creates, reads and lists until the end. How many requests succeeded: all.
fn be_kind(client: &Client, is_over: &AtomicBool) -> u64 {
    let mut count = 0;
    let mut expect = |status, method, path: &str, body: &Value| {
        count += 1;
        client.expect(status, method, path, body)
    };
    while !is_over.load(SeqCst) {
        let made = expect(201, "POST", "/api/customers", &json!({"name": "Bob", "email": "b@example.org"}));
        let path = format!("/api/customers/{}", made["id"]);
        expect(200, "GET", &path, &Value::Null);
        expect(200, "PATCH", &path, &json!({"phone": "1"}));
        expect(200, "GET", "/api/customers?limit=50&sort=-id", &Value::Null);
        // The list of customers stays short.
        expect(204, "DELETE", &path, &Value::Null);
        expect(200, "GET", "/health/ready", &Value::Null);
    }
    count
}

fn soak(app: &App, url: &str, time: Duration) {
    let service = Service::start_with(app, url, SETTINGS);
    let owner = service.client().register("ada@example.org");
    // As much as a page of a list has, for those that do not read.
    for _ in 0..190 {
        let params = json!({"filler": "x".repeat(48 * 1024)});
        owner.expect(201, "POST", "/api/report-runs", &json!({"kind": "x", "params": params}));
    }
    owner.expect(200, "GET", "/api/customers", &Value::Null);
    let process = Process::of(service.process());
    let idle = process.now();
    let is_over = AtomicBool::new(false);
    let mut samples = Vec::new();
    let (kind, hostile) = std::thread::scope(|scope| {
        let kind: Vec<_> = (0..KIND_CLIENTS)
            .map(|_| owner.again_at(&service.base))
            .map(|client| scope.spawn(|| be_kind(&{ client }, &is_over)))
            .collect();
        let hostile = scope.spawn(|| {
            let token = owner.token.as_deref().expect("signed in");
            hostile::attack(service.address(), token, &is_over)
        });
        let began = Instant::now();
        while began.elapsed() < time && !kind.iter().any(|client| client.is_finished()) {
            samples.push(process.now());
            std::thread::sleep(Duration::from_millis(100));
        }
        is_over.store(true, SeqCst);
        let kind: u64 = kind.into_iter().map(|client| client.join().expect("every request succeeds")).sum();
        (kind, hostile.join().expect("every hostile client is disconnected in time"))
    });
    let name = if url.contains("://") { "PostgreSQL" } else { "SQLite" };
    check(&samples, idle, name);
    until("memory and descriptors are given back", Duration::from_secs(60), || {
        let Use { bytes, descriptors } = process.now();
        let is_back = bytes <= idle.bytes + KEPT_BYTES && descriptors <= idle.descriptors + KEPT_DESCRIPTORS;
        is_back.then_some(())
    });
    println!("{name}: {kind} kind requests; {hostile:?}; idle {idle:?}; {:?}", process.now());
    assert!(kind > 0 && hostile.values().all(|count| *count > 0), "{kind} {hostile:?}");
    let log = service.log();
    // Of pages that are not read, the hostile network has its share, and gets 503 beyond it.
    let is_share = |line: &str| line.contains("route=\"/api/report-runs\"") && line.contains("status=503");
    let errors: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("ERROR") && !is_share(line) || line.contains("panicked"))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    service.stop();
}

/// The peak is bounded, and use does not grow with time.
fn check(samples: &[Use], idle: Use, name: &str) {
    let median = |samples: &[Use]| {
        let mut bytes: Vec<u64> = samples.iter().map(|sample| sample.bytes).collect();
        bytes.sort_unstable();
        bytes[bytes.len() / 2]
    };
    let peak = samples.iter().map(|sample| sample.bytes).max().unwrap_or_default();
    let quarter = samples.len() / 4;
    let (early, late) = (median(&samples[quarter..quarter * 2]), median(&samples[quarter * 3..]));
    println!(
        "{name}: idle {} KiB, peak {} KiB, second quarter {} KiB, last quarter {} KiB",
        idle.bytes >> 10,
        peak >> 10,
        early >> 10,
        late >> 10
    );
    assert!(peak <= idle.bytes + PEAK_BYTES, "{name}: peak of {peak} bytes, idle {idle:?}");
    assert!(late <= early + GROWTH_BYTES, "{name}: grew from {early} to {late} bytes");
    let most = samples.iter().map(|sample| sample.descriptors).max().unwrap_or_default();
    // The share of the hostile address, the kind clients, and the pool.
    let allowed = idle.descriptors + hostile::CONNECTIONS + 8 + KEPT_DESCRIPTORS;
    assert!(most <= allowed, "{name}: {most} descriptors, idle {idle:?}");
}

fn soak_both(time: Duration) {
    let target = TestDatabase::create();
    let (sqlite, postgres) = (folder(), folder());
    let file = sqlite.path("backoffice.db");
    let of = [(&sqlite, file.to_str().expect("UTF-8")), (&postgres, target.url())];
    for (app, url) in of {
        app.expect(0, &["db", "setup", "--database-url", url]);
        soak(app, url, time);
    }
}

#[test]
fn kind_clients_are_served_beside_hostile_ones() {
    soak_both(SHORT);
}

#[test]
#[ignore = "takes twenty minutes; SOAK_SECONDS is the time for each backend"]
fn exhaustive_kind_clients_are_served_beside_hostile_ones() {
    let seconds = std::env::var_os("SOAK_SECONDS")
        .map(|text| text.to_str().and_then(|text| text.parse().ok()).expect("SOAK_SECONDS is a number"));
    soak_both(seconds.map_or(LONG, Duration::from_secs));
}
