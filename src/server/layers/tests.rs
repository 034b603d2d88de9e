//! The layers around a few routes, tested without a socket.

use std::future::poll_fn;
use std::io::Seek as _;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::request::Builder;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use axum::{Extension, Json};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower::ServiceExt as _;

use super::*;
use crate::server::metrics::{Readers, endpoint};

fn problem(status: StatusCode, code: &'static str, detail: &str) -> Response {
    let body = json!({"type": format!("/problems/{code}"), "status": status.as_u16(), "code": code, "detail": detail});
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

/// Of the response of `/large`: one client may have one, and two clients may have three.
const LARGE: usize = 600_000;

/// Low limits, so that tests reach them.
fn settings() -> LayerSettings {
    LayerSettings {
        metrics: Metrics::new(Arc::new(Vec::new)),
        problem,
        cors_origins: Vec::new(),
        body_limit: 100,
        timeout: Duration::from_secs(5),
        concurrency: 1,
        unsent: usize::MAX,
        unsent_of_one: usize::MAX,
        has_tls: false,
    }
}

async fn fails() -> Response {
    panic!("the handler's own words")
}

/// A handler that authenticates a user.
async fn task() -> &'static str {
    note_user(7);
    tracing::warn!("of the handler");
    "task"
}

async fn slow(gate: Arc<Notify>) -> &'static str {
    gate.notified().await;
    "at last"
}

/// `/slow` responds when the gate is opened.
fn router(settings: LayerSettings) -> (Router, Arc<Notify>) {
    let gate = Arc::new(Notify::new());
    let held = Arc::clone(&gate);
    let own = [(header::CACHE_CONTROL, "max-age=5"), (header::CONTENT_SECURITY_POLICY, "default-src 'self'")];
    let router = Router::new()
        .route("/metrics", endpoint(settings.metrics.clone(), Readers::All, problem))
        .route("/health/live", get(async || "alive"))
        .route("/tasks/{id}", get(task))
        .route("/id", get(async |Extension(id): Extension<RequestId>| id.as_str().to_owned()))
        .route("/echo", post(async |body: Bytes| body))
        .route("/json", post(async |Json(body): Json<Value>| body.to_string()))
        .route("/long", get(async || "long ".repeat(1000)))
        .route("/large", get(async || "large".repeat(LARGE / 5)).post(async || "large".repeat(LARGE / 5)))
        .route("/own", get(async move || (own, "own")))
        .route("/fails", get(fails))
        .route("/slow", get(move || slow(Arc::clone(&held))));
    (wrap(router, settings), gate)
}

struct TestResponse {
    head: Response<()>,
    text: String,
}

impl TestResponse {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.headers().get(name).map(|value| value.to_str().expect("text"))
    }

    fn is_problem(&self, status: StatusCode, code: &str) {
        assert_eq!(self.head.status(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let body: Value = serde_json::from_str(&self.text).expect("JSON");
        assert_eq!(body["code"], code);
        assert!(self.header("x-request-id").is_some());
        assert_eq!(self.header("cache-control"), Some("no-store"));
    }
}

async fn ask(router: &Router, request: Builder, body: impl Into<Body>) -> TestResponse {
    let request: Request = request.body(body.into()).expect("a request");
    let (head, body) = router.clone().oneshot(request).await.expect("an answer").into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("the body");
    TestResponse { head: Response::from_parts(head, ()), text: String::from_utf8_lossy(&bytes).into_owned() }
}

async fn read(router: &Router, path: &str) -> TestResponse {
    ask(router, Request::get(path), Body::empty()).await
}

/// Captures the log of this thread.
struct LogBuffer {
    file: Arc<std::fs::File>,
    _guard: tracing::subscriber::DefaultGuard,
}

impl LogBuffer {
    fn start() -> Self {
        Self::at(tracing::Level::INFO)
    }

    fn at(level: tracing::Level) -> Self {
        // tracing caches per callsite that no subscriber is interested, for all threads; a global default subscriber
        // prevents this for threads without a subscriber of their own.
        let sink = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(std::io::sink);
        let _set_before = tracing::subscriber::set_global_default(sink.finish());
        let file = Arc::new(tempfile::tempfile().expect("a file for the log"));
        let log = tracing_subscriber::fmt().json().flatten_event(true).with_max_level(level);
        let log = log.with_writer(Arc::clone(&file));
        Self { file, _guard: tracing::subscriber::set_default(log.finish()) }
    }

    fn lines(&self) -> Vec<Value> {
        (&*self.file).rewind().expect("back to the start");
        let text = std::io::read_to_string(&*self.file).expect("a log is text");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

#[tokio::test]
async fn the_request_id_is_kept_or_generated_and_returned() {
    let (router, _gate) = router(settings());
    let given = ask(&router, Request::get("/id").header("x-request-id", "abc-1"), Body::empty()).await;
    assert_eq!((given.header("x-request-id"), given.text.as_str()), (Some("abc-1"), "abc-1"));
    let made = ask(&router, Request::get("/id").header("x-request-id", "a b"), Body::empty()).await;
    assert_eq!(made.text.len(), 36);
    assert_eq!(made.header("x-request-id"), Some(made.text.as_str()));
    assert!(read(&router, "/nowhere").await.header("x-request-id").is_some());
}

#[tokio::test]
async fn each_request_has_one_log_line_with_its_fields() {
    let (router, _gate) = router(settings());
    let log = LogBuffer::start();
    let request = Request::get("/tasks/5?password=hush").header("x-request-id", "abc");
    ask(&router, request, Body::empty()).await;
    read(&router, "/nowhere").await;
    let lines = log.lines();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!((&lines[0]["message"], &lines[0]["span"]["user"]), (&json!("of the handler"), &json!("7")));
    let line = &lines[1];
    for (field, value) in [
        ("level", json!("INFO")),
        ("message", json!("request")),
        ("method", json!("GET")),
        ("route", json!("/tasks/{id}")),
        ("path", json!("/tasks/5")),
        ("status", json!(200)),
        ("bytes", json!(4)),
    ] {
        assert_eq!(line[field], value, "{field} of {line}");
    }
    assert_eq!((&line["span"]["request_id"], &line["span"]["user"]), (&json!("abc"), &json!("7")));
    assert!(line["duration_ms"].is_number() && !line.to_string().contains("hush"), "{line}");
    assert_eq!((&lines[2]["route"], &lines[2]["status"]), (&json!("none"), &json!(404)));
    assert!(lines[2]["span"].get("user").is_none(), "{lines:?}");
}

#[tokio::test]
async fn a_panic_is_logged_and_not_sent_to_the_client() {
    let (router, _gate) = router(settings());
    // A log at level ERROR has the request id, too.
    let log = LogBuffer::at(tracing::Level::ERROR);
    let answer = ask(&router, Request::get("/fails").header("x-request-id", "abc"), Body::empty()).await;
    answer.is_problem(StatusCode::INTERNAL_SERVER_ERROR, "internal");
    assert!(!answer.text.contains("own words"));
    let lines = log.lines();
    let logged: Vec<_> = lines.iter().map(|line| (&line["level"], &line["span"]["request_id"])).collect();
    let (error, id) = (json!("ERROR"), json!("abc"));
    assert_eq!(logged, [(&error, &id), (&error, &id)], "{lines:?}");
    assert_eq!(lines[0]["panic"], "the handler's own words");
    assert_eq!(lines[1]["status"], 500);
    // The server continues to work.
    assert_eq!(read(&router, "/id").await.head.status(), StatusCode::OK);
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_path() {
    let (router, _gate) = router(settings());
    for path in ["/tasks/1", "/tasks/2", "/nowhere/1", "/nowhere/2"] {
        read(&router, path).await;
    }
    ask(&router, Request::builder().method("BREW").uri("/tasks/1"), Body::empty()).await;
    let text = read(&router, "/metrics").await.text;
    for line in [
        r#"http_requests_total{method="GET",route="/tasks/{id}",status="200"} 2"#,
        r#"http_requests_total{method="GET",route="none",status="404"} 2"#,
        r#"http_requests_total{method="other",route="/tasks/{id}",status="405"} 1"#,
        "http_requests_in_flight 1",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
    }
    assert!(!text.contains("/nowhere") && !text.contains("BREW"), "{text}");
}

#[tokio::test]
async fn a_request_above_the_limit_is_rejected_at_once_except_for_monitoring() {
    let (router, gate) = router(settings());
    let asking = router.clone();
    let first = tokio::spawn(async move { read(&asking, "/slow").await });
    // The runtime has one thread: the request runs until it waits.
    tokio::task::yield_now().await;
    assert!(read(&router, "/metrics").await.text.contains("http_requests_in_flight 2\n"));
    // Who waits for the first request is given up after 5 seconds.
    let refused = tokio::time::timeout(Duration::from_secs(4), read(&router, "/id")).await.expect("at once");
    refused.is_problem(StatusCode::SERVICE_UNAVAILABLE, "overloaded");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(read(&router, "/health/live").await.text, "alive");

    gate.notify_one();
    assert_eq!(first.await.expect("no panic").text, "at last");
    assert_eq!(read(&router, "/id").await.head.status(), StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_given_up_and_leaves_its_place() {
    let (router, _gate) = router(settings());
    let started = tokio::time::Instant::now();
    let answer = read(&router, "/slow").await;
    answer.is_problem(StatusCode::SERVICE_UNAVAILABLE, "timeout");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(started.elapsed().as_secs(), 5);
    assert_eq!(read(&router, "/id").await.head.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_disconnected_client_is_logged_and_counted_and_releases_its_slot() {
    let (router, _gate) = router(settings());
    let log = LogBuffer::start();
    let patience = Duration::from_millis(20);
    tokio::time::timeout(patience, read(&router, "/slow")).await.err().expect("nobody opens the gate");
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((&lines[0]["status"], &lines[0]["route"]), (&json!(499), &json!("/slow")));
    let text = read(&router, "/metrics").await.text;
    assert!(text.contains(r#"http_requests_total{method="GET",route="/slow",status="499"} 1"#), "{text}");
    assert!(text.contains("http_requests_in_flight 1\n"), "{text}");
    assert_eq!(read(&router, "/id").await.head.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_body_too_large_is_rejected_with_and_without_a_content_length() {
    let (router, _gate) = router(settings());
    for path in ["/echo", "/json"] {
        let logged =
            Request::post(path).header("content-type", "application/json").header("content-length", "101");
        let answer = ask(&router, logged, "x".repeat(101)).await;
        answer.is_problem(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large");
        let without_length = Request::post(path).header("content-type", "application/json");
        let answer = ask(&router, without_length, format!("\"{}\"", "x".repeat(99))).await;
        answer.is_problem(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large");
    }
    assert_eq!(ask(&router, Request::post("/echo"), "x".repeat(100)).await.text.len(), 100);
}

#[tokio::test]
async fn a_body_may_be_larger_than_what_axum_allows_by_itself() {
    let (router, _gate) = router(LayerSettings { body_limit: 5_000_000, ..settings() });
    let answer = ask(&router, Request::post("/echo"), "x".repeat(3_000_000)).await;
    assert_eq!((answer.head.status(), answer.text.len()), (StatusCode::OK, 3_000_000));
}

#[tokio::test]
async fn responses_have_security_headers_unless_the_handler_sets_its_own() {
    let (plain, _gate) = router(settings());
    for path in ["/id", "/nowhere"] {
        let answer = read(&plain, path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name} of {path}");
        }
        assert_eq!(answer.header("strict-transport-security"), None);
    }
    let own = read(&plain, "/own").await;
    assert_eq!(own.header("cache-control"), Some("max-age=5"));
    assert_eq!(own.header("content-security-policy"), Some("default-src 'self'"));
    let (with_tls, _gate) = router(LayerSettings { has_tls: true, ..settings() });
    assert_eq!(read(&with_tls, "/id").await.header("strict-transport-security"), Some("max-age=31536000"));
}

#[tokio::test]
async fn long_responses_are_compressed_for_clients_that_accept_it() {
    let (router, _gate) = router(settings());
    let takes = |path| Request::get(path).header("accept-encoding", "gzip");
    let long = ask(&router, takes("/long"), Body::empty()).await;
    assert_eq!(long.header("content-encoding"), Some("gzip"));
    assert!(long.text.len() < 500, "{}", long.text.len());
    assert_eq!(ask(&router, takes("/id"), Body::empty()).await.header("content-encoding"), None);
    let plain = read(&router, "/long").await;
    assert_eq!((plain.header("content-encoding"), plain.text.len()), (None, 5000));
}

#[tokio::test]
async fn only_listed_origins_may_call_from_their_pages() {
    let origin = HeaderValue::from_static("https://app.example.org");
    let (router, _gate) = router(LayerSettings { cors_origins: vec![origin], ..settings() });
    let preflight = |origin| {
        let request = Request::builder().method("OPTIONS").uri("/tasks/1").header("origin", origin);
        request.header("access-control-request-method", "PATCH")
    };
    let answer = ask(&router, preflight("https://app.example.org"), Body::empty()).await;
    assert_eq!(answer.head.status(), StatusCode::OK);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example.org"));
    assert_eq!(answer.header("access-control-allow-methods"), Some("GET,POST,PATCH,DELETE"));
    assert_eq!(answer.header("access-control-max-age"), Some("600"));
    let headers = "authorization,content-type,if-match,if-none-match,idempotency-key";
    assert_eq!(answer.header("access-control-allow-headers"), Some(headers));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let other = ask(&router, preflight("https://evil.example.org"), Body::empty()).await;
    assert_eq!(other.header("access-control-allow-origin"), None);

    let request = Request::get("/fails").header("origin", "https://app.example.org");
    let failed = ask(&router, request, Body::empty()).await;
    assert_eq!(failed.header("access-control-allow-origin"), Some("https://app.example.org"));
    let exposed = "etag,location,x-request-id,retry-after,idempotency-replayed";
    assert_eq!(failed.header("access-control-expose-headers"), Some(exposed));
}

#[tokio::test]
async fn without_listed_origins_there_is_no_cors() {
    let (router, _gate) = router(settings());
    let request =
        Request::builder().method("OPTIONS").uri("/tasks/1").header("origin", "https://app.example.org");
    let answer = ask(&router, request.header("access-control-request-method", "GET"), Body::empty()).await;
    assert_eq!(answer.head.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn large_responses_that_are_not_read_are_limited_in_all_and_of_one_client() {
    let (router, _gate) =
        router(LayerSettings { concurrency: 10, unsent: 2_000_000, unsent_of_one: 1_000_000, ..settings() });
    let large = async |client: &str| {
        let peer: SocketAddr = client.parse().expect("an address");
        let request = Request::get("/large").extension(ConnectInfo(peer)).body(Body::empty());
        router.clone().oneshot(request.expect("a request")).await.expect("an answer")
    };
    let (one, same) = ("192.0.2.1:1", "192.0.2.1:2");
    let first = large(one).await;
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(first.body().size_hint().exact(), u64::try_from(LARGE).ok());
    let refused = large(same).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");
    // A change that is done is never refused.
    let change = ask(
        &router,
        Request::post("/large").extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1)))),
        "",
    )
    .await;
    assert_eq!((change.head.status(), change.text.len()), (StatusCode::OK, LARGE));
    // Others are served while there is room for them, and small responses always.
    let others = (large("192.0.2.2:1").await, large("192.0.2.3:1").await);
    assert_eq!((others.0.status(), others.1.status()), (StatusCode::OK, StatusCode::OK));
    assert_eq!(large("192.0.2.4:1").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(read(&router, "/long").await.head.status(), StatusCode::OK);
    drop(others);

    // Half of it is read: it is still in memory. When all of it is read, there is room again.
    let mut body = first.into_body();
    let mut bytes = Vec::new();
    while bytes.len() < LARGE {
        assert_eq!(large(same).await.status(), StatusCode::SERVICE_UNAVAILABLE);
        let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        let piece = frame.expect("a piece").expect("no error").into_data().expect("bytes");
        assert!(piece.len() <= 64 * 1024, "{}", piece.len());
        bytes.extend(piece);
    }
    assert_eq!(bytes, "large".repeat(LARGE / 5).as_bytes());
    drop(body);
    assert_eq!(large(same).await.status(), StatusCode::OK);
}
