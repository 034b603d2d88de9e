//! The options of a verification.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::copy::{CopyError, Target, rejected_keys};
use crate::table::{Key, Table};

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

/// The keys of rejected rows of this source, by table, for [`VerifyOptions::rejected`]. A table that skips such rows by
/// itself has none.
///
/// # Errors
/// When the target fails.
pub fn rejected(
    target: &mut Target,
    source_id: &str,
    tables: &[&'static dyn Table],
) -> Result<BTreeMap<String, BTreeSet<Key>>, CopyError> {
    let mut rejected = rejected_keys(target, source_id)?;
    let of = |name: &String| tables.iter().find(|table| table.name() == name);
    rejected.retain(|name, keys| of(name).is_none_or(|table| !table.leave_out(keys)));
    Ok(rejected)
}
