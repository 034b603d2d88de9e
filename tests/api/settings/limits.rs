//! Timeout, body size, concurrency, and shutdown.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::json;

use super::{Halfway, SOON, sqlite};
use crate::service::until;

#[test]
fn a_request_times_out_after_request_timeout() {
    let (_app, service) = sqlite(&[("REQUEST_TIMEOUT", "300")]);
    // Whoever looked at the metrics meanwhile might come after it was given up.
    let answer = Halfway::send(&service).answer();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains(r#""code":"timeout""#), "{answer}");
    assert!(answer.to_lowercase().contains("\r\nretry-after: "), "{answer}");
    service.stop();
}

#[test]
fn a_body_is_accepted_up_to_max_body_bytes() {
    let (_app, service) = sqlite(&[("MAX_BODY_BYTES", "1024")]);
    let client = service.client();
    let of = |length: usize| {
        // The rest of the object.
        let filler = "x".repeat(length - r#"{"email":""}"#.len());
        let answer = client.ask("POST", "/api/auth/login", &json!({"email": filler}));
        (answer.status, answer.body["code"].as_str().expect("a code").to_owned())
    };
    assert_eq!(of(1024), (422, "invalid_fields".to_owned()));
    assert_eq!(of(1025), (413, "body_too_large".to_owned()));
    service.stop();
}

#[test]
fn requests_above_max_concurrent_requests_get_503() {
    let (_app, service) = sqlite(&[("MAX_CONCURRENT_REQUESTS", "1")]);
    let first = Halfway::begin(&service);
    let refused = service.client().get("/api/auth/me");
    assert_eq!((refused.status, refused.body["code"].as_str()), (503, Some("overloaded")), "{refused:?}");
    assert!(refused.headers.contains_key("retry-after"), "{refused:?}");
    for watched in ["/health/live", "/health/ready", "/metrics"] {
        assert_eq!(service.client().get(watched).status, 200, "{watched}");
    }
    assert_eq!(service.client().get("/health").status, 503, "what asks the database keeps to the number");
    assert!(first.finish().starts_with("HTTP/1.1 401"));
    assert_eq!(service.client().get("/api/auth/me").status, 401);
    service.stop();
}

#[test]
fn a_body_that_stops_is_given_up_after_client_timeout() {
    let (_app, service) = sqlite(&[("CLIENT_TIMEOUT", "300")]);
    let answer = Halfway::send(&service).answer();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains(r#""code":"body_too_slow""#), "{answer}");
    service.stop();
}

#[test]
fn an_address_has_max_connections_per_address_unless_a_proxy_is_trusted() {
    for (trust_proxy, most) in [("false", 2), ("true", 8)] {
        let settings = [("MAX_CONNECTIONS_PER_ADDRESS", "2"), ("TRUST_PROXY", trust_proxy)];
        let (_app, service) = sqlite(&settings);
        let mut held = Vec::new();
        // Those that are refused are closed before they are answered.
        let asked = (0..8).filter(|_| {
            let mut stream = TcpStream::connect(service.address()).expect("connect");
            let sent = stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
            let is_answered = sent.is_ok() && stream.read(&mut [0; 1]).is_ok_and(|count| count == 1);
            held.push(stream);
            is_answered
        });
        assert_eq!(asked.count(), most, "TRUST_PROXY={trust_proxy}");
        drop(held);
        service.stop();
    }
}

#[test]
fn a_request_in_progress_is_finished_after_sigterm() {
    let (_app, mut service) = sqlite(&[("SHUTDOWN_GRACE", "60000")]);
    let slow = Halfway::begin(&service);
    service.terminate();
    until("nobody else is let in", SOON, || TcpStream::connect(service.address()).is_err().then_some(()));
    let answer = slow.finish();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert_eq!(service.end(), 0);
    assert!(!service.log().contains("did not finish within"), "{}", service.log());
}

#[test]
fn shutdown_takes_at_most_shutdown_grace() {
    let (_app, mut service) = sqlite(&[("SHUTDOWN_GRACE", "100")]);
    let _never_finished = Halfway::begin(&service);
    service.terminate();
    assert_eq!(service.end(), 0);
    assert!(service.log().contains("did not finish within"), "{}", service.log());
}
