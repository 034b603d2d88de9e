//! The decision how the rows of one table are copied.

use std::collections::BTreeSet;

use crate::error::TransferError;
use crate::finding::{Finding, rows};
use crate::plan::keys::compare_keys;
use crate::plan::request::{PlanRequest, TableRequest};
use crate::plan::unfinished::Unfinished;
use crate::plan::{Existing, Mode, SchemaPlan, TablePlan};
use crate::source::Source;
use crate::target::Target;
use crate::target::state::{Part, rejected_keys};

/// What earlier runs left in the target.
pub(super) struct Earlier<'a> {
    /// The newest run, if it did not end and began parts.
    pub(super) unfinished: Option<&'a Unfinished>,
    /// Whether a run like this one ended; always true where the records alone show whose rows these are.
    pub(super) is_completed: bool,
}

/// Decides for one table, and adds what blocks it to `findings`. The first that applies:
///
/// - the table is created by this run: all rows;
/// - an unfinished run is restarted, or the table is to be emptied: it is emptied, all rows;
/// - an unfinished run began it, and the table holds exactly the rows of its checkpoints: continue there;
/// - the table is empty: all rows;
/// - it holds rows of runs from this source only: add the missing ones, found by their keys;
/// - otherwise: blocked.
pub(super) fn plan_table(
    (source, target): (&mut Source, &mut Target),
    wanted: TableRequest<'_>,
    request: &PlanRequest<'_>,
    schema: &SchemaPlan,
    earlier: &Earlier<'_>,
    findings: &mut Vec<Finding>,
) -> Result<TablePlan, TransferError> {
    let failed = |source| TransferError::UseTarget { what: "count the rows of a table", source };
    let table = wanted.table;
    let name = table.name();
    let total = match wanted.total {
        Some(total) => total,
        None => count(source, &table.source_sql().name)?,
    };
    let mut plan = TablePlan::nothing(std::sync::Arc::clone(&table), total);
    plan.violating = wanted.rejected;
    if total > 0 || request.records_empty_tables {
        plan.mode = Mode::Fresh;
    }
    if *schema != SchemaPlan::Ready {
        return Ok(plan);
    }
    plan.held = target.count(&target.full_name(name)).map_err(failed)?;
    let begun = earlier.unfinished.and_then(|unfinished| unfinished.parts.get(name));
    // A run that is continued has emptied its tables already: rows inserted since then must not be deleted.
    let is_continued = earlier.unfinished.is_some() && !request.restart;
    plan.cleared = begun.is_some() && request.restart || request.existing == Existing::Clear && !is_continued;
    if plan.cleared {
        return Ok(plan);
    }
    if let Some(parts) = begun {
        let written: i64 = parts.iter().map(|part| part.row_count).sum();
        if plan.held == written {
            plan.already_there = plan.held;
            plan.rejected = parts.iter().map(|part| part.rejected_count).sum();
            plan.mode = Mode::Continue(parts.clone());
            return Ok(plan);
        }
        // Deleted rows are found by their keys and copied again. Added rows, and rows without a key column, cannot be
        // distinguished from those of the run.
        let is_deletion = plan.held < written && table.key_column().is_some();
        if plan.held > 0 && !is_deletion && request.existing != Existing::Append {
            findings.push(added_meanwhile(&plan, written, request));
            return Ok(plan);
        }
    }
    if plan.held == 0 {
        return Ok(plan);
    }
    if request.existing != Existing::Append && !is_known(target, name, request, earlier)? {
        let text =
            format!("`{name}` of the target holds {} that no run from this source wrote", rows(plan.held));
        findings.push(Finding::blocker(text, request.hints.unknown_rows.clone()));
        return Ok(plan);
    }
    compare(source, target, request, &mut plan)?;
    if request.existing != Existing::Append && plan.only_in_target > 0 {
        let row_count = rows(plan.only_in_target);
        let text = format!("`{name}` of the target holds {row_count} that the source does not have");
        findings.push(Finding::blocker(text, request.hints.only_in_target.clone()));
    }
    plan.mode = if plan.missing() > 0 { Mode::Merge } else { Mode::Nothing };
    Ok(plan)
}

fn added_meanwhile(plan: &TablePlan, written: i64, request: &PlanRequest<'_>) -> Finding {
    let (name, held) = (plan.table.name(), rows(plan.held));
    let text = format!("`{name}` of the target holds {held}, and the run that is continued wrote {written}");
    Finding::blocker(text, request.hints.changed_rows.clone())
}

/// Whether the rows of a table are those of runs from this source.
fn is_known(
    target: &mut Target,
    name: &str,
    request: &PlanRequest<'_>,
    earlier: &Earlier<'_>,
) -> Result<bool, TransferError> {
    let is_begun = earlier.unfinished.is_some_and(|unfinished| unfinished.parts.contains_key(name));
    if !(earlier.is_completed || is_begun) {
        return Ok(false);
    }
    let mut exist = || Ok(target.has_records()? && Part::exist(target, &request.source_id, name)?);
    exist().map_err(|source| TransferError::UseTarget { what: "read what earlier runs wrote", source })
}

/// Counts the rows that both sides have, and those that only the target has. Where no column of the target holds the key,
/// all but the rejects are taken for present: only verification can find a missing row.
fn compare(
    source: &mut Source,
    target: &mut Target,
    request: &PlanRequest<'_>,
    plan: &mut TablePlan,
) -> Result<(), TransferError> {
    if plan.table.key_column().is_some() {
        let counts = compare_keys(plan.table.as_ref(), source, target)?;
        plan.already_there = counts.both;
        plan.only_in_target = counts.only_in_target;
        return Ok(());
    }
    let rejected = rejected_keys(target, &request.source_id)?;
    let rejected = rejected.get(plan.table.name()).map_or(0, BTreeSet::len);
    plan.rejected = i64::try_from(rejected).unwrap_or(i64::MAX);
    plan.already_there = plan.total - plan.rejected;
    Ok(())
}

/// The number of rows of a table of the source.
pub(super) fn count(source: &mut Source, table: &str) -> Result<i64, TransferError> {
    source.count(table).map_err(|source| TransferError::ReadSource { what: "count rows", source })
}
