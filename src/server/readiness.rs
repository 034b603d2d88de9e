//! Readiness of the database: polled until it is available with the expected schema, and again after it is lost.
//!
//! While a write fails because the disk is full or read-only, the application is not ready, but reads and tries to write.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::spawn_blocking;

use crate::migrations::MIGRATIONS;
use databases::file_watch::{FileLost, FileWatch};
use databases::health::{check_writable, ready};
use databases::pool::Pool;
use databases::url::DatabaseUrl;

/// Maximum delay between two checks.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// How often it is checked that a SQLite file is at its path, beside the checks of each request.
const FILE_INTERVAL: Duration = Duration::from_millis(500);

/// A SQLite file, and the pool of connections to it.
pub(super) type WatchedFile = (Arc<FileWatch>, Pool);

/// Whether requests can be served, and the reason if not.
#[derive(Clone)]
pub(super) struct Readiness {
    /// Why no request can be served; `None` if the database is available.
    reason: Arc<watch::Sender<Option<String>>>,
    /// Why nothing can be written; `None` if no write has failed so since the last that succeeded as a test.
    unwritable: Arc<watch::Sender<Option<String>>>,
}

impl Readiness {
    /// Not checked yet.
    pub(super) fn unknown() -> Self {
        Self::with_reason(Some("not checked yet".to_owned()))
    }

    /// Checked and ready.
    pub(super) fn good() -> Self {
        Self::with_reason(None)
    }

    fn with_reason(reason: Option<String>) -> Self {
        Self { reason: Arc::new(watch::Sender::new(reason)), unwritable: Arc::new(watch::Sender::new(None)) }
    }

    /// Whether requests reach the database.
    pub(super) fn is_available(&self) -> bool {
        self.reason.borrow().is_none()
    }

    /// Whether requests can be served, those that change something included.
    pub(super) fn is_ready(&self) -> bool {
        self.is_available() && self.unwritable.borrow().is_none()
    }

    /// Reports that a write failed, because nothing can be written.
    pub(super) fn not_written(&self, error: &dyn std::error::Error) {
        let reason = error.to_string();
        self.unwritable.send_if_modified(|known| {
            let is_news = known.is_none();
            if is_news {
                tracing::error!(reason, "the database cannot be written: not ready until it can");
                *known = Some(reason);
            }
            is_news
        });
    }

    /// Reports that a connection failed: requests get 503 until the next successful check.
    pub(super) fn lost(&self, error: &dyn std::error::Error) {
        self.reason.send_replace(Some(error.to_string()));
    }

    /// Monitors the database while the server runs, and whether a SQLite file is still at its path.
    pub(super) async fn watch(self, url: DatabaseUrl, file: Option<WatchedFile>) {
        let mut seen = self.reason.subscribe();
        loop {
            let lost = async { seen.wait_for(Option::is_some).await.is_err() };
            tokio::select! {
                is_over = lost => {
                    if is_over {
                        return;
                    }
                }
                () = self.watch_file(file.as_ref()) => {}
                never = self.watch_writing(&url) => match never {},
            }
            self.wait(&url, file.as_ref()).await;
            self.reason.send_replace(None);
            tracing::info!(%url, "database ready");
        }
    }

    /// Returns when a SQLite file is not at its path any more.
    async fn watch_file(&self, file: Option<&WatchedFile>) {
        let Some((file, _)) = file else { return std::future::pending().await };
        loop {
            tokio::time::sleep(FILE_INTERVAL).await;
            let file = Arc::clone(file);
            match spawn_blocking(move || file.check()).await {
                Ok(Ok(_)) => {}
                Ok(Err(lost)) => return self.lost(&lost),
                Err(panic) => return self.lost(&panic),
            }
        }
    }

    /// Tries to write while requests cannot: a balancer sends none to a server that is not ready.
    async fn watch_writing(&self, url: &DatabaseUrl) -> std::convert::Infallible {
        let mut unwritable = self.unwritable.subscribe();
        loop {
            if unwritable.wait_for(Option::is_some).await.is_err() {
                return std::future::pending().await;
            }
            tokio::time::sleep(LONGEST_PAUSE).await;
            let url = url.clone();
            match spawn_blocking(move || check_writable(&url)).await {
                Ok(Ok(())) => {
                    self.unwritable.send_replace(None);
                    tracing::info!("the database can be written again");
                }
                Ok(Err(error)) => {
                    tracing::debug!(error = crate::server::chain(&error), "the database cannot be written");
                }
                Err(panic) => tracing::error!(%panic, "test of writing"),
            }
        }
    }

    /// Returns when the database is ready.
    async fn wait(&self, url: &DatabaseUrl, file: Option<&WatchedFile>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let (url, file) = (url.clone(), file.cloned());
            let check = move || {
                // First, because the other opens the file to write.
                file.map_or(Ok(()), |file| accept(&file)).map_err(|error| crate::server::chain(&error))?;
                ready(&url, &MIGRATIONS).map_err(|error| crate::server::chain(&error))
            };
            let reason = match spawn_blocking(check).await {
                Ok(Ok(())) => return,
                Ok(Err(reason)) => reason,
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

/// Accepts the file at the path, once no connection to the one before is open.
fn accept((file, pool): &WatchedFile) -> Result<(), FileLost> {
    match file.check() {
        Err(lost @ FileLost::Replaced { .. }) if pool.close_stale() > 0 => Err(lost),
        Err(FileLost::Replaced { .. }) => file.accept().map(drop),
        checked => checked.map(drop),
    }
}
