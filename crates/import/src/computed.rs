//! Decides which generated columns PostgreSQL computes, and which store the values of the source.

use std::collections::BTreeMap;

use super::conversion::{ColumnConversion, Conversion, TableConversion};
use super::ddl;
use super::decisions::Decisions;
use super::finding::ImportFinding;
use super::profile::{ColumnProfile, TableProfile};
use super::rules::{ddl as ddl_rules, types};
use super::schema::{Affinity, Generated, Schema, SqliteTable};
use super::types::TargetType;

/// Makes an ordinary column with the values of the source of every generated column that PostgreSQL cannot compute.
/// `profiles` are those of the schema's tables, in their order.
pub(super) fn carry_what_is_not_computed(
    schema: &Schema,
    profiles: &[TableProfile],
    decisions: &Decisions,
    conversion: &mut Conversion,
    findings: &mut Vec<ImportFinding>,
) {
    let tables: BTreeMap<&str, (&SqliteTable, &TableProfile)> = schema
        .tables
        .iter()
        .zip(profiles)
        .map(|(table, profile)| (table.name.as_str(), (table, profile)))
        .collect();
    for converted in &mut conversion.tables {
        if let Some((table, profile)) = tables.get(converted.source.as_str()) {
            settle(table, profile, decisions, converted, findings);
        }
    }
}

/// A generated column that PostgreSQL may compute.
struct Candidate<'a> {
    name: String,
    generated: &'a Generated,
    /// The type by its values.
    chosen: TargetType,
    /// Whether SQLite may have computed a REAL of integers: where their result exceeds 64 bits, PostgreSQL would reject
    /// the row.
    has_overflowed: bool,
    /// Whether double precision may take the place of a decimal type.
    may_be_double: bool,
}

fn settle(
    table: &SqliteTable,
    profile: &TableProfile,
    decisions: &Decisions,
    converted: &mut TableConversion,
    findings: &mut Vec<ImportFinding>,
) {
    let mut candidates = Vec::new();
    for column in converted.columns.iter_mut().filter(|column| column.is_generated) {
        column.is_generated = false;
        let Some(place) = table.columns.iter().position(|own| own.name == column.source) else { continue };
        let (declared, profile) = (table.columns.get(place), profile.columns.get(place));
        let Some(generated) = declared.and_then(|declared| declared.generated.as_ref()) else { continue };
        let is_free = decisions.forced_types(&table.name, &column.source).is_empty();
        candidates.push(Candidate {
            name: column.source.clone(),
            generated,
            chosen: column.target_type,
            has_overflowed: declared.is_some_and(|declared| declared.affinity != Affinity::Real)
                && profile.is_some_and(|profile| !profile.real.is_empty()),
            may_be_double: is_free && profile.is_some_and(|profile| are_doubles(column, profile)),
        });
    }
    // First each column alone, because an untranslatable one is an ordinary column for the others; then together,
    // because a generated column cannot refer to another one.
    candidates.retain(|candidate| candidate.settle_type(table, converted));
    for candidate in &candidates {
        candidate.with_column(converted, |column| column.is_generated = true);
    }
    for candidate in candidates {
        if !candidate.is_computable(table, converted) {
            candidate.with_column(converted, |column| {
                column.is_generated = false;
                column.target_type = candidate.chosen;
            });
            continue;
        }
        candidate.with_column(converted, |column| {
            if column.target_type != candidate.chosen {
                report_double(table, &candidate.name, findings);
            }
        });
    }
}

/// In place of what was found about the decimal type.
fn report_double(table: &SqliteTable, column: &str, findings: &mut Vec<ImportFinding>) {
    let (table, column) = (Some(table.name.as_str()), Some(column));
    findings.retain(|finding| {
        let is_of_column = finding.table.as_deref() == table && finding.object.as_deref() == column;
        !(is_of_column && [&types::DECIMAL_FROM_REAL, &types::DECIMAL_TOO_WIDE].contains(&finding.rule))
    });
    findings.push(ImportFinding::new(
        &ddl_rules::GENERATED_DOUBLE,
        table,
        column,
        "The column becomes double precision",
    ));
}

/// Whether the values of a decimal column are doubles, as SQLite computes them.
fn are_doubles(column: &ColumnConversion, profile: &ColumnProfile) -> bool {
    let is_decimal = matches!(column.target_type, TargetType::Numeric { .. } | TargetType::AnyNumeric);
    is_decimal && profile.text.is_empty() && profile.blob.is_empty() && profile.inexact.is_empty()
}

impl Candidate<'_> {
    /// Whether PostgreSQL can compute the column; with the type double precision if only that has SQLite's results.
    fn settle_type(&self, table: &SqliteTable, converted: &mut TableConversion) -> bool {
        if self.is_computable(table, converted) {
            return true;
        }
        if !self.may_be_double {
            return false;
        }
        self.with_column(converted, |column| column.target_type = TargetType::Double);
        let is_computable = self.is_computable(table, converted);
        if !is_computable {
            self.with_column(converted, |column| column.target_type = self.chosen);
        }
        is_computable
    }

    fn is_computable(&self, table: &SqliteTable, converted: &TableConversion) -> bool {
        let Some(column) = converted.columns.iter().find(|column| column.source == self.name) else {
            return false;
        };
        let is_for = |target| ddl::generated_expression(table, converted, self.generated, target).is_ok();
        let is_of_integers = || is_for(TargetType::BigInt);
        !column.is_mixed && is_for(column.target_type) && !(self.has_overflowed && is_of_integers())
    }

    fn with_column(&self, converted: &mut TableConversion, change: impl FnOnce(&mut ColumnConversion)) {
        if let Some(column) = converted.columns.iter_mut().find(|column| column.source == self.name) {
            change(column);
        }
    }
}
