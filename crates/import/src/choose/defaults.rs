//! Columns whose type does not follow from their own values: the default has a say, and without values so have columns
//! of the same name.

use std::collections::HashMap;

use super::column::Choice;
use crate::decisions::type_name;
use crate::finding::ImportFinding;
use crate::profile::{ColumnProfile, Intent};
use crate::rules::types as rules;
use crate::schema::{Column, Schema, SqliteTable};
use crate::translate::sample;
use crate::types::{Reading, TargetType};
use crate::values::SourceValue;

/// The profile of a column as if it held the value of its default; `None` if that is not certain, or an empty string,
/// which stands for no value in a column of any type.
pub(super) fn default_profile(column: &Column, profile: &ColumnProfile) -> Option<ColumnProfile> {
    let value = sample(column.default.as_ref()?, column.affinity)?;
    if matches!(value.source(), SourceValue::Null | SourceValue::Text("")) {
        return None;
    }
    let mut with_value = ColumnProfile::new(&column.declared_type, &[], Reading::default());
    with_value.intent = profile.intent;
    with_value.observe(1, value.source());
    Some(with_value)
}

/// The choice for a column, with regard to its default: without values, the type that it would have with that of its
/// default, unless that were text for a column of numbers or dates; and with values, bigint where the default needs it.
pub(super) fn with_default(
    table: &SqliteTable,
    column: &Column,
    profile: &ColumnProfile,
    chosen: Choice,
    by_default: Option<Choice>,
    findings: &mut Vec<ImportFinding>,
) -> Choice {
    let Some(by_default) = by_default.filter(|_| !chosen.is_forced && !chosen.is_identity) else {
        return chosen;
    };
    let is_open =
        matches!(profile.intent, Intent::Bytes | Intent::Unknown | Intent::Varchar(_) | Intent::Text);
    let is_heeded = match profile.value_count() {
        0 => is_open || by_default.target != TargetType::Text,
        _ => (chosen.target, by_default.target) == (TargetType::Integer, TargetType::BigInt),
    };
    if !is_heeded || chosen.target == by_default.target {
        return chosen;
    }
    let text = format!("The default of the column is {}", type_name(by_default.target));
    findings.push(ImportFinding::new(&rules::BY_DEFAULT, Some(&table.name), Some(&column.name), text));
    Choice { target: by_default.target, on_incompatible: by_default.on_incompatible, ..chosen }
}

/// Gives a column without values the type of the columns of that name and declaration that have values, if these have
/// one type: applications join them. To text, and among columns of bytes, only keys are changed.
pub(super) fn adopt_types(
    schema: &Schema,
    choices: &mut [Vec<Option<Choice>>],
    findings: &mut Vec<ImportFinding>,
) {
    let key = |column: &Column| (column.name.to_ascii_lowercase(), column.declared_type.to_ascii_lowercase());
    let mut types: HashMap<(String, String), Option<TargetType>> = HashMap::new();
    for (table, choices) in schema.tables.iter().zip(choices.iter()) {
        for (column, choice) in table.columns.iter().zip(choices) {
            if let Some(choice) = choice.filter(|choice| choice.has_values || choice.is_forced) {
                let common = types.entry(key(column)).or_insert(Some(choice.target));
                *common = common.filter(|common| *common == choice.target);
            }
        }
    }
    for (table, choices) in schema.tables.iter().zip(choices) {
        for (column, choice) in table.columns.iter().zip(choices) {
            let Some(own) = choice.as_mut() else { continue };
            let is_fixed = own.has_values || own.is_forced || own.is_identity || column.default.is_some();
            let is_key = column.name.to_ascii_lowercase().ends_with("id");
            let Some(common) = types.get(&key(column)).copied().flatten() else { continue };
            let is_far = own.target == TargetType::Bytea
                || common == TargetType::Text && !matches!(own.target, TargetType::Varchar(_));
            if is_fixed || common == own.target || (is_far && !is_key) {
                continue;
            }
            let text = format!("Columns of this name with values are {}", type_name(common));
            findings.push(ImportFinding::new(&rules::BY_NAME, Some(&table.name), Some(&column.name), text));
            own.target = common;
        }
    }
}
