//! The options of a verification.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::not_in_force::NotInForce;
use crate::error::TransferError;
use crate::table::{Key, Table};
use crate::target::Target;
use crate::target::state::rejected_keys;

/// The options of a verification.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    /// How much is compared.
    pub depth: Depth,
    /// Whether rows that only the target has are differences.
    pub only_in_target: OnlyInTarget,
    /// Whether differences say what the values are.
    pub show_values: bool,
    /// The number of differences of a table that are listed; all are counted.
    pub limit: usize,
    /// Rejected rows of the source, by table: that the target lacks them is no difference.
    pub rejected: BTreeMap<String, BTreeSet<Key>>,
    /// What was not in force before the run: that it still is not is no difference.
    pub not_in_force_before: Vec<NotInForce>,
    /// Whether foreign keys are not in force while the target is followed: that they are missing is no difference. Rows
    /// without their parents are.
    pub without_foreign_keys: bool,
    /// The seed that selects the rows of a sample.
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
            not_in_force_before: Vec::new(),
            without_foreign_keys: false,
            seed: 0,
        }
    }
}

impl VerifyOptions {
    /// The keys of rejected rows of `table`.
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

/// Whether rows that only the target has are differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnlyInTarget {
    /// They are differences.
    Different,
    /// They are not: the target held them before, or the application added them since.
    Kept,
}

/// The tables and the keys of rejected rows of this source, by table, for `VerifyOptions::rejected`. A table that is
/// compared by other keys is replaced by one that skips these rows, and has none of them in the map.
///
/// # Errors
/// When the target fails.
#[expect(clippy::type_complexity, reason = "two results of one query")]
pub fn without_rejected(
    target: &mut Target,
    source_id: &str,
    tables: &[Arc<dyn Table>],
) -> Result<(Vec<Arc<dyn Table>>, BTreeMap<String, BTreeSet<Key>>), TransferError> {
    let mut rejected = rejected_keys(target, source_id)?;
    let mut compared = Vec::with_capacity(tables.len());
    for table in tables {
        let other = rejected.get(table.name()).and_then(|keys| table.without(keys));
        if other.is_some() {
            rejected.remove(table.name());
        }
        compared.push(other.unwrap_or_else(|| Arc::clone(table)));
    }
    Ok((compared, rejected))
}
