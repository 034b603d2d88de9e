//! One log event and one metric for each request, whatever its outcome, and a span with the request id, and the user as
//! soon as it is authenticated, for all events of the request.

use std::time::Instant;

use axum::body::HttpBody as _;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument as _, Span};

use super::request_id::{HEADER, RequestId};
use crate::server::metrics::{InFlight, Metrics};

/// Adds the authenticated user to the span of the current request: all further events name it, and the one of the request.
pub fn note_user(user: impl std::fmt::Display) {
    Span::current().record(USER, tracing::field::display(user));
}

const USER: &str = "user";

/// The status for a request without a response: the client disconnected, or the connection was closed at shutdown.
const CLIENT_CLOSED_REQUEST: u16 = 499;

pub(super) async fn observe(State(metrics): State<Metrics>, mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    // At level ERROR, so that events of any level carry the request id: a span below the level of the log is
    // disabled.
    let span = tracing::error_span!("request", request_id = id.as_str(), user = tracing::field::Empty);
    request.extensions_mut().insert(id.clone());
    let exchange = Exchange {
        _in_flight: metrics.request_started(),
        metrics,
        span: span.clone(),
        started: Instant::now(),
        method: request.method().clone(),
        route: request.extensions().get::<MatchedPath>().cloned(),
        uri: request.uri().clone(),
        is_logged: false,
    };
    let mut response = next.run(request).instrument(span).await;
    exchange.end(&response);
    response.headers_mut().insert(HEADER, id.to_header());
    response
}

/// A request and what is logged about it. It is also logged when the server drops it because the client disconnected.
struct Exchange {
    metrics: Metrics,
    /// Decrements the gauge when dropped.
    _in_flight: InFlight,
    span: Span,
    started: Instant,
    method: Method,
    route: Option<MatchedPath>,
    uri: Uri,
    is_logged: bool,
}

impl Exchange {
    fn end(mut self, response: &Response) {
        self.log(response.status(), response.body().size_hint().exact());
    }

    fn log(&mut self, status: StatusCode, bytes: Option<u64>) {
        self.is_logged = true;
        let elapsed = self.started.elapsed();
        let route = self.route.as_ref().map_or("none", MatchedPath::as_str);
        self.metrics.request_done(&self.method, route, status, elapsed);
        let _in_span = self.span.enter();
        // Without the query, which may contain personal data.
        let (method, path, code) = (self.method.as_str(), self.uri.path(), status.as_u16());
        let duration_ms = (elapsed.as_secs_f64() * 1e6).round() / 1e3;
        if status.is_server_error() {
            tracing::error!(method, route, path, status = code, duration_ms, bytes, "request");
        } else {
            tracing::info!(method, route, path, status = code, duration_ms, bytes, "request");
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.is_logged {
            let status = StatusCode::from_u16(CLIENT_CLOSED_REQUEST).expect("a number of three digits");
            self.log(status, None);
        }
    }
}
