//! What somebody decided about a match.

use std::collections::BTreeMap;

use crate::types::TargetType;

/// What was decided; nothing by default.
#[derive(Clone, Debug, Default)]
pub struct MatchDecisions {
    /// By the name of the source's table.
    pub tables: BTreeMap<String, TableDecision>,
    /// Whether text without an offset is UTC where the target's column is `timestamptz`. `None`: where the application
    /// is known to write it so.
    pub assume_utc: Option<bool>,
}

/// What was decided about a table.
#[derive(Clone, Debug, Default)]
pub struct TableDecision {
    /// The target's table it goes into.
    pub target: Option<String>,
    /// Whether it is left out.
    pub leave_out: bool,
    /// By the name of the source's column.
    pub columns: BTreeMap<String, ColumnDecision>,
}

/// What was decided about a column.
#[derive(Clone, Debug, Default)]
pub struct ColumnDecision {
    /// The target's column it goes into.
    pub target: Option<String>,
    /// Whether it is left out.
    pub leave_out: bool,
    /// The form its values are in, which has to be one of those that the target's type takes.
    pub target_type: Option<TargetType>,
}
