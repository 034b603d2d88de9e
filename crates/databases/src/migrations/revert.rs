//! Reverting migrations, newest first.

use super::apply::find;
use super::connection::MigrationConnection;
use super::ledger::{self, locked};
use super::{Loss, Migration, MigrationError, MigrationState, Migrations, status};

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
/// When nothing is applied, `To` names no migration, or one to be reverted is unknown to this program.
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
        let done = locked(connection, |connection| revert_one(connection, migrations, migration, lose_rows))?;
        if done {
            reverted(migration);
        }
    }
    Ok(())
}

/// Whether it was still applied under the lock.
fn revert_one(
    connection: &mut impl MigrationConnection,
    migrations: &Migrations,
    migration: &'static Migration,
    lose_rows: bool,
) -> Result<bool, MigrationError> {
    let is_this = |entry: &ledger::MigrationEntry| entry.version == migration.version;
    if !status(connection, migrations)?
        .iter()
        .any(|entry| is_this(entry) && entry.state != MigrationState::Pending)
    {
        return Ok(false);
    }
    let losses = losses(connection, &[migration])?;
    if !lose_rows && !losses.is_empty() {
        return Err(MigrationError::WouldLose { losses });
    }
    tracing::debug!(%migration, "revert");
    connection.revert(migration).map_err(|source| MigrationError::Run {
        action: "revert",
        migration: migration.to_string(),
        source,
    })?;
    ledger::forget_checksum(connection, migration)?;
    Ok(true)
}

fn losses(
    connection: &mut impl MigrationConnection,
    steps: &[&'static Migration],
) -> Result<Vec<Loss>, MigrationError> {
    let mut losses = Vec::new();
    for table in steps.iter().flat_map(|migration| migration.drops()) {
        let row_count = ledger::count_rows(connection, table)?;
        if row_count > 0 {
            losses.push(Loss { table, row_count });
        }
    }
    Ok(losses)
}

impl Migration {
    /// The tables that reverting it drops. The `down.sql` files have one statement a line in a fixed form; a test
    /// enforces this, and that all other statements delete no row.
    fn drops(&self) -> impl Iterator<Item = &'static str> {
        self.down.lines().filter_map(|line| line.strip_prefix("DROP TABLE ")?.strip_suffix(';'))
    }

    /// The first line of `down.sql` that is neither a comment nor one statement of a form whose loss of rows is known:
    /// an application holds its migrations to this by a test, since [`plan_revert`] looks for `DROP TABLE` alone.
    pub fn unclear_line(&self) -> Option<&'static str> {
        let statements = self.down.lines().filter(|line| !line.is_empty() && !line.starts_with("--"));
        statements.into_iter().find(|line| !is_understood(line))
    }
}

/// Whether a line is one statement of a form that [`Migration::drops`] knows, or that loses no row.
fn is_understood(line: &str) -> bool {
    let Some(statement) = line.strip_suffix(';').filter(|statement| !statement.contains(';')) else {
        return false;
    };
    let words: Vec<&str> = statement.split_whitespace().collect();
    matches!(
        *words,
        ["DROP", "TABLE" | "INDEX", _]
            | ["CREATE", "INDEX", _, "ON", _, _, ..]
            | ["CREATE", "UNIQUE", "INDEX", _, "ON", _, _, ..]
            // Text keeps its value, whatever the collation.
            | ["ALTER", "TABLE", _, "ALTER", "COLUMN", _, "TYPE", "text", "COLLATE", "\"default\""]
    )
}

#[cfg(test)]
mod tests {
    use super::is_understood;

    #[test]
    fn other_statements_are_not_understood() {
        for line in [
            "DROP TABLE a;",
            "DROP INDEX a;",
            "CREATE INDEX a ON b (c, d DESC) WHERE e;",
            "ALTER TABLE a ALTER COLUMN b TYPE text COLLATE \"default\";",
        ] {
            assert!(is_understood(line), "{line}");
        }
        for line in [
            "DROP TABLE a",
            "DROP TABLE a, b;",
            "DROP TABLE a; DROP TABLE b;",
            "DROP VIEW a;",
            "CREATE TABLE a (b integer);",
            "CREATE INDEX a ON b (c); DELETE FROM b;",
            "DELETE FROM a;",
            "ALTER TABLE a ALTER COLUMN b TYPE integer;",
            "ALTER TABLE a ALTER COLUMN b TYPE text USING NULL;",
            "ALTER TABLE a ALTER COLUMN b TYPE text COLLATE \"default\" USING NULL;",
            "ALTER TABLE a DROP COLUMN b;",
        ] {
            assert!(!is_understood(line), "{line}");
        }
    }
}
