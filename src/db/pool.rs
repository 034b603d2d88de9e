//! The connection pool: r2d2 over connections of either backend.

use std::time::Duration;

use diesel::connection::{SimpleConnection as _, TransactionManager as _};

use super::connection::AnyConnection;
use super::open::{Access, OpenError, Purpose, open};
use super::url::DatabaseUrl;
use crate::config::PoolSettings;
use crate::error::{ExitStatus, Explain};

/// A pool of connections to one database.
#[derive(Clone)]
pub struct Pool {
    inner: r2d2::Pool<Manager>,
    settings: PoolSettings,
}

/// A connection of the pool, which goes back when dropped.
pub type PooledConnection = r2d2::PooledConnection<Manager>;

/// How the pool is used at this moment.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct PoolUse {
    /// The most connections it may open.
    pub max: u32,
    /// Those open.
    pub open: u32,
    /// Those open and not in use.
    pub idle: u32,
}

/// No connection could be had in time.
#[derive(Debug, thiserror::Error)]
#[error("no connection of the pool's {max} became free within {waited_ms} ms")]
pub struct PoolExhausted {
    max: u32,
    waited_ms: u128,
    #[source]
    source: r2d2::Error,
}

impl Pool {
    /// Makes the pool and opens the connections that are kept idle; others are opened when they are needed.
    ///
    /// Not in the background: a program that ends while libpq negotiates TLS can crash in OpenSSL's clean-up.
    ///
    /// # Errors
    /// When those connections cannot be had within the time the settings allow.
    pub fn new(url: DatabaseUrl, settings: PoolSettings) -> Result<Self, PoolExhausted> {
        let manager = Manager { url, keep_idle: settings.keep_idle };
        let inner = r2d2::Pool::builder()
            .max_size(settings.max)
            .min_idle(Some(settings.min_idle))
            .connection_timeout(settings.acquire_timeout)
            .idle_timeout(Some(settings.idle_timeout))
            .max_lifetime(Some(settings.max_lifetime))
            .test_on_check_out(true)
            .error_handler(Box::new(LogErrors))
            .build(manager)
            .map_err(|source| exhausted(&settings, source))?;
        Ok(Self { inner, settings })
    }

    /// A connection, tested before it is given out.
    ///
    /// # Errors
    /// When none could be had within the time the settings allow.
    pub fn get(&self) -> Result<PooledConnection, PoolExhausted> {
        self.inner.get().map_err(|source| exhausted(&self.settings, source))
    }

    /// How the pool is used now.
    pub fn usage(&self) -> PoolUse {
        let state = self.inner.state();
        PoolUse { max: self.inner.max_size(), open: state.connections, idle: state.idle_connections }
    }

    /// How long [`get`](Self::get) waits at most.
    pub fn acquire_timeout(&self) -> Duration {
        self.settings.acquire_timeout
    }
}

fn exhausted(settings: &PoolSettings, source: r2d2::Error) -> PoolExhausted {
    PoolExhausted { max: settings.max, waited_ms: settings.acquire_timeout.as_millis(), source }
}

impl Explain for PoolExhausted {
    fn exit_status(&self) -> ExitStatus {
        ExitStatus::TargetFailed
    }

    fn hint(&self) -> Option<String> {
        Some(
            "raise DB_POOL_MAX or DB_POOL_ACQUIRE; `app db health` shows whether the database answers"
                .to_owned(),
        )
    }
}

/// Opens and checks the pool's connections.
pub struct Manager {
    url: DatabaseUrl,
    keep_idle: bool,
}

impl r2d2::ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = ConnectFailed;

    fn connect(&self) -> Result<AnyConnection, ConnectFailed> {
        open(&self.url, Access::Write, Purpose::Serve).map_err(ConnectFailed::Open)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), ConnectFailed> {
        connection.batch_execute("SELECT 1").map_err(ConnectFailed::Check)
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        // A connection counted as broken is closed when it comes back: that is how none is kept idle.
        !self.keep_idle
            || <AnyConnection as diesel::Connection>::TransactionManager::is_broken_transaction_manager(
                connection,
            )
    }
}

/// Why the pool could not open or keep a connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectFailed {
    /// Opening failed.
    #[error(transparent)]
    Open(OpenError),
    /// The check before handing out failed.
    #[error("check a connection of the pool")]
    Check(#[source] diesel::result::Error),
}

/// r2d2 tries again by itself; what it met on the way is worth a line.
#[derive(Debug)]
struct LogErrors;

impl r2d2::HandleError<ConnectFailed> for LogErrors {
    fn handle_error(&self, error: ConnectFailed) {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::warn!(%error, cause, "connection of the pool failed");
    }
}
