//! The order of rows without an accessible rowid, and ranges of their positions.

use std::ops::Bound;

use crate::schema;
use databases::name::quote_name;
use transfer::table::{Key, KeyRange};

/// The order in which positions are counted: the primary key of a table WITHOUT ROWID. A table whose rowid is not
/// accessible is read in storage order, which is rowid order, and so is one whose key has the order of a collation that
/// the application defines, which is the order of that key.
pub(super) fn position_order(table: &schema::SqliteTable) -> String {
    let is_sorted = table.without_rowid && !table.is_in_unknown_order();
    let columns = table.primary_key.iter().filter(|_| is_sorted).flat_map(|key| &key.columns);
    let columns: Vec<String> = columns
        .map(|column| {
            let direction = if column.is_descending { " DESC" } else { "" };
            format!("{}{direction}", quote_name(&column.name))
        })
        .collect();
    if columns.is_empty() { String::new() } else { format!("ORDER BY {}", columns.join(", ")) }
}

/// What follows the name of the table in FROM: without an order, no index may be read in place of the table.
pub(super) fn reading(order: &str) -> &str {
    if order.is_empty() { "NOT INDEXED" } else { order }
}

/// A name that no column has.
pub(super) fn free_name(table: &schema::SqliteTable) -> String {
    let taken = |name: &String| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let names = (0..=table.columns.len()).map(|number| format!("position_{number}"));
    names.into_iter().find(|name| !taken(name)).unwrap_or_default()
}

/// The lowest and the highest integer of the range; `None` if it is empty.
pub(super) fn bounds(range: KeyRange) -> Option<(i64, i64)> {
    let integer = |key| match key {
        Key::Integer(key) => Some(key),
        Key::Uuid(_) => None,
    };
    let lower = match range.lower {
        Bound::Unbounded => i64::MIN,
        Bound::Included(key) => integer(key)?,
        Bound::Excluded(key) => integer(key)?.checked_add(1)?,
    };
    let upper = match range.upper {
        Bound::Unbounded => i64::MAX,
        Bound::Included(key) => integer(key)?,
        Bound::Excluded(key) => integer(key)?.checked_sub(1)?,
    };
    (lower <= upper).then_some((lower, upper))
}
