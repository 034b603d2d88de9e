//! The connection pool: r2d2 over connections of either backend.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant as Clock};

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
    door: Arc<Door>,
}

/// Who is opening a connection at this moment, and whether any more may be opened.
#[derive(Default)]
struct Door {
    closed: AtomicBool,
    opening: AtomicU32,
}

impl Door {
    /// Lets no further connection be opened, and waits for those on their way.
    ///
    /// r2d2 opens connections on threads of its own. A program that ends while libpq negotiates TLS there crashes:
    /// OpenSSL's clean-up at exit takes away what the negotiation uses.
    fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        // libpq itself gives up within this time (`connect_timeout`), for each address of a host.
        let patience = Clock::now() + Duration::from_secs(30);
        while self.opening.load(Ordering::SeqCst) > 0 && Clock::now() < patience {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
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
    /// # Errors
    /// When those connections cannot be had within the time the settings allow.
    pub fn new(url: DatabaseUrl, settings: PoolSettings) -> Result<Self, PoolExhausted> {
        let door = Arc::new(Door::default());
        let manager = Manager { url, keep_idle: settings.keep_idle, door: Arc::clone(&door) };
        let inner = r2d2::Pool::builder()
            .max_size(settings.max)
            .min_idle(Some(settings.min_idle))
            .connection_timeout(settings.acquire_timeout)
            .idle_timeout(Some(settings.idle_timeout))
            .max_lifetime(Some(settings.max_lifetime))
            .test_on_check_out(true)
            .error_handler(Box::new(LogErrors))
            .build(manager)
            .map_err(|source| {
                door.close();
                exhausted(&settings, source)
            })?;
        Ok(Self { inner, settings, door })
    }

    /// A connection, tested before it is given out.
    ///
    /// # Errors
    /// When none could be had within the time the settings allow.
    pub fn get(&self) -> Result<PooledConnection, PoolExhausted> {
        self.inner.get().map_err(|source| exhausted(&self.settings, source))
    }

    /// As [`get`](Self::get), waiting no longer than `patience`.
    ///
    /// # Errors
    /// When none could be had in that time.
    pub fn get_within(&self, patience: Duration) -> Result<PooledConnection, PoolExhausted> {
        let patience = patience.min(self.settings.acquire_timeout);
        let settings = PoolSettings { acquire_timeout: patience, ..self.settings };
        self.inner.get_timeout(patience).map_err(|source| exhausted(&settings, source))
    }

    /// Opens no further connection. To be called before the program ends.
    pub fn close(&self) {
        self.door.close();
    }

    /// How the pool is used now.
    pub fn usage(&self) -> PoolUse {
        let state = self.inner.state();
        PoolUse { max: self.inner.max_size(), open: state.connections, idle: state.idle_connections }
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
    door: Arc<Door>,
}

impl r2d2::ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = ConnectFailed;

    fn connect(&self) -> Result<AnyConnection, ConnectFailed> {
        // Counted before the door is looked at: whoever closes it sees one or the other.
        self.door.opening.fetch_add(1, Ordering::SeqCst);
        let connection = match self.door.closed.load(Ordering::SeqCst) {
            true => Err(ConnectFailed::Closed),
            false => open(&self.url, Access::Write, Purpose::Serve).map_err(ConnectFailed::Open),
        };
        self.door.opening.fetch_sub(1, Ordering::SeqCst);
        connection
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
    /// The pool is closed.
    #[error("the pool is closed")]
    Closed,
    /// The check before handing out failed.
    #[error("check a connection of the pool")]
    Check(#[source] diesel::result::Error),
}

/// r2d2 tries again by itself; what it met on the way is worth a line.
#[derive(Debug)]
struct LogErrors;

impl r2d2::HandleError<ConnectFailed> for LogErrors {
    fn handle_error(&self, error: ConnectFailed) {
        if matches!(error, ConnectFailed::Closed) {
            return;
        }
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::warn!(%error, cause, "connection of the pool failed");
    }
}
