//! Copies rows only, into existing tables: the target's catalog takes the place of the configuration file.
//!
//! Types are never widened. A row with a value that does not fit its column is rejected, and the others are copied. A
//! table is skipped only where a column cannot be read at all: the unit of its numbers is not certain.

use std::collections::BTreeSet;

use super::conversion::{Conversion, OnIncompatible};
use super::decisions::{ColumnDecision, Decisions, TableDecision};
use super::existing::{self, ColumnMatch, ExistingTable, MatchDecisions, match_tables};
use super::finding::ImportFinding;
use super::profile::Intent;
use super::rules::{existing as rules, import, types};
use super::schema::{Column, Schema};
use super::types::TargetType;

/// The user's configuration, completed from the target's catalog: each table and column is mapped to that of its name
/// with its type, and one without a match is skipped. Also returns the findings.
pub(super) fn decide(
    schema: &Schema,
    existing: &[ExistingTable],
    decisions: &Decisions,
) -> (Decisions, Vec<ImportFinding>) {
    let (matches, findings) = match_tables(schema, existing, &match_decisions(decisions));
    let mut decided = Decisions { tables: Default::default(), ..decisions.clone() };
    for table in &schema.tables {
        let matched = matches.tables.iter().find(|matched| matched.source == table.name);
        let mut of_table = TableDecision { skip: matched.is_none(), ..TableDecision::default() };
        of_table.name = matched.map(|matched| matched.target.clone());
        for column in &table.columns {
            let into = matched.into_iter().flat_map(|matched| &matched.columns);
            // Generated columns of the target are not sent.
            let into = into.filter(|into| !into.is_generated).find(|into| into.source == column.name);
            let decision = ColumnDecision {
                types: into.map(|into| into.target_types.clone()).unwrap_or_default(),
                name: into.map(|into| into.target.clone()),
                skip: into.is_none(),
                on_incompatible: decisions
                    .column(&table.name, &column.name)
                    .and_then(|decision| decision.on_incompatible)
                    .or_else(|| into.and_then(|into| of_blob(column, into))),
                round: decisions.column(&table.name, &column.name).is_some_and(|decision| decision.round),
                fraction_digits: into.and_then(|into| into.fraction_digits),
                labels: into.map(|into| into.labels.clone()).unwrap_or_default(),
                incompatible: None,
            };
            of_table.columns.insert(column.name.clone(), decision);
        }
        decided.tables.insert(table.name.clone(), of_table);
    }
    (decided, findings)
}

fn match_decisions(decisions: &Decisions) -> MatchDecisions {
    let column = |decision: &ColumnDecision| existing::ColumnMatchDecision {
        target: decision.name.clone(),
        leave_out: decision.skip,
        target_types: decision.types.clone(),
    };
    let table = |decision: &TableDecision| existing::TableMatchDecision {
        target: decision.name.clone(),
        leave_out: decision.skip,
        columns: decision.columns.iter().map(|(name, decision)| (name.clone(), column(decision))).collect(),
    };
    MatchDecisions {
        tables: decisions.tables.iter().map(|(name, decision)| (name.clone(), table(decision))).collect(),
        only: decisions.only.clone(),
        assume_utc: decisions.assume_utc,
    }
}

/// Text in a column that is declared BLOB, or has no declared type, is its UTF-8 bytes in a `bytea` column.
fn of_blob(column: &Column, into: &ColumnMatch) -> Option<OnIncompatible> {
    let is_blob =
        matches!(Intent::of(&column.declared_type), Intent::Bytes) || column.declared_type.is_empty();
    (is_blob && into.target_types == [TargetType::Bytea]).then_some(OnIncompatible::Bytes)
}

/// Removes from the conversion what cannot be read, and words the findings for existing tables.
pub(super) fn keep_what_fits(conversion: &mut Conversion, findings: &mut Vec<ImportFinding>) {
    let mut unread = BTreeSet::new();
    // A finding about skipped tables was added when tables were matched.
    findings.retain(|finding| finding.rule != &types::SKIPPED);
    for finding in findings {
        if finding.rule == &types::FORCED_MISFIT {
            finding.rule = &import::TARGET_TYPE_TOO_NARROW;
        }
        if finding.rule == &types::UNIT_UNKNOWN {
            finding.rule = &rules::TARGET_UNIT_UNKNOWN;
            unread.extend(finding.table.clone());
        }
    }
    conversion.tables.retain(|table| !unread.contains(&table.source));
    for column in conversion.tables.iter_mut().flat_map(|table| &mut table.columns) {
        column.is_generated = false;
        column.identity = None;
    }
}
