//! Verifying: every value of every row of both sides, compared.
//!
//! Both sides are read anew as typed values and brought into the same binary form. Each adds the digests of its rows
//! to buckets of keys, in whatever order rows come and in memory that does not grow; only where a bucket is not the
//! same on both sides are its rows read again, in key order, merged, and compared byte by byte.

mod bounds;
mod digest;
mod full;
mod instants;
mod merge;
mod options;
mod reading;
mod repair;
mod result;
mod sample;
mod size;
mod structure;
mod unreadable;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

pub use options::{Depth, OnlyInTarget, VerifyOptions};
pub use repair::{TableRepair, repair};
pub use result::{Difference, Instants, NotInForce, Orphans, Side, TableVerification, Verdict, Verification};

use crate::copy::{CopyError, Event, SequenceState, Source, Target, sequence_states};
use crate::table::{Key, Table};
use databases::catalog::Catalog;

/// Compares `tables` of both sides, and the structure of the target with what is `expected` of it. Writes nothing.
///
/// # Errors
/// When the target's catalog or sequences cannot be read, or the user interrupts. A table that cannot be read is
/// no error: it is told in its verdict.
pub fn verify(
    source: &mut Source,
    target: &mut Target,
    tables: &[&'static dyn Table],
    expected: &Catalog,
    options: &VerifyOptions,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
) -> Result<Verification, CopyError> {
    target.in_snapshot(|target| verify_in_snapshot(source, target, tables, expected, options, stop, progress))
}

fn verify_in_snapshot(
    source: &mut Source,
    target: &mut Target,
    tables: &[&'static dyn Table],
    expected: &Catalog,
    options: &VerifyOptions,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
) -> Result<Verification, CopyError> {
    let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
    // Only where every page is read anyway.
    let of_source = match options.depth {
        Depth::Full => size::source_sizes(source)?,
        Depth::Counts | Depth::Sample(_) => BTreeMap::new(),
    };
    let of_target = size::target_sizes(target, &names)?;
    let mut compared = Vec::with_capacity(tables.len());
    for table in tables {
        let mut result = compare(*table, expected, source, target, options, stop, progress)?;
        result.source_size_bytes = of_source.get(table.name()).copied();
        result.target_size_bytes = of_target.get(table.name()).copied();
        compared.push(result);
    }
    let sequences = sequence_states(source, target, tables)?;
    Ok(Verification {
        depth: options.depth,
        seed: matches!(options.depth, Depth::Sample(_)).then_some(options.seed),
        tables: compared,
        orphans: structure::orphans(target, expected, tables)?,
        sequences_behind: sequences.into_iter().filter(SequenceState::is_behind).collect(),
        not_in_force: structure::not_in_force(target, &names)?,
        structure: structure::differences(target, expected)?,
    })
}

/// Compares one table as deep as is asked.
fn compare(
    table: &'static dyn Table,
    expected: &Catalog,
    source: &mut Source,
    target: &mut Target,
    options: &VerifyOptions,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
) -> Result<TableVerification, CopyError> {
    let wanted = match options.depth {
        Depth::Full => None,
        Depth::Counts => return sample::compare_counts(table, source, target, options),
        Depth::Sample(wanted) => Some(wanted),
    };
    let mut result = None;
    if let Some(wanted) = wanted {
        let counted = sample::compare_counts(table, source, target, options)?;
        if counted.source_rows.max(counted.target_rows) > i64::from(wanted) {
            let sampled =
                sample::compare_sample(table, wanted, counted, source, target, options, stop, progress)?;
            result = Some(sampled);
        }
    }
    let mut result = match result {
        Some(result) => result,
        None => full::compare_all(table, expected, source, target, options, stop, progress)?,
    };
    let keys: BTreeSet<Key> = result.differences.iter().map(Difference::key).collect();
    if options.show_values && !keys.is_empty() {
        let names = table.name_rows(source.sqlite(), target.postgres(), &keys).map_err(CopyError::ReadRow)?;
        result.names = names.into_iter().map(|(key, name)| (key.to_string(), name)).collect();
    }
    if options.show_values {
        values::fill_values(table, source, target, &mut result.differences)?;
    }
    Ok(result)
}
