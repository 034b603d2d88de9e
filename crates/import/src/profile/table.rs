//! The profiles of a table's columns.

use super::column::ColumnProfile;
use crate::decisions::Decisions;
use crate::schema::SqliteTable;
use crate::values::SourceValue;

/// The profile of a table, or of a part of it.
#[derive(Clone, Debug, Default)]
pub struct TableProfile {
    /// Rows.
    pub row_count: i64,
    /// The size of the values in bytes: 8 for a number, its bytes for a text or BLOB.
    pub size_bytes: i64,
    /// Its columns, in the order of the schema's.
    pub columns: Vec<ColumnProfile>,
}

impl TableProfile {
    /// The profile of a table without rows.
    #[must_use]
    pub fn new(table: &SqliteTable, decisions: &Decisions) -> Self {
        let columns = table.columns.iter().map(|column| {
            let (table, name) = (&table.name, &column.name);
            let forced = decisions.forced_types(table, name);
            let profile = ColumnProfile::new(&column.declared_type, forced, decisions.reading(table, name));
            profile.with_labels(decisions.labels(table, name))
        });
        Self { row_count: 0, size_bytes: 0, columns: columns.collect() }
    }

    /// Merges another part of the same table, read with the same decisions.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.columns.is_empty() {
            return other;
        }
        if other.columns.is_empty() {
            return self;
        }
        let pairs = self.columns.into_iter().zip(&other.columns);
        Self {
            row_count: self.row_count + other.row_count,
            size_bytes: self.size_bytes.saturating_add(other.size_bytes),
            columns: pairs.map(|(own, other)| own.merge(other)).collect(),
        }
    }

    /// Counts a row; its key is its rowid, or without one its number.
    pub fn observe(&mut self, rowid: Option<i64>, values: &[SourceValue<'_>]) {
        self.row_count += 1;
        let key = rowid.unwrap_or(self.row_count);
        let mut size = 0_usize;
        for (column, value) in self.columns.iter_mut().zip(values) {
            size = size.saturating_add(column.observe(key, *value));
        }
        self.size_bytes = self.size_bytes.saturating_add(i64::try_from(size).unwrap_or(i64::MAX));
    }
}
