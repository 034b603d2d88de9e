//! A table compared by a hash of its primary key, or of whole rows if it has none: no column of the target holds the
//! key by which the source is read.
//!
//! The engine adds the digests of rows to buckets of these keys as rows arrive. Rows of buckets that differ are read
//! in the order of the hashes, for which there is no index: one slice at a time is collected and sorted, with one
//! pass over the table for each slice. Rows with the same hash get consecutive keys, in the order of their bytes, so
//! that duplicate rows of both sides are compared with each other.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use diesel::{PgConnection, QueryResult, SqliteConnection};
use xxhash_rust::xxh3::Xxh3Default;

use super::order::bounds;
use super::{ForeignTable, tuple_fields};
use transfer::table::{EachRow, Key, KeyRange, Order, ReadError, SourceSql, Table};

/// The approximate size of a slice in bytes, as far as the size of the table is known.
const SLICE_BYTES: u64 = 16 << 20;

/// The number of first values that identify a row without a key.
const NAMED_BY: usize = 4;
/// The number of characters shown of each value.
const SHOWN: usize = 40;

/// A table compared by hashes.
pub struct Hashed {
    table: Arc<ForeignTable>,
    /// Rejected rows of the source, by the keys by which it is read: they are skipped.
    rejected: BTreeSet<Key>,
}

impl Hashed {
    /// The table, compared by hashes.
    pub fn new(table: ForeignTable) -> Self {
        Self { table: Arc::new(table), rejected: BTreeSet::new() }
    }

    fn hash(&self, tuple: &[u8]) -> i64 {
        let mut hash = Xxh3Default::new();
        let mut add = |field: Option<&[u8]>| {
            let length = field.map_or(-1, |field| i64::try_from(field.len()).unwrap_or(i64::MAX));
            hash.update(&length.to_be_bytes());
            hash.update(field.unwrap_or_default());
        };
        let fields = tuple_fields(tuple);
        match self.table.key_fields.as_slice() {
            [] => fields.for_each(&mut add),
            places => fields
                .enumerate()
                .filter(|(place, _)| places.contains(place))
                .for_each(|(_, field)| add(field)),
        }
        hash.digest().cast_signed()
    }

    /// The row's identification: its primary key, or its first values if it has none.
    fn name(&self, tuple: &[u8]) -> String {
        let columns = self.table.columns.iter().zip(self.table.show(tuple)).enumerate();
        let key = &self.table.key_fields;
        let named =
            columns.filter(|(place, _)| if key.is_empty() { *place < NAMED_BY } else { key.contains(place) });
        let words = named.map(|(_, (column, value))| {
            let short: String = value.chars().take(SHOWN).collect();
            let more = if short.len() < value.len() { "…" } else { "" };
            format!("{column} {short}{more}")
        });
        words.collect::<Vec<_>>().join(", ")
    }

    /// The row with its hash.
    fn hashed<'t>(&self, row: Result<(Key, &'t [u8]), ReadError>) -> Result<(Key, &'t [u8]), ReadError> {
        row.map(|(_, tuple)| (Key::Integer(self.hash(tuple)), tuple))
    }

    /// Returns the rows of `range` in the order of their hashes, of the side that `read` scans.
    fn in_order(
        &self,
        range: KeyRange,
        each: &mut EachRow<'_>,
        mut read: impl FnMut(&mut EachRow<'_>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let Some((lower, upper)) = bounds(range) else { return Ok(()) };
        let mut stopped = false;
        for (first, last) in self.slices(lower, upper) {
            let mut rows: Vec<(i64, Vec<u8>)> = Vec::new();
            read(&mut |row| match row {
                Ok((_, tuple)) => {
                    let hash = self.hash(tuple);
                    if (first..=last).contains(&hash) {
                        rows.push((hash, tuple.to_vec()));
                    }
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    let flow = each(Err(error));
                    stopped |= flow.is_break();
                    flow
                }
            })?;
            rows.sort();
            let mut previous: Option<i64> = None;
            for (hash, tuple) in rows {
                // A key for each row; past the highest key there is none, and rows are compared in the order of
                // arrival.
                let key =
                    previous.filter(|previous| *previous >= hash).map_or(hash, |key| key.saturating_add(1));
                previous = Some(key);
                stopped = stopped || each(Ok((Key::Integer(key), &tuple))).is_break();
                if stopped {
                    return Ok(());
                }
            }
            if stopped {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Splits the hashes from `lower` to `upper` so that the rows of a slice take about [`SLICE_BYTES`].
    fn slices(&self, lower: i64, upper: i64) -> impl Iterator<Item = (i64, i64)> {
        let span = upper.abs_diff(lower);
        let size_bytes = u64::try_from(self.table.size_bytes).unwrap_or(0).max(1);
        // The share of all possible hashes that one slice covers.
        let width = (u128::from(u64::MAX) * u128::from(SLICE_BYTES) / u128::from(size_bytes)).max(1);
        let width = u64::try_from(width).unwrap_or(u64::MAX);
        let mut next = Some(lower);
        std::iter::from_fn(move || {
            let first = next?;
            let left = span - first.abs_diff(lower);
            let last = first.saturating_add_unsigned(width.min(left));
            next = if last >= upper { None } else { last.checked_add(1) };
            Some((first, last))
        })
    }

    fn read_all(&self, source: &mut SqliteConnection, each: &mut EachRow<'_>) -> Result<(), ReadError> {
        self.table.read_source(source, KeyRange::ALL, Order::Any, &mut |row| match &row {
            Ok((key, _)) | Err(ReadError::Encode { key, .. }) if self.rejected.contains(key) => {
                ControlFlow::Continue(())
            }
            _ => each(row),
        })
    }

    fn read_all_of_target(&self, target: &mut PgConnection, each: &mut EachRow<'_>) -> Result<(), ReadError> {
        let read = self.table.read_tuples(target, KeyRange::ALL, Order::Any, each);
        read.map_err(self.table.query_error())
    }
}

impl Table for Hashed {
    fn name(&self) -> &str {
        &self.table.name
    }

    fn columns(&self) -> Vec<&str> {
        self.table.columns()
    }

    fn source_sql(&self) -> SourceSql {
        self.table.source_sql()
    }

    fn key_column(&self) -> Option<&str> {
        None
    }

    fn read_source(
        &self,
        source: &mut SqliteConnection,
        range: KeyRange,
        order: Order,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        match order == Order::Any && range == KeyRange::ALL {
            true => self.read_all(source, &mut |row| each(self.hashed(row))),
            false => self.in_order(range, each, |row| self.read_all(source, row)),
        }
    }

    fn read_target(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        order: Order,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        match order == Order::Any && range == KeyRange::ALL {
            true => self.read_all_of_target(target, &mut |row| each(self.hashed(row))),
            false => self.in_order(range, each, |row| self.read_all_of_target(target, row)),
        }
    }

    fn read_source_keys(
        &self,
        source: &mut SqliteConnection,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()> {
        self.table.read_source_keys(source, each)
    }

    fn read_target_keys(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()> {
        self.table.read_target_keys(target, range, each)
    }

    fn show_source(&self, source: &mut SqliteConnection, key: Key) -> QueryResult<Option<Vec<String>>> {
        let mut shown = None;
        let found = self.in_order(
            KeyRange::only(key),
            &mut |row| {
                shown = row.ok().map(|(_, tuple)| self.table.show(tuple));
                ControlFlow::Break(())
            },
            |row| self.read_all(source, row),
        );
        found.map(|()| shown).map_err(into_query_error)
    }

    fn show_target(&self, target: &mut PgConnection, key: Key) -> QueryResult<Option<Vec<String>>> {
        let mut shown = None;
        let found = self.in_order(
            KeyRange::only(key),
            &mut |row| {
                shown = row.ok().map(|(_, tuple)| self.table.show(tuple));
                ControlFlow::Break(())
            },
            |row| self.read_all_of_target(target, row),
        );
        found.map(|()| shown).map_err(into_query_error)
    }

    fn name_rows(
        &self,
        source: &mut SqliteConnection,
        target: &mut PgConnection,
        keys: &BTreeSet<Key>,
    ) -> Result<BTreeMap<Key, String>, ReadError> {
        let mut names = BTreeMap::new();
        let mut note = |row: Result<(Key, &[u8]), ReadError>| {
            if let Ok((_, tuple)) = row {
                let key = Key::Integer(self.hash(tuple));
                if keys.contains(&key) {
                    names.entry(key).or_insert_with(|| self.name(tuple));
                }
            }
            ControlFlow::Continue(())
        };
        self.read_all(source, &mut note)?;
        self.read_all_of_target(target, &mut note)?;
        Ok(names)
    }

    fn without(&self, keys: &BTreeSet<Key>) -> Option<Arc<dyn Table>> {
        Some(Arc::new(Self { table: Arc::clone(&self.table), rejected: keys.clone() }))
    }

    fn write_target(&self, target: &mut PgConnection, data: &[u8]) -> QueryResult<usize> {
        self.table.write_target(target, data)
    }
}

fn into_query_error(error: ReadError) -> diesel::result::Error {
    match error {
        ReadError::Query { source, .. } => source,
        error => diesel::result::Error::DeserializationError(Box::new(error)),
    }
}
