//! Matches tables of the source with tables of the target.

use std::collections::HashMap;

use super::application::Framework;
use super::catalog::{ExistingTable, TableKind};
use super::columns;
use super::decisions::{MatchDecisions, TableMatchDecision};
use super::matches::Matches;
use super::names;
use crate::finding::ImportFinding;
use crate::rules::{existing as rules, import, migration_tables, types};
use crate::schema::{Schema, SqliteTable};

/// Matches tables by name, and their columns.
pub fn match_tables(
    schema: &Schema,
    existing: &[ExistingTable],
    decisions: &MatchDecisions,
) -> (Matches, Vec<ImportFinding>) {
    let application = Framework::of(schema, existing);
    let undecided = TableMatchDecision::default();
    let mut findings = unused_decisions(schema, decisions);
    let mut sources: Vec<(&SqliteTable, &TableMatchDecision)> = Vec::new();
    for table in &schema.tables {
        let decision = decisions.tables.get(&table.name).unwrap_or(&undecided);
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let is_named = decisions.only.contains(&table.name);
        let mut find = |rule, text: &str| {
            findings.push(ImportFinding::new(rule, Some(&table.name), None, text));
        };
        if !decisions.only.is_empty() && !is_named {
            find(&types::SKIPPED, "The table is not among the selected ones");
        } else if !is_named && migration_tables::is_known(&table.name, &columns) {
            find(&import::TARGET_MIGRATION_TABLE, "the history table of a migration tool is not copied");
        } else if !is_named && is_like_migrations(schema, table, &columns) && in_target(existing, table) {
            find(
                &rules::TARGET_LIKE_MIGRATIONS,
                "the table looks like the history table of a migration tool",
            );
        } else if decision.leave_out {
            let text = "the configuration file skips the table";
            findings.push(ImportFinding::new(&import::TARGET_MISSING_TABLE, Some(&table.name), None, text));
        } else {
            sources.push((table, decision));
        }
    }
    let targets: Vec<&ExistingTable> =
        existing.iter().filter(|table| can_be_filled(table, decisions)).collect();
    let by_name: HashMap<&str, usize> =
        targets.iter().enumerate().map(|(index, table)| (table.name.as_str(), index)).collect();
    let source_names: Vec<&str> = sources.iter().map(|(table, _)| table.name.as_str()).collect();
    let target_names: Vec<&str> = targets.iter().map(|table| table.name.as_str()).collect();
    let decided = columns::decided(sources.iter().map(|(_, decision)| decision.target.as_deref()), |name| {
        by_name.get(name).copied()
    });
    let pairs = names::pairs(&source_names, &target_names, &decided);
    for index in &pairs.ambiguous {
        let text = "more than one table has this name except for letter case or length";
        findings.push(ImportFinding::new(
            &rules::TARGET_AMBIGUOUS_NAME,
            Some(source_names[*index]),
            None,
            text,
        ));
    }
    let mut tables = Vec::new();
    for ((source, decision), target) in sources.iter().zip(&pairs.of_source) {
        let wanted = decision.target.as_deref();
        let target = target
            .and_then(|target| targets.get(target).copied())
            // A configured name that does not exist is not replaced by another table.
            .filter(|target| wanted.is_none_or(|wanted| wanted == target.name));
        let Some(target) = target else {
            findings.push(missing_table(source, wanted, existing));
            continue;
        };
        let matched = columns::match_columns(
            source,
            target,
            decision,
            application,
            decisions.assume_utc,
            &mut findings,
        );
        tables.extend(matched);
    }
    for view in existing.iter().filter(|table| table.kind == TableKind::MaterializedView) {
        let text = "it has to be refreshed after the import";
        findings.push(ImportFinding::new(&rules::TARGET_MATERIALIZED_VIEW, Some(&view.name), None, text));
    }
    (Matches { application, tables }, findings)
}

/// Whether rows can be copied into it: it is a table, and not the history table of a migration tool.
fn can_be_filled(table: &ExistingTable, decisions: &MatchDecisions) -> bool {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    match table.kind {
        TableKind::Table | TableKind::Partitioned => {
            decisions.only.contains(&table.name) || !migration_tables::is_known(&table.name, &columns)
        }
        TableKind::View | TableKind::MaterializedView | TableKind::Foreign => false,
    }
}

/// Whether a table has the shape of the history of a migration tool, and no other table refers to it.
fn is_like_migrations(schema: &Schema, table: &SqliteTable, columns: &[&str]) -> bool {
    let is_referenced =
        schema.tables.iter().filter(|other| other.name != table.name).any(|other| {
            other.foreign_keys.iter().any(|key| key.parent_table.eq_ignore_ascii_case(&table.name))
        });
    !is_referenced && table.foreign_keys.is_empty() && migration_tables::is_shape(&table.name, columns)
}

/// Whether the target has the table, in any letter case.
fn in_target(existing: &[ExistingTable], table: &SqliteTable) -> bool {
    existing.iter().any(|known| known.name.eq_ignore_ascii_case(&table.name))
}

fn missing_table(source: &SqliteTable, wanted: Option<&str>, existing: &[ExistingTable]) -> ImportFinding {
    let name = wanted.unwrap_or(&source.name);
    let of_same_name = existing.iter().find(|table| table.name.eq_ignore_ascii_case(name));
    let text = match of_same_name.map(|table| table.kind) {
        Some(TableKind::View) => format!("{name:?} is a view in the target"),
        Some(TableKind::MaterializedView) => format!("{name:?} is a materialized view in the target"),
        Some(TableKind::Foreign) => format!("{name:?} is a foreign table in the target"),
        Some(TableKind::Table | TableKind::Partitioned) => {
            format!("{name:?} in the target is not an ordinary table")
        }
        None => format!("the target does not have a table {name:?}"),
    };
    ImportFinding::new(&import::TARGET_MISSING_TABLE, Some(&source.name), None, text)
}

/// Findings for settings about tables and columns that do not exist in the source: a typo there would go unnoticed.
fn unused_decisions(schema: &Schema, decisions: &MatchDecisions) -> Vec<ImportFinding> {
    let tables: HashMap<&str, &SqliteTable> =
        schema.tables.iter().map(|table| (table.name.as_str(), table)).collect();
    let mut findings = Vec::new();
    for (name, decision) in &decisions.tables {
        let Some(table) = tables.get(name.as_str()) else {
            let text = "the source does not have this table";
            findings.push(ImportFinding::new(&rules::TARGET_UNUSED_DECISION, Some(name), None, text));
            continue;
        };
        for column in decision.columns.keys() {
            if !table.columns.iter().any(|known| known.name == *column) {
                let text = "the table does not have this column in the source";
                findings.push(ImportFinding::new(
                    &rules::TARGET_UNUSED_DECISION,
                    Some(name),
                    Some(column),
                    text,
                ));
            }
        }
    }
    findings
}
