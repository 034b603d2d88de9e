//! Full-text tables, which become an index on the table whose text they find.

use super::naming::Naming;
use super::part::{Part, Parts, folded};
use super::writer::Writer;
use crate::conversion::StatementKind;
use crate::finding::Finding;
use crate::rules::ddl as rules;
use crate::schema::{Schema, VirtualTable};
use crate::translate::quote_name;
use crate::types::TargetType;

/// Writes an index for every full-text table that names its content and that was asked for, and lists the others.
pub(super) fn write(writer: &mut Writer<'_>, schema: &Schema, parts: &Parts<'_>, naming: &Naming) {
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
                let text = format!("It becomes an index on {}", part.target());
                writer.findings.push(Finding::new(&rules::FULL_TEXT_INDEX, Some(source), None, text));
            }
            Err(reason) => {
                writer.findings.push(Finding::new(&rules::FULL_TEXT_NOT_CARRIED, Some(source), None, reason));
            }
        }
    }
}

/// The content table, and its columns of text as one text; or why there is no such.
fn plan<'p, 'a>(
    virtual_table: &VirtualTable,
    parts: &'p Parts<'a>,
    is_wanted: bool,
) -> Result<(&'p Part<'a>, String), String> {
    let content = virtual_table.arguments.iter().find_map(|argument| option(argument, "content"));
    let content = content.ok_or("It holds its text itself")?;
    if content.is_empty() {
        return Err("It holds an index without text".to_owned());
    }
    let part = parts.named(&content).ok_or("The table it names as its content is not carried")?;
    if !is_wanted {
        return Err("It finds text of a table, and no index was asked for".to_owned());
    }
    let mut names: Vec<String> =
        virtual_table.arguments.iter().filter_map(|argument| indexed(argument)).collect();
    if names.is_empty() {
        // FTS3 and FTS4 take the columns of the content table.
        names = part.table.columns.iter().map(|column| column.name.clone()).collect();
    }
    let mut texts = Vec::new();
    for name in &names {
        let column = part.column(name).ok_or_else(|| format!("The column {name} is not carried"))?;
        match column.target.target_type {
            TargetType::Text | TargetType::Varchar(_) => {
                texts.push(format!("coalesce({}, '')", column.quoted()))
            }
            TargetType::Citext => texts.push(format!("coalesce({}::text, '')", column.quoted())),
            // Numbers and instants are found by no word, and some have no text that is always the same.
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

/// The column that an argument declares, where its text is found.
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

/// A name as the modules read it: in quotes of any kind, or up to the first space.
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
