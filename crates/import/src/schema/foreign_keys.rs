//! Foreign keys, from `foreign_key_list`, and whether the referenced tables and columns exist.

use std::collections::HashMap;

use diesel::SqliteConnection;

use super::declared::Declared;
use super::model::{Action, Encoding, ForeignKey, Index, IndexOn, Schema, SqliteTable};
use super::pragmas;
use super::unreadable::UnreadableTable;

/// Reads the foreign keys of a table as declared: `parent_columns` is empty if none are listed, and nothing is
/// resolved yet.
pub(super) fn read(
    connection: &mut SqliteConnection,
    encoding: Encoding,
    table: &str,
    declared: Option<&Declared>,
) -> Result<Vec<ForeignKey>, UnreadableTable> {
    let text = |bytes: &[u8]| pragmas::text(encoding, bytes).ok_or(UnreadableTable::NotText("a foreign key"));
    let mut keys: Vec<ForeignKey> = Vec::new();
    let mut last_id = None;
    for row in pragmas::foreign_keys(connection, table)? {
        if last_id != Some(row.id) {
            last_id = Some(row.id);
            keys.push(ForeignKey {
                name: None,
                columns: Vec::new(),
                parent_table: text(&row.parent_table)?,
                parent_columns: Vec::new(),
                on_delete: action(&row.on_delete)?,
                on_update: action(&row.on_update)?,
                is_deferred: false,
                problem: None,
            });
        }
        if let Some(key) = keys.last_mut() {
            key.columns.push(text(&row.column_name)?);
            if let Some(parent_column) = &row.parent_column {
                key.parent_columns.push(text(parent_column)?);
            }
        }
    }
    let declared = declared.map(|declared| declared.foreign_keys.as_slice()).unwrap_or_default();
    let agree = declared.len() == keys.len()
        && declared.iter().zip(&keys).all(|(declared, key)| declared.column_count == key.columns.len());
    if agree {
        for (key, declared) in keys.iter_mut().zip(declared) {
            key.name.clone_from(&declared.name);
            key.is_deferred = declared.is_deferred;
        }
    }
    Ok(keys)
}

fn action(word: &str) -> Result<Action, UnreadableTable> {
    match word {
        "NO ACTION" => Ok(Action::NoAction),
        "RESTRICT" => Ok(Action::Restrict),
        "SET NULL" => Ok(Action::SetNull),
        "SET DEFAULT" => Ok(Action::SetDefault),
        "CASCADE" => Ok(Action::Cascade),
        other => Err(UnreadableTable::UnknownWord(other.to_owned())),
    }
}

/// Resolves every foreign key; `others` has the names of objects that are not tables, with their kind.
pub(super) fn resolve(schema: &mut Schema, others: &HashMap<String, &'static str>) {
    let places: HashMap<String, usize> = schema
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| (table.name.to_ascii_lowercase(), place))
        .collect();
    for child in 0..schema.tables.len() {
        let mut keys = std::mem::take(&mut schema.tables[child].foreign_keys);
        for key in &mut keys {
            let wanted = key.parent_table.to_ascii_lowercase();
            let found = match places.get(&wanted) {
                Some(place) => refer(key, &schema.tables[*place]),
                None => Err(match others.get(&wanted) {
                    Some(what) => format!("`{}` is {what}", key.parent_table),
                    None => format!("the table `{}` does not exist", key.parent_table),
                }),
            };
            if let Err(problem) = found {
                key.problem = Some(problem);
            }
        }
        let table = &mut schema.tables[child];
        for key in &mut keys {
            for column in &mut key.columns {
                spell(column, table);
            }
        }
        table.foreign_keys = keys;
    }
}

/// Resolves the referenced columns, as SQLite does (manual, "SQLite Foreign Key Support", section 3).
fn refer(key: &mut ForeignKey, parent: &SqliteTable) -> Result<(), String> {
    key.parent_table.clone_from(&parent.name);
    let is_implicit = key.parent_columns.is_empty();
    if is_implicit {
        let Some(primary_key) = &parent.primary_key else {
            return Err(format!("`{}` has no primary key", parent.name));
        };
        key.parent_columns = primary_key.columns.iter().map(|column| column.name.clone()).collect();
    }
    for column in &mut key.parent_columns {
        if !spell(column, parent) {
            return Err(format!("`{}` does not have a column `{column}`", parent.name));
        }
    }
    if key.columns.len() != key.parent_columns.len() {
        return Err(format!(
            "it has {} referencing columns, and {} referenced columns of `{}`",
            key.columns.len(),
            key.parent_columns.len(),
            parent.name
        ));
    }
    if is_implicit || is_unique(parent, &key.parent_columns) {
        return Ok(());
    }
    Err(format!("({}) of `{}` has no unique constraint", key.parent_columns.join(", "), parent.name))
}

/// Replaces a column name by its spelling in the table; false if it does not exist.
fn spell(column: &mut String, table: &SqliteTable) -> bool {
    let found = table.columns.iter().find(|other| other.name.eq_ignore_ascii_case(column));
    if let Some(found) = found {
        column.clone_from(&found.name);
    }
    found.is_some()
}

/// Whether a foreign key can reference the columns: all columns of a unique non-partial index, in any order, with the
/// columns' own collations.
fn is_unique(table: &SqliteTable, columns: &[String]) -> bool {
    let collation_of = |name: &str| {
        table.columns.iter().find(|column| column.name == name).map(|column| column.collation.as_str())
    };
    let is_key = |terms: Vec<(&str, &str)>| {
        terms.len() == columns.len()
            && terms.iter().all(|(name, _)| columns.iter().any(|column| column == name))
            && columns.iter().all(|column| terms.iter().any(|(name, _)| column == name))
            && terms.iter().all(|(name, collation)| {
                collation_of(name).is_some_and(|own| own.eq_ignore_ascii_case(collation))
            })
    };
    let primary = table.primary_key.as_ref().is_some_and(|key| {
        let is_rowid_column = key.is_rowid && columns.len() == 1 && key.columns[0].name == columns[0];
        is_rowid_column
            || is_key(key.columns.iter().map(|c| (c.name.as_str(), c.collation.as_str())).collect())
    });
    primary
        || table.uniques.iter().any(|unique| {
            is_key(unique.columns.iter().map(|c| (c.name.as_str(), c.collation.as_str())).collect())
        })
        || table.indexes.iter().any(|index| index_terms(index).is_some_and(is_key))
}

fn index_terms(index: &Index) -> Option<Vec<(&str, &str)>> {
    if !index.is_unique || index.predicate.is_some() {
        return None;
    }
    let of_term = |term: &'_ super::model::IndexTerm| matches!(term.on, IndexOn::Column(_));
    if !index.terms.iter().all(of_term) {
        return None;
    }
    let names = index.terms.iter().filter_map(|term| match &term.on {
        IndexOn::Column(name) => Some((name.as_str(), term.collation.as_str())),
        IndexOn::Expression(_) => None,
    });
    Some(names.collect())
}
