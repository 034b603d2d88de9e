//! What the caller chooses, and what can be wrong with it.

use thiserror::Error;

/// How the project is named, and for which databases it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectOptions {
    /// The name of the migration, and with `_db` behind it of the package: lower-case ASCII letters, digits and `_`,
    /// a letter first, 60 at most.
    pub name: String,
    /// The migration's version: digits, with hyphens between them where one likes, as `20250106090000`; 40 at most.
    pub stamp: String,
    /// The databases the project is for.
    pub backend: Backend,
}

/// The databases a project is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// PostgreSQL alone.
    Postgres,
    /// PostgreSQL and SQLite.
    Both,
}

/// Why no project can be written.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ProjectError {
    /// The name cannot be a package's and a folder's.
    #[error("name {0:?} is not made of lower-case letters, digits and `_`, a letter first, 60 at most")]
    Name(String),
    /// The stamp cannot be a migration's version.
    #[error("stamp {0:?} is not made of digits and hyphens, a digit first, 40 at most")]
    Stamp(String),
    /// There is nothing to migrate. Diesel refuses empty migrations.
    #[error("the conversion has no tables")]
    NoTables,
    /// The conversion names a table that the schema does not have.
    #[error("the schema has no table {0:?}, which the conversion names")]
    UnknownTable(String),
    /// The conversion names a column that its table does not have.
    #[error("table {table:?} has no column {column:?}, which the conversion names")]
    UnknownColumn {
        /// The table in the source.
        table: String,
        /// The column.
        column: String,
    },
    /// SQLite does not tell two names apart that PostgreSQL does.
    #[error("SQLite cannot have both {0:?} and another table or column of that name in other letter case")]
    SameName(String),
}

impl ProjectOptions {
    pub(super) fn check(&self) -> Result<(), ProjectError> {
        let is_name = self.name.len() <= 60
            && self.name.starts_with(|c: char| c.is_ascii_lowercase())
            && self.name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if !is_name {
            return Err(ProjectError::Name(self.name.clone()));
        }
        let is_stamp = self.stamp.len() <= 40
            && self.stamp.starts_with(|c: char| c.is_ascii_digit())
            && self.stamp.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-'));
        if !is_stamp {
            return Err(ProjectError::Stamp(self.stamp.clone()));
        }
        Ok(())
    }
}
