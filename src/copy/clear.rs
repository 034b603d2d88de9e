//! Emptying tables of the target: exactly those selected, never one that refers to them.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::error::CopyError;
use super::plan::{Finding, rows};
use super::target::Target;
use crate::db::catalog::{self, Catalog};

/// Tables outside of `selected` whose foreign keys point into it.
fn outside_children<'a>(catalog: &'a Catalog, selected: &[&str]) -> Vec<&'a str> {
    let refers = |table: &crate::db::catalog::Table| {
        table.foreign_keys.iter().any(|key| selected.contains(&key.parent_table.as_str()))
    };
    let outside = catalog.tables.iter().filter(|(name, _)| !selected.contains(&name.as_str()));
    outside.filter(|(_, table)| refers(table)).map(|(name, _)| name.as_str()).collect()
}

/// What stands in the way of emptying `selected`: rows elsewhere that emptying would delete or change.
pub(super) fn obstacles(target: &mut Target, selected: &[&str]) -> Result<Vec<Finding>, CopyError> {
    let catalog = read_catalog(target)?;
    let mut findings = Vec::new();
    for child in outside_children(&catalog, selected) {
        let row_count =
            target.count(child).map_err(|source| CopyError::UseTarget { what: "count rows", source })?;
        if row_count > 0 {
            findings.push(Finding::blocker(
                format!(
                    "emptying would touch `{child}`, which holds {} and refers to the emptied tables",
                    rows(row_count)
                ),
                format!("add `{child}` to --tables, or leave out --clear"),
            ));
        }
    }
    Ok(findings)
}

/// Empties `selected`, given with parents before children, in one transaction.
pub(super) fn clear(target: &mut Target, selected: &[&str]) -> Result<(), CopyError> {
    let catalog = read_catalog(target)?;
    let outside = outside_children(&catalog, selected);
    target
        .in_transaction(|target| empty(target, selected, &outside))
        .map_err(|source| CopyError::UseTarget { what: "empty the tables", source })
}

fn read_catalog(target: &mut Target) -> Result<Catalog, CopyError> {
    catalog::read(target.any()).map_err(|source| CopyError::Catalog { side: "target", source })
}

fn empty(target: &mut Target, selected: &[&str], outside: &[&str]) -> QueryResult<()> {
    let quoted = |names: &[&str]| {
        let names: Vec<String> =
            names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
        names.join(", ")
    };
    let everything = quoted(&[selected, outside].concat());
    target.postgres().batch_execute(&format!("LOCK TABLE {everything} IN ACCESS EXCLUSIVE MODE"))?;
    // Asked again now that nobody can write: between plan and act somebody may have.
    for child in outside {
        if target.count(child)? > 0 {
            let text = format!("`{child}` got rows that may refer to the tables to be emptied");
            return Err(diesel::result::Error::QueryBuilderError(text.into()));
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
}
