//! `GET /metrics`: the metrics in the Prometheus text format, optionally protected by a token.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use prometheus::TextEncoder;
use subtle::ConstantTimeEq as _;

use super::Metrics;
use crate::server::layers::ProblemResponder;

const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Clone)]
struct EndpointState {
    metrics: Metrics,
    token: Option<Arc<str>>,
    problem: ProblemResponder,
}

/// The handler of `/metrics`. With a `token` it requires `Authorization: Bearer TOKEN`.
pub fn endpoint<S>(metrics: Metrics, token: Option<Arc<str>>, problem: ProblemResponder) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    get(show).with_state(EndpointState { metrics, token, problem })
}

async fn show(State(shown): State<EndpointState>, headers: HeaderMap) -> Response {
    if shown.token.as_deref().is_some_and(|token| !is_allowed(&headers, token)) {
        let detail = "send the metrics token in the header `Authorization: Bearer TOKEN`";
        let mut response = (shown.problem)(StatusCode::UNAUTHORIZED, "unauthorized", detail);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return response;
    }
    match shown.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "encode metrics failed");
            let detail = "internal error; the server log has the details under this request id";
            (shown.problem)(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
        }
    }
}

/// Compares in constant time; only the length of the token is revealed.
fn is_allowed(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).and_then(|value| {
        let (scheme, given) = value.split_at_checked(b"Bearer ".len())?;
        scheme.eq_ignore_ascii_case(b"Bearer ").then_some(given)
    });
    given.is_some_and(|given| bool::from(given.ct_eq(token.as_bytes())))
}

impl Metrics {
    fn text(&self) -> prometheus::Result<String> {
        for (pool, usage) in (self.pools)() {
            for (state, count) in [("max", usage.max), ("open", usage.open), ("idle", usage.idle)] {
                self.pool_connections.with_label_values(&[pool, state]).set(i64::from(count));
            }
        }
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::{Method, Request};
    use tower::ServiceExt as _;

    use super::*;
    use databases::failure::Failure;
    use databases::observe::{QueryDone, QueryKind, QueryObserver as _};
    use databases::pool::PoolUse;

    fn problem(status: StatusCode, code: &'static str, _detail: &str) -> Response {
        (status, code).into_response()
    }

    fn metrics() -> Metrics {
        Metrics::new(Arc::new(|| vec![("primary", PoolUse { max: 15, open: 5, idle: 3 })]))
    }

    async fn ask(
        metrics: &Metrics,
        token: Option<&str>,
        authorization: Option<&str>,
    ) -> (Response<()>, String) {
        let router: Router =
            Router::new().route("/metrics", endpoint(metrics.clone(), token.map(Arc::from), problem));
        let mut request = Request::get("/metrics");
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let (head, body) = router.oneshot(request).await.expect("an answer").into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("the body");
        (Response::from_parts(head, ()), String::from_utf8(bytes.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn every_metric_is_exported() {
        let metrics = metrics();
        let in_flight = metrics.request_started();
        let elapsed = Duration::from_millis(3);
        metrics.request_done(&Method::GET, "/api/tasks/{id}", StatusCode::OK, elapsed);
        metrics.request_done(
            &Method::from_bytes(b"BREW").expect("a method"),
            "none",
            StatusCode::NOT_FOUND,
            elapsed,
        );
        metrics.pool_waited(elapsed);
        metrics.pool_timed_out();
        metrics.retried();
        metrics.signed_in("refused");
        metrics.query_done(&QueryDone {
            kind: QueryKind::Insert,
            elapsed,
            failure: Some(Failure::DuplicateKey),
        });

        let (answer, text) = ask(&metrics, None, None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], CONTENT_TYPE);
        for line in [
            r#"http_requests_total{method="GET",route="/api/tasks/{id}",status="200"} 1"#,
            r#"http_requests_total{method="other",route="none",status="404"} 1"#,
            r#"http_request_duration_seconds_bucket{method="GET",route="/api/tasks/{id}",le="0.0025"} 0"#,
            r#"http_request_duration_seconds_bucket{method="GET",route="/api/tasks/{id}",le="0.005"} 1"#,
            "http_requests_in_flight 1",
            r#"db_pool_connections{pool="primary",state="max"} 15"#,
            r#"db_pool_connections{pool="primary",state="open"} 5"#,
            r#"db_pool_connections{pool="primary",state="idle"} 3"#,
            "db_pool_wait_seconds_count 1",
            "db_pool_timeouts_total 1",
            r#"db_query_duration_seconds_count{kind="insert"} 1"#,
            r#"db_query_errors_total{kind="duplicate_key"} 1"#,
            "db_retries_total 1",
            r#"sign_in_total{outcome="refused"} 1"#,
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
        }
        assert!(!text.contains("db_replica_lag_seconds"), "{text}");

        drop(in_flight);
        metrics.replica_is_behind(Duration::from_millis(250));
        let (_answer, text) = ask(&metrics, None, None).await;
        assert!(text.contains("\nhttp_requests_in_flight 0\n"), "{text}");
        assert!(text.contains("\ndb_replica_lag_seconds 0.25\n"), "{text}");
    }

    #[tokio::test]
    async fn the_token_is_required_if_set() {
        for (authorization, status) in [
            (None, StatusCode::UNAUTHORIZED),
            (Some("Bearer wrong0"), StatusCode::UNAUTHORIZED),
            (Some("Bearer"), StatusCode::UNAUTHORIZED),
            (Some("Basic secret"), StatusCode::UNAUTHORIZED),
            (Some("Bearer secret and more"), StatusCode::UNAUTHORIZED),
            (Some("Bearer secret"), StatusCode::OK),
            (Some("bearer secret"), StatusCode::OK),
        ] {
            let (answer, text) = ask(&metrics(), Some("secret"), authorization).await;
            assert_eq!(answer.status(), status, "{authorization:?}");
            let is_refused = status == StatusCode::UNAUTHORIZED;
            assert_eq!(answer.headers().contains_key("www-authenticate"), is_refused);
            assert_eq!(text.contains("db_pool"), !is_refused);
        }
    }

    #[tokio::test]
    async fn two_servers_share_no_metric() {
        let (one, other) = (metrics(), metrics());
        one.retried();
        let (_answer, text) = ask(&other, None, None).await;
        assert!(text.contains("db_retries_total 0"), "{text}");
    }
}
