//! Migrations: pairs of SQL files, the same versions on both backends, which the application gives to these functions.
//!
//! Applied versions are recorded in Diesel's own table, so that its tools read the same state, and checksums beside
//! it, so that a file changed afterwards is detected. Each migration runs in one transaction that first takes a lock:
//! concurrent processes apply it once, and a killed process leaves nothing behind.

mod apply;
mod connection;
mod down;
mod error;
mod ledger;
mod loss;
mod revert;
mod schema_change;

use diesel::backend::Backend;
use diesel::connection::BoxableConnection;
use diesel::migration::{MigrationMetadata, MigrationName, MigrationVersion};
use sha2::{Digest as _, Sha256};

pub use apply::{ChangedPolicy, apply, plan_apply};
pub use connection::MigrationConnection;
pub use error::MigrationError;
pub use ledger::{MigrationEntry, MigrationState, ensure_identity, identity, status};
pub use loss::Loss;
pub use revert::{Extent, plan_revert, revert};

/// One migration: a pair of up and down.
#[derive(Debug)]
pub struct Migration {
    /// The version, by which migrations are ordered: `YYYYMMDDHHMMSS`.
    pub version: &'static str,
    /// The title.
    pub title: &'static str,
    /// The SQL that applies it.
    pub up: &'static str,
    /// The SQL that reverts it.
    pub down: &'static str,
}

/// The migrations of an application: the same versions on both backends, oldest first.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// Those for SQLite.
    pub sqlite: &'static [Migration],
    /// Those for PostgreSQL.
    pub postgres: &'static [Migration],
}

impl Migrations {
    /// No migrations: a database whose schema is not under version control.
    pub const NONE: Self = Self { sqlite: &[], postgres: &[] };

    /// The migrations for the backend of `connection`, oldest first.
    pub fn of(&self, connection: &impl MigrationConnection) -> &'static [Migration] {
        connection.migrations_of(self)
    }

    /// The newest version, for which the application's models and queries are written; empty without migrations.
    pub fn latest(&self) -> &'static str {
        self.sqlite.last().map_or("", |migration| migration.version)
    }
}

impl Migration {
    /// SHA-256 of both halves in hexadecimal, independent of line endings.
    pub fn checksum(&self) -> String {
        let mut hasher = Sha256::new();
        for half in [self.up, self.down] {
            hasher.update(half.replace("\r\n", "\n").as_bytes());
            hasher.update([0]);
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `wanted` names this migration: by version, title, or both joined by an underscore.
    pub fn is_named(&self, wanted: &str) -> bool {
        wanted == self.version
            || wanted == self.title
            || wanted.strip_prefix(self.version).and_then(|rest| rest.strip_prefix('_')) == Some(self.title)
    }
}

impl<DB: Backend> diesel::migration::Migration<DB> for Migration {
    fn run(&self, connection: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        Ok(connection.batch_execute(self.up)?)
    }

    fn revert(&self, connection: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        Ok(connection.batch_execute(self.down)?)
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        &InTransaction
    }

    fn name(&self) -> &dyn MigrationName {
        self
    }
}

impl MigrationName for Migration {
    fn version(&self) -> MigrationVersion<'_> {
        MigrationVersion::from(self.version)
    }
}

impl std::fmt::Display for Migration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.version, self.title)
    }
}

/// Every migration runs in a transaction, which is the trait's default.
struct InTransaction;

impl MigrationMetadata for InTransaction {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_does_not_see_line_ends() {
        let with = |up| Migration { version: "1", title: "t", up, down: "d\n" }.checksum();
        assert_eq!(with("a\nb\n"), with("a\r\nb\r\n"));
        assert_ne!(with("a\nb\n"), with("a\nc\n"));
    }
}
