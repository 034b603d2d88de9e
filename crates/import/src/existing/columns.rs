//! Matches columns of a table with columns of the target's table.

use std::collections::{HashMap, HashSet};

use super::application::Framework;
use super::candidates::candidates;
use super::catalog::{ExistingColumn, ExistingTable};
use super::decisions::{ColumnMatchDecision, TableMatchDecision};
use super::matches::{ColumnMatch, TableMatch};
use super::names;
use crate::decisions::type_name as type_name_of;
use crate::finding::{ImportFinding, Rule};
use crate::rules::{existing as rules, import};
use crate::schema::{Column, SqliteTable};
use crate::types::{InstantForm, TargetType};

/// The match, with its findings; `None` if nothing can be copied into the table.
pub(super) fn match_columns(
    source: &SqliteTable,
    target: &ExistingTable,
    decision: &TableMatchDecision,
    application: Framework,
    assume_utc: Option<bool>,
    findings: &mut Vec<ImportFinding>,
) -> Option<TableMatch> {
    let undecided = ColumnMatchDecision::default();
    let mut missing = Vec::new();
    let mut columns: Vec<(&Column, &ColumnMatchDecision)> = Vec::new();
    for column in &source.columns {
        let decision = decision.columns.get(&column.name).unwrap_or(&undecided);
        if decision.leave_out {
            findings.push(missing_column(source, column, "the configuration file skips the column"));
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
    findings.extend(pairs.ambiguous.iter().map(|index| ambiguous(source, source_names[*index])));
    let mut filled = HashSet::new();
    let mut matched = Vec::new();
    let mut can_copy = true;
    for ((column, decision), pair) in columns.iter().zip(&pairs.of_source) {
        let existing = pair.and_then(|pair| target.columns.get(pair)).filter(|existing| {
            // A configured name that does not exist is not replaced by another column.
            decision.target.as_deref().is_none_or(|wanted| wanted == existing.name)
        });
        let Some(existing) = existing else {
            let name = decision.target.as_deref().unwrap_or(&column.name);
            findings.push(missing_column(
                source,
                column,
                &format!("{:?} does not have a column {name:?}", target.name),
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

fn ambiguous(source: &SqliteTable, column: &str) -> ImportFinding {
    let text = "more than one column has this name except for letter case or length";
    ImportFinding::new(&rules::TARGET_AMBIGUOUS_NAME, Some(&source.name), Some(column), text)
}

/// The indexes of the configured names among the target's columns; each target column once, for the first entry with
/// it.
pub(super) fn decided<'a>(
    wanted: impl Iterator<Item = Option<&'a str>>,
    position: impl Fn(&str) -> Option<usize>,
) -> Vec<Option<usize>> {
    let mut taken = HashSet::new();
    wanted.map(|wanted| wanted.and_then(&position).filter(|position| taken.insert(*position))).collect()
}

fn match_column(
    table: &SqliteTable,
    column: &Column,
    existing: &ExistingColumn,
    decision: &ColumnMatchDecision,
    application: Framework,
    assume_utc: Option<bool>,
    findings: &mut Vec<ImportFinding>,
) -> Option<ColumnMatch> {
    let mut find = |rule, text: String| {
        findings.push(ImportFinding::new(rule, Some(&table.name), Some(&column.name), text))
    };
    let type_name = &existing.type_name;
    let is_utc = assume_utc.unwrap_or_else(|| application.writes_utc() || default_is_utc(column));
    // The type of a generated column does not matter: nothing is sent.
    let taken = match candidates(existing, application, is_utc) {
        Some(taken) => taken,
        None if existing.is_generated => {
            let text = format!("{:?} is a generated column of type {type_name} in the target", existing.name);
            find(&rules::TARGET_GENERATED_COLUMN, text);
            return None;
        }
        None => {
            find(&rules::TARGET_UNSUPPORTED_TYPE, format!("{:?} is of type {type_name}", existing.name));
            return None;
        }
    };
    let mut target_types = taken.target_types;
    if !decision.target_types.is_empty() {
        // The configuration may set a form that is not tried by default.
        let is_possible = |decided: &&TargetType| {
            target_types.iter().any(|possible| type_name_of(*possible) == type_name_of(**decided))
        };
        let decided: Vec<TargetType> = decision.target_types.iter().filter(is_possible).copied().collect();
        if decided.is_empty() {
            find(
                &rules::TARGET_OTHER_TYPE,
                format!("{:?} is of type {type_name}, not of the configured type or form", existing.name),
            );
            return None;
        }
        target_types = decided;
    }
    report_target(column, existing, &target_types, &mut find);
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

/// Reports properties of the target's column that affect its values.
fn report_target(
    column: &Column,
    existing: &ExistingColumn,
    target_types: &[TargetType],
    find: &mut dyn FnMut(&'static Rule, String),
) {
    let type_name = &existing.type_name;
    if existing.is_generated {
        if column.generated.is_none() {
            find(
                &rules::TARGET_GENERATED_COLUMN,
                format!("{:?} is a generated column in the target", existing.name),
            );
        }
    } else {
        if !existing.labels.is_empty() {
            find(&rules::TARGET_ENUM, format!("{:?} is of the enum type {type_name}", existing.name));
        }
        if existing.is_domain {
            find(&rules::TARGET_DOMAIN, format!("{:?} has the domain type {type_name}", existing.name));
        }
        if target_types.contains(&TargetType::TimestampTz(InstantForm::IsoUtc)) {
            let text =
                format!("{:?} is of type {type_name}: text without an offset is read as UTC", existing.name);
            find(&rules::TARGET_ASSUMED_UTC, text);
        }
        if target_types.contains(&TargetType::Timestamp(InstantForm::IsoUtc)) {
            let text = format!(
                "{:?} is of type {type_name}: text with an offset is converted to UTC",
                existing.name
            );
            find(&rules::TARGET_ASSUMED_UTC, text);
        }
    }
}

/// Whether the default of the column writes the present in UTC, without an offset: `CURRENT_TIMESTAMP`, or the present by
/// `datetime` or `strftime` without a modifier, which might be a zone. Then the application's values are read as UTC there
/// too.
fn default_is_utc(column: &Column) -> bool {
    let Some(default) = &column.default else { return false };
    let text: String = default.to_string().to_ascii_lowercase().split_whitespace().collect();
    let text = text.trim_start_matches('(').trim_end_matches(')');
    let of_format = text.strip_prefix("strftime('").and_then(|rest| rest.split_once('\''));
    matches!(text, "current_timestamp" | "datetime(" | "datetime('now'")
        || of_format.is_some_and(|(_, rest)| matches!(rest, "" | ",'now'"))
}

fn missing_column(table: &SqliteTable, column: &Column, text: &str) -> ImportFinding {
    ImportFinding::new(&import::TARGET_MISSING_COLUMN, Some(&table.name), Some(&column.name), text)
}

/// Adds a finding for a column that only the target has; returns whether rows can be copied without it.
fn report_extra(
    source: &SqliteTable,
    target: &ExistingTable,
    extra: &ExistingColumn,
    findings: &mut Vec<ImportFinding>,
) -> bool {
    if extra.is_generated {
        return true;
    }
    let has_value = !extra.not_null || extra.has_default || extra.is_identity;
    let (rule, what) = match (extra.has_default, extra.is_identity, extra.not_null) {
        (_, true, _) => (&import::TARGET_EXTRA_COLUMN, "gets generated values in the target"),
        (true, _, _) => (&import::TARGET_EXTRA_COLUMN, "gets its default"),
        (_, _, false) => (&import::TARGET_EXTRA_COLUMN, "becomes NULL"),
        (_, _, true) => (&import::TARGET_REQUIRED_COLUMN, "is NOT NULL without a default"),
    };
    let text = format!("{:?} of {:?} is not in the source, and {what}", extra.name, target.name);
    findings.push(ImportFinding::new(rule, Some(&source.name), Some(&extra.name), text));
    has_value
}
