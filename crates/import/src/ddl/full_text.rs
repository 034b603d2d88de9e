//! Full-text tables, which are converted to an index on their content table.

use super::naming::Naming;
use super::part::{ConvertedTable, ConvertedTables, folded};
use super::writer::Writer;
use crate::conversion::StatementKind;
use crate::finding::ImportFinding;
use crate::rules::ddl as rules;
use crate::schema::{Schema, VirtualTable};
use crate::translate::quote_name;
use crate::types::TargetType;

/// Writes an index for every external content table if requested, and findings for the others.
pub(super) fn write(writer: &mut Writer<'_>, schema: &Schema, parts: &ConvertedTables<'_>, naming: &Naming) {
    for (virtual_table, name) in schema.virtual_tables.iter().zip(naming.virtual_tables()) {
        if !matches!(virtual_table.module.as_str(), "fts3" | "fts4" | "fts5") {
            continue;
        }
        let source = &virtual_table.name;
        match plan(virtual_table, parts, writer.options.full_text) {
            Ok((part, document)) => {
                let sql = format!(
                    "CREATE INDEX {} ON {} USING gin (to_tsvector('simple', {document}))",
                    quote_name(name),
                    writer.qualified(part.target())
                );
                writer.statement(StatementKind::Index, part.target(), name, sql);
                let text = format!("Converted to an index on {}", part.target());
                writer.findings.push(ImportFinding::new(&rules::FULL_TEXT_INDEX, Some(source), None, text));
            }
            Err(reason) => {
                writer.findings.push(ImportFinding::new(
                    &rules::FULL_TEXT_NOT_CARRIED,
                    Some(source),
                    None,
                    reason,
                ));
            }
        }
    }
}

/// The content table, and its text columns as one expression; or the reason why there is none.
fn plan<'p, 'a>(
    virtual_table: &VirtualTable,
    parts: &'p ConvertedTables<'a>,
    is_wanted: bool,
) -> Result<(&'p ConvertedTable<'a>, String), String> {
    let content = virtual_table.arguments.iter().find_map(|argument| option(argument, "content"));
    let content = content.ok_or("It stores its content itself")?;
    if content.is_empty() {
        return Err("It is contentless: it stores an index only".to_owned());
    }
    let part = parts.named(&content).ok_or("Its content table is not converted")?;
    if !is_wanted {
        return Err("It is an external content table, and `--full-text` is not set".to_owned());
    }
    let mut names: Vec<String> =
        virtual_table.arguments.iter().filter_map(|argument| indexed(argument)).collect();
    if names.is_empty() {
        // FTS3 and FTS4 use the columns of the content table.
        names = part.table.columns.iter().map(|column| column.name.clone()).collect();
    }
    let mut texts = Vec::new();
    for name in &names {
        let column = part.column(name).ok_or_else(|| format!("The column {name} is not converted"))?;
        match column.target.target_type {
            TargetType::Text | TargetType::Varchar(_) => {
                texts.push(format!("coalesce({}, '')", column.quoted()))
            }
            TargetType::Citext => texts.push(format!("coalesce({}::text, '')", column.quoted())),
            // Numbers and instants are not searched by word, and the text form of some is not immutable.
            _ => return Err(format!("The column {name} is not text")),
        }
    }
    Ok((part, texts.join(" || ' ' || ")))
}

/// The value of an option `name=value`, without quotes.
fn option(argument: &str, name: &str) -> Option<String> {
    let (key, value) = argument.split_once('=')?;
    (folded(key.trim()) == name).then(|| unquoted(value))
}

/// The column that an argument declares.
fn indexed(argument: &str) -> Option<String> {
    if argument.contains('=') {
        return None;
    }
    let argument = argument.trim();
    let bare = match argument.to_ascii_uppercase().strip_suffix("UNINDEXED") {
        Some(before) if before.ends_with(char::is_whitespace) => return None,
        _ => argument,
    };
    (!bare.is_empty()).then(|| unquoted(bare))
}

/// A name as the modules parse it: in any quotes, or up to the first space.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    let Some(first) = text.chars().next() else { return String::new() };
    let last = if first == '[' { ']' } else { first };
    if !matches!(first, '\'' | '"' | '`' | '[') {
        return text.split_whitespace().next().unwrap_or_default().to_owned();
    }
    let inner = text.get(1..).unwrap_or_default();
    let mut name = String::new();
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        if character == last && (last == ']' || characters.next_if_eq(&last).is_none()) {
            break;
        }
        name.push(character);
    }
    name
}
