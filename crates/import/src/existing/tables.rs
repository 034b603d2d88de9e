//! Tables of the source matched with tables of the target.

use std::collections::HashMap;

use super::application::Application;
use super::catalog::{ExistingTable, TableKind};
use super::columns;
use super::decisions::{MatchDecisions, TableDecision};
use super::names;
use crate::finding::Finding;
use crate::rules::{existing as rules, import};
use crate::schema::{Schema, Table};
use crate::types::TargetType;

/// What goes into what.
#[derive(Clone, Debug)]
pub struct Matches {
    /// The application whose tables these are.
    pub application: Application,
    /// The tables that are copied, in the order of the source.
    pub tables: Vec<TableMatch>,
}

/// A table of the source and the target's that it goes into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableMatch {
    /// Its name in the source.
    pub source: String,
    /// The name of the target's table.
    pub target: String,
    /// Its columns that go into a column there, in the order of the source.
    pub columns: Vec<ColumnMatch>,
    /// Its columns that the target does not have, or that were left out. Their values are still to be counted.
    pub missing: Vec<String>,
}

/// A column of the source and the target's that it goes into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMatch {
    /// Its name in the source.
    pub source: String,
    /// The name of the target's column.
    pub target: String,
    /// The target's type as PostgreSQL writes it.
    pub type_name: String,
    /// The forms in which its values may be, likeliest first. All are of the target's type. Where there are several
    /// forms of numbers for an instant, any number fits each: which unit it is has to be told from the values, or
    /// decided.
    pub target_types: Vec<TargetType>,
    /// Digits of a second's fraction that a time, timestamp or timestamptz keeps. PostgreSQL rounds a value with more
    /// without a word, so it does not fit.
    pub fraction_digits: Option<u8>,
    /// The labels of an enum: text that is none of them does not fit. Empty for every other type.
    pub labels: Vec<String>,
    /// Whether the target takes no NULL.
    pub not_null: bool,
    /// Whether a sequence of the target gives it values, which has to continue behind the copied ones.
    pub has_sequence: bool,
    /// Whether the target computes it, so that no value is sent.
    pub is_generated: bool,
}

/// Matches tables by name, and their columns.
pub fn match_tables(
    schema: &Schema,
    existing: &[ExistingTable],
    decisions: &MatchDecisions,
) -> (Matches, Vec<Finding>) {
    let application = Application::of(schema, existing);
    let assume_utc = decisions.assume_utc.unwrap_or(application.writes_utc());
    let undecided = TableDecision::default();
    let mut findings = unused_decisions(schema, decisions);
    let mut sources: Vec<(&Table, &TableDecision)> = Vec::new();
    for table in &schema.tables {
        let decision = decisions.tables.get(&table.name).unwrap_or(&undecided);
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        if import::is_migration_table(&table.name, &columns) {
            let text = "the table of a migration tool is not copied";
            findings.push(Finding::new(&import::TARGET_MIGRATION_TABLE, Some(&table.name), None, text));
        } else if decision.leave_out {
            let text = "the table was left out by decision";
            findings.push(Finding::new(&import::TARGET_MISSING_TABLE, Some(&table.name), None, text));
        } else {
            sources.push((table, decision));
        }
    }
    let targets: Vec<&ExistingTable> = existing.iter().filter(|table| can_be_filled(table)).collect();
    let by_name: HashMap<&str, usize> =
        targets.iter().enumerate().map(|(index, table)| (table.name.as_str(), index)).collect();
    let source_names: Vec<&str> = sources.iter().map(|(table, _)| table.name.as_str()).collect();
    let target_names: Vec<&str> = targets.iter().map(|table| table.name.as_str()).collect();
    let decided = columns::decided(sources.iter().map(|(_, decision)| decision.target.as_deref()), |name| {
        by_name.get(name).copied()
    });
    let pairs = names::pairs(&source_names, &target_names, &decided);
    for index in &pairs.ambiguous {
        let text = "more than one table has this name but for letter case or length";
        findings.push(Finding::new(&rules::TARGET_AMBIGUOUS_NAME, Some(source_names[*index]), None, text));
    }
    let mut tables = Vec::new();
    for ((source, decision), target) in sources.iter().zip(&pairs.of_source) {
        let wanted = decision.target.as_deref();
        let target = target
            .and_then(|target| targets.get(target).copied())
            // A decision that names no table is not answered with another table.
            .filter(|target| wanted.is_none_or(|wanted| wanted == target.name));
        let Some(target) = target else {
            findings.push(missing_table(source, wanted, existing));
            continue;
        };
        let matched =
            columns::match_columns(source, target, decision, application, assume_utc, &mut findings);
        tables.extend(matched);
    }
    (Matches { application, tables }, findings)
}

/// Whether rows may be copied into it: it is a table, and not a migration tool's.
fn can_be_filled(table: &ExistingTable) -> bool {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    match table.kind {
        TableKind::Table => !import::is_migration_table(&table.name, &columns),
        // The keys and indexes of a partitioned table cannot be taken down and put back.
        TableKind::Partitioned | TableKind::View | TableKind::MaterializedView | TableKind::Foreign => false,
    }
}

fn missing_table(source: &Table, wanted: Option<&str>, existing: &[ExistingTable]) -> Finding {
    let name = wanted.unwrap_or(&source.name);
    let of_same_name = existing.iter().find(|table| table.name.eq_ignore_ascii_case(name));
    let text = match of_same_name.map(|table| table.kind) {
        Some(TableKind::View) => format!("{name:?} is a view in the target"),
        Some(TableKind::MaterializedView) => format!("{name:?} is a materialized view in the target"),
        Some(TableKind::Foreign) => format!("{name:?} is a foreign table in the target"),
        Some(TableKind::Table | TableKind::Partitioned) => {
            format!("{name:?} is in the target, but is not a table that rows of this one go into")
        }
        None => format!("the target has no table {name:?}"),
    };
    Finding::new(&import::TARGET_MISSING_TABLE, Some(&source.name), None, text)
}

/// Decisions about tables and columns that are not in the source: a slip of the pen there would go unseen.
fn unused_decisions(schema: &Schema, decisions: &MatchDecisions) -> Vec<Finding> {
    let tables: HashMap<&str, &Table> =
        schema.tables.iter().map(|table| (table.name.as_str(), table)).collect();
    let mut findings = Vec::new();
    for (name, decision) in &decisions.tables {
        let Some(table) = tables.get(name.as_str()) else {
            let text = "the source has no such table";
            findings.push(Finding::new(&rules::TARGET_UNUSED_DECISION, Some(name), None, text));
            continue;
        };
        for column in decision.columns.keys() {
            if !table.columns.iter().any(|known| known.name == *column) {
                let text = "the table has no such column in the source";
                findings.push(Finding::new(&rules::TARGET_UNUSED_DECISION, Some(name), Some(column), text));
            }
        }
    }
    findings
}
