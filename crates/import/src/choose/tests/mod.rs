//! The choices by declared type and values, through a real database, because SQLite's affinities change values.

mod columns;
mod decided;
mod keys;
mod promise;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::choose;
use crate::conversion::{ColumnConversion, Conversion, OnIncompatible};
use crate::decisions::{Decisions, type_form, type_name};
use crate::finding::ImportFinding;
use crate::profile::TableProfile;
use crate::schema::{
    Action, Affinity, Column, Encoding, ForeignKey, KeyColumn, PrimaryKey, Schema, SqliteTable,
};
use crate::survey::profile_table;

/// A table with these columns (name and declared type), without a key.
pub(crate) fn table(name: &str, columns: &[(&str, &str)]) -> SqliteTable {
    let column = |(name, declared_type): &(&str, &str)| Column {
        name: (*name).to_owned(),
        declared_type: (*declared_type).to_owned(),
        affinity: Affinity::Blob,
        not_null: false,
        default: None,
        collation: "BINARY".to_owned(),
        generated: None,
    };
    SqliteTable {
        name: name.to_owned(),
        columns: columns.iter().map(column).collect(),
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

fn keyed(mut table: SqliteTable, column: &str, is_rowid: bool) -> SqliteTable {
    let key = KeyColumn { name: column.to_owned(), collation: "BINARY".to_owned(), is_descending: false };
    table.primary_key =
        Some(PrimaryKey { name: None, columns: vec![key], is_rowid, is_autoincrement: false });
    table
}

fn referring(mut table: SqliteTable, column: &str, parent: &str, parent_column: &str) -> SqliteTable {
    table.foreign_keys.push(ForeignKey {
        name: None,
        columns: vec![column.to_owned()],
        parent_table: parent.to_owned(),
        parent_columns: vec![parent_column.to_owned()],
        on_delete: Action::NoAction,
        on_update: Action::NoAction,
        is_deferred: false,
        problem: None,
    });
    table
}

/// A database with these tables and rows.
pub(crate) fn database(tables: Vec<SqliteTable>, rows: &str) -> (SqliteConnection, Schema) {
    let mut connection = SqliteConnection::establish(":memory:").expect("in memory");
    for table in &tables {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| {
                let key = table.primary_key.as_ref().filter(|key| key.is_rowid);
                let is_key = key.is_some_and(|key| key.columns[0].name == column.name);
                let key = if is_key { " PRIMARY KEY" } else { "" };
                format!("\"{}\" {}{key}", column.name.replace('"', "\"\""), column.declared_type)
            })
            .collect();
        let name = table.name.replace('"', "\"\"");
        let sql = format!("CREATE TABLE \"{name}\" ({})", columns.join(", "));
        connection.batch_execute(&sql).expect("made");
    }
    connection.batch_execute(rows).expect("filled");
    (connection, Schema { encoding: Encoding::Utf8, tables, ..Schema::default() })
}

pub(crate) fn profiles(
    connection: &mut SqliteConnection,
    schema: &Schema,
    decisions: &Decisions,
) -> Vec<TableProfile> {
    let profile = |table| profile_table(connection, schema, table, None, decisions, &|| false).expect("read");
    schema.tables.iter().map(profile).collect()
}

fn chosen(tables: Vec<SqliteTable>, rows: &str, decisions: &str) -> (Conversion, Vec<ImportFinding>) {
    let decisions = Decisions::parse(decisions).expect("decisions");
    let (mut connection, schema) = database(tables, rows);
    decisions.check(&schema).expect("about this database");
    let profiles = profiles(&mut connection, &schema, &decisions);
    choose(&schema, &profiles, &decisions)
}

/// A column as text: its type, form and handling of incompatible values.
fn word(column: &ColumnConversion) -> String {
    let form = type_form(column.target_type).map(|form| format!("/{form}")).unwrap_or_default();
    let on_incompatible = match column.on_incompatible {
        OnIncompatible::Reject => "",
        OnIncompatible::Null => "!null",
        OnIncompatible::RemoveNul => "!remove-nul",
        OnIncompatible::Bytes => "!bytes",
    };
    format!("{}{form}{on_incompatible}", type_name(column.target_type))
}

fn words(conversion: &Conversion) -> Vec<String> {
    conversion.tables.iter().flat_map(|table| table.columns.iter().map(word)).collect()
}

fn rules(findings: &[ImportFinding]) -> String {
    let ids: Vec<&str> = findings.iter().map(|finding| finding.rule.id).collect();
    ids.join(" ")
}

/// A table with the one column `v` and these values, as SQL, separated by bars.
fn column(declared: &str, values: &str, decisions: &str) -> (String, Vec<ImportFinding>) {
    let inserts: String = values
        .split('|')
        .filter(|value| !value.is_empty())
        .map(|value| format!("INSERT INTO t VALUES ({value});"))
        .collect();
    let (conversion, findings) = chosen(vec![table("t", &[("v", declared)])], &inserts, decisions);
    (words(&conversion).concat(), findings)
}
