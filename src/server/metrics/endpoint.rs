//! `GET /metrics`: the metrics in the Prometheus text format, for clients on this machine, or with a token.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use prometheus::TextEncoder;
use subtle::ConstantTimeEq as _;

use super::Metrics;
use crate::server::layers::ProblemResponder;
use crate::server::sign_in::{client_of, forwarded_client};

const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Who may read the metrics.
#[derive(Clone, Debug)]
pub enum Readers {
    /// Clients on this machine.
    Loopback {
        /// Whether the last entry of `X-Forwarded-For` is the client's address.
        trust_proxy: bool,
    },
    /// Clients that send `Authorization: Bearer TOKEN`, wherever they are.
    WithToken(Arc<str>),
    /// Every client.
    All,
}

#[derive(Clone)]
struct EndpointState {
    metrics: Metrics,
    readers: Readers,
    problem: ProblemResponder,
}

/// Headers that proxies add: such a request may come from elsewhere, although the proxy is on this machine.
const OF_PROXIES: [HeaderName; 4] = [
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-real-ip"),
    header::FORWARDED,
    header::VIA,
];

/// The handler of `/metrics`.
pub fn endpoint<S>(metrics: Metrics, readers: Readers, problem: ProblemResponder) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    get(show).with_state(EndpointState { metrics, readers, problem })
}

async fn show(State(shown): State<EndpointState>, request: Request) -> Response {
    match &shown.readers {
        Readers::Loopback { trust_proxy } if !is_local(&request, *trust_proxy) => {
            let detail =
                "metrics are for clients on this machine: set METRICS_TOKEN and send it, or set METRICS_OPEN";
            return (shown.problem)(StatusCode::FORBIDDEN, "forbidden", detail);
        }
        Readers::WithToken(token) if !is_allowed(request.headers(), token) => return unauthorized(&shown),
        Readers::Loopback { .. } | Readers::WithToken(_) | Readers::All => {}
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

fn unauthorized(shown: &EndpointState) -> Response {
    let detail = "send the metrics token in the header `Authorization: Bearer TOKEN`";
    let mut response = (shown.problem)(StatusCode::UNAUTHORIZED, "unauthorized", detail);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// Whether the client is on this machine. Behind a proxy on this machine every connection is, so a request with a header
/// of a proxy counts as remote, unless the header is trusted and names an address of this machine.
fn is_local(request: &Request, trust_proxy: bool) -> bool {
    let is_loopback = |address: IpAddr| address.to_canonical().is_loopback();
    let headers = request.headers();
    let has_come_directly = || match trust_proxy && headers.contains_key("x-forwarded-for") {
        // An entry that is no address is not one of this machine.
        true => forwarded_client(headers).is_some_and(is_loopback),
        false => !OF_PROXIES.iter().any(|name| headers.contains_key(name)),
    };
    is_loopback(client_of(request, false)) && has_come_directly()
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
    use std::net::SocketAddr;
    use std::time::Duration;

    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::ConnectInfo;
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
        let readers = token.map_or(Readers::All, |token| Readers::WithToken(Arc::from(token)));
        let headers: Vec<(&str, &str)> =
            authorization.map(|value| ("authorization", value)).into_iter().collect();
        ask_from(metrics, readers, "127.0.0.1:9", &headers).await
    }

    async fn ask_from(
        metrics: &Metrics,
        readers: Readers,
        peer: &str,
        headers: &[(&str, &str)],
    ) -> (Response<()>, String) {
        let router: Router = Router::new().route("/metrics", endpoint(metrics.clone(), readers, problem));
        let peer: SocketAddr = peer.parse().expect("an address");
        let mut request = Request::get("/metrics").extension(ConnectInfo(peer));
        for (name, value) in headers {
            request = request.header(*name, *value);
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
    async fn without_a_token_only_this_machine_reads_them_unless_they_are_open() {
        let forwarded = |address| [("x-forwarded-for", address)];
        let (remote, local, unknown) = (forwarded("192.0.2.1"), forwarded("127.0.0.1"), forwarded("unknown"));
        for (peer, headers, direct, trusting) in [
            ("127.0.0.1:9", &[][..], 200, 200),
            ("127.1.2.3:9", &[][..], 200, 200),
            ("[::1]:9", &[][..], 200, 200),
            ("[::ffff:127.0.0.1]:9", &[][..], 200, 200),
            ("192.0.2.1:9", &[][..], 403, 403),
            ("[2001:db8::1]:9", &[][..], 403, 403),
            // Through a proxy on this machine.
            ("127.0.0.1:9", &remote[..], 403, 403),
            ("127.0.0.1:9", &local[..], 403, 200),
            ("127.0.0.1:9", &[("forwarded", "for=192.0.2.1")][..], 403, 403),
            ("127.0.0.1:9", &[("via", "1.1 proxy")][..], 403, 403),
            ("127.0.0.1:9", &[("x-real-ip", "192.0.2.1")][..], 403, 403),
            // A client that forges the address of this machine, and a proxy that does not know the address.
            ("192.0.2.1:9", &local[..], 403, 403),
            ("127.0.0.1:9", &unknown[..], 403, 403),
        ] {
            for (trust_proxy, expected) in [(false, direct), (true, trusting)] {
                let readers = Readers::Loopback { trust_proxy };
                let (answer, text) = ask_from(&metrics(), readers, peer, headers).await;
                assert_eq!(answer.status().as_u16(), expected, "{peer} {headers:?} {trust_proxy}");
                assert_eq!(text.contains("db_pool"), expected == 200);
                let (open, _text) = ask_from(&metrics(), Readers::All, peer, headers).await;
                assert_eq!(open.status().as_u16(), 200);
            }
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
