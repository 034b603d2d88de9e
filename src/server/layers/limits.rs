//! Limits for concurrency, duration and body size.
//!
//! A request above the concurrency limit is rejected at once: a queued request would hold memory and be answered
//! after its client has timed out.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::Semaphore;

use super::ProblemResponder;

#[derive(Clone)]
pub(super) struct Limits {
    problem: ProblemResponder,
    timeout: Duration,
    slots: Arc<Semaphore>,
}

impl Limits {
    pub(super) fn new(problem: ProblemResponder, timeout: Duration, concurrency: usize) -> Self {
        let slots = Arc::new(Semaphore::new(concurrency.min(Semaphore::MAX_PERMITS)));
        Self { problem, timeout, slots }
    }
}

/// 503 with `Retry-After`.
pub(super) fn come_again(problem: ProblemResponder, code: &'static str, detail: &str) -> Response {
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, code, detail);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Monitoring must work under overload.
fn is_exempt(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    matches!(route, "/metrics" | "/health/live" | "/health/ready")
}

pub(super) async fn hold(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let slot = match is_exempt(&request) {
        true => None,
        false => match limits.slots.try_acquire() {
            Ok(slot) => Some(slot),
            Err(_all_taken) => {
                return come_again(limits.problem, "overloaded", "too many concurrent requests; retry later");
            }
        },
    };
    let answer = tokio::time::timeout(limits.timeout, next.run(request)).await;
    drop(slot);
    answer.unwrap_or_else(|_elapsed| {
        come_again(
            limits.problem,
            "timeout",
            "the request exceeded the time limit; its changes may still be applied: read the resource before repeating it",
        )
    })
}

/// Turns the plain text errors of the body limit and of axum's extractors into problem details.
pub(super) async fn replace_too_large(
    State(problem): State<ProblemResponder>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let is_told =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE if !is_told => problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "the request body exceeds the size limit",
        ),
        _ => response,
    }
}
