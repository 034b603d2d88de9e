//! Emptying tables of the target: exactly those selected, never one that refers to them.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::plan::Finding;
use super::target::Target;
use crate::db::catalog::Catalog;

/// Tables outside of `selected` whose foreign keys point into it.
fn outside_children<'a>(catalog: &'a Catalog, selected: &[&str]) -> Vec<&'a str> {
    let refers = |table: &crate::db::catalog::Table| {
        table.foreign_keys.iter().any(|key| selected.contains(&key.parent_table.as_str()))
    };
    let outside = catalog.tables.iter().filter(|(name, _)| !selected.contains(&name.as_str()));
    outside.filter(|(_, table)| refers(table)).map(|(name, _)| name.as_str()).collect()
}

/// What stands in the way of emptying `selected`: rows elsewhere that emptying would delete or change.
pub(super) fn obstacles(
    target: &mut Target,
    catalog: &Catalog,
    selected: &[&str],
) -> QueryResult<Vec<Finding>> {
    let mut findings = Vec::new();
    for child in outside_children(catalog, selected) {
        let row_count = target.count(child)?;
        if row_count > 0 {
            findings.push(Finding::blocker(
                format!(
                    "emptying would touch `{child}`, whose {row_count} rows may refer to the emptied tables"
                ),
                format!("add `{child}` to --tables, or leave out --clear"),
            ));
        }
    }
    Ok(findings)
}

/// Empties `selected`, given with parents before children, in one transaction.
pub(super) fn clear(target: &mut Target, catalog: &Catalog, selected: &[&str]) -> QueryResult<()> {
    let outside = outside_children(catalog, selected);
    let quoted = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        names.join(", ")
    };
    let everything = [selected, &outside].concat();
    let begin = format!("BEGIN; LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", quoted(&everything));
    target.postgres().batch_execute(&begin)?;
    let outcome = (|| {
        // Asked again now that nobody can write: between plan and act somebody may have.
        for child in &outside {
            if target.count(child)? > 0 {
                return Err(diesel::result::Error::RollbackTransaction);
            }
        }
        if outside.is_empty() {
            // TRUNCATE without CASCADE: PostgreSQL itself refuses when a table outside refers to one of these.
            target.postgres().batch_execute(&format!("TRUNCATE {}", quoted(selected)))?;
        } else {
            for table in selected.iter().rev() {
                target.postgres().batch_execute(&format!("DELETE FROM \"{table}\""))?;
            }
        }
        selected.iter().try_for_each(|table| target.forget(table))
    })();
    let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
    target.postgres().batch_execute(end)?;
    outcome
}
