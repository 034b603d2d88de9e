//! The connection pool: r2d2 over connections of either backend.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant as Clock};

use diesel::Connection as _;
use diesel::connection::{SimpleConnection as _, TransactionManager as _};

use super::connection::AnyConnection;
use super::file_watch::{FileLost, FileWatch};
use super::observe::{QueryLog, QueryObserver, QueryWatch};
use super::open::{Access, OpenError, Purpose, open_once};
use super::url::DatabaseUrl;
use crate::error::{ExitStatus, Explain};
use crate::hint::Hint;

/// A pool of connections to one database.
#[derive(Clone)]
pub struct Pool {
    inner: r2d2::Pool<Manager>,
    settings: PoolSettings,
    transaction_settings: &'static str,
    door: Arc<Door>,
}

/// The settings of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSettings {
    /// Maximum number of connections; at least 1.
    pub max: u32,
    /// Minimum number of idle connections; at most `max`.
    pub min_idle: u32,
    /// Timeout for acquiring a connection; never zero.
    pub acquire_timeout: Duration,
    /// Maximum idle time of a connection; never zero.
    pub idle_timeout: Duration,
    /// Maximum age of a connection.
    pub max_lifetime: Duration,
    /// Whether returned connections are kept.
    pub keep_idle: bool,
}

/// The pooler between the program and PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooler {
    /// None, or a pooler in session mode; the default.
    None,
    /// PgBouncer or another pooler in transaction mode: session state does not outlive a transaction.
    Transaction,
}

/// The number of connections being opened, and whether more may be opened.
#[derive(Default)]
struct Door {
    closed: AtomicBool,
    opening: AtomicU32,
}

impl Door {
    /// Prevents further connections, and waits for those being opened.
    ///
    /// r2d2 opens connections on its own threads. If the process exits while libpq negotiates TLS there, it crashes:
    /// OpenSSL's clean-up at exit frees what the negotiation uses.
    fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        // libpq gives up within this time (`connect_timeout`), for each address of a host.
        let patience = Clock::now() + Duration::from_secs(30);
        while self.opening.load(Ordering::SeqCst) > 0 && Clock::now() < patience {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A connection of the pool, returned to it on drop.
pub type PooledConnection = r2d2::PooledConnection<Manager>;

/// Current usage of the pool.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct PoolUse {
    /// Maximum number of connections.
    pub max: u32,
    /// Open connections.
    pub open: u32,
    /// Open connections that are not in use.
    pub idle: u32,
}

/// No connection became free within the timeout.
#[derive(Debug, thiserror::Error)]
#[error("none of the pool's {max} connections became free within {waited_ms} ms")]
pub struct PoolExhausted {
    max: u32,
    waited_ms: u128,
    #[source]
    source: r2d2::Error,
}

/// The observer of the queries of a pool's connections, and which queries are logged.
#[derive(Clone)]
pub struct PoolObserver {
    /// Receives each query.
    pub observer: Arc<dyn QueryObserver>,
    /// Which queries are logged.
    pub log: QueryLog,
}

/// After a failure r2d2 waits before it opens a connection again, up to half of this.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

/// Each connection has its own page cache: 1 MiB (SQLite's default is 2), because the system caches the file as well.
const CACHE: &str = "PRAGMA cache_size = -1024";

/// The session settings of [`Purpose::Serve`] for each transaction, used behind a pooler in transaction mode.
const POOLED_SETTINGS: &str = "SET LOCAL TIME ZONE 'UTC'; SET LOCAL statement_timeout = '30s'; \
                               SET LOCAL lock_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = '60s'";

impl Pool {
    /// Creates the pool. Idle connections are opened in the background, others on demand: the program can start
    /// before its database.
    pub fn new(
        url: DatabaseUrl,
        settings: PoolSettings,
        pooler: Pooler,
        watch: Option<PoolObserver>,
        file: Option<Arc<FileWatch>>,
    ) -> Self {
        let door = Arc::new(Door::default());
        let transaction_settings = match (&url, pooler) {
            (DatabaseUrl::Postgres(_), Pooler::Transaction) => POOLED_SETTINGS,
            _ => "",
        };
        let purpose = if transaction_settings.is_empty() { Purpose::Serve } else { Purpose::Copy };
        let manager =
            Manager { url, purpose, keep_idle: settings.keep_idle, watch, door: Arc::clone(&door), file };
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

    /// A connection, tested before it is returned.
    ///
    /// # Errors
    /// When none becomes free within the timeout of the settings.
    pub fn get(&self) -> Result<PooledConnection, PoolExhausted> {
        self.get_within(self.settings.acquire_timeout)
    }

    /// As [`get`](Self::get), with the timeout `patience`.
    ///
    /// # Errors
    /// When none becomes free in that time.
    pub fn get_within(&self, patience: Duration) -> Result<PooledConnection, PoolExhausted> {
        let patience = patience.min(self.settings.acquire_timeout);
        let settings = PoolSettings { acquire_timeout: patience, ..self.settings };
        self.inner.get_timeout(patience).map_err(|source| exhausted(&settings, source))
    }

    /// Closes the connections that are not in use and lead to a file that was replaced. How many connections are open then.
    pub fn close_stale(&self) -> u32 {
        // A connection is tested before it is given out, and all that fail are closed.
        drop(self.inner.try_get());
        self.usage().open
    }

    /// Prevents further connections. Call it before the program ends.
    pub fn close(&self) {
        self.door.close();
    }

    /// Statements with which each transaction has to begin. They exist behind a pooler in transaction mode only, where
    /// no statement is prepared and every statement runs in a transaction.
    pub fn transaction_settings(&self) -> &'static str {
        self.transaction_settings
    }

    /// Current usage.
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

    fn hint(&self) -> Option<Hint> {
        Some(Hint::RaisePoolLimits)
    }
}

/// Opens and checks the pool's connections.
pub struct Manager {
    url: DatabaseUrl,
    purpose: Purpose,
    keep_idle: bool,
    watch: Option<PoolObserver>,
    door: Arc<Door>,
    file: Option<Arc<FileWatch>>,
}

/// A connection, and to which of the files it leads that a [`FileWatch`] has accepted.
pub struct OpenConnection {
    connection: AnyConnection,
    generation: u64,
}

impl std::ops::Deref for OpenConnection {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}

impl std::ops::DerefMut for OpenConnection {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}

impl Manager {
    fn open(&self) -> Result<OpenConnection, ConnectFailed> {
        let generation = self.generation()?;
        // No retries: r2d2 retries by itself.
        let mut connection =
            open_once(&self.url, Access::Write, self.purpose).map_err(ConnectFailed::Open)?;
        if let AnyConnection::Sqlite(connection) = &mut connection {
            connection.batch_execute(CACHE).map_err(ConnectFailed::Check)?;
        }
        if let Some(PoolObserver { observer, log }) = &self.watch {
            connection.set_instrumentation(QueryWatch::new(Arc::clone(observer), *log));
        }
        // The file that was opened is the accepted one: it is still at its path.
        match self.generation()? == generation {
            true => Ok(OpenConnection { connection, generation }),
            false => Err(ConnectFailed::Stale),
        }
    }

    fn generation(&self) -> Result<u64, ConnectFailed> {
        self.file.as_ref().map_or(Ok(0), |file| file.check()).map_err(ConnectFailed::Lost)
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = OpenConnection;
    type Error = ConnectFailed;

    fn connect(&self) -> Result<OpenConnection, ConnectFailed> {
        // Counted before `closed` is read: the thread that closes sees one or the other.
        self.door.opening.fetch_add(1, Ordering::SeqCst);
        let connection = match self.door.closed.load(Ordering::SeqCst) {
            true => Err(ConnectFailed::Closed),
            false => self.open(),
        };
        self.door.opening.fetch_sub(1, Ordering::SeqCst);
        connection
    }

    fn is_valid(&self, connection: &mut OpenConnection) -> Result<(), ConnectFailed> {
        if self.generation()? != connection.generation {
            return Err(ConnectFailed::Stale);
        }
        connection.batch_execute("SELECT 1").map_err(ConnectFailed::Check)
    }

    fn has_broken(&self, connection: &mut OpenConnection) -> bool {
        // A connection reported as broken is closed on return: so none is kept idle.
        !self.keep_idle
            || !self.generation().is_ok_and(|generation| generation == connection.generation)
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
    /// The SQLite file is not at its path any more.
    #[error(transparent)]
    Lost(FileLost),
    /// The SQLite file was replaced since the connection was opened.
    #[error("the SQLite file was replaced")]
    Stale,
    /// The pool is closed.
    #[error("the pool is closed")]
    Closed,
    /// The test of the connection failed.
    #[error("test a connection of the pool")]
    Check(#[source] diesel::result::Error),
}

/// r2d2 retries by itself; its errors are logged.
#[derive(Debug)]
struct LogErrors;

impl r2d2::HandleError<ConnectFailed> for LogErrors {
    fn handle_error(&self, error: ConnectFailed) {
        if matches!(error, ConnectFailed::Closed) {
            return;
        }
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::warn!(%error, cause, "open or test pool connection failed");
    }
}
