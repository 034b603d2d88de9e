//! The middleware around all routes.
//!
//! The order matters: a layer that rejects a request is inside of the layers that log, count and identify it, so
//! every response has a log line, a metric and a request id, and every error is a problem details object.

mod access;
mod headers;
mod limits;
mod panics;
mod request_id;
mod unsent;

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response_with_state};
use axum::response::Response;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, NotForContentType, Predicate as _, SizeAbove};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::limit::RequestBodyLimitLayer;

use super::answer;
use super::metrics::Metrics;

pub use access::note_user;
pub use request_id::RequestId;

/// Builds a problem response from a status, a stable code and a detail text.
pub type ProblemResponder = fn(StatusCode, &'static str, &str) -> Response;

/// Settings of the layers.
#[derive(Clone)]
pub struct LayerSettings {
    /// The metrics that count requests.
    pub metrics: Metrics,
    /// Renders errors.
    pub problem: ProblemResponder,
    /// Allowed CORS origins; empty disables CORS.
    pub cors_origins: Vec<HeaderValue>,
    /// Maximum size of a request body, in bytes.
    pub body_limit: usize,
    /// Maximum duration of a request.
    pub timeout: Duration,
    /// Maximum number of concurrent requests.
    pub concurrency: usize,
    /// Maximum size of all large responses that wait for their clients, in bytes.
    pub unsent: usize,
    /// The same for those to one IPv4 address or IPv6 /64 network.
    pub unsent_of_one: usize,
    /// Whether this server terminates TLS. Behind a proxy, HSTS is up to the proxy.
    pub has_tls: bool,
}

/// Minimum size for compression: below, it costs more than it saves.
const COMPRESSED_FROM: u16 = 1024;
/// How long browsers may cache a CORS preflight response.
const CORS_MAX_AGE: Duration = Duration::from_secs(600);

/// Adds the layers to all routes of `router` and to its fallback. Routes that are added afterwards are not covered.
pub fn wrap(router: Router, settings: LayerSettings) -> Router {
    let LayerSettings { metrics, problem, cors_origins, body_limit, timeout, concurrency, has_tls, .. } =
        settings;
    let unsent = unsent::Unsent::new(problem, settings.unsent, settings.unsent_of_one);
    let limits = limits::Limits::new(problem, timeout, concurrency);
    // From the outermost to the innermost layer.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(metrics, access::observe))
        .layer(map_response_with_state(headers::Transport { has_tls }, headers::protect))
        // Outside of the limits: a page must be able to read Retry-After, and a preflight must not use a slot.
        .option_layer((!cors_origins.is_empty()).then(|| cors(cors_origins)))
        .layer(from_fn_with_state(limits, limits::hold))
        .layer(CatchPanicLayer::custom(panics::Panics(problem)))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        // Inside of the compression, which reads a response as its client does.
        .layer(from_fn_with_state(unsent, unsent::hold))
        .layer(from_fn_with_state(problem, limits::replace_too_large))
        .layer(RequestBodyLimitLayer::new(body_limit))
        // Otherwise axum's own limit of 2 MB would apply.
        .layer(DefaultBodyLimit::disable());
    router.layer(layers)
}

fn worth_compressing() -> And<SizeAbove, NotForContentType> {
    SizeAbove::new(COMPRESSED_FROM).and(NotForContentType::IMAGES)
}

fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    let idempotency_key = HeaderName::from_static("idempotency-key");
    let replayed = answer::REPLAYED;
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            idempotency_key,
        ])
        .expose_headers([header::ETAG, header::LOCATION, request_id::HEADER, header::RETRY_AFTER, replayed])
        .max_age(CORS_MAX_AGE)
}

#[cfg(test)]
mod tests;
