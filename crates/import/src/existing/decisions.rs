//! The user's settings for matching.

use std::collections::BTreeMap;

use crate::types::TargetType;

/// The settings; empty by default.
#[derive(Clone, Debug, Default)]
pub struct MatchDecisions {
    /// By the name of the source's table.
    pub tables: BTreeMap<String, TableMatchDecision>,
    /// The tables of the source that are copied, also if they are those of a migration tool; empty for all others.
    pub only: Vec<String>,
    /// Whether text without an offset is UTC if the target's column is `timestamptz`. `None`: if the application is
    /// known to write UTC.
    pub assume_utc: Option<bool>,
}

/// The settings for a table.
#[derive(Clone, Debug, Default)]
pub struct TableMatchDecision {
    /// The target's table.
    pub target: Option<String>,
    /// Whether it is skipped.
    pub leave_out: bool,
    /// By the name of the source's column.
    pub columns: BTreeMap<String, ColumnMatchDecision>,
}

/// The settings for a column.
#[derive(Clone, Debug, Default)]
pub struct ColumnMatchDecision {
    /// The target's column.
    pub target: Option<String>,
    /// Whether it is skipped.
    pub leave_out: bool,
    /// The forms of its values, of which at least one must be of the target's type; empty if not set.
    pub target_types: Vec<TargetType>,
}
