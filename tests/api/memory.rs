//! The memory of any four requests at once is bounded, and given back: the largest that a member can send and receive.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::Client;
use crate::cluster::TestDatabase;
use crate::process::Process;
use crate::service::{Service, folder, until};

/// The most memory above that of the idle server.
const PEAK_BYTES: u64 = 150 << 20;
/// The most memory above that of the idle server half a minute after the last request.
const KEPT_BYTES: u64 = 64 << 20;
const MEBIBYTE: usize = 1 << 20;

/// What a member sends four times at once.
type Ask = Box<dyn Fn(&Client, usize) -> u16 + Sync>;

fn send(method: &'static str, path: &str, headers: &'static [(&str, &str)], body: String) -> Ask {
    let (path, body): (String, Value) = (path.to_owned(), serde_json::from_str(&body).expect("JSON"));
    Box::new(move |client, _| client.ask_with(method, &path, headers, &body).status)
}

/// An array of this many bytes, of the smallest elements: as values they take the most memory.
fn numbers(bytes: usize) -> String {
    format!("[{}1]", "1,".repeat(bytes / 2 - 2))
}

fn key(row: &Value) -> String {
    row["id"].as_str().map_or_else(|| row["id"].to_string(), str::to_owned)
}

/// The requests, by name.
fn worst(owner: &Client) -> Vec<(&'static str, Ask)> {
    // PostgreSQL prints a space more for each element: 255 KiB.
    let run = format!(r#"{{"kind":"x","params":{}}}"#, numbers(170 * 1024));
    let params: Value = serde_json::from_str(&run).expect("JSON");
    for _ in 0..8 {
        owner.expect(201, "POST", "/api/report-runs", &params);
    }
    // With these, more than a page.
    let filler = json!({"kind": "x", "params": ["x".repeat(250 * 1024)]});
    for _ in 0..40 {
        owner.expect(201, "POST", "/api/report-runs", &filler);
    }
    let project = key(&owner.expect(201, "POST", "/api/projects", &json!({"name": "x"})));
    let embedding = |text: &str| {
        let vector: Vec<f32> = vec![0.5; 4000];
        json!({"model": "m", "embedding": vector, (text): "x".repeat(5000)})
    };
    owner.expect(
        201,
        "POST",
        &format!("/api/projects/{project}/project-embeddings"),
        &embedding("description_text"),
    );
    for number in 0..100 {
        let applicant = json!({
            "first_name": "A", "last_name": "B", "email": format!("a{number}@example.org"),
        });
        let applicant = key(&owner.expect(201, "POST", "/api/applicants", &applicant));
        let path = format!("/api/applicants/{applicant}/applicant-embeddings");
        owner.expect(201, "POST", &path, &embedding("preferences_text"));
    }
    let text = |name: &str, length| format!(r#"{{"kind":"x","{name}":"{}"}}"#, "x".repeat(length));
    vec![
        ("page", send("GET", "/api/report-runs?limit=200", &[], "null".to_owned())),
        ("JSON", send("POST", "/api/report-runs", &[], run.clone())),
        ("JSON, once", send("POST", "/api/report-runs", &[("idempotency-key", "k")], run)),
        (
            "JSON, too long",
            send(
                "POST",
                "/api/report-runs",
                &[],
                format!(r#"{{"kind":"x","params":{}}}"#, numbers(MEBIBYTE - 100)),
            ),
        ),
        ("text, too long", send("POST", "/api/report-runs", &[], text("kind", MEBIBYTE - 100))),
        (
            "unknown field",
            send("POST", "/api/report-runs", &[], format!(r#"{{"other":{}}}"#, numbers(MEBIBYTE - 100))),
        ),
        (
            "many unknown fields",
            send(
                "POST",
                "/api/report-runs",
                &[],
                format!("{{{}}}", (0..90_000).map(|n| format!(r#""{n}":0"#)).collect::<Vec<_>>().join(",")),
            ),
        ),
        (
            "vector",
            send(
                "POST",
                &format!("/api/projects/{project}/project-embeddings"),
                &[],
                format!(r#"{{"model":"n","embedding":{},"description_text":"x"}}"#, numbers(MEBIBYTE - 100)),
            ),
        ),
        (
            "match",
            send("POST", &format!("/api/projects/{project}/match"), &[], r#"{"limit":100}"#.to_owned()),
        ),
        (
            "sign-in",
            send(
                "POST",
                "/api/auth/login",
                &[],
                json!({"email": "ada@example.org", "password": "wrong password"}).to_string(),
            ),
        ),
    ]
}

fn measure(service: &Service, owner: &Client) {
    let process = Process::of(service.process());
    let idle = process.now().bytes;
    let requests = worst(owner);
    let after_setup = process.now().bytes;
    let mut peaks = Vec::new();
    for (name, ask) in &requests {
        process.reset_peak();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..4)
                .map(|number| {
                    let client = owner.again_at(&service.base);
                    scope.spawn(move || ask(&client, number))
                })
                .collect();
            clients.into_iter().map(|client| client.join().expect("an answer")).collect()
        });
        assert!(statuses.iter().all(|status| *status < 500), "{name}: {statuses:?}");
        peaks.push((*name, process.peak(), statuses));
    }
    let last = process.now().bytes;
    for (name, peak, statuses) in &peaks {
        println!("{:>6} KiB over idle: four of `{name}` {statuses:?}", peak.saturating_sub(idle) >> 10);
    }
    println!(
        "idle {} KiB, after setup {} KiB, after the last {} KiB",
        idle >> 10,
        after_setup >> 10,
        last >> 10
    );
    for (name, peak, _) in &peaks {
        assert!(*peak <= idle + PEAK_BYTES, "{name}: {peak} bytes, idle {idle}");
    }
    until("memory is given back", Duration::from_secs(30), || {
        (process.now().bytes <= idle + KEPT_BYTES).then_some(())
    });
    println!("at the end {} KiB", process.now().bytes >> 10);
}

#[test]
fn four_requests_at_once_take_a_bounded_amount_of_memory() {
    let target = TestDatabase::create();
    let app = folder();
    let file = app.path("backoffice.db");
    for url in [file.to_str().expect("UTF-8"), target.url()] {
        app.expect(0, &["db", "setup", "--database-url", url]);
        let service = Service::start(&app, url);
        let owner = service.client().register("ada@example.org");
        // The pool and the threads are there.
        for _ in 0..20 {
            owner.expect(200, "GET", "/api/customers", &Value::Null);
        }
        measure(&service, &owner);
        service.stop();
    }
}
