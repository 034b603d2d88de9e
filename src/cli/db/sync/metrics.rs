//! Prometheus metrics of a sync, on an address of their own.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use prometheus::{
    Encoder as _, Gauge, Histogram, HistogramOpts, IntCounter, IntGauge, Registry, TextEncoder,
};

use crate::cli::failure::{CommandFailure, OrFail as _};
use databases::error::ExitStatus;
use sync::SyncEvent;

/// Seconds that applying takes.
const APPLY_SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// The metrics of a sync.
#[derive(Clone)]
pub(super) struct SyncMetrics {
    registry: Registry,
    lag: Gauge,
    pending: IntGauge,
    applied: IntCounter,
    apply_seconds: Histogram,
    doubts: IntCounter,
    rejects: IntCounter,
    /// Since when changes wait that are not applied yet.
    behind_since: Arc<Mutex<Option<Instant>>>,
}

impl SyncMetrics {
    /// Serves the metrics at `/metrics` of this address, until the process ends.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub(super) fn serve(address: SocketAddr) -> Result<Self, CommandFailure> {
        let metrics = Self::new().or_fail(ExitStatus::Unexpected, "register the metrics")?;
        let listener = std::net::TcpListener::bind(address)
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .or_fail(ExitStatus::Configuration, "listen on the address of --metrics")?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .or_fail(ExitStatus::Unexpected, "serve the metrics")?;
        let served = metrics.clone();
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let render = move || {
                    let text = served.render();
                    async move { ([(CONTENT_TYPE, prometheus::TEXT_FORMAT)], text) }
                };
                let router = Router::new().route("/metrics", get(render));
                let served = match tokio::net::TcpListener::from_std(listener) {
                    Ok(listener) => axum::serve(listener, router).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = served {
                    tracing::warn!(%error, "serve the metrics");
                }
            });
        });
        Ok(metrics)
    }

    fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let metrics = Self {
            lag: Gauge::new(
                "backoffice_sync_lag_seconds",
                "The longest time from a commit in the source to its commit in the target, of the last changes or of those that wait",
            )?,
            pending: IntGauge::new(
                "backoffice_sync_pending_changes",
                "Entries of the change log that are read and not applied yet",
            )?,
            applied: IntCounter::new(
                "backoffice_sync_applied_total",
                "Entries of the change log that were applied",
            )?,
            apply_seconds: Histogram::with_opts(
                HistogramOpts::new(
                    "backoffice_sync_apply_seconds",
                    "How long it takes to apply the changes of one look",
                )
                .buckets(APPLY_SECONDS.to_vec()),
            )?,
            doubts: IntCounter::new(
                "backoffice_sync_doubts_total",
                "Times that changes may have been missed",
            )?,
            rejects: IntCounter::new("backoffice_sync_rejected_rows_total", "Rows that were rejected")?,
            behind_since: Arc::default(),
            registry,
        };
        metrics.registry.register(Box::new(metrics.lag.clone()))?;
        metrics.registry.register(Box::new(metrics.pending.clone()))?;
        metrics.registry.register(Box::new(metrics.applied.clone()))?;
        metrics.registry.register(Box::new(metrics.apply_seconds.clone()))?;
        metrics.registry.register(Box::new(metrics.doubts.clone()))?;
        metrics.registry.register(Box::new(metrics.rejects.clone()))?;
        Ok(metrics)
    }

    pub(super) fn take(&self, event: &SyncEvent<'_>) {
        match event {
            SyncEvent::Applying { entry_count, since } => {
                self.pending.set(*entry_count);
                *self.behind_since.lock().unwrap_or_else(PoisonError::into_inner) = Some(*since);
            }
            SyncEvent::Applied { entry_count, rejected_count, elapsed, lag } => {
                self.pending.set(0);
                *self.behind_since.lock().unwrap_or_else(PoisonError::into_inner) = None;
                self.applied.inc_by(u64::try_from(*entry_count).unwrap_or(0));
                self.rejects.inc_by(u64::try_from(*rejected_count).unwrap_or(0));
                self.apply_seconds.observe(elapsed.as_secs_f64());
                self.lag.set(lag.as_secs_f64());
            }
            SyncEvent::Doubt(_) => self.doubts.inc(),
            SyncEvent::Following
            | SyncEvent::Progress(_)
            | SyncEvent::SchemaChanged(_)
            | SyncEvent::Compared(_) => {}
        }
    }

    fn render(&self) -> Vec<u8> {
        if let Some(since) = *self.behind_since.lock().unwrap_or_else(PoisonError::into_inner) {
            self.lag.set(since.elapsed().as_secs_f64());
        }
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut text) {
            tracing::warn!(%error, "write the metrics");
        }
        text
    }
}
