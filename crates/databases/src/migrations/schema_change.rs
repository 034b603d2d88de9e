//! A transaction in which a migration is applied or reverted.

use diesel::result::{DatabaseErrorKind, Error};

use super::connection::{Dependent, MigrationConnection, Orphan};
use super::down::table_with;
use super::ledger::locked;
use super::{Migration, MigrationError};

/// What SQLite's message has before the name of a check, or before its condition if it has no name.
const SQLITE_CHECK: &str = "CHECK constraint failed: ";

/// Runs `action` under the lock of migrations, with foreign keys not enforced by SQLite: they are checked before the
/// transaction is committed, if a migration was run, and enforced again however it ends.
pub(super) fn changing_schema<C: MigrationConnection>(
    connection: &mut C,
    action: impl FnOnce(&mut C) -> Result<Option<&'static Migration>, MigrationError>,
) -> Result<Option<&'static Migration>, MigrationError> {
    let enforced = connection.stop_foreign_keys()?;
    let outcome = locked(connection, |connection| {
        let before = connection.dependents()?;
        let Some(migration) = action(connection)? else {
            return Ok(None);
        };
        check_dependents(connection, migration, &before)?;
        match connection.first_orphan()? {
            Some(Orphan { table, rowid, parent }) => Err(MigrationError::Orphan { table, rowid, parent }),
            None => Ok(Some(migration)),
        }
    });
    if enforced && let Err(error) = connection.enforce_foreign_keys() {
        // The error of the migration is more informative.
        tracing::error!(%error, "enforce foreign keys again");
        return outcome.and(Err(error.into()));
    }
    outcome
}

/// The table with the changes that `sync` applies to PostgreSQL.
const CHANGE_LOG: &str = "__backoffice_changes";

/// Refuses to change tables whose changes are logged: a rebuilt table loses the triggers that log them.
pub(super) fn refuse_logged(connection: &mut impl MigrationConnection) -> Result<(), MigrationError> {
    if connection.has_table(CHANGE_LOG).map_err(|source| MigrationError::Ledger { action: "read", source })? {
        return Err(MigrationError::Logged);
    }
    Ok(())
}

/// Refuses to lose an index or trigger that the migration does not name, which is not of this program.
fn check_dependents(
    connection: &mut impl MigrationConnection,
    migration: &'static Migration,
    before: &[Dependent],
) -> Result<(), MigrationError> {
    let after = connection.dependents()?;
    for lost in before.iter().filter(|dependent| !after.contains(dependent)) {
        let is_named = [migration.up, migration.down]
            .iter()
            .any(|sql| sql.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == lost.name));
        if !is_named && connection.has_table(&lost.table)? {
            let Dependent { kind, name, table } = lost.clone();
            return Err(MigrationError::Dependent { migration: migration.to_string(), kind, name, table });
        }
    }
    Ok(())
}

/// The error of a migration whose SQL failed.
pub(super) fn failed(
    action: &'static str,
    migration: &Migration,
    sql: &'static str,
    source: Box<dyn std::error::Error + Send + Sync>,
) -> MigrationError {
    let name = migration.to_string();
    match source.downcast::<Error>() {
        Ok(source) => match violated(&source, sql) {
            Some((table, constraint)) => {
                MigrationError::Violated { action, migration: name, table, constraint, source: *source }
            }
            None => MigrationError::Run { action, migration: name, source },
        },
        Err(source) => MigrationError::Run { action, migration: name, source },
    }
}

/// The table and the check that rows violate. SQLite names only the check.
fn violated(error: &Error, sql: &'static str) -> Option<(String, String)> {
    let Error::DatabaseError(DatabaseErrorKind::CheckViolation, information) = error else {
        return None;
    };
    match (information.table_name(), information.constraint_name()) {
        (Some(table), Some(constraint)) => Some((table.to_owned(), constraint.to_owned())),
        _ => {
            let constraint = information.message().strip_prefix(SQLITE_CHECK)?;
            Some((table_with(sql, constraint)?.to_owned(), constraint.to_owned()))
        }
    }
}
