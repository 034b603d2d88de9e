//! The text of a statement in `sqlite_schema`.

use super::model::Encoding;
use super::pragmas::{self, SchemaEntry};

/// A statement of `sqlite_schema`.
pub(super) enum StatementText {
    /// Its text.
    Text(String),
    /// It exceeds the size limit.
    TooLarge,
    /// It is not well-formed text.
    NotText,
    /// It does not exist, as for indexes that SQLite creates itself.
    None,
}

impl StatementText {
    pub(super) fn of(encoding: Encoding, entry: &SchemaEntry) -> Self {
        match (&entry.sql, entry.length) {
            (Some(bytes), _) => match pragmas::text(encoding, bytes) {
                // SQLite itself reads up to the first NUL.
                Some(text) => Self::Text(text.split('\0').next().unwrap_or_default().to_owned()),
                None => Self::NotText,
            },
            (None, Some(_)) => Self::TooLarge,
            (None, None) => Self::None,
        }
    }

    pub(super) fn sql(&self) -> Option<&str> {
        match self {
            Self::Text(sql) => Some(sql),
            Self::TooLarge | Self::NotText | Self::None => None,
        }
    }
}
