//! Tables of a source and a target built in the tests.

mod matching;
mod types;

use super::*;
use crate::finding::ImportFinding;
use crate::schema::{Affinity, Column, Generated, Schema, SqliteTable};
use crate::types::{DateForm, InstantForm, IntervalForm, TargetType, UuidForm};

fn source(name: &str, columns: &[&str]) -> SqliteTable {
    let columns = columns.iter().map(|name| Column {
        name: (*name).to_owned(),
        declared_type: String::new(),
        affinity: Affinity::Blob,
        not_null: false,
        default: None,
        collation: "BINARY".to_owned(),
        generated: None,
    });
    SqliteTable {
        name: name.to_owned(),
        columns: columns.collect(),
        primary_key: None,
        uniques: Vec::new(),
        checks: Vec::new(),
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
        without_rowid: false,
        strict: false,
        rowid: Some("rowid"),
        sequence: None,
    }
}

fn schema(tables: Vec<SqliteTable>) -> Schema {
    Schema { tables, ..Schema::default() }
}

fn existing_column(name: &str, type_name: &str, type_oid: u32, typmod: i32) -> ExistingColumn {
    ExistingColumn {
        name: name.to_owned(),
        type_name: type_name.to_owned(),
        type_oid,
        typmod,
        base_name: type_name.to_owned(),
        is_domain: false,
        not_null: false,
        has_default: false,
        is_identity: false,
        has_sequence: false,
        is_generated: false,
        labels: Vec::new(),
    }
}

fn text(name: &str) -> ExistingColumn {
    existing_column(name, "text", 25, -1)
}

fn existing(name: &str, columns: Vec<ExistingColumn>) -> ExistingTable {
    ExistingTable { schema: "public".to_owned(), name: name.to_owned(), kind: TableKind::Table, columns }
}

/// The matches, as `source>target(column>column ...)`, and the rules of the findings, with their objects.
fn matched(
    sources: Vec<SqliteTable>,
    targets: &[ExistingTable],
    decisions: &MatchDecisions,
) -> (String, String) {
    let (matches, findings) = match_tables(&schema(sources), targets, decisions);
    let tables = matches.tables.iter().map(|table| {
        let columns = table.columns.iter().map(|column| format!("{}>{}", column.source, column.target));
        format!("{}>{}({})", table.source, table.target, columns.collect::<Vec<_>>().join(" "))
    });
    (tables.collect::<Vec<_>>().join("; "), rules(&findings))
}

fn rules(findings: &[ImportFinding]) -> String {
    let of = |finding: &ImportFinding| {
        let place = [finding.table.as_deref(), finding.object.as_deref()];
        format!("{} {}", finding.rule.id, place.into_iter().flatten().collect::<Vec<_>>().join("."))
    };
    findings.iter().map(of).collect::<Vec<_>>().join("; ")
}

/// The candidates of a single column in an application's tables.
fn candidates_of(
    column: ExistingColumn,
    application: &[&str],
    decisions: &MatchDecisions,
) -> Option<ColumnMatch> {
    let mut sources = vec![source("t", &["c"])];
    let mut targets = vec![existing("t", vec![column])];
    for name in application {
        sources.push(source(name, &["id"]));
        targets.push(existing(name, vec![text("id")]));
    }
    let (matches, _) = match_tables(&schema(sources), &targets, decisions);
    matches.tables.into_iter().next().and_then(|table| table.columns.into_iter().next())
}
