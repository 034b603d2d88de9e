//! Rows of the source that its own constraints forbid: written while these were switched off.

use std::collections::{BTreeMap, BTreeSet};

use super::error::CopyError;
use super::plan::{Finding, OnError, Options, rows};
use super::source::Source;
use crate::table::{Key, Table};

/// What rows that the source's own constraints forbid mean.
#[derive(Clone, Copy)]
pub(super) enum Strictness<'a> {
    /// They stop the run.
    Stop,
    /// They are set aside.
    SetAside,
    /// Both sides are only compared. A typed read may show a row that is against its checks as something it is not: it
    /// stops the comparison unless it is one of those set aside. Rows without a parent are told as differences.
    Compare(Option<&'a BTreeSet<Key>>),
}

impl<'a> Strictness<'a> {
    pub(super) fn of(options: &Options, rejected: Option<&'a BTreeSet<Key>>) -> Self {
        match (options.verify_only, options.on_error) {
            (true, _) => Self::Compare(rejected),
            (false, OnError::Stop) => Self::Stop,
            (false, OnError::Skip) => Self::SetAside,
        }
    }
}

/// Rows that the source's own constraints forbid: written while they were switched off. The keys of those that are
/// against its checks, where such rows are set aside.
///
/// The conditions are asked as queries: `PRAGMA quick_check` would ask them, but SQLite drops the checks of a
/// database that is opened for reading only (`sqlite3AddCheckConstraint`), and reports nothing.
pub(super) fn check_rows(
    source: &mut Source,
    table: &dyn Table,
    checks: &BTreeMap<String, Vec<String>>,
    strictness: Strictness<'_>,
    findings: &mut Vec<Finding>,
) -> Result<BTreeSet<Key>, CopyError> {
    let failed = |what| move |source| CopyError::ReadSource { what, source };
    let name = table.name();
    let conditions = checks.get(name).map(Vec::as_slice).unwrap_or_default();
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
            Strictness::Compare(rejected) if known(rejected) => {
                Finding::warning(text, "they are set aside; see `app db rejects list`")
            }
            Strictness::Stop | Strictness::Compare(_) => Finding::blocker(
                text,
                "correct these rows, which somebody wrote with the checks switched off, or set such rows aside with `copy-from-sqlite --on-error skip`",
            ),
            Strictness::SetAside => Finding::warning(text, "they are set aside"),
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
            Strictness::Stop => Finding::blocker(
                text,
                "correct or delete them (`PRAGMA foreign_key_check` lists them), or set such rows aside with `copy-from-sqlite --on-error skip`",
            ),
            Strictness::SetAside => Finding::warning(text, "they are set aside"),
            Strictness::Compare(_) => Finding::warning(text, "the target cannot hold them"),
        });
    }
    Ok(violating)
}
