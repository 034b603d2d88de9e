//! Rows of the source that violate its own constraints: written while these were disabled.

use std::collections::BTreeSet;

use crate::error::TransferError;
use crate::finding::{Finding, rows};
use crate::plan::OnError;
use crate::source::Source;
use crate::table::{Key, Table};
use databases::hint::Hint;

/// What rows that violate the constraints of the source mean.
#[derive(Clone, Copy)]
pub(crate) enum Strictness<'a> {
    /// They block the run.
    Stop,
    /// They are rejected.
    SetAside,
    /// Both sides are only compared. A typed read may show a row that violates its checks with other values: it blocks the
    /// comparison unless it is a reject. Rows without a parent are reported as differences.
    Compare(Option<&'a BTreeSet<Key>>),
}

impl<'a> Strictness<'a> {
    pub(crate) fn of(compares_only: bool, on_error: OnError, rejected: Option<&'a BTreeSet<Key>>) -> Self {
        match (compares_only, on_error) {
            (true, _) => Self::Compare(rejected),
            (false, OnError::Stop) => Self::Stop,
            (false, OnError::Skip) => Self::SetAside,
        }
    }
}

/// Finds rows that violate the constraints of the source, and returns the keys of those that violate its checks, where
/// such rows are rejected.
///
/// The conditions are evaluated by queries: `PRAGMA quick_check` would evaluate them, but SQLite drops the checks of a
/// database that is opened for reading only (`sqlite3AddCheckConstraint`), and reports nothing.
pub(crate) fn check_rows(
    source: &mut Source,
    table: &dyn Table,
    conditions: &[String],
    strictness: Strictness<'_>,
    findings: &mut Vec<Finding>,
) -> Result<BTreeSet<Key>, TransferError> {
    let failed = |what| move |source| TransferError::ReadSource { what, source };
    let name = table.name();
    let (row_count, keys) = source.violations(name, conditions).map_err(failed("check the rows"))?;
    let mut violating = BTreeSet::new();
    if row_count > 0 {
        let all = source.violating_keys(name, conditions).map_err(failed("check the rows"))?;
        let text = format!(
            "{} of `{name}` in the source against its checks: key {}",
            rows(row_count),
            keys.join(", ")
        );
        let known = |rejected: Option<&BTreeSet<Key>>| {
            rejected.is_some_and(|rejected| all.is_subset(rejected))
                && i64::try_from(all.len()) == Ok(row_count)
        };
        findings.push(match strictness {
            Strictness::Compare(rejected) if known(rejected) => Finding::warning(text, Hint::SeeRejects),
            Strictness::Stop | Strictness::Compare(_) => Finding::blocker(text, Hint::CorrectOrReject),
            Strictness::SetAside => Finding::warning(text, "they are rejected"),
        });
        if let Strictness::SetAside = strictness {
            violating = all;
        }
    }
    let orphans = source.orphans(name).map_err(failed("check the foreign keys"))?;
    for (parent, row_count) in orphans {
        let text =
            format!("{} of `{name}` in the source with no row of `{parent}` to refer to", rows(row_count));
        findings.push(match strictness {
            Strictness::Stop => Finding::blocker(text, Hint::CorrectOrRejectOrphans),
            Strictness::SetAside => Finding::warning(text, "they are rejected"),
            Strictness::Compare(_) => Finding::warning(text, "the target cannot hold them"),
        });
    }
    Ok(violating)
}
