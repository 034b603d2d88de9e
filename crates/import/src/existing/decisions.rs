//! The user's settings for matching.

use std::collections::BTreeMap;

use crate::types::TargetType;

/// The settings; empty by default.
#[derive(Clone, Debug, Default)]
pub struct MatchDecisions {
    /// By the name of the source's table.
    pub tables: BTreeMap<String, TableMatchDecision>,
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
    /// The form of its values, which must be one of those that the target's type supports.
    pub target_type: Option<TargetType>,
}
