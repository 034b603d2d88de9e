//! Copies rows only, into existing tables: the target's catalog takes the place of the configuration file.
//!
//! Types are never widened. A table with values that do not fit its columns is skipped completely and reported; the
//! others are copied.

use std::collections::BTreeSet;

use super::conversion::Conversion;
use super::decisions::{ColumnDecision, Decisions, TableDecision};
use super::existing::{self, ExistingTable, MatchDecisions, match_tables};
use super::finding::ImportFinding;
use super::rules::{import, types};
use super::schema::Schema;

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
                    .and_then(|decision| decision.on_incompatible),
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
        target_type: decision.types.first().copied(),
    };
    let table = |decision: &TableDecision| existing::TableMatchDecision {
        target: decision.name.clone(),
        leave_out: decision.skip,
        columns: decision.columns.iter().map(|(name, decision)| (name.clone(), column(decision))).collect(),
    };
    MatchDecisions {
        tables: decisions.tables.iter().map(|(name, decision)| (name.clone(), table(decision))).collect(),
        assume_utc: None,
    }
}

/// Removes from the conversion what does not fit the existing tables.
pub(super) fn keep_what_fits(conversion: &mut Conversion, findings: &mut Vec<ImportFinding>) {
    let mut too_narrow = BTreeSet::new();
    // A finding about skipped tables was added when tables were matched.
    findings.retain(|finding| finding.rule != &types::SKIPPED);
    for finding in findings {
        if finding.rule == &types::FORCED_MISFIT {
            finding.rule = &import::TARGET_TYPE_TOO_NARROW;
            too_narrow.extend(finding.table.clone());
        }
    }
    conversion.tables.retain(|table| !too_narrow.contains(&table.source));
    for column in conversion.tables.iter_mut().flat_map(|table| &mut table.columns) {
        column.is_generated = false;
        column.identity = None;
    }
}
