//! What is asked of a verification.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::table::Key;

/// What is asked of a verification.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    /// How much is compared.
    pub depth: Depth,
    /// What is thought of rows that only the target has.
    pub only_in_target: OnlyInTarget,
    /// Whether differences say what the values are.
    pub show_values: bool,
    /// So many differences of a table are named; all are counted.
    pub limit: usize,
    /// Rows of the source that were set aside, by table: that the target lacks them is no difference.
    pub rejected: BTreeMap<String, BTreeSet<Key>>,
    /// What decides which rows a sample has.
    pub seed: u64,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            depth: Depth::Full,
            only_in_target: OnlyInTarget::Different,
            show_values: true,
            limit: 100,
            rejected: BTreeMap::new(),
            seed: 0,
        }
    }
}

impl VerifyOptions {
    /// The rows of `table` that were set aside.
    pub(super) fn rejected(&self, table: &str) -> &BTreeSet<Key> {
        static NONE: BTreeSet<Key> = BTreeSet::new();
        self.rejected.get(table).unwrap_or(&NONE)
    }
}

/// How much is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "rows")]
pub enum Depth {
    /// Only how many rows there are.
    Counts,
    /// About so many rows of each table, spread over its keys, with every value.
    Sample(u32),
    /// Every value of every row.
    Full,
}

/// What is thought of rows that only the target has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnlyInTarget {
    /// They are differences.
    Different,
    /// They were there before, or came since, and may.
    Kept,
}
