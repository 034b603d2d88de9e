//! Primary keys, UNIQUE constraints and indexes, from `index_list` and `index_xinfo`.

use std::collections::HashMap;

use diesel::SqliteConnection;

use super::declared::Declared;
use super::model::{Encoding, Index, IndexOn, IndexTerm, KeyColumn, PrimaryKey, Unique};
use super::parse::{self, DeclaredIndex, Refusal};
use super::pragmas::{self, IndexListRow, TableInfoRow, TermRow};
use super::unreadable::UnreadableTable;

/// The keys and indexes of a table.
#[derive(Default)]
pub(super) struct Keys {
    /// The primary key's columns, if it has an index: it is not the rowid then.
    pub primary_key: Option<Vec<KeyColumn>>,
    /// Whether that index is the table itself, as for WITHOUT ROWID.
    pub without_rowid: bool,
    pub uniques: Vec<Vec<KeyColumn>>,
    pub indexes: Vec<Index>,
    /// Skipped indexes, and the reasons.
    pub skipped: Vec<(String, String)>,
}

/// Reads the indexes of a table; `statements` are those of the file's indexes by their names.
pub(super) fn read(
    connection: &mut SqliteConnection,
    encoding: Encoding,
    table: &str,
    statements: &HashMap<String, Option<String>>,
) -> Result<Keys, UnreadableTable> {
    let mut keys = Keys::default();
    for row in pragmas::indexes(connection, table)? {
        let Some(name) = pragmas::text(encoding, &row.name) else {
            let name = String::from_utf8_lossy(&row.name).into_owned();
            keys.skipped.push((name, "its name is not well-formed text".to_owned()));
            continue;
        };
        let terms = pragmas::terms(connection, &name)?;
        match row.origin.as_str() {
            "pk" => {
                // Other indexes store the rowid of each row after their terms.
                keys.without_rowid = terms.iter().all(|term| term.place != -1);
                keys.primary_key = Some(key_columns(encoding, &terms)?);
            }
            "u" => keys.uniques.push(key_columns(encoding, &terms)?),
            _ => match index(encoding, &name, &row, terms, statements) {
                Ok(index) => keys.indexes.push(index),
                Err(reason) => keys.skipped.push((name, reason)),
            },
        }
    }
    Ok(keys)
}

fn key_columns(encoding: Encoding, terms: &[TermRow]) -> Result<Vec<KeyColumn>, UnreadableTable> {
    let mut columns: Vec<KeyColumn> = Vec::new();
    for term in terms.iter().filter(|term| term.is_key != 0) {
        let name = term.name.as_ref().and_then(|name| pragmas::text(encoding, name));
        let column = KeyColumn {
            name: name.ok_or(UnreadableTable::NotText("a column of a key"))?,
            collation: collation(encoding, term).ok_or(UnreadableTable::NotText("a collation of a key"))?,
            is_descending: term.is_descending != 0,
        };
        // SQLite allows a column twice, which has no effect.
        if !columns.iter().any(|other| other.name == column.name && other.collation == column.collation) {
            columns.push(column);
        }
    }
    Ok(columns)
}

fn collation(encoding: Encoding, term: &TermRow) -> Option<String> {
    let collation = pragmas::text(encoding, term.collation.as_ref()?)?;
    Some(known_collation(collation))
}

/// The name of a collation; SQLite's own in upper case, however they are written.
pub(super) fn known_collation(name: String) -> String {
    match ["BINARY", "NOCASE", "RTRIM"].iter().find(|known| name.eq_ignore_ascii_case(known)) {
        Some(known) => (*known).to_owned(),
        None => name,
    }
}

fn index(
    encoding: Encoding,
    name: &str,
    row: &IndexListRow,
    terms: Vec<TermRow>,
    statements: &HashMap<String, Option<String>>,
) -> Result<Index, String> {
    let terms: Vec<TermRow> = terms.into_iter().filter(|term| term.is_key != 0).collect();
    let is_told_by_pragmas = row.is_partial == 0 && terms.iter().all(|term| term.place >= 0);
    let mut declared = match statements.get(&name.to_ascii_lowercase()).and_then(Option::as_deref) {
        Some(sql) => parse::index(sql),
        None => Err(Refusal::NotUnderstood("it cannot be parsed".to_owned())),
    };
    if declared.as_ref().is_ok_and(|declared| declared.terms.len() != terms.len()) {
        declared = Err(Refusal::NotUnderstood(
            "its number of terms differs from the one that SQLite reports".to_owned(),
        ));
    }
    let DeclaredIndex { terms: expressions, predicate } = match declared {
        Ok(declared) => declared,
        Err(_) if is_told_by_pragmas => DeclaredIndex { terms: Vec::new(), predicate: None },
        Err(refusal) => return Err(refusal.to_string()),
    };
    let mut expressions = expressions.into_iter();
    let mut found = Vec::with_capacity(terms.len());
    for term in &terms {
        let expression = expressions.next();
        let column = term.name.as_ref().map(|name| pragmas::text(encoding, name).ok_or("a name is not text"));
        let on = match (column.transpose()?, expression) {
            (Some(column), _) => IndexOn::Column(column),
            (None, Some(expression)) => IndexOn::Expression(expression),
            (None, None) => return Err("it has a term that is not a column".to_owned()),
        };
        let collation = collation(encoding, term).ok_or("the name of a collation is not text")?;
        found.push(IndexTerm { on, collation, is_descending: term.is_descending != 0 });
    }
    Ok(Index { name: name.to_owned(), is_unique: row.is_unique != 0, terms: found, predicate })
}

/// The primary key, from the columns' flags and the index that stores it.
pub(super) fn primary_key(
    encoding: Encoding,
    columns: &[TableInfoRow],
    keys: &mut Keys,
    declared: Option<&Declared>,
    has_autoincrement: bool,
) -> Result<Option<PrimaryKey>, UnreadableTable> {
    let name = declared.and_then(|declared| declared.primary_key_name.clone());
    if let Some(columns) = keys.primary_key.take() {
        return Ok(Some(PrimaryKey { name, columns, is_rowid: false, is_autoincrement: false }));
    }
    // Without an index it can only be the rowid: SQLite stores every other key in an index.
    let Some(row) = columns.iter().find(|row| row.key_place == 1) else { return Ok(None) };
    let column = KeyColumn {
        name: pragmas::text(encoding, &row.name).ok_or(UnreadableTable::NotText("a column"))?,
        collation: "BINARY".to_owned(),
        is_descending: false,
    };
    let is_autoincrement = declared.map_or(has_autoincrement, |declared| declared.is_autoincrement);
    Ok(Some(PrimaryKey { name, columns: vec![column], is_rowid: true, is_autoincrement }))
}

/// UNIQUE constraints with the names in the statement.
pub(super) fn uniques(found: Vec<Vec<KeyColumn>>, declared: Option<&Declared>) -> Vec<Unique> {
    let declared = declared.map(|declared| declared.uniques.as_slice()).unwrap_or_default();
    let name_of = |columns: &[KeyColumn]| {
        let is_same = |names: &[String]| {
            names.len() == columns.len()
                && names.iter().zip(columns).all(|(name, column)| name.eq_ignore_ascii_case(&column.name))
        };
        let same = declared.iter().filter(|unique| is_same(&unique.columns));
        same.filter_map(|unique| unique.name.clone()).next()
    };
    found.into_iter().map(|columns| Unique { name: name_of(&columns), columns }).collect()
}
