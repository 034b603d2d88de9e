//! Which generated columns PostgreSQL computes, and which get the values of the source.

use std::collections::BTreeMap;

use super::conversion::{Conversion, TableConversion};
use super::ddl;
use super::profile::{ColumnProfile, TableProfile};
use super::schema::{Schema, Table};
use super::types::TargetType;

/// Lets the values of the source be carried into every generated column that PostgreSQL cannot compute.
pub(super) fn carry_what_is_not_computed(
    schema: &Schema,
    profiles: &[TableProfile],
    conversion: &mut Conversion,
) {
    let tables: BTreeMap<&str, (&Table, &TableProfile)> = schema
        .tables
        .iter()
        .zip(profiles)
        .map(|(table, profile)| (table.name.as_str(), (table, profile)))
        .collect();
    for converted in &mut conversion.tables {
        if let Some((table, profile)) = tables.get(converted.source.as_str()) {
            settle(table, profile, converted);
        }
    }
}

fn settle(table: &Table, profile: &TableProfile, converted: &mut TableConversion) {
    let of_source = |name: &str| table.columns.iter().position(|column| column.name == name);
    let mut candidates = Vec::new();
    for column in converted.columns.iter_mut().filter(|column| column.is_generated) {
        column.is_generated = false;
        let declared = of_source(&column.source).and_then(|place| table.columns.get(place));
        candidates.extend(
            declared.and_then(|declared| Some((column.source.clone(), declared.generated.as_ref()?))),
        );
    }
    let can_be = |converted: &TableConversion, name: &str, generated| {
        let Some(column) = converted.columns.iter().find(|column| column.source == name) else {
            return false;
        };
        let target_type = column.target_type;
        // An integer that overflows becomes a real in SQLite; in PostgreSQL the row would be refused.
        let own = of_source(name).and_then(|place| profile.columns.get(place));
        if own.is_some_and(|own| !is_of_one_class(target_type, own)) {
            return false;
        }
        // SQLite computes with numbers in one row of these and with text in another.
        let mixed = converted.columns.iter().filter(|column| {
            let profile = of_source(&column.source).and_then(|place| profile.columns.get(place));
            profile.is_some_and(|profile| !is_of_one_class(column.target_type, profile))
        });
        let mixed: Vec<&str> = mixed.map(|column| column.source.as_str()).collect();
        ddl::generated_expression(table, converted, &mixed, generated, target_type).is_ok()
    };
    let set = |converted: &mut TableConversion, name: &str, to| {
        if let Some(column) = converted.columns.iter_mut().find(|column| column.source == name) {
            column.is_generated = to;
        }
    };
    // First each for itself, for what is not translated is an ordinary column to the others; then beside those that
    // are computed, for none is computed from another.
    candidates.retain(|(name, generated)| can_be(converted, name, generated));
    candidates.iter().for_each(|(name, _)| set(converted, name, true));
    for (name, generated) in candidates {
        if !can_be(converted, &name, generated) {
            set(converted, &name, false);
        }
    }
}

/// Whether all values of a column are of the class that its type stands for.
fn is_of_one_class(target_type: TargetType, profile: &ColumnProfile) -> bool {
    let (has_integer, has_real) = (!profile.integer.is_empty(), !profile.real.is_empty());
    let (has_text, has_blob) = (!profile.text.is_empty(), !profile.blob.is_empty());
    match target_type {
        TargetType::Text | TargetType::Varchar(_) | TargetType::Char(_) | TargetType::Citext => {
            !has_integer && !has_real && !has_blob
        }
        TargetType::Bytea => !has_integer && !has_real && !has_text,
        _ => [has_integer, has_real, has_text, has_blob].into_iter().filter(|has| *has).count() <= 1,
    }
}
