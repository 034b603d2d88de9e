//! Database work: on blocking threads, with a pooled connection, retried after transient failures.

mod session_cache;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Clock};

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use super::answer::Answer;
use super::metrics::Metrics;
use super::problem::{Code, HandlerError, Problem};
use super::readiness::Readiness;
use super::replica::Replica;
use crate::models::tenancy::{SessionAccess, take_end};
use crate::models::{SessionId, UserId};
use databases::connection::AnyConnection;
use databases::failure::Failure;
use databases::file_watch::{FileLost, FileWatch};
use databases::pool::Pool;
use databases::sqlstate::is_hidden;
use databases::transaction::{TransactionKind, Undone, in_transaction};
use databases::url::DatabaseUrl;
use session_cache::SessionCache;
use transfer::values::Instant;

/// Delays before retries after a conflict or a lost connection.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(10),
    Duration::from_millis(40),
    Duration::from_millis(160),
    Duration::from_millis(640),
];
/// Retries of a failure whose SQLSTATE Diesel does not pass on, on a server in another language: it may be a deadlock.
const HIDDEN_RETRIES: usize = 2;
/// Such a failure after this time is that of a lock or statement timeout.
const TIMEOUTS: Duration = Duration::from_secs(10);
/// How long opening a connection may take before the database counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(3);

/// The primary database and the replica.
#[derive(Clone)]
pub(super) struct Database {
    inner: Arc<DatabaseInner>,
}

struct DatabaseInner {
    primary: GatedPool,
    replica: Option<Replica>,
    /// Serializes writers of SQLite in FIFO order: with SQLite's own busy handler the longest waiting writer can time
    /// out.
    writer: Option<Arc<tokio::sync::Mutex<()>>>,
    /// Of SQLite: whether the file is still at its path.
    file: Option<Arc<FileWatch>>,
    readiness: Readiness,
    metrics: Metrics,
    sessions: SessionCache,
}

/// A pool with a semaphore of as many permits as connections, so that waiting blocks no thread.
#[derive(Clone)]
pub(super) struct GatedPool {
    pub(super) pool: Pool,
    gate: Arc<Semaphore>,
    acquire_timeout: Duration,
    /// Statements at the start of each transaction. If there are any, reads run in a transaction, too (see
    /// [`Pool::settings`]).
    settings: &'static str,
    is_primary: bool,
}

impl GatedPool {
    pub(super) fn new(pool: Pool, acquire_timeout: Duration, is_primary: bool) -> Self {
        let permits = usize::try_from(pool.usage().max).unwrap_or(1);
        let settings = pool.transaction_settings();
        Self { pool, gate: Arc::new(Semaphore::new(permits)), acquire_timeout, settings, is_primary }
    }
}

/// Work that may be tried several times.
type Work = Box<dyn FnMut(&mut AnyConnection) -> Result<(), HandlerError> + Send>;

/// Permits that are held while the work runs.
struct Held {
    _permit: OwnedSemaphorePermit,
    _writer: Option<OwnedMutexGuard<()>>,
}

impl Database {
    pub(super) fn new(
        url: &DatabaseUrl,
        primary: GatedPool,
        replica: Option<Replica>,
        file: Option<Arc<FileWatch>>,
        readiness: Readiness,
        metrics: Metrics,
    ) -> Self {
        let writer = matches!(url, DatabaseUrl::Sqlite(_)).then(Arc::default);
        let sessions = SessionCache::new();
        let inner = DatabaseInner { primary, replica, writer, file, readiness, metrics, sessions };
        Self { inner: Arc::new(inner) }
    }

    pub(super) fn file(&self) -> Option<&Arc<FileWatch>> {
        self.inner.file.as_ref()
    }

    pub(super) fn readiness(&self) -> &Readiness {
        &self.inner.readiness
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.inner.primary.pool
    }

    pub(super) fn replica(&self) -> Option<&Replica> {
        self.inner.replica.as_ref()
    }

    /// The session of an access token, as it is now or was at most five seconds ago; as it is now if its access was
    /// ended by this process. `None` if it does not exist.
    pub(super) async fn session(
        &self,
        session: SessionId,
        now: Instant,
    ) -> Result<Option<SessionAccess>, Problem> {
        let reading = match self.inner.sessions.find(session, now) {
            Ok(known) => return Ok(known),
            Err(reading) => reading,
        };
        let access = self.read(move |connection| Ok(SessionAccess::find(connection, session)?)).await?;
        self.inner.sessions.store(reading, access);
        Ok(access)
    }

    /// Runs read-only work. Its queries do not share a snapshot.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut AnyConnection) -> Result<T, HandlerError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(&self.inner.primary, None, work).await
    }

    /// Runs read-only work on the replica, if its lag is within the limit and the user has not written recently;
    /// otherwise on the primary.
    pub(super) async fn list(
        &self,
        user: UserId,
        work: impl FnMut(&mut AnyConnection) -> Result<Answer, HandlerError> + Clone + Send + 'static,
    ) -> Result<Answer, Problem> {
        let replica = self.inner.replica.as_ref();
        if let Some((replica, side)) = replica.and_then(|replica| Some((replica, replica.for_reader(user)?)))
        {
            match self.run(side, None, work.clone()).await {
                Err(problem) if problem.is_outage() => replica.failed(),
                outcome => return outcome,
            }
        }
        self.run(&self.inner.primary, None, work).await
    }

    /// Runs work in one write transaction.
    pub(super) async fn change<T: Send + 'static>(
        &self,
        user: UserId,
        work: impl FnMut(&mut AnyConnection) -> Result<T, HandlerError> + Send + 'static,
    ) -> Result<T, Problem> {
        // Also before the work: it is committed even if the client disconnects.
        let note = || self.inner.replica.iter().for_each(|replica| replica.wrote(user));
        note();
        let outcome = self.write(work).await;
        note();
        outcome
    }

    /// Like [`change`](Self::change), without an authenticated user.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut AnyConnection) -> Result<T, HandlerError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(&self.inner.primary, Some(TransactionKind::Write), work).await
    }

    async fn run<T: Send + 'static>(
        &self,
        side: &GatedPool,
        kind: Option<TransactionKind>,
        mut work: impl FnMut(&mut AnyConnection) -> Result<T, HandlerError> + Send + 'static,
    ) -> Result<T, Problem> {
        // Each handler's work has a type of its own. What follows is compiled once and not for each of them: that was a
        // tenth of the code of this crate.
        let result = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&result);
        let work: Work = Box::new(move |connection| {
            let value = work(connection)?;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        });
        self.run_boxed(side, kind, work).await?;
        let value = result.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or_else(|| Problem::internal(&std::io::Error::other("database work left no result")))
    }

    async fn run_boxed(
        &self,
        side: &GatedPool,
        kind: Option<TransactionKind>,
        work: Work,
    ) -> Result<(), Problem> {
        if !self.inner.readiness.is_available() {
            return Err(Problem::new(Code::Unavailable, "the database is not available"));
        }
        let held = self.hold(side, kind).await?;
        let (side, inner) = (side.clone(), Arc::clone(&self.inner));
        // Log events of the work carry the request id.
        let span = tracing::Span::current();
        let ended = spawn_blocking(move || {
            let outcome = span.in_scope(|| inner.try_often(&side, kind, work));
            drop(held);
            outcome
        });
        ended.await.unwrap_or_else(|panic| Err(Problem::internal(&panic)))
    }

    async fn hold(&self, side: &GatedPool, kind: Option<TransactionKind>) -> Result<Held, Problem> {
        let began = Clock::now();
        let turn = async {
            let writer = match (&self.inner.writer, kind) {
                (Some(writer), Some(TransactionKind::Write)) => Some(Arc::clone(writer).lock_owned().await),
                _ => None,
            };
            let permit = Arc::clone(&side.gate).acquire_owned().await;
            permit.map(|permit| Held { _permit: permit, _writer: writer })
        };
        let held = tokio::time::timeout(side.acquire_timeout, turn).await;
        self.inner.metrics.pool_waited(began.elapsed());
        match held {
            Ok(Ok(held)) => Ok(held),
            Ok(Err(closed)) => Err(Problem::internal(&closed)),
            Err(_elapsed) => {
                self.inner.metrics.pool_timed_out();
                Err(Problem::new(
                    Code::Unavailable,
                    "no database connection became available within the pool timeout",
                ))
            }
        }
    }
}

impl DatabaseInner {
    /// Whether a SQLite file is still at its path. If not, requests get 503 until it is.
    fn check_file(&self) -> Result<(), FileLost> {
        let checked = self.file.as_ref().map_or(Ok(()), |file| file.check().map(drop));
        checked.inspect_err(|lost| self.readiness.lost(lost))
    }

    /// While nothing can be written to the primary, the application is not ready.
    fn note(&self, side: &GatedPool, error: &diesel::result::Error) {
        if side.is_primary && Failure::of_query(error).is_unwritable() {
            self.readiness.not_written(error);
        }
    }

    /// Runs the work, and retries it only after a rollback.
    fn try_often(
        &self,
        side: &GatedPool,
        kind: Option<TransactionKind>,
        mut work: Work,
    ) -> Result<(), Problem> {
        let mut pauses = PAUSES.into_iter();
        let mut was_duplicate = false;
        let mut hidden = PAUSES.into_iter().take(HIDDEN_RETRIES);
        // Behind a transaction pooler each statement may use another server connection, unless it is in a
        // transaction.
        let kind = kind.or((!side.settings.is_empty()).then_some(TransactionKind::Read));
        loop {
            self.check_file().map_err(|lost| Problem::unavailable(&lost))?;
            let mut connection = side.pool.get_within(PATIENCE).map_err(|error| {
                if side.is_primary {
                    self.readiness.lost(&error);
                }
                Problem::unavailable(&error)
            })?;
            let is_postgres = matches!(**connection, AnyConnection::Postgres(_));
            // Of earlier work on this thread, if it panicked.
            take_end();
            let began = Clock::now();
            let outcome = match kind {
                Some(kind) => in_transaction(&mut connection, kind, side.settings, &mut work),
                None => work(&mut connection).map_err(Undone::Before),
            };
            // Also if it is unknown whether it was committed.
            if take_end() && !matches!(outcome, Err(Undone::Before(_))) {
                self.sessions.clear();
            }
            let error = match outcome {
                // What was committed into a file that nobody finds is not acknowledged.
                Ok(()) if kind == Some(TransactionKind::Write) => {
                    return self.check_file().map_err(|lost| unknown_end(&lost, Code::Unavailable));
                }
                Ok(()) => return Ok(()),
                Err(Undone::Before(HandlerError::Problem(problem))) => return Err(problem),
                Err(Undone::Before(HandlerError::Database(error))) => error,
                Err(Undone::AtCommit(error)) if is_rolled_back(Failure::of_query(&error)) => error,
                Err(Undone::AtCommit(error)) => {
                    self.note(side, &error);
                    let is_unwritable = Failure::of_query(&error).is_unwritable();
                    let code = if is_unwritable { Code::NotWritable } else { Code::Unavailable };
                    return Err(unknown_end(&error, code));
                }
            };
            self.note(side, &error);
            // A replica is read, so that its disk fails only for this list: the primary answers.
            if !side.is_primary && Failure::of_query(&error).is_unwritable() {
                return Err(Problem::unavailable(&error));
            }
            let pause = match Failure::of_query(&error) {
                Failure::Busy | Failure::Conflict | Failure::Disconnected | Failure::StartingUp => {
                    pauses.next()
                }
                // A concurrent transaction inserted the same unique value: the retry reads it and reports the cause.
                Failure::DuplicateKey if !std::mem::replace(&mut was_duplicate, true) => Some(Duration::ZERO),
                Failure::Other if is_postgres && is_hidden(&error) => match began.elapsed() {
                    waited if waited >= TIMEOUTS => return Err(Problem::unavailable(&error)),
                    _ => hidden.next(),
                },
                _ => None,
            };
            match pause {
                Some(pause) => {
                    tracing::debug!(%error, pause_ms = pause.as_millis(), "retry database work");
                    self.metrics.retried();
                    drop(connection);
                    std::thread::sleep(pause);
                }
                None => return Err(Problem::of_query(&error)),
            }
        }
    }
}

/// Whether a COMMIT that failed so has committed nothing. A disk error may have hit what follows the commit.
fn is_rolled_back(failure: Failure) -> bool {
    matches!(failure, Failure::Conflict | Failure::DiskFull | Failure::ReadOnly)
}

/// The problem for a database lost during COMMIT.
fn unknown_end(error: &dyn std::error::Error, code: Code) -> Problem {
    tracing::error!(%error, "outcome of COMMIT unknown: database lost");
    let detail = "the database was lost during COMMIT: the change may have been applied; read the resource before \
                  repeating the request";
    Problem::new(code, detail)
}

#[cfg(test)]
mod tests;
