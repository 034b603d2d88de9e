//! The options of the project, and its errors.

use thiserror::Error;

/// The name of the project, and its databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectOptions {
    /// The name of the migration, and with suffix `_db` of the package: lower-case ASCII letters, digits and `_`,
    /// starting with a letter, at most 60.
    pub name: String,
    /// The version of the migration: digits, optionally with hyphens between them, such as `20250106090000`; at most
    /// 40.
    pub stamp: String,
    /// The databases of the project.
    pub backend: Backend,
}

/// The databases of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// PostgreSQL only.
    Postgres,
    /// PostgreSQL and SQLite.
    Both,
}

/// Why the project cannot be written.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ProjectError {
    /// The name is not valid for a package and a directory.
    #[error(
        "name {0:?} is invalid: use at most 60 lower-case letters, digits and `_`, starting with a letter"
    )]
    Name(String),
    /// The stamp is not a valid migration version.
    #[error("stamp {0:?} is invalid: use at most 40 digits and hyphens, starting with a digit")]
    Stamp(String),
    /// There are no tables. Diesel rejects empty migrations.
    #[error("the conversion has no tables")]
    NoTables,
    /// The conversion names a table that does not exist in the schema.
    #[error("the conversion names the table {0:?}, which does not exist in the schema")]
    UnknownTable(String),
    /// The conversion names a column that does not exist in its table.
    #[error("the conversion names the column {column:?}, which does not exist in the table {table:?}")]
    UnknownColumn {
        /// The table in the source.
        table: String,
        /// The column.
        column: String,
    },
    /// Two names that differ in PostgreSQL are equal in SQLite.
    #[error("the name {0:?} differs from another one only in letter case, which SQLite does not allow")]
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
