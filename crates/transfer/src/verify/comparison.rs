//! Comparing both sides in one snapshot of each: rows table by table, then the structure of the target.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Comparison;
use super::options::Depth;
use super::result::{Difference, TableVerification, Verification};
use super::{full, sample, size, structure, values};
use crate::error::TransferError;
use crate::run::Event;
use crate::table::{Key, Table};
use crate::target::{SequenceState, sequence_states};

/// Compares the tables of both sides, and the structure of the target with what is expected of it. Writes nothing.
///
/// # Errors
/// When the catalog or the sequences of the target cannot be read, or the user interrupts. A table that cannot be read
/// is no error: its verdict says so.
pub fn verify(comparison: &mut Comparison<'_>) -> Result<Verification, TransferError> {
    let Comparison { source, target, tables, expected, options, skipped, control } = comparison;
    let (tables, expected, options, skipped, control) = (*tables, *expected, *options, *skipped, *control);
    target.in_snapshot(|target| {
        verify_in_snapshot(&mut Comparison { source, target, tables, expected, options, skipped, control })
    })
}

fn verify_in_snapshot(comparison: &mut Comparison<'_>) -> Result<Verification, TransferError> {
    let tables = comparison.tables;
    let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
    // Only where every page is read anyway.
    let of_source = match comparison.options.depth {
        Depth::Full => size::source_sizes(comparison.source)?,
        Depth::Counts | Depth::Sample(_) => BTreeMap::new(),
    };
    let of_target = size::target_sizes(comparison.target, &names)?;
    let mut compared = Vec::with_capacity(tables.len());
    for table in tables {
        let mut result = compare(table.as_ref(), comparison)?;
        result.source_size_bytes = of_source.get(table.name()).copied();
        result.target_size_bytes = of_target.get(table.name()).copied();
        comparison.control.observe(&Event::TableDone { table: table.name() });
        compared.push(result);
    }
    let Comparison { source, target, expected, options, skipped, .. } = comparison;
    let sequences = sequence_states(source, target, tables)?;
    let mut orphans = structure::orphans(target, expected, tables)?;
    orphans.extend(structure::orphans_of_reported(target, skipped)?);
    let not_in_force = structure::not_in_force(target, &names, skipped)?;
    let (not_in_force_before, not_in_force) = not_in_force
        .into_iter()
        .partition(|found| options.not_in_force_before.iter().any(|before| before.is_same(found)));
    Ok(Verification {
        depth: options.depth,
        seed: matches!(options.depth, Depth::Sample(_)).then_some(options.seed),
        tables: compared,
        orphans,
        sequences_behind: sequences.into_iter().filter(SequenceState::is_behind).collect(),
        not_in_force,
        not_in_force_before,
        structure: structure::differences(target, expected, options.without_foreign_keys)?,
    })
}

/// Compares one table to the depth that is requested.
fn compare(table: &dyn Table, comparison: &mut Comparison<'_>) -> Result<TableVerification, TransferError> {
    let wanted = match comparison.options.depth {
        Depth::Full => None,
        Depth::Counts => return sample::compare_counts(table, comparison),
        Depth::Sample(wanted) => Some(wanted),
    };
    let mut result = None;
    if let Some(wanted) = wanted {
        let counted = sample::compare_counts(table, comparison)?;
        if counted.source_rows.max(counted.target_rows) > i64::from(wanted) {
            result = Some(sample::compare_sample(table, wanted, counted, comparison)?);
        }
    }
    let mut result = match result {
        Some(result) => result,
        None => full::compare_all(table, comparison)?,
    };
    if comparison.options.show_values {
        show(table, comparison, &mut result)?;
    }
    Ok(result)
}

/// Adds the values of rows that differ, and what those rows are called.
fn show(
    table: &dyn Table,
    comparison: &mut Comparison<'_>,
    result: &mut TableVerification,
) -> Result<(), TransferError> {
    let Comparison { source, target, .. } = comparison;
    let keys: BTreeSet<Key> = result.differences.iter().map(Difference::key).collect();
    if !keys.is_empty() {
        let names =
            table.name_rows(source.sqlite(), target.postgres(), &keys).map_err(TransferError::ReadRow)?;
        result.names = names.into_iter().map(|(key, name)| (key.to_string(), name)).collect();
    }
    values::fill_values(table, source, target, &mut result.differences)
}
