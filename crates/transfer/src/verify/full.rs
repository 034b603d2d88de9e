//! Comparing every value of every row of a table: by digests first, then the rows of the buckets that differ.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;

use super::bounds::key_bounds;
use super::digest::{Buckets, Digester, Digests};
use super::instants::{InstantRange, instant_columns};
use super::merge::{compare_range, note_failures};
use super::options::VerifyOptions;
use super::reading::Reading;
use super::result::{Side, TableVerification, Verdict};
use crate::copy::{CopyError, Event, Source, Target};
use crate::table::{KeyRange, Order, Table};
use databases::catalog::Catalog;

/// Compares a table.
pub(super) fn compare_all(
    table: &'static dyn Table,
    catalog: &Catalog,
    source: &mut Source,
    target: &mut Target,
    options: &VerifyOptions,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
) -> Result<TableVerification, CopyError> {
    let mut result = TableVerification::new(table.name());
    let Some((lowest, highest)) = key_bounds(table, source, target)? else {
        result.verdict = Verdict::Verified;
        return Ok(result);
    };
    let columns = instant_columns(catalog, table);
    let (digester, buckets) = (Digester::new(), Buckets::over(lowest, highest));
    let side = || Reading::new(Digests::new(digester, buckets), InstantRange::new(&columns));
    let (mut left, mut right) = (side(), side());
    let outcomes = read_both(table, source, target, options, stop, progress, (&mut left, &mut right))?;
    result.source_rows = left.row_count;
    result.target_rows = right.row_count;
    result.rejected_rows = left.rejected_rows;
    result.source_instants = left.instants.show();
    result.target_instants = right.instants.show();
    note_failures(&mut result, outcomes);
    if result.failed_side.is_none() {
        result.ranges = left.digests.different_ranges(&right.digests);
        for range in result.ranges.clone() {
            compare_range(table, range, source, target, options, stop, &mut result)?;
        }
        result.compared_rows = result.source_rows - result.rejected_rows;
    } else if result.failed_side == Some(Side::Target) {
        result.ranges = vec![KeyRange::ALL];
    }
    result.verdict = match (result.failed_side, result.difference_count) {
        (Some(_), _) => Verdict::CouldNotBeVerified,
        (None, 0) => Verdict::Verified,
        (None, _) => Verdict::Different,
    };
    Ok(result)
}

/// Reads both sides at once.
fn read_both(
    table: &'static dyn Table,
    source: &mut Source,
    target: &mut Target,
    options: &VerifyOptions,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
    (left, right): (&mut Reading<'_>, &mut Reading<'_>),
) -> Result<[Result<(), crate::table::ReadError>; 2], CopyError> {
    let (sqlite, postgres) = (source.sqlite(), target.postgres());
    let rejected = options.rejected(table.name());
    let none = std::collections::BTreeSet::new();
    let outcomes = std::thread::scope(|scope| {
        let (send, receive) = channel();
        let source_reader = scope.spawn(move || {
            let tell = |row_count| {
                let _ = send.send(row_count);
            };
            left.read(rejected, stop, tell, |each| table.read_source(sqlite, KeyRange::ALL, Order::Any, each))
        });
        let target_reader = scope.spawn(|| {
            let read = |each: &mut crate::table::EachRow<'_>| {
                table.read_target(postgres, KeyRange::ALL, Order::Any, each)
            };
            right.read(&none, stop, |_row_count| {}, read)
        });
        for row_count in receive {
            progress(Event::Rows { table: table.name(), row_count });
        }
        let lost = |_panic| CopyError::ReaderLost;
        Ok::<_, CopyError>([source_reader.join().map_err(lost)?, target_reader.join().map_err(lost)?])
    })?;
    if stop.load(Ordering::Relaxed) {
        return Err(CopyError::Interrupted);
    }
    Ok(outcomes)
}
