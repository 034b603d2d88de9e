//! The unique indexes of a table: with which stored rows a new row collides.

use std::collections::BTreeSet;

use import::schema::{
    Affinity, Column, Index, IndexOn, IndexTerm, KeyColumn, SqliteTable, is_known_collation,
};

use super::captured::CaptureKind;
use super::error::Blocker;
use super::expression::{
    self, OfRow, Refusal, bases, bases_of, is_filled, is_rowid_value, new_value, written,
};
use super::sql::{differs, differs_in_class, joined, of};

/// A unique index in whose entries a new row can collide with a stored row.
#[derive(Debug)]
pub(super) struct Collision {
    /// The condition that the stored row `x` collides with NEW.
    pub condition: String,
    /// The conditions under which an UPDATE can cause a collision: a column of the index changed.
    pub changes: BTreeSet<String>,
}

/// A unique index of the schema.
struct UniqueIndex {
    name: String,
    terms: Vec<IndexTerm>,
    predicate: Option<sqlite3_parser::ast::Expr>,
}

/// The collisions that have to be logged, and the indexes that cannot be handled.
pub(super) fn collisions(table: &SqliteTable, kind: &CaptureKind) -> (Vec<Collision>, Vec<Blocker>) {
    let (mut collisions, mut blockers) = (Vec::new(), Vec::new());
    collisions.extend(rowid(table));
    for index in unique_indexes(table) {
        let mut block = |reason: String| {
            blockers.push(Blocker { table: table.name.clone(), index: Some(index.name.clone()), reason });
        };
        if let Some(term) = index.terms.iter().find(|term| !is_known_collation(&term.collation)) {
            block(format!("its collation `{}` is defined by the application", term.collation));
        } else if !is_same_row(table, kind, &index) {
            match in_index(table, &index) {
                Ok(found) => collisions.extend(found),
                Err(refusal) => block(refusal.to_string()),
            }
        }
    }
    (collisions, blockers)
}

fn unique_indexes(table: &SqliteTable) -> Vec<UniqueIndex> {
    let mut all = Vec::new();
    if let Some(key) = table.primary_key.as_ref().filter(|key| !key.is_rowid) {
        all.push(of_columns("PRIMARY KEY", &key.columns));
    }
    for unique in &table.uniques {
        all.push(of_columns(unique.name.as_deref().unwrap_or("UNIQUE"), &unique.columns));
    }
    for Index { name, terms, predicate, .. } in table.indexes.iter().filter(|index| index.is_unique) {
        let (terms, predicate) = (terms.clone(), predicate.clone());
        all.push(UniqueIndex { name: name.clone(), terms, predicate });
    }
    all
}

fn of_columns(constraint: &str, columns: &[KeyColumn]) -> UniqueIndex {
    let term = |column: &KeyColumn| IndexTerm {
        on: IndexOn::Column(column.name.clone()),
        collation: column.collation.clone(),
        is_descending: column.is_descending,
    };
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    UniqueIndex {
        name: format!("{constraint} ({})", names.join(", ")),
        terms: columns.iter().map(term).collect(),
        predicate: None,
    }
}

/// The rowid is unique too. It is no key of the log unless it is the INTEGER PRIMARY KEY.
fn rowid(table: &SqliteTable) -> Option<Collision> {
    if table.primary_key.as_ref().is_some_and(|key| key.is_rowid) {
        return None;
    }
    // Without a name for it, no statement can assign it either.
    let name = table.rowid?;
    let condition = format!("x.{name} = NEW.{name}");
    Some(Collision { condition, changes: BTreeSet::from([format!("OLD.{name} <> NEW.{name}")]) })
}

/// Whether rows that collide have the same key in bytes and storage class: the key of the new row is logged anyway.
fn is_same_row(table: &SqliteTable, kind: &CaptureKind, index: &UniqueIndex) -> bool {
    let CaptureKind::Keyed { columns } = kind else { return false };
    columns.iter().all(|key| {
        index.terms.iter().any(|term| {
            let IndexOn::Column(name) = &term.on else { return false };
            let is_exact = |column: &Column| {
                // With these affinities, values that are equal are stored equally ("Datatypes In SQLite", 3).
                column.generated.is_none()
                    && term.collation == "BINARY"
                    && matches!(column.affinity, Affinity::Integer | Affinity::Text)
            };
            name.eq_ignore_ascii_case(key) && expression::column(table, name).is_some_and(is_exact)
        })
    })
}

/// The collisions in one index: a second one if the value of a term is not known where a column is NULL.
fn in_index(table: &SqliteTable, index: &UniqueIndex) -> Result<Vec<Collision>, Refusal> {
    let (mut exact, mut computed, mut changes) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut filled = BTreeSet::new();
    for term in &index.terms {
        let (stored, new, named) = match &term.on {
            IndexOn::Column(name) => {
                let column = expression::column(table, name).ok_or(Refusal::Rowid)?;
                if column.generated.is_none() {
                    changes.insert(differs(&column.name));
                    let (stored, new) = (of("x", &column.name), new_value(column));
                    exact.push(format!("{stored} = {new} COLLATE {}", term.collation));
                    continue;
                }
                (of("x", &column.name), of("NEW", &column.name), bases_of(table, column)?)
            }
            IndexOn::Expression(expression) => (
                format!("({})", written(table, expression, OfRow::Stored)?),
                format!("({})", written(table, expression, OfRow::New)?),
                bases(table, expression)?,
            ),
        };
        if named.iter().any(|base| is_rowid_value(table, base)) {
            return Err(Refusal::Rowid);
        }
        let of_term: Vec<&String> = named.iter().filter(|base| is_filled(table, base)).collect();
        let condition = format!("{stored} = {new} COLLATE {}", term.collation);
        if of_term.is_empty() { &mut exact } else { &mut computed }.push(condition);
        filled.extend(of_term.into_iter().map(|base| format!("{} IS NULL", of("NEW", base))));
        add_changes(table, named, &mut changes);
    }
    if let Some(predicate) = &index.predicate {
        // Only the stored row has to be in the index: too wide is harmless.
        exact.push(format!("({})", written(table, predicate, OfRow::Stored)?));
        add_changes(table, bases(table, predicate)?, &mut changes);
    }
    let all: Vec<String> = exact.iter().chain(&computed).cloned().collect();
    let mut collisions = vec![Collision { condition: joined(&all, "AND"), changes: changes.clone() }];
    if !filled.is_empty() {
        // The default will be in the place of NULL, and the term is then another one: any row may collide in it.
        exact.insert(0, joined(&filled.into_iter().collect::<Vec<_>>(), "OR"));
        collisions.push(Collision { condition: joined(&exact, "AND"), changes });
    }
    Ok(collisions)
}

fn add_changes(table: &SqliteTable, columns: BTreeSet<String>, changes: &mut BTreeSet<String>) {
    for name in columns {
        if expression::column(table, &name).is_some() {
            changes.insert(differs_in_class(&name));
        } else {
            changes.insert(format!("OLD.{name} <> NEW.{name}"));
        }
    }
}
