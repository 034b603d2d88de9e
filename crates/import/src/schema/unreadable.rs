//! Why a table could not be read.

use super::limits::MAX_COMPUTED;
use crate::finding::Rule;
use crate::rules::schema as rules;

/// Why a table could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum UnreadableTable {
    #[error("SQLite cannot report its columns: {0}")]
    Query(#[from] diesel::result::Error),
    #[error("SQLite has no table of this name")]
    Unknown,
    #[error("the name of {0} is not well-formed text")]
    NotText(&'static str),
    #[error("the action `{0}` of a foreign key is not supported")]
    UnknownWord(String),
    #[error("SQLite has to evaluate more than {MAX_COMPUTED} columns to read a row")]
    Expanding,
}

impl UnreadableTable {
    pub(super) fn rule(&self) -> &'static Rule {
        match self {
            Self::Expanding => &rules::EXPANDING_COLUMNS,
            Self::Query(_) | Self::Unknown | Self::NotText(_) | Self::UnknownWord(_) => &rules::UNREADABLE,
        }
    }
}
