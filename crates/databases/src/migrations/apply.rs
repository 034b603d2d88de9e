//! Applying migrations.

use super::connection::MigrationConnection;
use super::ledger::{self, locked};
use super::schema_change::{changing_schema, failed, refuse_logged};
use super::{Migration, MigrationError, MigrationState, Migrations, status};
use crate::error::mask;

/// How to handle migrations whose files changed after they were applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedPolicy {
    /// Nothing is applied.
    Refuse,
    /// Their new checksums are recorded; the database is not changed.
    Accept,
}

/// The migrations that [`apply`] would apply: those pending, up to `to` if it is given. Writes nothing.
///
/// # Errors
/// When migrations changed and the policy is to refuse, when applied ones are unknown, when `to` names none, or when some
/// are pending and changes of the file are logged for a sync.
pub fn plan_apply(
    connection: &mut impl MigrationConnection,
    migrations: &Migrations,
    to: Option<&str>,
    changed: ChangedPolicy,
) -> Result<Vec<&'static Migration>, MigrationError> {
    let last = to.map(|to| find(connection, migrations, to)).transpose()?;
    let entries = status(connection, migrations)?;
    let named = |state| {
        let these = entries.iter().filter(|entry| entry.state == state);
        these.map(ToString::to_string).collect::<Vec<_>>()
    };
    let versions = named(MigrationState::Unknown);
    if !versions.is_empty() {
        return Err(MigrationError::Unknown { versions });
    }
    let other = named(MigrationState::Changed);
    if changed == ChangedPolicy::Refuse && !other.is_empty() {
        return Err(MigrationError::Changed { migrations: other });
    }
    let pending = |migration: &&Migration| {
        let wanted = last.is_none_or(|last| migration.version <= last.version);
        let is_pending = |entry: &ledger::MigrationEntry| {
            entry.version == migration.version && entry.state == MigrationState::Pending
        };
        wanted && entries.iter().any(is_pending)
    };
    let pending: Vec<&Migration> = migrations.of(connection).iter().filter(pending).collect();
    if !pending.is_empty() {
        refuse_logged(connection)?;
    }
    Ok(pending)
}

/// Applies the pending migrations, up to `to` if it is given, and calls `applied` for each.
///
/// Each runs in its own transaction under a lock, so that concurrent processes apply it once.
///
/// # Errors
/// As [`plan_apply`], or when a migration fails; those before it remain applied.
pub fn apply(
    connection: &mut impl MigrationConnection,
    migrations: &Migrations,
    to: Option<&str>,
    changed: ChangedPolicy,
    applied: &mut dyn FnMut(&Migration),
) -> Result<(), MigrationError> {
    plan_apply(connection, migrations, to, changed)?;
    let ledger = |source| MigrationError::Ledger { action: "write", source };
    locked(connection, ledger::create).map_err(ledger)?;
    if changed == ChangedPolicy::Accept {
        accept_changed(connection, migrations)?;
    }
    // The next migration is read again under the lock: another process may have applied it.
    while let Some(migration) =
        changing_schema(connection, |connection| apply_next(connection, migrations, to))?
    {
        applied(migration);
    }
    Ok(())
}

fn apply_next(
    connection: &mut impl MigrationConnection,
    migrations: &Migrations,
    to: Option<&str>,
) -> Result<Option<&'static Migration>, MigrationError> {
    let Some(migration) = plan_apply(connection, migrations, to, ChangedPolicy::Refuse)?.into_iter().next()
    else {
        return Ok(None);
    };
    tracing::debug!(%migration, "apply");
    connection.run(migration).map_err(|source| failed("apply", migration, migration.up, source))?;
    ledger::record_checksum(connection, migration)
        .map_err(|source| MigrationError::Ledger { action: "write", source })?;
    Ok(Some(migration))
}

fn accept_changed(
    connection: &mut impl MigrationConnection,
    migrations: &Migrations,
) -> Result<(), MigrationError> {
    locked(connection, |connection| {
        for entry in
            status(connection, migrations)?.iter().filter(|entry| entry.state == MigrationState::Changed)
        {
            let migration = find(connection, migrations, &entry.version)?;
            ledger::record_checksum(connection, migration)?;
        }
        Ok(())
    })
}

/// The migration of this name.
pub(super) fn find(
    connection: &impl MigrationConnection,
    migrations: &Migrations,
    wanted: &str,
) -> Result<&'static Migration, MigrationError> {
    let known = migrations.of(connection);
    known.iter().find(|migration| migration.is_named(wanted)).ok_or_else(|| MigrationError::NoSuch {
        wanted: mask(wanted).to_owned(),
        known: known.iter().map(ToString::to_string).collect(),
    })
}

/// A failure of the transaction itself: beginning it, taking the lock, or committing.
impl From<diesel::result::Error> for MigrationError {
    fn from(source: diesel::result::Error) -> Self {
        Self::Ledger { action: "lock or write", source }
    }
}
