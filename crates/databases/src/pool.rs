//! The connection pool: r2d2 over connections of either backend.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant as Clock};

use diesel::Connection as _;
use diesel::connection::{SimpleConnection as _, TransactionManager as _};

use super::connection::AnyConnection;
use super::observe::{QueryLog, QueryObserver, QueryWatch};
use super::open::{Access, OpenError, Purpose, open_once};
use super::url::DatabaseUrl;
use crate::error::{ExitStatus, Explain};

/// A pool of connections to one database.
#[derive(Clone)]
pub struct Pool {
    inner: r2d2::Pool<Manager>,
    settings: PoolSettings,
    transaction_settings: &'static str,
    door: Arc<Door>,
}

/// What a pool is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSettings {
    /// Most connections at a time; at least 1.
    pub max: u32,
    /// Idle connections kept ready; at most `max`.
    pub min_idle: u32,
    /// How long to wait for a connection before giving up; never zero.
    pub acquire_timeout: Duration,
    /// How long an idle connection is kept; never zero.
    pub idle_timeout: Duration,
    /// How old a connection may grow before it is replaced.
    pub max_lifetime: Duration,
    /// Whether a connection given back is kept at all.
    pub keep_idle: bool,
}

/// What stands between the program and PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooler {
    /// Nothing, or a pooler in session mode; the default.
    None,
    /// PgBouncer or the like in transaction mode: nothing of a session outlives its transaction.
    Transaction,
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

/// Who is told of the queries of a pool's connections, and which the log tells of.
#[derive(Clone)]
pub struct Watch {
    /// Told of each query.
    pub observer: Arc<dyn QueryObserver>,
    /// What the log tells.
    pub log: QueryLog,
}

/// Before a connection is opened again after a failure, r2d2 waits, up to half of this.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

/// A pool has many connections, and each keeps pages of its own: 1 MiB (SQLite keeps 2), for the system keeps the file.
const CACHE: &str = "PRAGMA cache_size = -1024";

/// What a session would be told where nothing stands between: see [`Purpose::Serve`].
const POOLED_SETTINGS: &str = "SET LOCAL TIME ZONE 'UTC'; SET LOCAL statement_timeout = '30s'; \
                               SET LOCAL lock_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = '60s'";

impl Pool {
    /// Makes the pool. The connections that are kept idle are opened beside, others when they are needed: a database
    /// that is not there yet is no reason not to start.
    pub fn new(url: DatabaseUrl, settings: PoolSettings, pooler: Pooler, watch: Option<Watch>) -> Self {
        let door = Arc::new(Door::default());
        let transaction_settings = match (&url, pooler) {
            (DatabaseUrl::Postgres(_), Pooler::Transaction) => POOLED_SETTINGS,
            _ => "",
        };
        let purpose = if transaction_settings.is_empty() { Purpose::Serve } else { Purpose::Copy };
        let manager = Manager { url, purpose, keep_idle: settings.keep_idle, watch, door: Arc::clone(&door) };
        let inner = r2d2::Pool::builder()
            .max_size(settings.max)
            .min_idle(Some(settings.min_idle))
            .connection_timeout(CONNECT_PATIENCE)
            .idle_timeout(Some(settings.idle_timeout))
            .max_lifetime(Some(settings.max_lifetime))
            .test_on_check_out(true)
            .error_handler(Box::new(LogErrors))
            .build_unchecked(manager);
        Self { inner, settings, transaction_settings, door }
    }

    /// A connection, tested before it is given out.
    ///
    /// # Errors
    /// When none could be had within the time the settings allow.
    pub fn get(&self) -> Result<PooledConnection, PoolExhausted> {
        self.get_within(self.settings.acquire_timeout)
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

    /// Statements that each transaction has to begin with. Where there are any, a pooler in transaction mode stands
    /// between: no statement is prepared for later, and each one stands in a transaction.
    pub fn transaction_settings(&self) -> &'static str {
        self.transaction_settings
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
    purpose: Purpose,
    keep_idle: bool,
    watch: Option<Watch>,
    door: Arc<Door>,
}

impl Manager {
    fn open(&self) -> Result<AnyConnection, ConnectFailed> {
        // One try: r2d2 tries again by itself.
        let mut connection =
            open_once(&self.url, Access::Write, self.purpose).map_err(ConnectFailed::Open)?;
        if let AnyConnection::Sqlite(connection) = &mut connection {
            connection.batch_execute(CACHE).map_err(ConnectFailed::Check)?;
        }
        if let Some(Watch { observer, log }) = &self.watch {
            connection.set_instrumentation(QueryWatch::new(Arc::clone(observer), *log));
        }
        Ok(connection)
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = ConnectFailed;

    fn connect(&self) -> Result<AnyConnection, ConnectFailed> {
        // Counted before the door is looked at: whoever closes it sees one or the other.
        self.door.opening.fetch_add(1, Ordering::SeqCst);
        let connection = match self.door.closed.load(Ordering::SeqCst) {
            true => Err(ConnectFailed::Closed),
            false => self.open(),
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
