//! The record of applied migrations: Diesel's table of versions, a table of checksums, and the database's identity.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{MigrationError, Migrations};
use crate::connection::AnyConnection;

/// The tables of the ledger. Their names begin with two underscores, which the catalogs skip.
const LEDGER: &str = "
    CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
        version VARCHAR(50) PRIMARY KEY NOT NULL,
        run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE IF NOT EXISTS __backoffice_migrations (
        version VARCHAR(50) PRIMARY KEY NOT NULL,
        checksum TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS __backoffice_identity (
        id TEXT PRIMARY KEY NOT NULL
    );";

/// The state of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Applied, with the same checksum as in this program.
    Applied,
    /// Not applied.
    Pending,
    /// Applied, but with another checksum in this program.
    Changed,
    /// Applied, and unknown to this program.
    Unknown,
}

/// A migration and its state.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Entry {
    /// Its version: a timestamp.
    pub version: String,
    /// Its title; empty when it is unknown to this program.
    pub title: &'static str,
    /// Its state.
    pub state: State,
}

impl std::fmt::Display for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.title {
            "" => f.write_str(&self.version),
            title => write!(f, "{}_{title}", self.version),
        }
    }
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Text)]
    checksum: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Every migration that this program has or that is applied, oldest first. Writes nothing.
///
/// A migration applied by Diesel's own tools has no checksum and counts as applied.
///
/// # Errors
/// When the database cannot be read.
pub fn status(connection: &mut AnyConnection, migrations: &Migrations) -> Result<Vec<Entry>, MigrationError> {
    let applied = applied(connection).map_err(|source| MigrationError::Ledger { action: "read", source })?;
    let mut entries: BTreeMap<String, Entry> = applied
        .keys()
        .map(|version| {
            let entry = Entry { version: version.clone(), title: "", state: State::Unknown };
            (version.clone(), entry)
        })
        .collect();
    for migration in migrations.of(connection) {
        let state = match applied.get(migration.version) {
            None => State::Pending,
            Some(checksum) if checksum.is_empty() || *checksum == migration.checksum() => State::Applied,
            Some(_) => State::Changed,
        };
        let entry = Entry { version: migration.version.to_owned(), title: migration.title, state };
        entries.insert(migration.version.to_owned(), entry);
    }
    Ok(entries.into_values().collect())
}

/// The identity of this database, created by [`ensure_identity`]: the same for the file and its copies.
///
/// # Errors
/// When the database cannot be read.
pub fn identity(connection: &mut AnyConnection) -> QueryResult<Option<String>> {
    if !has_table(connection, "__backoffice_identity")? {
        return Ok(None);
    }
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        id: String,
    }
    let row = diesel::sql_query("SELECT id FROM __backoffice_identity").get_result::<Row>(connection);
    Ok(row.optional()?.map(|row| row.id))
}

/// Creates the identity of the database if it has none, under the lock of migrations.
///
/// # Errors
/// When the database fails.
pub fn ensure_identity(connection: &mut AnyConnection) -> QueryResult<()> {
    locked(connection, |connection| {
        create(connection)?;
        if identity(connection)?.is_none() {
            let id = uuid::Uuid::now_v7().to_string();
            let insert = "INSERT INTO __backoffice_identity (id) VALUES (";
            bind_one(connection, insert, ")", &id)?;
        }
        Ok(())
    })
}

/// Runs `action` in a transaction that excludes every other `locked` on this database.
///
/// PostgreSQL: a transaction-level advisory lock, which works through PgBouncer. SQLite: the write lock, taken at
/// once, so that what is read inside cannot change.
pub(super) fn locked<T, E: From<diesel::result::Error>>(
    connection: &mut AnyConnection,
    action: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
    /// "backoffi" in ASCII, to avoid collisions with the locks of other programs.
    const LOCK: &str = "SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock(7089053866803557993)";
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            sqlite.batch_execute("PRAGMA busy_timeout = 60000")?;
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?;
        }
        AnyConnection::Postgres(postgres) => {
            AnsiTransactionManager::begin_transaction(postgres)?;
            if let Err(error) = postgres.batch_execute(LOCK) {
                AnsiTransactionManager::rollback_transaction(postgres)?;
                return Err(error.into());
            }
        }
    }
    type Manager = <AnyConnection as diesel::Connection>::TransactionManager;
    match action(connection) {
        Ok(value) => {
            Manager::commit_transaction(connection)?;
            Ok(value)
        }
        Err(error) => {
            // The action's error is more informative than that of a rollback on a lost connection.
            if let Err(error) = Manager::rollback_transaction(connection) {
                tracing::debug!(%error, "roll back");
            }
            Err(error)
        }
    }
}

/// Creates the missing tables of the ledger.
pub(super) fn create(connection: &mut AnyConnection) -> QueryResult<()> {
    use diesel::connection::SimpleConnection as _;
    connection.batch_execute(LEDGER)
}

/// Records the checksum of a migration that was applied or changed.
pub(super) fn record_checksum(
    connection: &mut AnyConnection,
    migration: &super::Migration,
) -> QueryResult<()> {
    forget_checksum(connection, migration)?;
    let insert = format!(
        "INSERT INTO __backoffice_migrations (checksum, version) VALUES ('{}', ",
        migration.checksum()
    );
    bind_one(connection, &insert, ")", migration.version)
}

/// Removes the checksum of a reverted migration.
pub(super) fn forget_checksum(
    connection: &mut AnyConnection,
    migration: &super::Migration,
) -> QueryResult<()> {
    bind_one(connection, "DELETE FROM __backoffice_migrations WHERE version = ", "", migration.version)
}

/// The number of rows of a table; 0 if it does not exist.
pub(super) fn count_rows(connection: &mut AnyConnection, table: &str) -> QueryResult<i64> {
    if !has_table(connection, table)? {
        return Ok(0);
    }
    // The name comes from the embedded SQL.
    let query = diesel::sql_query(format!("SELECT count(*) AS count FROM \"{table}\""));
    Ok(query.get_result::<Count>(connection)?.count)
}

fn applied(connection: &mut AnyConnection) -> QueryResult<BTreeMap<String, String>> {
    if !has_table(connection, "__diesel_schema_migrations")? {
        return Ok(BTreeMap::new());
    }
    let query = if has_table(connection, "__backoffice_migrations")? {
        "SELECT CAST(d.version AS TEXT) AS version, coalesce(b.checksum, '') AS checksum
         FROM __diesel_schema_migrations d LEFT JOIN __backoffice_migrations b ON b.version = d.version"
    } else {
        "SELECT CAST(version AS TEXT) AS version, '' AS checksum FROM __diesel_schema_migrations"
    };
    let rows: Vec<Applied> = diesel::sql_query(query).load(connection)?;
    Ok(rows.into_iter().map(|row| (row.version, row.checksum)).collect())
}

fn has_table(connection: &mut AnyConnection, table: &str) -> QueryResult<bool> {
    let count = match connection {
        AnyConnection::Sqlite(sqlite) => {
            diesel::sql_query("SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table' AND name = ?")
                .bind::<Text, _>(table)
                .get_result::<Count>(sqlite)?
        }
        AnyConnection::Postgres(postgres) => diesel::sql_query(
            "SELECT count(*) AS count FROM pg_catalog.pg_class c
             WHERE c.relname = $1 AND c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid)",
        )
        .bind::<Text, _>(table)
        .get_result::<Count>(postgres)?,
    };
    Ok(count.count > 0)
}

/// Runs a statement with one bound text; only the placeholder differs between the backends.
fn bind_one(connection: &mut AnyConnection, before: &str, after: &str, value: &str) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            diesel::sql_query(format!("{before}?{after}")).bind::<Text, _>(value).execute(sqlite)?
        }
        AnyConnection::Postgres(postgres) => {
            diesel::sql_query(format!("{before}$1{after}")).bind::<Text, _>(value).execute(postgres)?
        }
    };
    Ok(())
}
