//! The check that rows find the rows that they refer to.

use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::{SchemaPlan, TablePlan};
use crate::source::Source;
use crate::target::Target;
use databases::catalog::Catalog;
use databases::hint::Hint;
use databases::name::quote_name;

/// Where only some tables are copied, those that they refer to must be copied too, or have rows in the target.
pub(super) fn check_parents(
    source: &mut Source,
    target: &mut Target,
    expected: &Catalog,
    schema: &SchemaPlan,
    tables: &[TablePlan],
    findings: &mut Vec<Finding>,
) -> Result<(), TransferError> {
    let selected: Vec<&str> = tables.iter().map(|plan| plan.table.name()).collect();
    for plan in tables.iter().filter(|plan| plan.missing() > 0) {
        let Some(table) = expected.tables.get(plan.table.name()) else {
            continue;
        };
        for key in &table.foreign_keys {
            let parent = key.parent_table.as_str();
            if selected.contains(&parent) {
                continue;
            }
            let held = match schema {
                SchemaPlan::Ready => target
                    .count(&quote_name(parent))
                    .map_err(|source| TransferError::UseTarget { what: "count rows", source })?,
                SchemaPlan::Create | SchemaPlan::Recreate { .. } | SchemaPlan::Make { .. } => 0,
            };
            let there = source
                .count(parent)
                .map_err(|source| TransferError::ReadSource { what: "count rows", source })?;
            if held == 0 && there > 0 {
                let name = plan.table.name();
                findings.push(Finding::blocker(
                    format!("`{name}` refers to `{parent}`, which is empty in the target and not selected"),
                    Hint::SelectTables(vec![parent.to_owned()]),
                ));
            }
        }
    }
    Ok(())
}
