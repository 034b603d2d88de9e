//! Health of the database: reachable, latency, and whether its migrations are those of this program.

use std::time::Instant as Clock;

use diesel::connection::SimpleConnection as _;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Bool;
use diesel::{QueryResult, RunQueryDsl as _, select};
use serde::Serialize;

use super::connection::AnyConnection;
use super::migrations::{MigrationError, MigrationState, Migrations, status};
use super::open::{Access, OpenError, Purpose, open_once};
use super::pool::PoolUse;
use super::url::DatabaseUrl;

/// The state of the database.
#[derive(Debug, Serialize)]
pub struct Health {
    /// `ok`, or `degraded` when migrations are pending, changed or unknown.
    pub status: &'static str,
    /// `sqlite` or `postgres`.
    pub backend: &'static str,
    /// Duration of `SELECT 1`, in milliseconds.
    pub latency_ms: f64,
    /// Migrations by state.
    pub migrations: MigrationCounts,
    /// Usage of the connection pool, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolUse>,
}

/// Migrations by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MigrationCounts {
    /// Applied, with the same checksum as in this program.
    pub applied: usize,
    /// Not applied.
    pub pending: usize,
    /// Changed since they were applied.
    pub changed: usize,
    /// Applied and not known to this program.
    pub unknown: usize,
}

impl Health {
    /// Whether the status is `ok`.
    pub fn is_ok(&self) -> bool {
        self.status == "ok"
    }
}

/// Checks the database.
///
/// # Errors
/// When a query fails.
pub fn check(
    connection: &mut AnyConnection,
    migrations: &Migrations,
    pool: Option<PoolUse>,
) -> Result<Health, MigrationError> {
    let began = Clock::now();
    connection.batch_execute("SELECT 1")?;
    // Two decimals: finer digits are noise.
    let latency_ms = (began.elapsed().as_secs_f64() * 100_000.0).ceil() / 100.0;
    let entries = status(connection, migrations)?;
    let count = |state| entries.iter().filter(|entry| entry.state == state).count();
    let counts = MigrationCounts {
        applied: count(MigrationState::Applied),
        pending: count(MigrationState::Pending),
        changed: count(MigrationState::Changed),
        unknown: count(MigrationState::Unknown),
    };
    let expected = MigrationCounts { applied: counts.applied, ..MigrationCounts::default() };
    let backend = match connection {
        AnyConnection::Sqlite(_) => "sqlite",
        AnyConnection::Postgres(_) => "postgres",
    };
    let status = if counts == expected { "ok" } else { "degraded" };
    Ok(Health { status, backend, latency_ms, migrations: counts, pool })
}

/// Why the application cannot work on a database.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its migrations cannot be read.
    #[error("read the migrations of the database")]
    Migrations(#[from] MigrationError),
    /// No migration is applied.
    #[error("the database has no tables of this application")]
    Empty,
    /// Migrations are pending, changed or unknown.
    #[error("the database schema is not up to date: {migrations}")]
    NotUpToDate {
        /// The migrations that are pending, changed or unknown.
        migrations: String,
    },
}

/// Checks that the application can use this database now.
///
/// # Errors
/// The reason why it cannot.
pub fn ready(url: &DatabaseUrl, migrations: &Migrations) -> Result<(), NotReady> {
    let mut connection = open_once(url, Access::Write, Purpose::Serve)?;
    let entries = status(&mut connection, migrations)?;
    if entries.iter().all(|entry| entry.state == MigrationState::Pending) {
        return Err(NotReady::Empty);
    }
    let wrong: Vec<String> = entries
        .iter()
        .filter(|entry| entry.state != MigrationState::Applied)
        .map(ToString::to_string)
        .collect();
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(NotReady::NotUpToDate { migrations: wrong.join(", ") }),
    }
}

/// Why nothing can be written to the database.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It cannot be written.
    #[error("write to the database")]
    Write(#[source] Error),
}

/// Something that is written, and gone with the transaction. On SQLite the schema is changed, because a row that is
/// written unchanged writes nothing. On PostgreSQL it needs no privilege on the tables, and new pages of the disk.
const WRITE_SQLITE: &str =
    "BEGIN IMMEDIATE; CREATE TABLE __backoffice_probe (a); DROP TABLE __backoffice_probe; COMMIT";
const WRITE_POSTGRES: &str = "BEGIN; CREATE TEMP TABLE __backoffice_probe ON COMMIT DROP AS \
     SELECT repeat('x', 1000) FROM generate_series(1, 64); COMMIT";

/// Checks that something can be written now, over a connection of its own.
///
/// # Errors
/// The reason why nothing can be written. That this role may not write is none: so it was before.
pub fn check_writable(url: &DatabaseUrl) -> Result<(), Unwritable> {
    let mut connection = open_once(url, Access::Write, Purpose::Serve)?;
    write(&mut connection).map_err(Unwritable::Write)
}

fn write(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(connection) => connection.batch_execute(WRITE_SQLITE),
        AnyConnection::Postgres(connection) => {
            // Temporary tables can be written in a read-only transaction.
            let is_read_only = diesel::dsl::sql::<Bool>("current_setting('transaction_read_only')::boolean");
            if select(is_read_only).get_result(connection)? {
                let message = "the server is read-only".to_owned();
                return Err(Error::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, Box::new(message)));
            }
            let may_write = diesel::dsl::sql::<Bool>("has_database_privilege(current_database(), 'TEMP')");
            if !select(may_write).get_result(connection)? {
                tracing::debug!("writing cannot be tested without the privilege TEMP");
                return Ok(());
            }
            connection.batch_execute(WRITE_POSTGRES)
        }
    }
}
