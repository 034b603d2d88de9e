//! Foreign keys: each with ALTER TABLE after all tables and keys, because they may form cycles.

use std::collections::HashSet;

use super::comparing::{MAX_KEY_COLUMNS, is_text};
use super::key::quoted;
use super::naming::{Naming, Slot};
use super::part::{ConvertedColumn, ConvertedTable, ConvertedTables, folded};
use super::unique::Uniques;
use super::writer::Writer;
use crate::conversion::StatementKind;
use crate::finding::Rule;
use crate::rules::ddl as rules;
use crate::schema::{Action, ForeignKey};
use crate::translate::shortened;
use crate::types::TargetType;

/// Why PostgreSQL does not support a foreign key.
type Unsupported = (&'static Rule, String);

/// A foreign key for PostgreSQL.
struct PlannedForeignKey<'p, 'a> {
    columns: Vec<&'p ConvertedColumn<'a>>,
    parent: &'p ConvertedTable<'a>,
    parent_columns: Vec<&'p ConvertedColumn<'a>>,
}

/// Writes the foreign keys of a table.
pub(super) fn write<'a>(
    writer: &mut Writer<'_>,
    part: &ConvertedTable<'a>,
    parts: &ConvertedTables<'a>,
    naming: &mut Naming,
    uniques: &Uniques,
) {
    for (place, key) in part.table.foreign_keys.iter().enumerate() {
        let label = label(key);
        match plan(part, key, parts, uniques) {
            Ok(planned) => {
                let name = naming.constraint(part, Slot::ForeignKey(place), &planned.columns, "fkey");
                let collation = other_collation(&planned);
                if let Some(text) = &collation {
                    writer.add_finding(&rules::FOREIGN_KEY_COLLATION, part, Some(&label), text);
                }
                let is_valid = collation.is_none() && !writer.is_not_valid(part, place);
                let definition = define(writer, key, &planned, is_valid);
                writer.constraint(StatementKind::ForeignKey, part, &name, &definition);
            }
            Err((rule, reason)) => writer.add_finding(rule, part, Some(&label), reason),
        }
    }
}

fn label(key: &ForeignKey) -> String {
    let columns = super::part::listed(key.columns.iter().map(String::as_str));
    key.name.clone().unwrap_or_else(|| format!("FOREIGN KEY ({columns})"))
}

fn define(
    writer: &Writer<'_>,
    key: &ForeignKey,
    planned: &PlannedForeignKey<'_, '_>,
    is_valid: bool,
) -> String {
    let mut sql = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        quoted(&planned.columns),
        writer.qualified(planned.parent.target()),
        quoted(&planned.parent_columns),
    );
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if let Some(action) = action_sql(action) {
            sql.push_str(&format!(" ON {event} {action}"));
        }
    }
    if key.is_deferred {
        sql.push_str(" DEFERRABLE INITIALLY DEFERRED");
    }
    if !is_valid {
        sql.push_str(" NOT VALID");
    }
    sql
}

fn action_sql(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => Some("SET DEFAULT"),
        Action::Cascade => Some("CASCADE"),
    }
}

fn plan<'p, 'a>(
    part: &'p ConvertedTable<'a>,
    key: &ForeignKey,
    parts: &'p ConvertedTables<'a>,
    uniques: &Uniques,
) -> Result<PlannedForeignKey<'p, 'a>, Unsupported> {
    if let Some(problem) = &key.problem {
        return Err((&rules::FOREIGN_KEY_PROBLEM, problem.clone()));
    }
    let skipped =
        |name: &str| (&rules::FOREIGN_KEY_LEFT_OUT, format!("The column {} is skipped", shortened(name)));
    let columns = part.columns(&names(&key.columns)).map_err(skipped)?;
    let parent = parts.named(&key.parent_table).ok_or_else(|| no_parent(key, parts))?;
    let parent_columns = parent.columns(&names(&key.parent_columns)).map_err(skipped)?;
    if columns.is_empty() || columns.len() != parent_columns.len() {
        let text =
            format!("It has {} referencing and {} referenced columns", columns.len(), parent_columns.len());
        return Err((&rules::FOREIGN_KEY_PROBLEM, text));
    }
    let planned = PlannedForeignKey { columns, parent, parent_columns };
    check_form(key, &planned)?;
    if !uniques.is_made(parent, &planned.parent_columns) {
        let text = format!("The table is {}", shortened(&parent.table.name));
        return Err((&rules::FOREIGN_KEY_NOTHING_UNIQUE, text));
    }
    let mut pairs = planned.columns.iter().zip(&planned.parent_columns);
    match pairs.find(|(column, other)| !is_comparable(column.target.target_type, other.target.target_type)) {
        None => Ok(planned),
        Some((column, other)) => {
            let text = format!(
                "{} is {}, {} is {}",
                shortened(&column.source.name),
                super::type_name(column.target.target_type),
                shortened(&other.source.name),
                super::type_name(other.target.target_type)
            );
            Err((&rules::FOREIGN_KEY_TYPES, text))
        }
    }
}

fn no_parent(key: &ForeignKey, parts: &ConvertedTables<'_>) -> Unsupported {
    if parts.is_in_source(&key.parent_table) {
        (&rules::FOREIGN_KEY_LEFT_OUT, format!("The table {} is skipped", shortened(&key.parent_table)))
    } else {
        (&rules::FOREIGN_KEY_PROBLEM, format!("The table {} does not exist", shortened(&key.parent_table)))
    }
}

/// PostgreSQL manual, "CREATE TABLE": no duplicate column, at most 32 columns, and no action that writes a generated
/// column.
fn check_form(key: &ForeignKey, planned: &PlannedForeignKey<'_, '_>) -> Result<(), Unsupported> {
    let refused = |text: String| Err((&rules::FOREIGN_KEY_NOT_CARRIED, text));
    let count = planned.columns.len();
    if count > MAX_KEY_COLUMNS {
        return refused(format!("It has {count} columns; the maximum in PostgreSQL is {MAX_KEY_COLUMNS}"));
    }
    for columns in [&planned.columns, &planned.parent_columns] {
        let distinct: HashSet<String> = columns.iter().map(|column| folded(&column.source.name)).collect();
        if distinct.len() < count {
            return refused("It contains a column twice".to_owned());
        }
    }
    let writes = |action| matches!(action, Action::SetNull | Action::SetDefault);
    let writes_columns = writes(key.on_delete) || writes(key.on_update) || key.on_update == Action::Cascade;
    match planned.columns.iter().find(|column| column.target.is_generated && writes_columns) {
        Some(column) => {
            refused(format!("Its action writes the generated column {}", shortened(&column.source.name)))
        }
        None => Ok(()),
    }
}

/// Whether text is compared with another collation than in PostgreSQL. SQLite manual, "Foreign Key Support", section
/// 3: the collation of the referenced column applies.
fn other_collation(planned: &PlannedForeignKey<'_, '_>) -> Option<String> {
    let column = planned.parent_columns.iter().find(|column| {
        let collation = &column.source.collation;
        let is_folding = column.target.target_type == TargetType::Citext;
        let expected = if is_folding { "NOCASE" } else { "BINARY" };
        is_text(column.target.target_type) && !collation.eq_ignore_ascii_case(expected)
    })?;
    Some(format!(
        "The referenced column {} has the collation {}",
        shortened(&column.source.name),
        shortened(&column.source.collation)
    ))
}

/// Whether PostgreSQL allows a column of one type to reference another: if the index of the referenced key can
/// compare them, or the referencing value is converted implicitly.
fn is_comparable(child: TargetType, parent: TargetType) -> bool {
    let place = |target_type| match target_type {
        TargetType::SmallInt | TargetType::Integer | TargetType::BigInt => Some(0),
        TargetType::Numeric { .. } | TargetType::AnyNumeric => Some(1),
        TargetType::Real | TargetType::Double => Some(2),
        _ => None,
    };
    let is_plain_text = |target_type| matches!(target_type, TargetType::Text | TargetType::Varchar(_));
    match (place(child), place(parent)) {
        // Numbers are implicitly converted to a wider type only.
        (Some(child), Some(parent)) => child <= parent,
        (None, None) => {
            // citext is implicitly converted to text, but not text to citext.
            (is_plain_text(parent) && (is_plain_text(child) || child == TargetType::Citext))
                || std::mem::discriminant(&child) == std::mem::discriminant(&parent)
        }
        _ => false,
    }
}

fn names(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
