//! The state shared by all handlers.

use std::sync::{Arc, OnceLock};

use super::database::{Database, GatedPool};
use super::metrics::Metrics;
use super::readiness::Readiness;
use super::replica::Replica;
use super::sign_in::{SignIn, SignInParts};
use databases::file_watch::FileWatch;
use databases::observe::{QueryLog, QueryObserver};
use databases::pool::{Pool, PoolObserver, PoolSettings, Pooler};
use databases::url::{DatabaseUrl, PostgresUrl};
use transfer::values::Instant;

/// Grows with each change that is recorded on SQLite, also when activities are deleted: AUTOINCREMENT gives no id twice
/// (SQLite manual, "SQLite Autoincrement", section 3).
const PROGRESS: &str =
    "SELECT coalesce(max(seq), 0) AS number FROM sqlite_sequence WHERE name = 'activities'";

/// Source of the current time.
pub type Clock = fn() -> Instant;

/// The parts of an [`AppState`].
pub struct AppStateParts {
    /// The primary database.
    pub url: DatabaseUrl,
    /// Settings of the connection pool.
    pub pool: PoolSettings,
    /// The pooler in front of PostgreSQL.
    pub pooler: Pooler,
    /// The replica and its maximum lag.
    pub replica: Option<(PostgresUrl, std::time::Duration)>,
    /// Which queries are logged.
    pub query_log: QueryLog,
    /// Whether the database is known to be ready; otherwise requests get 503 until [`AppState::watch`] reports it
    /// ready.
    pub is_ready: bool,
    /// Signing keys, token lifetimes and registration.
    pub sign_in: SignInParts,
    /// Whether the last entry of `X-Forwarded-For` is the client's address.
    pub trust_proxy: bool,
    /// Source of the current time.
    pub clock: Clock,
}

/// The application state: databases, keys, metrics and clock.
#[derive(Clone)]
pub struct AppState {
    inner: Arc<SharedState>,
}

/// The contents of [`AppState`].
pub struct SharedState {
    pub(super) database: Database,
    pub(super) sign_in: SignIn,
    pub(super) metrics: Metrics,
    pub(super) trust_proxy: bool,
    url: DatabaseUrl,
    replica_url: Option<PostgresUrl>,
    clock: Clock,
}

impl std::ops::Deref for AppState {
    type Target = SharedState;

    fn deref(&self) -> &SharedState {
        &self.inner
    }
}

impl AppState {
    /// Creates the state. Opens no connection.
    pub fn new(parts: AppStateParts) -> Self {
        let pools: Arc<OnceLock<Vec<(&'static str, Pool)>>> = Arc::default();
        let shared_pools = Arc::clone(&pools);
        let metrics = Metrics::new(Arc::new(move || {
            shared_pools.get().into_iter().flatten().map(|(name, pool)| (*name, pool.usage())).collect()
        }));
        let observer: Arc<dyn QueryObserver> = Arc::new(metrics.clone());
        let watch = || PoolObserver { observer: Arc::clone(&observer), log: parts.query_log };
        let file = match &parts.url {
            DatabaseUrl::Sqlite(path) => Some(Arc::new(FileWatch::new(path, PROGRESS))),
            DatabaseUrl::Postgres(_) => None,
        };
        let side = |url: DatabaseUrl, is_primary| {
            let file = file.clone().filter(|_| is_primary);
            let pool = Pool::new(url, parts.pool, parts.pooler, Some(watch()), file);
            GatedPool::new(pool, parts.pool.acquire_timeout, is_primary)
        };
        let primary = side(parts.url.clone(), true);
        let replica_url = parts.replica.as_ref().map(|(url, _)| url.clone());
        let mut watched = vec![("primary", primary.pool.clone())];
        let replica = parts.replica.map(|(url, max_lag)| {
            let side = side(DatabaseUrl::Postgres(url), false);
            watched.push(("replica", side.pool.clone()));
            Replica::new(side, max_lag)
        });
        pools.get_or_init(|| watched);
        let readiness = if parts.is_ready { Readiness::good() } else { Readiness::unknown() };
        let database = Database::new(&parts.url, primary, replica, file, readiness, metrics.clone());
        Self {
            inner: Arc::new(SharedState {
                database,
                sign_in: SignIn::new(parts.sign_in),
                metrics,
                trust_proxy: parts.trust_proxy,
                url: parts.url,
                replica_url,
                clock: parts.clock,
            }),
        }
    }

    /// Monitors the database and the replica while the server runs.
    pub async fn watch(&self) {
        let file = self.database.file().map(|file| (Arc::clone(file), self.database.pool().clone()));
        let readiness = self.database.readiness().clone().watch(self.url.clone(), file);
        match (self.database.replica(), &self.url, &self.replica_url) {
            (Some(replica), DatabaseUrl::Postgres(primary), Some(url)) => {
                let lag = replica.clone().watch(primary.clone(), url.clone(), self.metrics.clone());
                tokio::join!(readiness, lag);
            }
            _ => readiness.await,
        }
    }

    /// The metrics of this server.
    pub fn metrics(&self) -> Metrics {
        self.metrics.clone()
    }

    /// Closes the pools: no further connection is opened. To be called before the process exits.
    pub fn close(&self) {
        self.database.pool().close();
        if let Some(replica) = self.database.replica() {
            replica.close();
        }
    }
}

impl SharedState {
    pub(super) fn now(&self) -> Instant {
        (self.clock)()
    }
}
