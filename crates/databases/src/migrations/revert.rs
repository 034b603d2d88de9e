//! Reverting migrations, newest first.

use super::apply::find;
use super::connection::MigrationConnection;
use super::ledger;
use super::loss::{Loss, losses};
use super::schema_change::{changing_schema, failed, refuse_logged};
use super::{Migration, MigrationError, MigrationState, Migrations, status};

/// Which migrations to revert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The newest N.
    Steps(usize),
    /// Those after this one, which stays applied.
    To(String),
    /// All of them.
    All,
}

/// The migrations that [`revert`] would revert, newest first, and the rows that would be deleted. Writes nothing.
///
/// # Errors
/// When nothing is applied, `To` names no migration, one to be reverted is unknown to this program, or changes of the file
/// are logged for a sync.
pub fn plan_revert(
    connection: &mut impl MigrationConnection,
    migrations: &Migrations,
    extent: &Extent,
) -> Result<(Vec<&'static Migration>, Vec<Loss>), MigrationError> {
    let entries = status(connection, migrations)?;
    let unknown = entries.iter().filter(|entry| entry.state == MigrationState::Unknown);
    let versions: Vec<String> = unknown.map(ToString::to_string).collect();
    if !versions.is_empty() {
        return Err(MigrationError::Unknown { versions });
    }
    let is_applied = |migration: &&Migration| {
        entries
            .iter()
            .any(|entry| entry.version == migration.version && entry.state != MigrationState::Pending)
    };
    let applied: Vec<&Migration> = migrations.of(connection).iter().filter(is_applied).rev().collect();
    if applied.is_empty() {
        return Err(MigrationError::NothingApplied);
    }
    let steps: Vec<&'static Migration> = match extent {
        Extent::Steps(count) => applied.into_iter().take(*count).collect(),
        Extent::To(wanted) => {
            let last = find(connection, migrations, wanted)?;
            applied.into_iter().filter(|migration| migration.version > last.version).collect()
        }
        Extent::All => applied,
    };
    if !steps.is_empty() {
        refuse_logged(connection)?;
    }
    let losses = losses(connection, &steps)?;
    Ok((steps, losses))
}

/// Reverts the migrations of [`plan_revert`] and calls `reverted` for each.
///
/// # Errors
/// As [`plan_revert`]; when rows would be deleted and `lose_rows` is not set; or when a migration fails, in which case
/// those before it remain reverted.
pub fn revert(
    connection: &mut impl MigrationConnection,
    migrations: &Migrations,
    extent: &Extent,
    lose_rows: bool,
    reverted: &mut dyn FnMut(&Migration),
) -> Result<(), MigrationError> {
    let (steps, losses) = plan_revert(connection, migrations, extent)?;
    if !lose_rows && !losses.is_empty() {
        return Err(MigrationError::WouldLose { losses });
    }
    for migration in steps {
        let done = changing_schema(connection, |connection| {
            revert_one(connection, migrations, migration, lose_rows)
        })?;
        if let Some(migration) = done {
            reverted(migration);
        }
    }
    Ok(())
}

/// Reverts the migration, if it is still applied under the lock.
fn revert_one(
    connection: &mut impl MigrationConnection,
    migrations: &Migrations,
    migration: &'static Migration,
    lose_rows: bool,
) -> Result<Option<&'static Migration>, MigrationError> {
    let is_this = |entry: &ledger::MigrationEntry| entry.version == migration.version;
    if !status(connection, migrations)?
        .iter()
        .any(|entry| is_this(entry) && entry.state != MigrationState::Pending)
    {
        return Ok(None);
    }
    refuse_logged(connection)?;
    // Counting reads whole tables, while the lock is held.
    if !lose_rows {
        let losses = losses(connection, &[migration])?;
        if !losses.is_empty() {
            return Err(MigrationError::WouldLose { losses });
        }
    }
    tracing::debug!(%migration, "revert");
    connection.revert(migration).map_err(|source| failed("revert", migration, migration.down, source))?;
    ledger::forget_checksum(connection, migration)?;
    Ok(Some(migration))
}
