//! The tables of the project: schema, conversion, and their names in Rust.

use std::collections::{HashMap, HashSet};

use super::names::{self, Style, UsedIdentifiers};
use super::options::ProjectError;
use super::types::{self, DieselType};
use crate::conversion::{ColumnConversion, Conversion, Statement, StatementKind, TableConversion};
use crate::schema::{Column, Schema, SqliteTable};

/// A table.
pub(super) struct ProjectTable<'a> {
    pub(super) source: &'a SqliteTable,
    pub(super) conversion: &'a TableConversion,
    pub(super) columns: Vec<ProjectColumn<'a>>,
    /// The indexes of the primary key in `columns`; empty if there is none in PostgreSQL.
    pub(super) key: Vec<usize>,
    /// Its module in `schema.rs`.
    pub(super) module: String,
    /// Its struct in `models.rs`.
    pub(super) row: String,
    /// Why it is skipped in `schema.rs`.
    pub(super) skipped: Option<&'static str>,
}

/// A column.
pub(super) struct ProjectColumn<'a> {
    pub(super) source: &'a Column,
    pub(super) conversion: &'a ColumnConversion,
    pub(super) field: String,
    pub(super) not_null: bool,
    pub(super) types: DieselType,
}

/// The largest tuple of Diesel.
const MOST_COLUMNS: usize = 128;

impl ProjectTable<'_> {
    /// The index of the column with this source name in `columns`.
    pub(super) fn position(&self, source_name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.source.name.eq_ignore_ascii_case(source_name))
    }
}

/// The tables of a conversion, in its order.
pub(super) fn tables<'a>(
    schema: &'a Schema,
    conversion: &'a Conversion,
    statements: &[Statement],
) -> Result<Vec<ProjectTable<'a>>, ProjectError> {
    if conversion.tables.is_empty() {
        return Err(ProjectError::NoTables);
    }
    let sources: HashMap<&str, &SqliteTable> =
        schema.tables.iter().map(|table| (table.name.as_str(), table)).collect();
    let keyed: HashSet<&str> = statements
        .iter()
        .filter(|statement| matches!(statement.kind, StatementKind::Table | StatementKind::Key))
        .filter(|statement| has_primary_key(&statement.sql))
        .map(|statement| statement.table.as_str())
        .collect();
    let mut target_names = HashSet::new();
    let mut modules = UsedIdentifiers::default();
    let mut rows = UsedIdentifiers::default();
    conversion
        .tables
        .iter()
        .map(|table| {
            let unknown = || ProjectError::UnknownTable(table.source.clone());
            let source = *sources.get(table.source.as_str()).ok_or_else(unknown)?;
            if !target_names.insert(table.target.to_ascii_lowercase()) {
                return Err(ProjectError::SameName(table.target.clone()));
            }
            let module = modules.give(names::snake(&table.target, "table_"), Style::Snake);
            let row = rows.give(names::pascal(&table.target, "Table"), Style::Pascal);
            project_table(source, table, keyed.contains(table.target.as_str()), module, row)
        })
        .collect()
}

fn project_table<'a>(
    source: &'a SqliteTable,
    conversion: &'a TableConversion,
    has_key: bool,
    module: String,
    row: String,
) -> Result<ProjectTable<'a>, ProjectError> {
    let sources: HashMap<&str, &Column> =
        source.columns.iter().map(|column| (column.name.as_str(), column)).collect();
    let mut target_names = HashSet::new();
    let mut fields = UsedIdentifiers::default();
    // Diesel rejects a column with the name of its table.
    fields.take(&module);
    let columns = conversion.columns.iter().map(|column| {
        let unknown = || ProjectError::UnknownColumn {
            table: conversion.source.clone(),
            column: column.source.clone(),
        };
        let source = *sources.get(column.source.as_str()).ok_or_else(unknown)?;
        if !target_names.insert(column.target.to_ascii_lowercase()) {
            return Err(ProjectError::SameName(column.target.clone()));
        }
        Ok(ProjectColumn {
            source,
            conversion: column,
            field: fields.give(names::snake(&column.target, "column"), Style::Snake),
            not_null: column.not_null,
            types: types::diesel_type(column.target_type),
        })
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let skipped =
        (columns.len() > MOST_COLUMNS).then_some("it has more than 128 columns, the maximum of Diesel");
    let mut table = ProjectTable { source, conversion, columns, key: Vec::new(), module, row, skipped };
    if has_key {
        table.key = key(&table);
        for position in &table.key {
            table.columns[*position].not_null = true;
        }
    }
    if table.key.is_empty() {
        table.skipped = table.skipped.or(Some("it has no primary key, which Diesel requires"));
    }
    Ok(table)
}

/// The indexes of the primary key's columns; empty if one of them is skipped.
fn key(table: &ProjectTable<'_>) -> Vec<usize> {
    let Some(key) = &table.source.primary_key else { return Vec::new() };
    let positions: Option<Vec<usize>> =
        key.columns.iter().map(|column| table.position(&column.name)).collect();
    let mut seen = HashSet::new();
    positions.unwrap_or_default().into_iter().filter(|position| seen.insert(*position)).collect()
}

/// Whether a PostgreSQL statement contains PRIMARY KEY outside of names and strings.
fn has_primary_key(sql: &str) -> bool {
    let mut quote = None;
    let bare: String = sql
        .chars()
        .map(|c| {
            let was_quoted = quote.is_some();
            match quote {
                Some(open) if c == open => quote = None,
                None if c == '"' || c == '\'' => quote = Some(c),
                _ => {}
            }
            if was_quoted || quote.is_some() || !c.is_ascii_alphanumeric() {
                ' '
            } else {
                c.to_ascii_uppercase()
            }
        })
        .collect();
    let words: Vec<&str> = bare.split_ascii_whitespace().collect();
    words.windows(2).any(|pair| pair == ["PRIMARY", "KEY"])
}
