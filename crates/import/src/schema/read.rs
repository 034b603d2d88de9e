//! Reads the schema of a file. An object that cannot be read is skipped and reported; the others are read.

use std::collections::{HashMap, HashSet};

use diesel::SqliteConnection;

use super::foreign_keys;
use super::limits::{MAX_STATEMENT_BYTES, MAX_TABLES, ObjectKind, outline};
use super::model::{Encoding, Schema, Trigger, View};
use super::parse::{self, DeclaredModule, Refusal};
use super::pragmas::{self, FUNCTIONS, SchemaEntry, SequenceRow};
use super::statement::StatementText;
use super::tables::{self, TableEntry};
use super::virtual_tables;
use crate::finding::{ImportFinding, Rule};
use crate::rules::schema as rules;

/// Why the schema of a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// SQLite cannot report the encoding.
    #[error("read the encoding of the file")]
    ReadEncoding(#[source] diesel::result::Error),
    /// The encoding is not one of SQLite's.
    #[error("the encoding `{0}` of the file is not supported")]
    UnknownEncoding(String),
    /// SQLite cannot read the schema.
    #[error("read `sqlite_schema` of the file")]
    ReadEntries(#[source] diesel::result::Error),
    /// A table or view has the name of a function that reads the schema.
    #[error("the file has a table or view named `{0}`, which hides SQLite's table of that name")]
    HiddenFunction(&'static str),
}

/// The entries of `sqlite_schema` by kind.
#[derive(Default)]
struct Entries {
    tables: Vec<TableEntry>,
    virtual_tables: Vec<TableEntry>,
    /// Statements of indexes by their names in lower case.
    indexes: HashMap<String, Option<String>>,
    views: Vec<View>,
    triggers: Vec<Trigger>,
    has_sequences: bool,
}

/// Reads the schema of the file that is `main` of the connection, and the findings about it.
///
/// Nothing of the file is executed: no view is expanded, no trigger fires, no module is connected.
///
/// # Errors
/// When SQLite cannot read the schema, because the file is corrupt or not a database.
pub fn read(connection: &mut SqliteConnection) -> Result<(Schema, Vec<ImportFinding>), SchemaError> {
    let mut findings = Vec::new();
    let encoding = encoding(connection)?;
    let rows = pragmas::entries(connection, MAX_STATEMENT_BYTES).map_err(SchemaError::ReadEntries)?;
    let mut entries = sort(encoding, &rows, &mut findings)?;
    drop(rows);
    let mut schema = Schema {
        encoding,
        views: std::mem::take(&mut entries.views),
        triggers: std::mem::take(&mut entries.triggers),
        ..Schema::default()
    };
    read_virtual_tables(&mut schema, &entries, &mut findings);
    let own: HashSet<String> =
        schema.virtual_tables.iter().flat_map(|table| table.shadow_tables.iter().cloned()).collect();
    entries.tables.retain(|table| !own.contains(&table.name));
    if entries.tables.len() > MAX_TABLES {
        let text = format!("The file has {} tables; the first {MAX_TABLES} are read", entries.tables.len());
        findings.push(ImportFinding::new(&rules::TOO_MANY_TABLES, None, None, text));
        entries.tables.truncate(MAX_TABLES);
    }
    let sequences =
        if entries.has_sequences { sequences(connection, encoding, &mut findings) } else { HashMap::new() };
    let mut unread = HashSet::new();
    for entry in &entries.tables {
        let table = tables::read(connection, encoding, entry, &entries.indexes, &sequences, &mut findings);
        match table {
            Ok(table) => schema.tables.push(table),
            Err(error) => {
                let text = format!("The table is skipped: {error}");
                findings.push(ImportFinding::new(error.rule(), Some(&entry.name), None, text));
                unread.insert(entry.name.to_ascii_lowercase());
            }
        }
    }
    let others = others(&schema, own, unread);
    foreign_keys::resolve(&mut schema, &others);
    Ok((schema, findings))
}

fn encoding(connection: &mut SqliteConnection) -> Result<Encoding, SchemaError> {
    match pragmas::encoding(connection).map_err(SchemaError::ReadEncoding)?.as_str() {
        "UTF-8" => Ok(Encoding::Utf8),
        "UTF-16le" => Ok(Encoding::Utf16Le),
        "UTF-16be" => Ok(Encoding::Utf16Be),
        other => Err(SchemaError::UnknownEncoding(other.to_owned())),
    }
}

fn sort(
    encoding: Encoding,
    rows: &[SchemaEntry],
    findings: &mut Vec<ImportFinding>,
) -> Result<Entries, SchemaError> {
    let mut entries = Entries::default();
    for row in rows {
        let name_bytes = row.name.as_deref().unwrap_or_default();
        let Some(name) = pragmas::text(encoding, name_bytes) else {
            let text = "The name is not well-formed text";
            let shown = String::from_utf8_lossy(name_bytes).into_owned();
            findings.push(ImportFinding::new(&rules::NOT_TEXT, None, Some(&shown), text));
            continue;
        };
        let source = StatementText::of(encoding, row);
        let Some(kind) = kind(row, &source) else {
            let text = "The entry of `sqlite_schema` has an unknown type";
            findings.push(ImportFinding::new(&rules::UNREADABLE, None, Some(&name), text));
            continue;
        };
        if matches!(kind, ObjectKind::Table | ObjectKind::VirtualTable | ObjectKind::View)
            && let Some(function) = FUNCTIONS.iter().find(|function| name.eq_ignore_ascii_case(function))
        {
            return Err(SchemaError::HiddenFunction(function));
        }
        match kind {
            ObjectKind::Table if is_internal(&name) => {
                entries.has_sequences |= name.eq_ignore_ascii_case("sqlite_sequence");
                note_internal(&name, findings);
            }
            ObjectKind::Table => entries.tables.push(TableEntry { name, source }),
            ObjectKind::VirtualTable => entries.virtual_tables.push(TableEntry { name, source }),
            ObjectKind::Index => {
                entries.indexes.insert(name.to_ascii_lowercase(), source.sql().map(str::to_owned));
            }
            ObjectKind::View => match source {
                StatementText::Text(sql) => entries.views.push(View { name, sql }),
                other => findings.push(unread_statement(None, &name, &other)),
            },
            ObjectKind::Trigger => {
                let table = row.table_name.as_deref().and_then(|table| pragmas::text(encoding, table));
                match (source, table) {
                    (StatementText::Text(sql), Some(table)) => {
                        entries.triggers.push(Trigger { name, table, sql })
                    }
                    (other, table) => findings.push(unread_statement(table.as_deref(), &name, &other)),
                }
            }
        }
    }
    Ok(entries)
}

/// The kind of an entry: as in SQLite, from its statement rather than from its column `type`, if the statement can be
/// read.
fn kind(row: &SchemaEntry, source: &StatementText) -> Option<ObjectKind> {
    if let Some(kind) = source.sql().and_then(|sql| outline(sql)?.kind) {
        return Some(kind);
    }
    // An ASCII word is the same in every encoding except for zeros between its letters.
    let word: Vec<u8> =
        row.kind.as_deref().unwrap_or_default().iter().copied().filter(|byte| *byte != 0).collect();
    match word.as_slice() {
        b"table" => Some(ObjectKind::Table),
        b"index" => Some(ObjectKind::Index),
        b"view" => Some(ObjectKind::View),
        b"trigger" => Some(ObjectKind::Trigger),
        _ => None,
    }
}

/// Whether a name is reserved for SQLite itself.
fn is_internal(name: &str) -> bool {
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"))
}

fn note_internal(name: &str, findings: &mut Vec<ImportFinding>) {
    let lower = name.to_ascii_lowercase();
    if lower != "sqlite_sequence" && !lower.starts_with("sqlite_stat") {
        let text = "The name is reserved for SQLite; the table is skipped";
        findings.push(ImportFinding::new(&rules::INTERNAL_TABLE, Some(name), None, text));
    }
}

fn unread_statement(table: Option<&str>, name: &str, source: &StatementText) -> ImportFinding {
    let (rule, text): (&'static Rule, _) = match source {
        StatementText::TooLarge => (&rules::TOO_LARGE, "The statement is too large to be read"),
        _ => (&rules::NOT_TEXT, "The statement is not well-formed text"),
    };
    ImportFinding::new(rule, table, Some(name), text)
}

fn sequences(
    connection: &mut SqliteConnection,
    encoding: Encoding,
    findings: &mut Vec<ImportFinding>,
) -> HashMap<String, SequenceRow> {
    match pragmas::sequences(connection) {
        Ok(rows) => {
            let named = |row: SequenceRow| Some((pragmas::text(encoding, row.name.as_ref()?)?, row));
            rows.into_iter().filter_map(named).collect()
        }
        Err(error) => {
            let text = format!("`sqlite_sequence` cannot be read: {error}");
            findings.push(ImportFinding::new(&rules::SEQUENCE, Some("sqlite_sequence"), None, text));
            HashMap::new()
        }
    }
}

fn read_virtual_tables(schema: &mut Schema, entries: &Entries, findings: &mut Vec<ImportFinding>) {
    let names: HashMap<String, String> =
        entries.tables.iter().map(|table| (table.name.to_ascii_lowercase(), table.name.clone())).collect();
    for entry in &entries.virtual_tables {
        let declared = match &entry.source {
            StatementText::Text(sql) => parse::module(sql),
            StatementText::TooLarge => Err(Refusal::TooLarge),
            StatementText::NotText | StatementText::None => {
                Err(Refusal::NotUnderstood("the statement is not well-formed text".to_owned()))
            }
        };
        let (declared, refusal) = match declared {
            Ok(declared) => (declared, None),
            Err(refusal) => (DeclaredModule { module: String::new(), arguments: Vec::new() }, Some(refusal)),
        };
        let table = virtual_tables::virtual_table(&entry.name, declared, &names);
        let text = match refusal {
            Some(refusal) => format!("The table is virtual; its module cannot be determined: {refusal}"),
            None => describe(&table.module, &table.shadow_tables),
        };
        findings.push(ImportFinding::new(&rules::VIRTUAL_TABLE, Some(&entry.name), None, text));
        schema.virtual_tables.push(table);
    }
}

fn describe(module: &str, shadow_tables: &[String]) -> String {
    if !virtual_tables::is_known(module) {
        return format!("The table is of the unknown module `{module}`; all other tables are copied");
    }
    if shadow_tables.is_empty() {
        return format!("The table is of the module `{module}`, which has no shadow tables here");
    }
    let names: Vec<String> = shadow_tables.iter().map(|name| format!("`{name}`")).collect();
    format!("The table is of the module `{module}`; its shadow tables {} are skipped", names.join(", "))
}

/// Objects that cannot be referenced, by name in lower case.
fn others(schema: &Schema, own: HashSet<String>, unread: HashSet<String>) -> HashMap<String, &'static str> {
    let mut others = HashMap::new();
    others.extend(schema.views.iter().map(|view| (view.name.to_ascii_lowercase(), "a view")));
    others.extend(
        schema.virtual_tables.iter().map(|table| (table.name.to_ascii_lowercase(), "a virtual table")),
    );
    others
        .extend(own.into_iter().map(|name| (name.to_ascii_lowercase(), "a shadow table of a virtual table")));
    others.extend(unread.into_iter().map(|name| (name, "a table that cannot be read")));
    others
}
