//! Emptying tables of the target: exactly those selected, never one that refers to them.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::error::TransferError;
use crate::finding::{Finding, rows};
use crate::plan::{Plan, SchemaPlan, TablePlan};
use crate::target::Target;
use databases::hint::Hint;
use databases::name::quote_name;

/// What blocks emptying `selected`: rows of other tables that would be deleted or changed.
pub(crate) fn obstacles(target: &mut Target, selected: &[&str]) -> Result<Vec<Finding>, TransferError> {
    let failed = |source| TransferError::UseTarget { what: "look for tables that refer to others", source };
    let mut findings = Vec::new();
    for child in target.referring_tables(selected).map_err(failed)? {
        let row_count = target.count(&child).map_err(failed)?;
        if row_count > 0 {
            findings.push(touched(&child, row_count));
        }
    }
    Ok(findings)
}

fn touched(child: &str, row_count: i64) -> Finding {
    Finding::blocker(
        format!(
            "emptying would touch `{child}`, which holds {} and refers to the emptied tables",
            rows(row_count)
        ),
        Hint::SelectTableOrKeepRows(child.to_owned()),
    )
}

/// Empties the tables that the plan empties, in the current transaction. Rows that were inserted since the plan, whose
/// loss the user has not confirmed, block it.
pub(crate) fn clear(target: &mut Target, plan: &Plan) -> Result<(), TransferError> {
    let cleared: Vec<&TablePlan> = plan.tables.iter().filter(|plan| plan.cleared).collect();
    if cleared.is_empty() || plan.schema != SchemaPlan::Ready {
        return Ok(());
    }
    let found = empty(target, &cleared)
        .map_err(|source| TransferError::UseTarget { what: "empty the tables", source })?;
    if found.is_empty() { Ok(()) } else { Err(TransferError::Blocked { blockers: found }) }
}

/// Empties the tables, unless something blocks it now that they are locked.
fn empty(target: &mut Target, plans: &[&TablePlan]) -> QueryResult<Vec<Finding>> {
    let selected: Vec<&str> = plans.iter().map(|plan| plan.table.name()).collect();
    let quoted: Vec<String> = selected.iter().map(|name| quote_name(name)).collect();
    let outside = target.referring_tables(&selected)?;
    let everything = [quoted.as_slice(), &outside].concat().join(", ");
    target.postgres().batch_execute(&format!("LOCK TABLE {everything} IN ACCESS EXCLUSIVE MODE"))?;
    let mut findings = Vec::new();
    for child in &outside {
        let row_count = target.count(child)?;
        if row_count > 0 {
            findings.push(touched(child, row_count));
        }
    }
    for (plan, table) in plans.iter().zip(&quoted) {
        let more = target.count(table)? - plan.held;
        if more > 0 {
            let text = format!("`{}` got {} since the plan was made", plan.table.name(), rows(more));
            findings.push(Finding::blocker(text, "run the command again to see a new plan"));
        }
    }
    if !findings.is_empty() {
        return Ok(findings);
    }
    if outside.is_empty() {
        // TRUNCATE without CASCADE: PostgreSQL itself refuses when a table outside refers to one of these.
        target.postgres().batch_execute(&format!("TRUNCATE {}", quoted.join(", ")))?;
    } else {
        for table in quoted.iter().rev() {
            target.postgres().batch_execute(&format!("DELETE FROM {table}"))?;
        }
    }
    Ok(findings)
}
