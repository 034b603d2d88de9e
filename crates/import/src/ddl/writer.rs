//! Collects statements and findings.

use std::collections::HashSet;

use super::options::DdlOptions;
use super::part::{ConvertedTable, ConvertedTables, folded};
use crate::conversion::{Statement, StatementKind};
use crate::finding::{ImportFinding, Rule};
use crate::translate::quote_name;
use crate::types::TargetType;

/// Statements and findings, in the order of writing.
pub(super) struct Writer<'a> {
    pub(super) options: &'a DdlOptions,
    pub(super) findings: Vec<ImportFinding>,
    schema: String,
    statements: Vec<Statement>,
    not_valid: HashSet<(String, usize)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(schema: &str, options: &'a DdlOptions) -> Self {
        let not_valid = options.orphans_not_valid.iter();
        let not_valid = not_valid.map(|(table, place)| (folded(table), *place)).collect();
        Self { options, findings: Vec::new(), schema: schema.to_owned(), statements: Vec::new(), not_valid }
    }

    /// The schema, without quotes.
    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    /// A qualified name, both parts quoted.
    pub(super) fn qualified(&self, name: &str) -> String {
        format!("{}.{}", quote_name(&self.schema), quote_name(name))
    }

    /// Whether the foreign key with this index in a table is added NOT VALID.
    pub(super) fn is_not_valid(&self, part: &ConvertedTable<'_>, place: usize) -> bool {
        self.not_valid.contains(&(folded(&part.table.name), place))
    }

    pub(super) fn statement(&mut self, kind: StatementKind, table: &str, name: &str, sql: String) {
        self.statements.push(Statement { kind, table: table.to_owned(), name: name.to_owned(), sql });
    }

    /// Adds a constraint to an existing table.
    pub(super) fn constraint(
        &mut self,
        kind: StatementKind,
        part: &ConvertedTable<'_>,
        name: &str,
        definition: &str,
    ) {
        let table = self.qualified(part.target());
        let sql = format!("ALTER TABLE {table} ADD CONSTRAINT {} {definition}", quote_name(name));
        self.statement(kind, part.target(), name, sql);
    }

    /// Adds a finding for an object of a table.
    pub(super) fn add_finding(
        &mut self,
        rule: &'static Rule,
        part: &ConvertedTable<'_>,
        object: Option<&str>,
        text: impl Into<String>,
    ) {
        self.findings.push(part.finding(rule, object, text));
    }

    /// The schema and the extension that the tables need.
    pub(super) fn write_schema(&mut self, parts: &ConvertedTables<'_>) {
        let schema = self.schema.clone();
        if schema != "public" {
            let sql = format!("CREATE SCHEMA IF NOT EXISTS {}", quote_name(&schema));
            self.statement(StatementKind::Schema, "", &schema, sql);
        }
        let needs_citext = parts
            .iter()
            .any(|part| part.columns.iter().any(|column| column.target.target_type == TargetType::Citext));
        if needs_citext {
            // In `public`, so that the unqualified type name is found for every schema.
            let sql = "CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public".to_owned();
            self.statement(StatementKind::Extension, "", "citext", sql);
        }
    }

    /// The statements in the order of execution, and the findings.
    pub(super) fn finish(mut self) -> (Vec<Statement>, Vec<ImportFinding>) {
        // The sort is stable: statements of one kind keep the order of writing.
        self.statements.sort_by_key(|statement| statement.kind);
        (self.statements, self.findings)
    }
}
