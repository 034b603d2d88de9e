//! One table: the results of PRAGMAs combined with its statement.

use std::collections::HashMap;

use diesel::SqliteConnection;

use super::declared::{self, Declared};
use super::keys::{self, Keys};
use super::limits::outline;
use super::model::{Affinity, Column, Encoding, Generated, SqliteTable, is_known_collation};
use super::parse::{self, Refusal};
use super::pragmas::{self, TableInfoRow};
use super::statement::StatementText;
use super::unreadable::UnreadableTable;
use super::{foreign_keys, generated, pragmas::SequenceRow};
use crate::finding::{ImportFinding, Rule};
use crate::rules::schema as rules;

/// A table in `sqlite_schema`.
pub(super) struct TableEntry {
    pub name: String,
    pub source: StatementText,
}

/// Reads a table; its foreign keys are not resolved yet.
pub(super) fn read(
    connection: &mut SqliteConnection,
    encoding: Encoding,
    entry: &TableEntry,
    index_statements: &HashMap<String, Option<String>>,
    sequences: &HashMap<String, SequenceRow>,
    findings: &mut Vec<ImportFinding>,
) -> Result<SqliteTable, UnreadableTable> {
    let rows = pragmas::columns(connection, &entry.name)?;
    if rows.is_empty() {
        return Err(UnreadableTable::Unknown);
    }
    let sql = entry.source.sql();
    let declared = declared(entry, encoding, &rows);
    generated::refuse_expanding(encoding, &rows, declared.as_ref().ok(), sql)?;
    let outline = sql.and_then(outline).unwrap_or_default();
    let mut keys = keys::read(connection, encoding, &entry.name, index_statements)?;
    let known = declared.as_ref().ok();
    let strict = known.map_or(outline.is_strict, |declared| declared.is_strict);
    let key = keys::primary_key(encoding, &rows, &mut keys, known, outline.has_autoincrement)?;
    let mut table = SqliteTable {
        name: entry.name.clone(),
        columns: Vec::with_capacity(rows.len()),
        primary_key: key,
        uniques: Vec::new(),
        checks: Vec::new(),
        foreign_keys: foreign_keys::read(connection, encoding, &entry.name, known)?,
        indexes: Vec::new(),
        without_rowid: keys.without_rowid,
        strict,
        rowid: None,
        sequence: None,
    };
    for (place, row) in rows.iter().enumerate() {
        let declared = known.and_then(|declared| declared.columns.get(place));
        table.columns.push(column(encoding, row, declared, &table)?);
    }
    let Keys { uniques, indexes, skipped, .. } = keys;
    table.uniques = keys::uniques(uniques, known);
    table.indexes = indexes;
    table.rowid = rowid(&table);
    add_sequence(&mut table, sequences, findings);
    match declared {
        Ok(declared) => {
            note_conflict_clauses(&table, &declared, findings);
            table.checks = declared.checks;
        }
        Err(refusal) => findings.push(not_parsed(&table, &rows, &refusal)),
    }
    for (index, reason) in skipped {
        let text = format!("The index is skipped: {reason}");
        findings.push(ImportFinding::new(&rules::INDEX_NOT_READ, Some(&table.name), Some(&index), text));
    }
    note_collations(&table, findings);
    Ok(table)
}

/// The parsed statement, if it exists and agrees with the PRAGMAs.
fn declared(entry: &TableEntry, encoding: Encoding, rows: &[TableInfoRow]) -> Result<Declared, Refusal> {
    let declared = match &entry.source {
        StatementText::Text(sql) => declared::table(sql)?,
        StatementText::TooLarge => return Err(Refusal::TooLarge),
        StatementText::NotText => {
            return Err(Refusal::NotUnderstood("it is not well-formed text".to_owned()));
        }
        StatementText::None => return Err(Refusal::NotUnderstood("there is none".to_owned())),
    };
    let is_same = |(row, column): (&TableInfoRow, &declared::DeclaredColumn)| {
        pragmas::text(encoding, &row.name).is_some_and(|name| name.eq_ignore_ascii_case(&column.name))
    };
    if rows.len() == declared.columns.len() && rows.iter().zip(&declared.columns).all(is_same) {
        Ok(declared)
    } else {
        Err(Refusal::NotUnderstood("its columns differ from those that SQLite reports".to_owned()))
    }
}

fn column(
    encoding: Encoding,
    row: &TableInfoRow,
    declared: Option<&declared::DeclaredColumn>,
    table: &SqliteTable,
) -> Result<Column, UnreadableTable> {
    let text = |bytes: &[u8]| pragmas::text(encoding, bytes);
    let name = text(&row.name).ok_or(UnreadableTable::NotText("a column"))?;
    let declared_type = match &row.declared_type {
        Some(bytes) => text(bytes).ok_or(UnreadableTable::NotText("the type of a column"))?,
        None => String::new(),
    };
    // A rowid is never NULL, whatever is declared: NULL is replaced by the next value.
    let key = table.primary_key.as_ref();
    let is_rowid =
        key.is_some_and(|key| key.is_rowid && key.columns.iter().any(|column| column.name == name));
    let default_sql = row.default_sql.as_deref().and_then(text);
    let (collation, default, expression) = match declared {
        Some(column) => (column.collation.clone(), column.default.clone(), column.generated.clone()),
        None => (None, default_sql.and_then(|sql| parse::expression(&sql)).map(declared::default), None),
    };
    let generated = expression
        .filter(|_| matches!(row.hidden, 2 | 3))
        .map(|expression| Generated { expression, is_stored: row.hidden == 3 });
    Ok(Column {
        affinity: affinity(&declared_type, table.strict),
        name,
        declared_type,
        not_null: row.not_null != 0 || is_rowid,
        default,
        collation: keys::known_collation(collation.unwrap_or_else(|| "BINARY".to_owned())),
        generated,
    })
}

/// SQLite manual, "Datatypes In SQLite", section 3.1; in this order.
pub(super) fn affinity(declared_type: &str, strict: bool) -> Affinity {
    let upper = declared_type.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    if strict && upper == "ANY" {
        Affinity::Any
    } else if has(&["INT"]) {
        Affinity::Integer
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        Affinity::Text
    } else if upper.is_empty() || has(&["BLOB"]) {
        Affinity::Blob
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        Affinity::Real
    } else {
        Affinity::Numeric
    }
}

fn rowid(table: &SqliteTable) -> Option<&'static str> {
    let is_taken = |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    if table.without_rowid {
        return None;
    }
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !is_taken(name))
}

fn add_sequence(
    table: &mut SqliteTable,
    sequences: &HashMap<String, SequenceRow>,
    findings: &mut Vec<ImportFinding>,
) {
    if !table.primary_key.as_ref().is_some_and(|key| key.is_autoincrement) {
        return;
    }
    let Some(row) = sequences.get(&table.name) else { return };
    table.sequence = row.highest;
    if row.other_count > 0 {
        let text = "The entry of `sqlite_sequence` for the table is not an integer";
        findings.push(ImportFinding::new(&rules::SEQUENCE, Some(&table.name), None, text));
    }
}

fn note_conflict_clauses(table: &SqliteTable, declared: &Declared, findings: &mut Vec<ImportFinding>) {
    for what in &declared.conflict_clauses {
        let text = format!("{what} has an ON CONFLICT clause");
        findings.push(ImportFinding::new(&rules::ON_CONFLICT, Some(&table.name), None, text));
    }
}

fn note_collations(table: &SqliteTable, findings: &mut Vec<ImportFinding>) {
    for column in &table.columns {
        if !is_known_collation(&column.collation) {
            let text = format!("The collation is `{}`", column.collation);
            findings.push(ImportFinding::new(&rules::COLLATION, Some(&table.name), Some(&column.name), text));
        }
    }
}

fn not_parsed(table: &SqliteTable, rows: &[TableInfoRow], refusal: &Refusal) -> ImportFinding {
    let mut unknown = vec!["CHECK constraints", "names of constraints", "collations of columns"];
    if rows.iter().any(|row| matches!(row.hidden, 2 | 3)) {
        unknown.push("expressions of generated columns, which become ordinary columns");
    }
    let is_lost =
        |(row, column): (&TableInfoRow, &Column)| row.default_sql.is_some() && column.default.is_none();
    if rows.iter().zip(&table.columns).any(is_lost) {
        unknown.push("some defaults");
    }
    if !table.foreign_keys.is_empty() {
        unknown.push("which foreign keys are deferred");
    }
    let text = format!("{refusal}; not known: {}", unknown.join(", "));
    ImportFinding::new(rule_of(refusal), Some(&table.name), None, text)
}

/// The rule for a statement that was not parsed.
pub(super) fn rule_of(refusal: &Refusal) -> &'static Rule {
    match refusal {
        Refusal::TooLarge => &rules::TOO_LARGE,
        Refusal::TooDeep => &rules::TOO_DEEP,
        Refusal::NotUnderstood(_) => &rules::NOT_PARSED,
    }
}
