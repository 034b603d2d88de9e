//! Reads the rows of a source, by rowid or by position.

use std::ops::ControlFlow;

use diesel::{QueryResult, SqliteConnection};

use super::order::{bounds, reading};
use super::{ForeignTable, SourceOrder};
use crate::rows::read_rows;
use crate::values::{self, SourceValue};
use databases::name::quote_name;
use transfer::table::{EachRow, Key, KeyRange, ReadError};
use transfer::values::Unencodable;

/// The buffer capacity for a tuple that is kept from row to row.
const KEPT_BYTES: usize = 1024 * 1024;

impl ForeignTable {
    /// Returns the rows of `range` in order, each as a tuple or the reason why it cannot be encoded.
    pub(super) fn read_rows(
        &self,
        source: &mut SqliteConnection,
        range: KeyRange,
        each: &mut EachRow<'_>,
    ) -> QueryResult<()> {
        let columns = self.sql.columns.join(", ");
        let mut tuple = Vec::new();
        self.select(source, range, &columns, &mut |key, row| {
            tuple.clear();
            // The memory of one large row is released again.
            tuple.shrink_to(KEPT_BYTES);
            each(self.encode(key, row, &mut tuple).map(|()| (key, tuple.as_slice())))
        })
    }

    /// Returns the keys in order.
    pub(super) fn read_keys(
        &self,
        source: &mut SqliteConnection,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()> {
        self.select(source, KeyRange::ALL, "1", &mut |key, _| each(key))
    }

    fn select(
        &self,
        source: &mut SqliteConnection,
        range: KeyRange,
        columns: &str,
        each: &mut dyn FnMut(Key, &[SourceValue<'_>]) -> ControlFlow<()>,
    ) -> QueryResult<()> {
        let Some((lower, upper)) = bounds(range) else { return Ok(()) };
        let name = quote_name(&self.sql.name);
        match &self.order {
            SourceOrder::Rowid => {
                let key = &self.sql.key;
                let query = format!(
                    "SELECT {key}, {columns} FROM {name} NOT INDEXED WHERE {key} BETWEEN ? AND ? ORDER BY {key}"
                );
                read_rows(
                    source,
                    &query,
                    &[lower, upper],
                    self.encoding,
                    &mut |row| match row.split_first() {
                        Some((SourceValue::Integer(key), row)) => each(Key::Integer(*key), row),
                        _ => ControlFlow::Break(()),
                    },
                )
            }
            SourceOrder::Position(by) => {
                let skipped = lower.max(1) - 1;
                let wanted = upper.saturating_sub(skipped);
                let by = reading(by);
                let query = format!("SELECT {columns} FROM {name} {by} LIMIT ? OFFSET ?");
                let mut position = skipped;
                read_rows(source, &query, &[wanted, skipped], self.encoding, &mut |row| {
                    position += 1;
                    each(Key::Integer(position), row)
                })
            }
        }
    }

    /// Appends the row as one tuple of binary COPY: the number of fields, then the fields.
    fn encode(&self, key: Key, row: &[SourceValue<'_>], tuple: &mut Vec<u8>) -> Result<(), ReadError> {
        let field_count = u16::try_from(self.fields.len()).unwrap_or(u16::MAX);
        tuple.extend_from_slice(&field_count.to_be_bytes());
        for (place, (value, field)) in row.iter().zip(&self.fields).enumerate() {
            values::encode(*value, field.read_as(), field.on_incompatible, tuple).map_err(|unfit| {
                ReadError::Encode {
                    table: self.name.clone(),
                    column: self.columns.get(place).cloned().unwrap_or_default(),
                    key,
                    source: Unencodable::Unfit(Box::new(unfit)),
                }
            })?;
        }
        Ok(())
    }
}
