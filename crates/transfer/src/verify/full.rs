//! Comparing every value of every row of a table: by digests first, then the rows of the buckets that differ.

use std::collections::BTreeSet;

use super::bounds::key_bounds;
use super::context::Comparison;
use super::digest::{Buckets, Digester, Digests};
use super::instants::{InstantRange, instant_columns};
use super::merge::{compare_range, note_failures};
use super::reading::Reading;
use super::result::{Side, TableVerdict, TableVerification};
use crate::error::TransferError;
use crate::run::Event;
use crate::table::{EachRow, KeyRange, Order, ReadError, Table};

/// Compares a table.
pub(super) fn compare_all(
    table: &dyn Table,
    comparison: &mut Comparison<'_>,
) -> Result<TableVerification, TransferError> {
    let mut result = TableVerification::new(table.name());
    let Some((lowest, highest)) = key_bounds(table, comparison.source, comparison.target)? else {
        result.verdict = TableVerdict::Verified;
        return Ok(result);
    };
    let columns = instant_columns(comparison.expected, table);
    let (digester, buckets) = (Digester::new(), Buckets::over(lowest, highest));
    let side = || Reading::new(Digests::new(digester, buckets), InstantRange::new(&columns));
    let (mut left, mut right) = (side(), side());
    let outcomes = read_both(table, comparison, (&mut left, &mut right))?;
    result.source_rows = left.row_count;
    result.target_rows = right.row_count;
    result.rejected_rows = left.rejected_rows;
    result.source_instants = left.instants.show();
    result.target_instants = right.instants.show();
    note_failures(&mut result, outcomes);
    if result.failed_side.is_none() {
        result.ranges = left.digests.different_ranges(&right.digests);
        for range in result.ranges.clone() {
            compare_range(table, range, comparison, &mut result)?;
        }
        result.compared_rows = result.source_rows - result.rejected_rows;
    } else if result.failed_side == Some(Side::Target) {
        result.ranges = vec![KeyRange::ALL];
    }
    result.verdict = match (result.failed_side, result.difference_count) {
        (Some(_), _) => TableVerdict::CouldNotBeVerified,
        (None, 0) => TableVerdict::Verified,
        (None, _) => TableVerdict::Different,
    };
    Ok(result)
}

/// Reads both sides at once.
fn read_both(
    table: &dyn Table,
    comparison: &mut Comparison<'_>,
    (left, right): (&mut Reading<'_>, &mut Reading<'_>),
) -> Result<[Result<(), ReadError>; 2], TransferError> {
    let control = comparison.control;
    let rejected = comparison.options.rejected(table.name());
    let (sqlite, postgres) = (comparison.source.sqlite(), comparison.target.postgres());
    let none = BTreeSet::new();
    let outcomes = std::thread::scope(|scope| {
        let source_reader = scope.spawn(move || {
            let report = |row_count, size_bytes| {
                control.observe(&Event::Rows { table: table.name(), row_count, size_bytes });
            };
            let read = |each: &mut EachRow<'_>| table.read_source(sqlite, KeyRange::ALL, Order::Any, each);
            left.read(rejected, control.stop, report, read)
        });
        let target_reader = scope.spawn(|| {
            let read = |each: &mut EachRow<'_>| table.read_target(postgres, KeyRange::ALL, Order::Any, each);
            right.read(&none, control.stop, |_, _| {}, read)
        });
        let lost = |_panic| TransferError::ReaderLost;
        Ok::<_, TransferError>([source_reader.join().map_err(lost)?, target_reader.join().map_err(lost)?])
    })?;
    control.go_on()?;
    Ok(outcomes)
}
