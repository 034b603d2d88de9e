//! Readiness of the database: polled until it is available with the expected schema, and again after it is lost.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::spawn_blocking;

use crate::migrations::MIGRATIONS;
use databases::health::ready;
use databases::url::DatabaseUrl;

/// Maximum delay between two checks.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Whether requests can be served, and the reason if not.
#[derive(Clone)]
pub(super) struct Readiness {
    reason: Arc<watch::Sender<Option<String>>>,
}

impl Readiness {
    /// Not checked yet.
    pub(super) fn unknown() -> Self {
        Self { reason: Arc::new(watch::Sender::new(Some("not checked yet".to_owned()))) }
    }

    /// Checked and ready.
    pub(super) fn good() -> Self {
        Self { reason: Arc::new(watch::Sender::new(None)) }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.reason.borrow().is_none()
    }

    /// Reports that a connection failed: requests get 503 until the next successful check.
    pub(super) fn lost(&self, error: &dyn std::error::Error) {
        self.reason.send_replace(Some(error.to_string()));
    }

    /// Monitors the database while the server runs.
    pub(super) async fn watch(self, url: DatabaseUrl) {
        let mut seen = self.reason.subscribe();
        loop {
            if seen.wait_for(Option::is_some).await.is_err() {
                return;
            }
            self.wait(&url).await;
            self.reason.send_replace(None);
            tracing::info!(%url, "database ready");
        }
    }

    /// Returns when the database is ready.
    async fn wait(&self, url: &DatabaseUrl) {
        let mut pause = FIRST_PAUSE;
        loop {
            let url = url.clone();
            let reason = match spawn_blocking(move || ready(&url, &MIGRATIONS)).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => crate::server::chain(&error),
                Err(panic) => panic.to_string(),
            };
            let is_news = self.reason.borrow().as_ref() != Some(&reason);
            if is_news {
                tracing::warn!(reason, "waiting for the database");
                self.reason.send_replace(Some(reason));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
