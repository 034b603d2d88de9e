//! Comparing less than everything: how many rows there are, or some rows of a table.

use std::hash::Hasher as _;
use std::ops::{Bound, ControlFlow};

use siphasher::sip::SipHasher13;

use super::bounds::key_bounds;
use super::context::Comparison;
use super::merge::{compare_range, note_failures};
use super::options::OnlyInTarget;
use super::result::{TableVerdict, TableVerification};
use crate::error::TransferError;
use crate::run::Event;
use crate::source::Source;
use crate::table::{Key, KeyRange, Order, ReadError, Table};

/// Counts the rows of both sides. Equal counts verify nothing.
pub(super) fn compare_counts(
    table: &dyn Table,
    comparison: &mut Comparison<'_>,
) -> Result<TableVerification, TransferError> {
    let Comparison { source, target, options, .. } = comparison;
    let mut result = TableVerification::new(table.name());
    let what = "count rows";
    result.source_rows = source
        .count(&table.source_sql().name)
        .map_err(|source| TransferError::ReadSource { what, source })?;
    result.target_rows = target
        .count(&target.full_name(table.name()))
        .map_err(|source| TransferError::UseTarget { what, source })?;
    let rejected = i64::try_from(options.rejected(table.name()).len()).unwrap_or(i64::MAX);
    let missing = (result.source_rows - result.target_rows).max(0);
    let more = (result.target_rows - result.source_rows).max(0);
    result.rejected_rows = missing.min(rejected);
    result.difference_count = missing - result.rejected_rows;
    match options.only_in_target {
        OnlyInTarget::Kept => result.kept_rows = more,
        OnlyInTarget::Different => result.difference_count += more,
    }
    if result.difference_count > 0 {
        result.verdict = TableVerdict::Different;
    }
    Ok(result)
}

/// Compares about `wanted` rows of a table that has more, spread over its keys, and the rows of the target directly
/// before each of them.
pub(super) fn compare_sample(
    table: &dyn Table,
    wanted: u32,
    counted: TableVerification,
    comparison: &mut Comparison<'_>,
) -> Result<TableVerification, TransferError> {
    let mut result = counted;
    let counted_differences = std::mem::take(&mut result.difference_count);
    let rejected_rows = result.rejected_rows;
    let mut last = None;
    let seed = comparison.options.seed;
    let bounds = key_bounds(table, comparison.source, comparison.target)?;
    for point in bounds.into_iter().flat_map(|bounds| points(table.name(), bounds, wanted, seed)) {
        let lower = match last {
            Some(last) if point <= last => Bound::Excluded(last),
            _ => Bound::Included(point),
        };
        let Some(row) = first_key(table, comparison.source, lower) else { break };
        let key = match row {
            Ok(key) => key,
            Err(error) => {
                note_failures(&mut result, [Err(error), Ok(())]);
                break;
            }
        };
        let range = KeyRange { lower, upper: Bound::Included(key) };
        let row_count = compare_range(table, range, comparison, &mut result)?;
        result.compared_rows += row_count;
        comparison.control.observe(&Event::Rows { table: table.name(), row_count, size_bytes: 0 });
        last = Some(key);
    }
    result.rejected_rows = rejected_rows;
    result.difference_count = result.difference_count.max(counted_differences);
    result.verdict = match (result.failed_side, result.difference_count) {
        (Some(_), _) => TableVerdict::CouldNotBeVerified,
        (None, 0) => TableVerdict::NotVerified,
        (None, _) => TableVerdict::Different,
    };
    Ok(result)
}

/// One key of each of `wanted` equal parts of all keys, the same for the same seed.
fn points(table: &str, (lowest, highest): (Key, Key), wanted: u32, seed: u64) -> impl Iterator<Item = Key> {
    let span = highest.ordinal().saturating_sub(lowest.ordinal());
    let width = (span / u128::from(wanted.max(1))).saturating_add(1);
    (0..wanted).map(move |part| {
        let mut hasher = SipHasher13::new_with_keys(seed, u64::from(part));
        hasher.write(table.as_bytes());
        let (high, low) = (hasher.finish(), {
            hasher.write_u8(0);
            hasher.finish()
        });
        let chosen = (u128::from(high) << 64 | u128::from(low)) % width;
        let place = lowest.ordinal() + (width - 1) * u128::from(part) + chosen.min(width - 1);
        lowest.at(place.min(highest.ordinal()))
    })
}

/// The first key of the source from `lower` on.
fn first_key(table: &dyn Table, source: &mut Source, lower: Bound<Key>) -> Option<Result<Key, ReadError>> {
    let mut first = None;
    let range = KeyRange { lower, upper: Bound::Unbounded };
    let outcome = table.read_source(source.sqlite(), range, Order::Key, &mut |row| {
        first = Some(row.map(|(key, _tuple)| key));
        ControlFlow::Break(())
    });
    outcome.err().map(Err).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_in_order_within_the_keys_and_the_same_for_a_seed() {
        let bounds = (Key::Integer(i64::MIN), Key::Integer(i64::MAX));
        let of = |seed| points("users", bounds, 1000, seed).collect::<Vec<_>>();
        assert!(of(1).is_sorted());
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        let few = (Key::Integer(-3), Key::Integer(2));
        assert!(points("users", few, 100, 7).all(|key| few.0 <= key && key <= few.1));
        let all = (Key::Uuid(uuid::Uuid::nil()), Key::Uuid(uuid::Uuid::max()));
        assert!(points("users", all, 100, 7).collect::<Vec<_>>().is_sorted());
        assert_eq!(points("users", all, 1, 7).count(), 1);
    }
}
