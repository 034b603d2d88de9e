//! A position in the change log.

use serde::{Deserialize, Serialize};

/// The number of the last change that was applied, and the stamp of its row.
///
/// SQLite may give a number out again, after a power loss or when a backup is put back. The stamp is random: a row with
/// the same number and another stamp is another change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The number; 0 before the first change.
    pub seq: i64,
    /// The stamp of that row; 0 before the first change.
    pub stamp: i64,
}

impl Position {
    /// Before the first change.
    pub const BEGIN: Self = Self { seq: 0, stamp: 0 };
}
