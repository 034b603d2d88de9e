//! Whether two of the new rows of an INSERT have one key. SQLite inserts the rows one after the other, and a row conflicts
//! with those before it too; PostgreSQL rejects a statement that changes a row twice.

use super::changed_table::ChangedTable;
use super::rows::{Cell, CellKind, Content, NewRows};

/// What is known of the new rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Repeated {
    /// Each has another key.
    Never,
    /// It depends on placeholders or computed values.
    Perhaps,
    /// It depends on the rows of a query.
    ByQuery,
    /// Two have the same key.
    Always,
}

/// Whether two of the rows have one key of these columns, by their names in the source.
pub(super) fn repeated(rows: &NewRows<'_>, target: &ChangedTable, key: &[String]) -> Repeated {
    let position = |name: &String| {
        let is_it = |column: &crate::translate::RelationColumn| column.source.eq_ignore_ascii_case(name);
        rows.columns.iter().position(|column| column.is_some_and(is_it))
    };
    let at: Vec<Option<usize>> = key.iter().map(position).collect();
    let is_generated = key.iter().zip(&at).any(|(name, at)| {
        let column = target.column(name).ok().and_then(|(_, column)| column);
        // Without a value a column is NULL, which conflicts with nothing, or its default.
        at.is_none() && column.is_none_or(|column| target.is_rowid(column) || !column.has_default)
    });
    if is_generated {
        return Repeated::Never;
    }
    match &rows.content {
        Content::Query { unique: None, .. } => Repeated::ByQuery,
        Content::Query { unique: Some(unique), .. } => {
            let is_covered = |known: &Vec<usize>| known.iter().all(|one| at.contains(&Some(*one)));
            if unique.iter().any(is_covered) { Repeated::Never } else { Repeated::ByQuery }
        }
        Content::Values(rows) => {
            let mut worst = Repeated::Never;
            for (number, row) in rows.iter().enumerate() {
                for other in rows.iter().take(number) {
                    worst = worst.max(in_values(row, other, &at));
                }
            }
            worst
        }
    }
}

fn in_values(one: &[Cell], other: &[Cell], key: &[Option<usize>]) -> Repeated {
    let mut repeated = Repeated::Always;
    for at in key.iter().flatten() {
        let (Some(one), Some(other)) = (one.get(*at), other.get(*at)) else { return Repeated::Perhaps };
        let is_known = |cell: &Cell| cell.kind != CellKind::Computed;
        match (one.kind, other.kind) {
            (CellKind::Null | CellKind::Default, _) | (_, CellKind::Null | CellKind::Default) => {
                return Repeated::Never;
            }
            _ if is_known(one) && is_known(other) && one.sql != other.sql => return Repeated::Never,
            (CellKind::Literal, CellKind::Literal) => {}
            _ => repeated = Repeated::Perhaps,
        }
    }
    repeated
}
