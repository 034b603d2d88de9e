//! The record of applied migrations: Diesel's table of versions, a table of checksums, and the database's identity.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::connection::MigrationConnection;
use super::{MigrationError, Migrations};

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
pub enum MigrationState {
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
pub struct MigrationEntry {
    /// Its version: a timestamp.
    pub version: String,
    /// Its title; empty when it is unknown to this program.
    pub title: &'static str,
    /// Its state.
    pub state: MigrationState,
}

impl std::fmt::Display for MigrationEntry {
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
struct RowCount {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Every migration that this program has or that is applied, oldest first. Writes nothing.
///
/// A migration applied by Diesel's own tools has no checksum and counts as applied.
///
/// # Errors
/// When the database cannot be read.
pub fn status(
    connection: &mut impl MigrationConnection,
    migrations: &Migrations,
) -> Result<Vec<MigrationEntry>, MigrationError> {
    let applied = applied(connection).map_err(|source| MigrationError::Ledger { action: "read", source })?;
    let mut entries: BTreeMap<String, MigrationEntry> = applied
        .keys()
        .map(|version| {
            let entry =
                MigrationEntry { version: version.clone(), title: "", state: MigrationState::Unknown };
            (version.clone(), entry)
        })
        .collect();
    for migration in migrations.of(connection) {
        let state = match applied.get(migration.version) {
            None => MigrationState::Pending,
            Some(checksum) if checksum.is_empty() || *checksum == migration.checksum() => {
                MigrationState::Applied
            }
            Some(_) => MigrationState::Changed,
        };
        let entry = MigrationEntry { version: migration.version.to_owned(), title: migration.title, state };
        entries.insert(migration.version.to_owned(), entry);
    }
    Ok(entries.into_values().collect())
}

/// The identity of this database, created by [`ensure_identity`]: the same for the file and its copies.
///
/// # Errors
/// When the database cannot be read.
pub fn identity(connection: &mut impl MigrationConnection) -> QueryResult<Option<String>> {
    if !connection.has_table("__backoffice_identity")? {
        return Ok(None);
    }
    #[derive(QueryableByName)]
    struct IdentityRow {
        #[diesel(sql_type = Text)]
        id: String,
    }
    let rows: Vec<IdentityRow> = connection.rows("SELECT id FROM __backoffice_identity")?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

/// Creates the identity of the database if it has none, under the lock of migrations.
///
/// # Errors
/// When the database fails.
pub fn ensure_identity(connection: &mut impl MigrationConnection) -> Result<(), MigrationError> {
    let ensured: QueryResult<()> = locked(connection, |connection| {
        create(connection)?;
        if identity(connection)?.is_none() {
            let id = uuid::Uuid::now_v7().to_string();
            let insert = "INSERT INTO __backoffice_identity (id) VALUES (";
            connection.statement(insert, ")", &id)?;
        }
        Ok(())
    });
    ensured.map_err(|source| MigrationError::Ledger { action: "write", source })
}

/// Runs `action` in a transaction that excludes every other `locked` on this database.
pub(super) fn locked<C: MigrationConnection, T, E: From<diesel::result::Error>>(
    connection: &mut C,
    action: impl FnOnce(&mut C) -> Result<T, E>,
) -> Result<T, E> {
    connection.begin_locked()?;
    match action(connection) {
        Ok(value) => {
            connection.commit()?;
            Ok(value)
        }
        Err(error) => {
            // The action's error is more informative than that of a rollback on a lost connection.
            if let Err(error) = connection.roll_back() {
                tracing::debug!(%error, "roll back");
            }
            Err(error)
        }
    }
}

/// Creates the missing tables of the ledger.
pub(super) fn create(connection: &mut impl MigrationConnection) -> QueryResult<()> {
    connection.statements(LEDGER)
}

/// Records the checksum of a migration that was applied or changed.
pub(super) fn record_checksum(
    connection: &mut impl MigrationConnection,
    migration: &super::Migration,
) -> QueryResult<()> {
    forget_checksum(connection, migration)?;
    let insert = format!(
        "INSERT INTO __backoffice_migrations (checksum, version) VALUES ('{}', ",
        migration.checksum()
    );
    connection.statement(&insert, ")", migration.version)
}

/// Removes the checksum of a reverted migration.
pub(super) fn forget_checksum(
    connection: &mut impl MigrationConnection,
    migration: &super::Migration,
) -> QueryResult<()> {
    connection.statement("DELETE FROM __backoffice_migrations WHERE version = ", "", migration.version)
}

/// The number of rows of a table that satisfy a condition; 0 if the table does not exist.
pub(super) fn count_rows(
    connection: &mut impl MigrationConnection,
    table: &str,
    condition: &str,
) -> QueryResult<i64> {
    if !connection.has_table(table)? {
        return Ok(0);
    }
    // The name and the condition come from the embedded SQL.
    let count = format!("SELECT count(*) AS count FROM \"{table}\" WHERE {condition}");
    let rows: Vec<RowCount> = connection.rows(&count)?;
    Ok(rows.first().map_or(0, |row| row.count))
}

fn applied(connection: &mut impl MigrationConnection) -> QueryResult<BTreeMap<String, String>> {
    if !connection.has_table("__diesel_schema_migrations")? {
        return Ok(BTreeMap::new());
    }
    let query = if connection.has_table("__backoffice_migrations")? {
        "SELECT CAST(d.version AS TEXT) AS version, coalesce(b.checksum, '') AS checksum
         FROM __diesel_schema_migrations d LEFT JOIN __backoffice_migrations b ON b.version = d.version"
    } else {
        "SELECT CAST(version AS TEXT) AS version, '' AS checksum FROM __diesel_schema_migrations"
    };
    let rows: Vec<Applied> = connection.rows(query)?;
    Ok(rows.into_iter().map(|row| (row.version, row.checksum)).collect())
}
