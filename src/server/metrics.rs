//! Prometheus metrics, in a registry per server: two servers in one process (in tests) share no metric.
//!
//! Labels have low cardinality: `route` is the matched pattern, never the requested path, and unknown methods are
//! "other". Requests for unknown paths therefore do not create time series.

mod endpoint;

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus::core::Collector;
use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry,
};

use databases::observe::{QueryDone, QueryObserver};
use databases::pool::PoolUse;

pub use endpoint::{Readers, endpoint};

/// Reads the current use of the pools: "primary", and "replica" if there is one.
pub type Pools = Arc<dyn Fn() -> Vec<(&'static str, PoolUse)> + Send + Sync>;

/// All metrics of a server. Clones share them.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    pools: Pools,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    in_flight: IntGauge,
    pool_connections: IntGaugeVec,
    pool_wait_seconds: Histogram,
    pool_timeouts: IntCounter,
    query_seconds: HistogramVec,
    query_errors: IntCounterVec,
    retries: IntCounter,
    replica_lag: GaugeVec,
    sign_ins: IntCounterVec,
}

/// From one millisecond to the default request timeout.
const REQUEST_SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// From the duration of a query for one row on SQLite.
const DATABASE_SECONDS: &[f64] = &[
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    30.0,
];

impl Metrics {
    /// Registers all metrics. `pools` is called at each scrape.
    pub fn new(pools: Pools) -> Self {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            registered(&registry, IntCounterVec::new(Opts::new(name, help), labels))
        };
        let histogram = |name: &str, help: &str, buckets: &[f64], labels: &[&str]| {
            let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
            registered(&registry, HistogramVec::new(options, labels))
        };
        let single = |name: &str, help: &str| registered(&registry, IntCounter::new(name, help));
        let pool_wait = HistogramOpts::new(
            "db_pool_wait_seconds",
            "Time spent waiting for a pool connection, in seconds.",
        );
        Self {
            requests: counter(
                "http_requests_total",
                "Requests by status; 499: the client disconnected, or the connection was closed at shutdown.",
                &["method", "route", "status"],
            ),
            request_seconds: histogram(
                "http_request_duration_seconds",
                "Time from the head of a request to the head of its response, in seconds.",
                REQUEST_SECONDS,
                &["method", "route"],
            ),
            in_flight: registered(
                &registry,
                IntGauge::new("http_requests_in_flight", "Requests in progress."),
            ),
            pool_connections: registered(
                &registry,
                IntGaugeVec::new(
                    Opts::new("db_pool_connections", "Pool connections by state: max, open, idle."),
                    &["pool", "state"],
                ),
            ),
            pool_wait_seconds: registered(
                &registry,
                Histogram::with_opts(pool_wait.buckets(DATABASE_SECONDS.to_vec())),
            ),
            pool_timeouts: single("db_pool_timeouts_total", "Timeouts while waiting for a pool connection."),
            query_seconds: histogram(
                "db_query_duration_seconds",
                "Query duration in seconds, by kind of statement.",
                DATABASE_SECONDS,
                &["kind"],
            ),
            query_errors: counter("db_query_errors_total", "Failed queries, by kind of failure.", &["kind"]),
            retries: single("db_retries_total", "Retries of database work after a transient failure."),
            replica_lag: registered(
                &registry,
                GaugeVec::new(
                    Opts::new("db_replica_lag_seconds", "Replay lag of the read replica, in seconds."),
                    &[],
                ),
            ),
            sign_ins: counter("sign_in_total", "Sign-in attempts, by outcome.", &["outcome"]),
            pools,
            registry,
        }
    }

    /// Counts a request as in progress until the returned value is dropped.
    pub(super) fn request_started(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts a finished request. `route` is the matched pattern.
    pub(super) fn request_done(&self, method: &Method, route: &str, status: StatusCode, elapsed: Duration) {
        let method = method_label(method);
        self.requests.with_label_values(&[method, route, status.as_str()]).inc();
        self.request_seconds.with_label_values(&[method, route]).observe(elapsed.as_secs_f64());
    }

    /// Records the wait for a pool connection.
    pub fn pool_waited(&self, elapsed: Duration) {
        self.pool_wait_seconds.observe(elapsed.as_secs_f64());
    }

    /// Counts a timeout of the pool.
    pub fn pool_timed_out(&self) {
        self.pool_timeouts.inc();
    }

    /// Counts a retry of database work.
    pub fn retried(&self) {
        self.retries.inc();
    }

    /// Sets the replica lag. Without a replica the metric is absent.
    pub fn replica_is_behind(&self, lag: Duration) {
        let gauge: Gauge = self.replica_lag.with_label_values::<&str>(&[]);
        gauge.set(lag.as_secs_f64());
    }

    /// Counts a sign-in attempt.
    pub fn signed_in(&self, outcome: &'static str) {
        self.sign_ins.with_label_values(&[outcome]).inc();
    }
}

impl QueryObserver for Metrics {
    fn query_done(&self, done: &QueryDone) {
        self.query_seconds.with_label_values(&[done.kind.name()]).observe(done.elapsed.as_secs_f64());
        if let Some(failure) = done.failure {
            self.query_errors.with_label_values(&[failure.name()]).inc();
        }
    }
}

/// A request in progress.
pub(super) struct InFlight(IntGauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn registered<C: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> C {
    let collector = made.expect("names and labels are constants of the form Prometheus wants");
    registry.register(Box::new(collector.clone())).expect("each name is used once");
    collector
}
