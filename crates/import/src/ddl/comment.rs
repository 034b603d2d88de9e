//! Comments with the source names of renamed tables and columns.

use super::part::ConvertedTable;
use super::writer::Writer;
use crate::conversion::StatementKind;
use crate::finding::Rule;
use crate::names::{Named, Obstacle, obstacle};
use crate::rules::ddl as rules;
use crate::translate::{quote_name, quote_text, shortened};

/// Writes a comment for each renamed object, and a finding with the reason.
pub(super) fn write(writer: &mut Writer<'_>, part: &ConvertedTable<'_>) {
    let table = writer.qualified(part.target());
    let source = &part.table.name;
    if part.target() != source {
        let sql = format!("COMMENT ON TABLE {table} IS {}", comment(source));
        writer.statement(StatementKind::Comment, part.target(), part.target(), sql);
        if let Some(rule) = rule(source, Named::Table) {
            writer.add_finding(rule, part, None, renamed("table", source, part.target()));
        }
    }
    for column in &part.columns {
        let (source, target) = (&column.source.name, &column.target.target);
        if source != target {
            let sql = format!("COMMENT ON COLUMN {table}.{} IS {}", quote_name(target), comment(source));
            writer.statement(StatementKind::Comment, part.target(), target, sql);
            if let Some(rule) = rule(source, Named::Column) {
                writer.add_finding(rule, part, Some(source), renamed("column", source, target));
            }
        }
    }
}

/// The text of a finding about a renamed object.
pub(super) fn renamed(what: &str, source: &str, target: &str) -> String {
    format!("The {what} {} is renamed to {}, which queries must use", shortened(source), shortened(target))
}

/// The comment for a renamed object, as a literal. PostgreSQL's text cannot contain NUL.
pub(super) fn comment(name: &str) -> String {
    quote_text(&format!("Name in SQLite: {}", name.replace('\0', "\\0")))
}

/// Why a name was changed; `None` if the user set it.
fn rule(name: &str, named: Named) -> Option<&'static Rule> {
    match (obstacle(name, named)?, named) {
        (Obstacle::Reserved, Named::Column) => Some(&rules::NAME_RESERVED_COLUMN),
        (Obstacle::Reserved, _) => Some(&rules::NAME_RESERVED_TABLE),
        (Obstacle::Empty | Obstacle::Nul | Obstacle::TooLong, _) => Some(&rules::NAME_CHANGED),
    }
}
