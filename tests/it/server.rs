//! The HTTP interface, through the router without a socket: the same answers on both backends.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use backoffice::config::Environment;
use backoffice::db::pool::Pool;
use backoffice::db::url::DatabaseUrl;
use backoffice::server::{AppState, router};
use backoffice::values::Instant;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::app::App;
use crate::cluster::TestDatabase;

const USER: &str = "00000000-0000-0000-0000-000000000007";

/// Status, content type and body of an answer.
type Answer = (StatusCode, String, Value);

struct Server {
    router: axum::Router,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    fn new(url: &str) -> Self {
        let url = DatabaseUrl::parse(url).expect("URL");
        let clock = || "2026-01-31T12:00:00.5Z".parse::<Instant>().expect("instant");
        let pool = Pool::new(url, Environment::Serverless.pool()).expect("pool");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        Self { router: router(AppState::new(pool, clock)), runtime }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let request =
            Request::builder().method(method).uri(path).body(Body::from(body.to_owned())).expect("request");
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("answer");
            let status = response.status();
            let kind =
                response.headers().get("content-type").map(|kind| kind.to_str().expect("text").to_owned());
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("body");
            let body =
                if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
            (status, kind.unwrap_or_default(), body)
        })
    }
}

/// Runs `test` with a server on each backend, with one user, and gives what it returns for each.
fn on_both<T>(test: impl Fn(&Server) -> T) -> (T, T) {
    let app = App::new();
    let target = TestDatabase::create();
    let path = app.path("backoffice.db");
    let sqlite = path.to_str().expect("UTF-8").to_owned();
    let insert = |now: &str| {
        format!(
            "INSERT INTO users (id, email, first_name, last_name, created_at, updated_at)
             VALUES ('{USER}', 'a@example.com', '', '', '{now}', '{now}')"
        )
    };
    let of = |url: &str| {
        app.expect(0, &["db", "setup", "--database-url", url]);
        let server_url = DatabaseUrl::parse(url).expect("URL");
        let mut connection = backoffice::db::open::open(
            &server_url,
            backoffice::db::open::Access::Write,
            backoffice::db::open::Purpose::Move,
        )
        .expect("open");
        diesel::connection::SimpleConnection::batch_execute(
            &mut connection,
            &insert("2026-01-01T00:00:00.000000Z"),
        )
        .expect("insert");
        test(&Server::new(url))
    };
    (of(&sqlite), of(target.url()))
}

#[test]
fn a_conversation_has_the_same_answers_on_both_backends() {
    let (sqlite, postgres) = on_both(|server| {
        let mut answers = Vec::new();
        let mut ask = |method: &str, path: &str, body: Value| {
            let body = if body.is_null() { String::new() } else { body.to_string() };
            answers.push((format!("{method} {path}"), server.ask(method, path, &body)));
        };
        ask(
            "POST",
            "/api/tasks",
            json!({"user_id": USER, "title": "first", "due_date": "2026-02-01T10:00:00.1234567+02:00"}),
        );
        ask(
            "POST",
            "/api/tasks",
            json!({"user_id": USER, "title": "漢字 🦀", "parent_task_id": 1, "priority": "high", "completed": true}),
        );
        ask("POST", "/api/tasks", json!({"user_id": USER, "title": "third", "description": ""}));
        ask("GET", "/api/tasks/1", Value::Null);
        ask("PATCH", "/api/tasks/1", json!({"completed": true, "description": "done"}));
        ask("PATCH", "/api/tasks/1", json!({"completed": false, "description": null}));
        ask("PATCH", "/api/tasks/1", json!({}));
        ask("GET", &format!("/api/tasks?user_id={USER}&limit=2"), Value::Null);
        ask("GET", &format!("/api/tasks?user_id={USER}&limit=2&after=2"), Value::Null);
        ask("GET", &format!("/api/tasks?user_id={}", uuid::Uuid::nil()), Value::Null);
        ask("DELETE", "/api/tasks/1", Value::Null);
        ask("GET", "/api/tasks/2", Value::Null);
        ask("DELETE", "/api/tasks/1", Value::Null);
        // What is wrong is refused alike.
        ask("POST", "/api/tasks", json!({"user_id": USER, "title": " "}));
        ask("POST", "/api/tasks", json!({"user_id": USER, "title": "x".repeat(301)}));
        ask("POST", "/api/tasks", json!({"user_id": USER, "title": "a\u{0}b"}));
        ask("POST", "/api/tasks", json!({"user_id": USER}));
        ask("POST", "/api/tasks", json!({"user_id": USER, "title": "x", "unknown": 1}));
        ask("POST", "/api/tasks", json!({"user_id": uuid::Uuid::max(), "title": "x"}));
        ask("POST", "/api/tasks", json!({"user_id": USER, "title": "x", "priority": "huge"}));
        ask("POST", "/api/tasks", json!({"user_id": USER, "title": "x", "due_date": "tomorrow"}));
        ask("PATCH", "/api/tasks/3", json!({"title": null}));
        ask("PATCH", "/api/tasks/3", json!({"parent_task_id": 3}));
        ask("POST", "/api/tasks", json!([USER, "x"]));
        ask(
            "POST",
            "/api/tasks",
            json!({"user_id": USER, "title": "x", "description": "x".repeat(3_000_000)}),
        );
        ask("PATCH", "/api/tasks/3", json!({"parent_task_id": 99}));
        ask("PATCH", "/api/tasks/99", json!({"title": "x"}));
        ask("GET", "/api/tasks/99", Value::Null);
        ask("GET", "/api/tasks/abc", Value::Null);
        ask("GET", "/api/tasks/99999999999999999999", Value::Null);
        ask("GET", "/api/tasks", Value::Null);
        ask("GET", &format!("/api/tasks?user_id={USER}&limit=0"), Value::Null);
        ask("PUT", "/api/tasks/3", json!({}));
        ask("GET", "/nothing", Value::Null);
        answers.push(("not JSON".to_owned(), server.ask("POST", "/api/tasks", "{")));
        answers
    });
    assert_eq!(sqlite.len(), postgres.len());
    for (left, right) in sqlite.iter().zip(&postgres) {
        assert_eq!(left, right);
    }
    let statuses: Vec<u16> = sqlite.iter().map(|(_, (status, ..))| status.as_u16()).collect();
    assert_eq!(
        statuses,
        [
            201, 201, 201, 200, 200, 200, 200, 200, 200, 200, 204, 404, 404, 422, 422, 422, 422, 422, 422,
            422, 422, 422, 422, 422, 413, 422, 404, 404, 404, 404, 400, 422, 405, 404, 400
        ]
    );
    let created = &sqlite[0].1.2;
    assert_eq!(created["due_date"], "2026-02-01T08:00:00.123456Z");
    assert_eq!(created["created_at"], "2026-01-31T12:00:00.500000Z");
    assert_eq!(sqlite[4].1.2["completed_at"], "2026-01-31T12:00:00.500000Z");
    assert_eq!(sqlite[5].1.2["completed_at"], Value::Null);
    assert_eq!(sqlite[7].1.2["next"], 2);
    assert_eq!(sqlite[8].1.2["next"], Value::Null);
    for (what, (status, kind, body)) in &sqlite {
        if status.as_u16() >= 400 {
            assert_eq!(kind, "application/problem+json", "{what}");
            assert_eq!(body["status"], status.as_u16(), "{what}");
        }
    }
}

#[test]
fn health_tells_backend_latency_migrations_and_pool() {
    let (sqlite, postgres) = on_both(|server| server.ask("GET", "/health", ""));
    for ((status, _, body), backend) in [(sqlite, "sqlite"), (postgres, "postgres")] {
        assert_eq!(status, StatusCode::OK);
        assert_eq!(body["status"], "ok");
        assert_eq!(body["backend"], backend);
        assert!(body["latency_ms"].as_f64().expect("number") > 0.0);
        assert_eq!(body["migrations"]["applied"], 8);
        assert_eq!(body["pool"]["max"], 5);
    }
}

#[test]
fn a_database_that_is_away_is_told_without_its_inside() {
    let server = {
        let url = DatabaseUrl::parse("postgresql://somebody:S3cr3t@127.0.0.1:1/nowhere").expect("URL");
        let settings = backoffice::config::PoolSettings {
            acquire_timeout: std::time::Duration::from_millis(200),
            ..Environment::Serverless.pool()
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        Server {
            router: router(AppState::new(Pool::new(url, settings).expect("pool"), Instant::now)),
            runtime,
        }
    };
    let (status, _, body) = server.ask("GET", "/api/tasks/1", "");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let text = body.to_string();
    assert!(!text.contains("S3cr3t") && !text.contains("somebody") && !text.contains("127.0.0.1"), "{text}");
}

#[test]
fn serve_makes_a_new_file_listens_on_loopback_and_ends_in_order() {
    use std::io::{BufRead as _, Read as _, Write as _};

    let app = App::new();
    let mut command = app.command(&["serve", "--port", "0"]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().expect("start");
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut line).expect("read");
    let address = line.trim().rsplit_once("http://").expect("an address").1.to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{line}");
    let mut stream = std::net::TcpStream::connect(&address).expect("connect");
    write!(stream, "GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("ask");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\"backend\":\"sqlite\""), "{answer}");
    let status = std::process::Command::new("kill").arg(child.id().to_string()).status().expect("kill");
    assert!(status.success());
    assert_eq!(child.wait().expect("end").code(), Some(0));
    app.expect(0, &["db", "health"]);
}

/// The pool opens connections in the background; OpenSSL's clean-up at exit must not meet them.
#[test]
fn serve_ends_in_order_while_its_pool_opens_connections() {
    use std::io::{BufRead as _, Read as _, Write as _};

    let target = TestDatabase::create();
    let app = App::new();
    app.expect(0, &["db", "setup", "--database-url", target.url()]);
    for _ in 0..8 {
        let mut command = app.command(&["serve", "--port", "0", "--database-url", target.url()]);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
        let mut child = command.spawn().expect("start");
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("read");
        let address = line.trim().rsplit_once("http://").expect("an address").1.to_owned();
        let mut stream = std::net::TcpStream::connect(&address).expect("connect");
        write!(stream, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("ask");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answer");
        assert!(answer.contains("\"backend\":\"postgres\""), "{answer}");
        std::process::Command::new("kill").arg(child.id().to_string()).status().expect("kill");
        assert_eq!(child.wait().expect("end").code(), Some(0));
    }
}

#[test]
fn serve_refuses_a_database_that_is_not_up_to_date() {
    let target = TestDatabase::create();
    let app = App::new();
    let ended = app.expect(10, &["serve", "--port", "0", "--database-url", target.url()]);
    assert!(ended.stderr.contains("not up to date"), "{}", ended.stderr);
    assert!(ended.stderr.contains("app db setup"), "{}", ended.stderr);
}
