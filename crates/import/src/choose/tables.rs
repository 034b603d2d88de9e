//! Combines the choices of all columns.

use super::column::{Choice, Subject};
use super::defaults::{adopt_types, default_profile, with_default};
use super::keys;
use crate::conversion::{ColumnConversion, Conversion, TableConversion};
use crate::decisions::Decisions;
use crate::finding::{ImportFinding, Rule};
use crate::profile::{ColumnProfile, TableProfile};
use crate::rules::types as rules;
use crate::schema::{Column, Schema, SqliteTable};
use crate::types::TargetType;

/// The conversion of a database, and the findings. `profiles` are those of the schema's tables, in their order, read
/// with the same decisions; a table without one is treated as empty. The decisions have been checked against the
/// schema.
#[must_use]
pub fn choose(
    schema: &Schema,
    profiles: &[TableProfile],
    decisions: &Decisions,
) -> (Conversion, Vec<ImportFinding>) {
    let profiles: Vec<TableProfile> = schema
        .tables
        .iter()
        .enumerate()
        .map(|(index, table)| match profiles.get(index) {
            Some(profile) if profile.columns.len() == table.columns.len() => profile.clone(),
            _ => TableProfile::new(table, decisions),
        })
        .collect();
    let mut findings = Vec::new();
    let mut choices = Vec::with_capacity(schema.tables.len());
    for (table, profile) in schema.tables.iter().zip(&profiles) {
        choices.push(choose_columns(table, profile, decisions, &mut findings));
    }
    adopt_types(schema, &mut choices, &mut findings);
    keys::join(schema, decisions.integers, &mut choices, &mut findings);
    let names = decisions.table_names(schema);
    let mut tables = Vec::new();
    for (((table, profile), choices), name) in schema.tables.iter().zip(&profiles).zip(choices).zip(names) {
        if decisions.skips_table(table) {
            findings.push(ImportFinding::new(
                &rules::SKIPPED,
                Some(&table.name),
                None,
                "The table is skipped",
            ));
            continue;
        }
        tables.push(TableConversion {
            source: table.name.clone(),
            target: name,
            columns: convert_columns(table, profile, &choices, decisions, &mut findings),
            row_count: profile.row_count,
            size_bytes: profile.size_bytes,
        });
    }
    let name = decisions.schema.clone().unwrap_or_else(|| "public".to_owned());
    (Conversion { schema: name, tables }, findings)
}

/// One for each column; `None` for skipped columns.
fn choose_columns(
    table: &SqliteTable,
    profile: &TableProfile,
    decisions: &Decisions,
    findings: &mut Vec<ImportFinding>,
) -> Vec<Option<Choice>> {
    let is_skipped = decisions.skips_table(table);
    let pairs = table.columns.iter().zip(&profile.columns);
    let choose = |(column, profile): (&Column, &ColumnProfile)| {
        if is_skipped {
            return None;
        }
        if decisions.skips_column(table, &column.name) {
            let text = "The column is skipped";
            findings.push(ImportFinding::new(&rules::SKIPPED, Some(&table.name), Some(&column.name), text));
            return None;
        }
        let decision = decisions.column(&table.name, &column.name);
        let integers = decisions.integers;
        let next_number = is_rowid(table, column).then(|| next_number(table, profile));
        let incompatible = decisions.incompatible;
        let by_default = default_profile(column, profile).map(|profile| {
            // Nothing was found in the column.
            let (profile, findings) = (&profile, &mut Vec::new());
            Subject { table, column, profile, decision, integers, incompatible, next_number, findings }
                .choose()
        });
        let findings = &mut *findings;
        let chosen = Subject {
            table,
            column,
            profile,
            decision,
            integers,
            incompatible,
            next_number,
            findings: &mut *findings,
        }
        .choose();
        Some(with_default(table, column, profile, chosen, by_default, findings))
    };
    pairs.map(choose).collect()
}

fn convert_columns(
    table: &SqliteTable,
    profile: &TableProfile,
    choices: &[Option<Choice>],
    decisions: &Decisions,
    findings: &mut Vec<ImportFinding>,
) -> Vec<ColumnConversion> {
    let names = decisions.column_names(table);
    let mut converted = Vec::new();
    for (((column, profile), choice), name) in
        table.columns.iter().zip(&profile.columns).zip(choices).zip(names)
    {
        let Some(choice) = choice else { continue };
        let mut add_finding = |rule: &'static Rule, text: &str| {
            let finding = ImportFinding::new(rule, Some(&table.name), Some(&column.name), text);
            findings.push(finding.with_rows(profile.null.count, super::column::keys(&profile.null)));
        };
        let is_key = table
            .primary_key
            .as_ref()
            .is_some_and(|key| key.columns.iter().any(|part| part.name.eq_ignore_ascii_case(&column.name)));
        let has_null = !profile.null.is_empty();
        if has_null && column.not_null {
            add_finding(&rules::NULL_IN_NOT_NULL, "The column is declared NOT NULL and contains NULL");
        } else if has_null && is_key {
            add_finding(&rules::NULL_IN_KEY, "The column is part of the primary key and contains NULL");
        }
        let identity = is_rowid(table, column).then(|| next_number(table, profile));
        if identity == Some(None) {
            let text = "The highest value is the maximum of a 64-bit integer";
            findings.push(ImportFinding::new(
                &rules::NO_NUMBER_LEFT,
                Some(&table.name),
                Some(&column.name),
                text,
            ));
        }
        converted.push(ColumnConversion {
            source: column.name.clone(),
            target: name,
            target_type: choice.target,
            reading: choice.reading,
            labels: decisions.labels(&table.name, &column.name).to_vec(),
            not_null: !has_null && (column.not_null || is_key),
            is_generated: column.generated.is_some(),
            identity: identity.flatten(),
            on_incompatible: choice.on_incompatible,
            is_mixed: choice.is_inexact || !is_of_one_class(choice.target, profile),
        });
    }
    converted
}

fn is_rowid(table: &SqliteTable, column: &Column) -> bool {
    table.primary_key.as_ref().is_some_and(|key| {
        key.is_rowid && key.columns.iter().any(|part| part.name.eq_ignore_ascii_case(&column.name))
    })
}

/// The value after all generated ones; `None` if there is none.
fn next_number(table: &SqliteTable, profile: &ColumnProfile) -> Option<i64> {
    let highest = profile.integer_range.map(|(_, greatest)| greatest).max(table.sequence);
    highest.map_or(Some(1), |highest| highest.checked_add(1)).map(|next| next.max(1))
}

/// Whether SQLite evaluates an expression with every value of a column as PostgreSQL does with its type. Integers and
/// reals are one type there: what depends on the class of a number, such as division, is refused by the translation.
fn is_of_one_class(target_type: TargetType, profile: &ColumnProfile) -> bool {
    let (has_integer, has_real) = (!profile.integer.is_empty(), !profile.real.is_empty());
    let (has_text, has_blob) = (!profile.text.is_empty(), !profile.blob.is_empty());
    match target_type {
        TargetType::Text | TargetType::Varchar(_) | TargetType::Char(_) | TargetType::Citext => {
            !has_integer && !has_real && !has_blob
        }
        TargetType::Bytea => !has_integer && !has_real && !has_text,
        TargetType::SmallInt | TargetType::Integer | TargetType::BigInt => {
            !has_real && !has_text && !has_blob
        }
        TargetType::Real | TargetType::Double | TargetType::Numeric { .. } | TargetType::AnyNumeric => {
            !has_text && !has_blob
        }
        // The functions for JSON read a number as the document that consists of it.
        TargetType::Jsonb => !has_blob,
        _ => [has_integer, has_real, has_text, has_blob].into_iter().filter(|has| *has).count() <= 1,
    }
}
