//! Decides which generated columns PostgreSQL computes, and which store the values of the source.

use std::collections::BTreeMap;

use super::conversion::{Conversion, TableConversion};
use super::ddl;
use super::schema::{Schema, SqliteTable};

/// Makes an ordinary column with the values of the source of every generated column that PostgreSQL cannot compute.
pub(super) fn carry_what_is_not_computed(schema: &Schema, conversion: &mut Conversion) {
    let tables: BTreeMap<&str, &SqliteTable> =
        schema.tables.iter().map(|table| (table.name.as_str(), table)).collect();
    for converted in &mut conversion.tables {
        if let Some(table) = tables.get(converted.source.as_str()) {
            settle(table, converted);
        }
    }
}

fn settle(table: &SqliteTable, converted: &mut TableConversion) {
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
        // An integer that overflows becomes a REAL in SQLite; PostgreSQL would reject the row.
        !column.is_mixed && ddl::generated_expression(table, converted, generated, target_type).is_ok()
    };
    let set = |converted: &mut TableConversion, name: &str, to| {
        if let Some(column) = converted.columns.iter_mut().find(|column| column.source == name) {
            column.is_generated = to;
        }
    };
    // First each column alone, because an untranslatable one is an ordinary column for the others; then together,
    // because a generated column cannot refer to another one.
    candidates.retain(|(name, generated)| can_be(converted, name, generated));
    candidates.iter().for_each(|(name, _)| set(converted, name, true));
    for (name, generated) in candidates {
        if !can_be(converted, &name, generated) {
            set(converted, &name, false);
        }
    }
}
