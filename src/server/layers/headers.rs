//! Security headers for browsers. A header that the handler has set is kept.

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::Response;

/// Whether clients use TLS.
#[derive(Clone, Copy)]
pub(super) struct Transport {
    pub(super) has_tls: bool,
}

const ALWAYS: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (CACHE_CONTROL, "no-store"),
];

/// One year, the usual value.
const WITH_TLS: (HeaderName, &str) = (STRICT_TRANSPORT_SECURITY, "max-age=31536000");

pub(super) async fn protect(State(transport): State<Transport>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS.into_iter().chain(transport.has_tls.then_some(WITH_TLS)) {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
