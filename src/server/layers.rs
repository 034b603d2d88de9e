//! What every request passes before it comes to its handler, and every answer on its way back.
//!
//! The order is what counts here. Whatever refuses a request stands inside of what logs, counts and names it, so that
//! each answer has its line, its number and its id, and each error is told in the form all errors have.

mod access;
mod headers;
mod limits;
mod panics;
mod request_id;

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

use super::metrics::Metrics;

pub use access::SignedInAs;
pub use request_id::RequestId;

/// Makes an answer of a status, a stable code and a sentence for people.
pub type ProblemResponder = fn(StatusCode, &'static str, &str) -> Response;

/// What the layers need to know.
#[derive(Clone)]
pub struct LayerSettings {
    /// Where requests are counted.
    pub metrics: Metrics,
    /// How an error is told.
    pub problem: ProblemResponder,
    /// Origins whose pages may call; none: no CORS at all.
    pub cors_origins: Vec<HeaderValue>,
    /// The longest body of a request, in bytes.
    pub body_limit: usize,
    /// The longest time for a request.
    pub timeout: Duration,
    /// Requests that are answered at one time.
    pub concurrency: usize,
    /// Whether this server speaks TLS itself; behind a proxy, HSTS is the proxy's to say.
    pub has_tls: bool,
}

/// Below this many bytes compression costs more than it saves.
const COMPRESSED_FROM: u16 = 1024;
/// How long a browser may remember what CORS allows.
const CORS_MAX_AGE: Duration = Duration::from_secs(600);

/// Puts the layers around all routes of `router`, those for addresses that do not exist included. To be called last:
/// a route that is added afterwards has none of them.
pub fn wrap(router: Router, settings: LayerSettings) -> Router {
    let LayerSettings { metrics, problem, cors_origins, body_limit, timeout, concurrency, has_tls } =
        settings;
    let limits = limits::Limits::new(problem, timeout, concurrency);
    // From the outside to the inside.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(metrics, access::observe))
        .layer(map_response_with_state(headers::Transport { has_tls }, headers::protect))
        // Outside of the limits: a page is to see that it should come again, and a preflight takes no place.
        .option_layer((!cors_origins.is_empty()).then(|| cors(cors_origins)))
        .layer(from_fn_with_state(limits, limits::hold))
        .layer(CatchPanicLayer::custom(panics::Panics(problem)))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(from_fn_with_state(problem, limits::replace_too_large))
        .layer(RequestBodyLimitLayer::new(body_limit))
        // axum's own limit of 2 MB would hold where ours is higher.
        .layer(DefaultBodyLimit::disable());
    router.layer(layers)
}

fn worth_compressing() -> And<SizeAbove, NotForContentType> {
    SizeAbove::new(COMPRESSED_FROM).and(NotForContentType::IMAGES)
}

fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    let idempotency_key = HeaderName::from_static("idempotency-key");
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
        .expose_headers([header::ETAG, header::LOCATION, request_id::HEADER, header::RETRY_AFTER])
        .max_age(CORS_MAX_AGE)
}

#[cfg(test)]
mod tests;
