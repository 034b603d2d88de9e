//! The names that tables and columns had, where PostgreSQL could not have them.

use super::part::Part;
use super::writer::Writer;
use crate::conversion::StatementKind;
use crate::finding::Rule;
use crate::names::{Named, Obstacle, obstacle};
use crate::rules::ddl as rules;
use crate::translate::{quote_name, quote_text};

/// Writes comments on what has another name, and says why it has.
pub(super) fn write(writer: &mut Writer<'_>, part: &Part<'_>) {
    let table = writer.qualified(part.target());
    let source = &part.table.name;
    if part.target() != source {
        let sql = format!("COMMENT ON TABLE {table} IS {}", comment(source));
        writer.statement(StatementKind::Comment, part.target(), part.target(), sql);
        if let Some(rule) = rule(source, Named::Table) {
            writer.say(rule, part, None, format!("The table becomes {}", part.target()));
        }
    }
    for column in &part.columns {
        let (source, target) = (&column.source.name, &column.target.target);
        if source != target {
            let sql = format!("COMMENT ON COLUMN {table}.{} IS {}", quote_name(target), comment(source));
            writer.statement(StatementKind::Comment, part.target(), target, sql);
            if let Some(rule) = rule(source, Named::Column) {
                writer.say(rule, part, Some(source), format!("The column becomes {target}"));
            }
        }
    }
}

/// What is said about an object with another name, as a literal. PostgreSQL's text has no NUL.
pub(super) fn comment(name: &str) -> String {
    quote_text(&format!("Named in SQLite: {}", name.replace('\0', "\\0")))
}

/// Why a name was changed; `None` where the user wished it so.
fn rule(name: &str, named: Named) -> Option<&'static Rule> {
    match (obstacle(name, named)?, named) {
        (Obstacle::Reserved, Named::Column) => Some(&rules::NAME_RESERVED_COLUMN),
        (Obstacle::Reserved, _) => Some(&rules::NAME_RESERVED_TABLE),
        (Obstacle::Empty | Obstacle::Nul | Obstacle::TooLong, _) => Some(&rules::NAME_CHANGED),
    }
}
