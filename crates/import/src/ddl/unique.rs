//! The unique keys of PostgreSQL, which foreign keys need.

use std::collections::{BTreeSet, HashSet};

use super::part::{ConvertedColumn, ConvertedTable, ConvertedTables, folded};

/// Sets of columns with a unique constraint or index that a foreign key can reference; and those that foreign keys
/// reference.
pub(super) struct Uniques {
    made: HashSet<(usize, BTreeSet<String>)>,
    needed: HashSet<(usize, BTreeSet<String>)>,
    /// The column lists of key indexes, in order.
    indexed: HashSet<(usize, Vec<String>)>,
}

impl Uniques {
    pub(super) fn new(parts: &ConvertedTables<'_>) -> Self {
        let needed = parts
            .iter()
            .flat_map(|part| &part.table.foreign_keys)
            .filter_map(|key| {
                let parent = parts.named(&key.parent_table)?;
                Some((parent.index, key.parent_columns.iter().map(|name| folded(name)).collect()))
            })
            .collect();
        Self { made: HashSet::new(), needed, indexed: HashSet::new() }
    }

    /// Whether a foreign key references these columns.
    pub(super) fn is_needed(&self, part: &ConvertedTable<'_>, columns: &[&ConvertedColumn<'_>]) -> bool {
        self.needed.contains(&(part.index, set(columns)))
    }

    /// Records a key, or a unique index on columns; and whether all terms have one direction.
    pub(super) fn make(
        &mut self,
        part: &ConvertedTable<'_>,
        columns: &[&ConvertedColumn<'_>],
        is_one_way: bool,
    ) {
        let set = set(columns);
        // A foreign key has no duplicate column, so it cannot reference an index that has one.
        if set.len() == columns.len() {
            self.made.insert((part.index, set));
        }
        if is_one_way {
            self.indexed.insert((part.index, list(columns)));
        }
    }

    /// Whether a foreign key can reference these columns.
    pub(super) fn is_made(&self, part: &ConvertedTable<'_>, columns: &[&ConvertedColumn<'_>]) -> bool {
        self.made.contains(&(part.index, set(columns)))
    }

    /// Whether a key's index has these columns in this order.
    pub(super) fn is_indexed(&self, part: &ConvertedTable<'_>, columns: &[&ConvertedColumn<'_>]) -> bool {
        self.indexed.contains(&(part.index, list(columns)))
    }
}

fn list(columns: &[&ConvertedColumn<'_>]) -> Vec<String> {
    columns.iter().map(|column| folded(&column.source.name)).collect()
}

fn set(columns: &[&ConvertedColumn<'_>]) -> BTreeSet<String> {
    columns.iter().map(|column| folded(&column.source.name)).collect()
}
