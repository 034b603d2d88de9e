//! Columns of a table matched with columns of the target's.

use std::collections::{HashMap, HashSet};

use super::application::Application;
use super::candidates::candidates;
use super::catalog::{ExistingColumn, ExistingTable};
use super::decisions::{ColumnDecision, TableDecision};
use super::names;
use super::tables::{ColumnMatch, TableMatch};
use crate::finding::Finding;
use crate::rules::{existing as rules, import};
use crate::schema::{Column, Table};
use crate::types::{InstantForm, TargetType};

/// The match, with what is found about it; `None` when nothing can be copied into the table.
pub(super) fn match_columns(
    source: &Table,
    target: &ExistingTable,
    decision: &TableDecision,
    application: Application,
    assume_utc: bool,
    findings: &mut Vec<Finding>,
) -> Option<TableMatch> {
    let undecided = ColumnDecision::default();
    let mut missing = Vec::new();
    let mut columns: Vec<(&Column, &ColumnDecision)> = Vec::new();
    for column in &source.columns {
        let decision = decision.columns.get(&column.name).unwrap_or(&undecided);
        if decision.leave_out {
            findings.push(missing_column(source, column, "the column was left out by decision"));
            missing.push(column.name.clone());
        } else {
            columns.push((column, decision));
        }
    }
    let by_name: HashMap<&str, usize> =
        target.columns.iter().enumerate().map(|(index, column)| (column.name.as_str(), index)).collect();
    let source_names: Vec<&str> = columns.iter().map(|(column, _)| column.name.as_str()).collect();
    let target_names: Vec<&str> = target.columns.iter().map(|column| column.name.as_str()).collect();
    let wanted = columns.iter().map(|(_, decision)| decision.target.as_deref());
    let decided = decided(wanted, |name| by_name.get(name).copied());
    let pairs = names::pairs(&source_names, &target_names, &decided);
    for index in &pairs.ambiguous {
        let text = "more than one column has this name but for letter case or length";
        let finding =
            Finding::new(&rules::TARGET_AMBIGUOUS_NAME, Some(&source.name), Some(source_names[*index]), text);
        findings.push(finding);
    }
    let mut filled = HashSet::new();
    let mut matched = Vec::new();
    let mut can_copy = true;
    for ((column, decision), pair) in columns.iter().zip(&pairs.of_source) {
        let existing = pair.and_then(|pair| target.columns.get(pair)).filter(|existing| {
            // A decision that names no column is not answered with another column.
            decision.target.as_deref().is_none_or(|wanted| wanted == existing.name)
        });
        let Some(existing) = existing else {
            let name = decision.target.as_deref().unwrap_or(&column.name);
            findings.push(missing_column(
                source,
                column,
                &format!("{:?} has no column {name:?}", target.name),
            ));
            missing.push(column.name.clone());
            continue;
        };
        filled.insert(existing.name.as_str());
        match match_column(source, column, existing, decision, application, assume_utc, findings) {
            Some(column) => matched.push(column),
            None => can_copy = false,
        }
    }
    for extra in target.columns.iter().filter(|column| !filled.contains(column.name.as_str())) {
        can_copy &= report_extra(source, target, extra, findings);
    }
    if matched.is_empty() {
        return None;
    }
    let (source, target) = (source.name.clone(), target.name.clone());
    can_copy.then_some(TableMatch { source, target, columns: matched, missing })
}

/// Where the decided names are among the target's; each target once, for the first who names it.
pub(super) fn decided<'a>(
    wanted: impl Iterator<Item = Option<&'a str>>,
    position: impl Fn(&str) -> Option<usize>,
) -> Vec<Option<usize>> {
    let mut taken = HashSet::new();
    wanted.map(|wanted| wanted.and_then(&position).filter(|position| taken.insert(*position))).collect()
}

fn match_column(
    table: &Table,
    column: &Column,
    existing: &ExistingColumn,
    decision: &ColumnDecision,
    application: Application,
    assume_utc: bool,
    findings: &mut Vec<Finding>,
) -> Option<ColumnMatch> {
    let mut find =
        |rule, text: String| findings.push(Finding::new(rule, Some(&table.name), Some(&column.name), text));
    let type_name = &existing.type_name;
    // A computed column's type does not matter: nothing is sent.
    let taken = match candidates(existing, application, assume_utc) {
        Some(taken) => taken,
        None if existing.is_generated => {
            let text = format!("{:?} is computed in the target, in the type {type_name}", existing.name);
            find(&rules::TARGET_GENERATED_COLUMN, text);
            return None;
        }
        None => {
            find(&rules::TARGET_UNSUPPORTED_TYPE, format!("{:?} is of type {type_name}", existing.name));
            return None;
        }
    };
    let mut target_types = taken.target_types;
    if let Some(decided) = decision.target_type {
        // A decision may name a form that is not tried by itself.
        let is_of_type = target_types.iter().any(|possible| is_same_type(*possible, decided));
        if !is_of_type {
            find(
                &import::TARGET_TYPE_TOO_NARROW,
                format!("{:?} is of type {type_name}, not of the decided one", existing.name),
            );
            return None;
        }
        target_types = vec![decided];
    }
    if existing.is_generated {
        if column.generated.is_none() {
            find(&rules::TARGET_GENERATED_COLUMN, format!("{:?} is computed in the target", existing.name));
        }
    } else {
        if !existing.labels.is_empty() {
            find(&rules::TARGET_ENUM, format!("{:?} is of the enum type {type_name}", existing.name));
        }
        if existing.is_domain {
            find(&rules::TARGET_DOMAIN, format!("{:?} is of the domain {type_name}", existing.name));
        }
        if target_types.contains(&TargetType::TimestampTz(InstantForm::IsoUtc)) {
            let text =
                format!("{:?} is of type {type_name}: text without an offset is taken as UTC", existing.name);
            find(&rules::TARGET_ASSUMED_UTC, text);
        }
    }
    Some(ColumnMatch {
        source: column.name.clone(),
        target: existing.name.clone(),
        type_name: type_name.clone(),
        target_types,
        fraction_digits: taken.fraction_digits,
        labels: existing.labels.clone(),
        not_null: existing.not_null,
        has_sequence: existing.has_sequence,
        is_generated: existing.is_generated,
    })
}

/// Whether two are the same type of PostgreSQL, in whichever form values are held.
fn is_same_type(left: TargetType, right: TargetType) -> bool {
    match (left, right) {
        (TargetType::Uuid(_), TargetType::Uuid(_))
        | (TargetType::Date(_), TargetType::Date(_))
        | (TargetType::Timestamp(_), TargetType::Timestamp(_))
        | (TargetType::TimestampTz(_), TargetType::TimestampTz(_)) => true,
        _ => left == right,
    }
}

fn missing_column(table: &Table, column: &Column, text: &str) -> Finding {
    Finding::new(&import::TARGET_MISSING_COLUMN, Some(&table.name), Some(&column.name), text)
}

/// Tells of a column that only the target has; whether rows can be copied without it.
fn report_extra(
    source: &Table,
    target: &ExistingTable,
    extra: &ExistingColumn,
    findings: &mut Vec<Finding>,
) -> bool {
    if extra.is_generated {
        return true;
    }
    let has_value = !extra.not_null || extra.has_default || extra.is_identity;
    let (rule, what) = match (extra.has_default, extra.is_identity, extra.not_null) {
        (_, true, _) => (&import::TARGET_EXTRA_COLUMN, "is numbered by the target"),
        (true, _, _) => (&import::TARGET_EXTRA_COLUMN, "takes its default"),
        (_, _, false) => (&import::TARGET_EXTRA_COLUMN, "becomes NULL"),
        (_, _, true) => (&import::TARGET_REQUIRED_COLUMN, "takes no NULL and has no default"),
    };
    let text = format!("{:?} of {:?} is not in the source, and {what}", extra.name, target.name);
    findings.push(Finding::new(rule, Some(&source.name), Some(&extra.name), text));
    has_value
}
