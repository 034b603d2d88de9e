//! Estimating the bytes that a run will send, from a sample of each table.

use std::ops::{Bound, ControlFlow};

use diesel::prelude::*;

use crate::control::Control;
use crate::plan::Plan;
use crate::rows::TextRow;
use crate::source::Source;
use crate::table::{Key, KeyRange, Order, SourceSql, Table};

/// Rows that are read at each point of a table.
const ROWS_AT_POINT: usize = 32;
/// No more rows are read at a point after so many bytes: a table of large values is small in rows.
const BYTES_AT_POINT: usize = 256 << 10;
/// The limits on points of a table.
const FEWEST_POINTS: u32 = 4;
const MOST_POINTS: u32 = 16;
/// One row in so many is read.
const ONE_ROW_IN: i64 = 200;

/// Sets the size of each table of the plan: of a sample of its rows, spread over its keys and encoded as for COPY, times
/// its row count. A table whose sample cannot be read keeps no size: the copy will report why.
pub fn estimate_sizes(source: &mut Source, plan: &mut Plan, control: Control<'_>) {
    for table in &mut plan.tables {
        if control.is_stopping() {
            return;
        }
        table.size_bytes = match table.total {
            ..=0 => Some(0),
            total => sample(source, table.table.as_ref(), total).map(|sample| sample.scaled_to(total)),
        };
    }
}

#[derive(Default)]
struct Sample {
    row_count: u64,
    size_bytes: u64,
}

impl Sample {
    fn scaled_to(&self, total: i64) -> u64 {
        let total = u128::from(total.unsigned_abs());
        let size_bytes = u128::from(self.size_bytes) * total / u128::from(self.row_count.max(1));
        u64::try_from(size_bytes).unwrap_or(u64::MAX)
    }
}

/// Reads the sample; `None` where no row of it can be read.
fn sample(source: &mut Source, table: &dyn Table, total: i64) -> Option<Sample> {
    let rows_at_point = i64::try_from(ROWS_AT_POINT).unwrap_or(i64::MAX);
    let point_count = u32::try_from(total / ONE_ROW_IN / rows_at_point).unwrap_or(MOST_POINTS);
    let mut sample = Sample::default();
    for point in points(source, table, total, point_count.clamp(FEWEST_POINTS, MOST_POINTS)) {
        let range =
            KeyRange { lower: point.map_or(Bound::Unbounded, Bound::Included), upper: Bound::Unbounded };
        let (mut rows_left, mut bytes_left) = (ROWS_AT_POINT, BYTES_AT_POINT);
        let outcome = table.read_source(source.sqlite(), range, Order::Key, &mut |row| {
            if let Ok((_key, tuple)) = row {
                sample.row_count += 1;
                sample.size_bytes += u64::try_from(tuple.len()).unwrap_or(u64::MAX);
                bytes_left = bytes_left.saturating_sub(tuple.len());
            }
            rows_left -= 1;
            if rows_left == 0 || bytes_left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        outcome.ok()?;
    }
    (sample.row_count > 0).then_some(sample)
}

/// The keys from which rows are read, in the middle of parts of equal width: the first rows of a table are often unlike the
/// others. `None` is the lowest key.
fn points(source: &mut Source, table: &dyn Table, total: i64, point_count: u32) -> Vec<Option<Key>> {
    let Some(lowest) = end(source, table, "ASC") else { return vec![None] };
    let highest = match table.key_column() {
        Some(_) => end(source, table, "DESC"),
        // A key that is the position of the row: reaching the last one costs reading all before it.
        None => Some(lowest.at(lowest.ordinal().saturating_add(u128::from(total.unsigned_abs()) / 16))),
    };
    let Some(highest) = highest else { return vec![None] };
    let width = highest.ordinal().saturating_sub(lowest.ordinal()) / u128::from(point_count);
    let place = |number: u32| lowest.ordinal().saturating_add(width * u128::from(number) + width / 2);
    (0..point_count).map(|number| Some(lowest.at(place(number)))).collect()
}

/// The first key in this direction.
fn end(source: &mut Source, table: &dyn Table, direction: &str) -> Option<Key> {
    let SourceSql { from, key, .. } = table.source_sql();
    if table.key_column().is_none() {
        return Some(Key::Integer(1));
    }
    let query = format!("SELECT CAST({key} AS TEXT) AS words FROM {from} ORDER BY {key} {direction} LIMIT 1");
    let found: Option<TextRow> = diesel::sql_query(query).get_result(source.sqlite()).optional().ok()?;
    found.and_then(|row| Key::parse(&row.words))
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn a_sample_is_scaled_to_all_rows() {
        assert_eq!(Sample { row_count: 32, size_bytes: 3200 }.scaled_to(1000), 100_000);
        assert_eq!(Sample { row_count: 3, size_bytes: 10 }.scaled_to(3), 10);
        assert_eq!(Sample { row_count: 1, size_bytes: u64::MAX }.scaled_to(i64::MAX), u64::MAX);
        assert_eq!(Sample::default().scaled_to(5), 0);
    }
}
