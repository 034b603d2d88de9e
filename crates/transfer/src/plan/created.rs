//! The schema of a target whose tables a run creates by statements of its own.

use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::request::PlanRequest;
use crate::plan::{Make, SchemaPlan};
use crate::target::Target;
use crate::target::state::{Part, RunRecord};
use databases::hint::Hint;

/// Part of the run settings of a run that created its tables.
pub const MAKES_TABLES: &str = "tables and rows";

/// Decides whether the tables are created: not where a run from this source has created them, unless it is restarted.
/// A finding where relations of the same names are not its own, or where it had other settings.
pub(super) fn created_schema(
    target: &mut Target,
    names: &[&str],
    statements: &[Make],
    request: &PlanRequest<'_>,
    earlier: (&[RunRecord], bool),
    findings: &mut Vec<Finding>,
) -> Result<SchemaPlan, TransferError> {
    let (runs, is_unfinished) = earlier;
    let there = created_before(target, names, request, runs, findings)
        .map_err(|source| TransferError::UseTarget { what: "look for tables of the same names", source })?;
    if there.is_empty() || request.restart {
        return Ok(SchemaPlan::Make { statements: statements.to_vec(), anew: there });
    }
    let completed = request.completed(runs).filter(|_| !is_unfinished);
    if let Some(run) = completed.filter(|run| run.agreement != request.run_settings) {
        findings.push(Finding::blocker(
            format!(
                "the import of {} was not like this one: it has {}; this one has {}",
                run.began_at, run.agreement, request.run_settings
            ),
            Hint::RepeatOrRestart,
        ));
    }
    Ok(SchemaPlan::Ready)
}

/// The tables that exist, created by a run from this source; a finding where other relations have their names.
fn created_before(
    target: &mut Target,
    names: &[&str],
    request: &PlanRequest<'_>,
    runs: &[RunRecord],
    findings: &mut Vec<Finding>,
) -> diesel::QueryResult<Vec<String>> {
    let there = target.relations(names)?;
    if there.is_empty() {
        return Ok(there);
    }
    let mut of_source = runs.iter().filter(|run| request.is_ours(run)).peekable();
    // Tables that an import with --data-only filled are the application's.
    let made_here = of_source.peek().is_some() && of_source.all(|run| run.agreement.contains(MAKES_TABLES));
    let mut others = Vec::new();
    for name in &there {
        if !(made_here && Part::exist(target, &request.source_id, name)?) {
            others.push(name.as_str());
        }
    }
    if !others.is_empty() {
        findings.push(Finding::blocker(
            format!("the target has relations of the same names from elsewhere: {}", others.join(", ")),
            Hint::OtherSchemaOrDataOnly,
        ));
    }
    Ok(there)
}
