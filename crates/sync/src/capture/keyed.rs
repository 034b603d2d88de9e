//! The triggers of a table with a key.

use databases::name::quote_name;
use import::schema::{Affinity, Column, SqliteTable};

use super::expression::{self, is_filled, new_value};
use super::sql::{self, CHANGES, differs_in_class, joined, of};
use super::unique::Collision;

/// The statements for a table with this key.
pub(super) fn triggers(
    table: &SqliteTable,
    number: i64,
    key: &[String],
    collisions: &[Collision],
) -> Vec<String> {
    let log = Log { table, number, key };
    let create =
        |event, part, when: &str, body: &str| sql::trigger(number, event, part, &table.name, when, body);
    let changed = log.changed();
    let old_key = format!("{} SELECT {} WHERE {changed};", log.insert(), log.values("OLD"));
    // UPDATE without a list of columns: an assignment to `rowid` changes the INTEGER PRIMARY KEY without naming it.
    let mut triggers = if log.is_kept_by_foreign_keys() {
        vec![
            create("AFTER INSERT", "", "", &log.row("NEW")),
            create("AFTER DELETE", "", "", &log.row("OLD")),
            create("AFTER UPDATE", "", "", &format!("{} {old_key}", log.row("NEW"))),
        ]
    } else {
        vec![
            create("BEFORE INSERT", "", "", &log.future_row()),
            create("BEFORE DELETE", "", "", &log.row("OLD")),
            create("BEFORE UPDATE", "", "", &format!("{} {old_key}", log.future_row())),
        ]
    };
    if log.is_completed_later() {
        triggers.push(create("AFTER INSERT", "default", "", &log.row("NEW")));
        triggers.push(create("AFTER UPDATE", "default", &changed, &log.row("NEW")));
    }
    if !collisions.is_empty() {
        let all: Vec<String> = collisions.iter().map(|collision| log.collision(collision)).collect();
        triggers.push(create("BEFORE INSERT", "unique", "", &all.join(" ")));
        let mut changes: Vec<String> =
            collisions.iter().flat_map(|collision| collision.changes.iter().cloned()).collect();
        changes.sort();
        changes.dedup();
        triggers.push(create("BEFORE UPDATE", "unique", &joined(&changes, "OR"), &all.join(" ")));
    }
    triggers
}

/// Statements that log a key.
struct Log<'a> {
    table: &'a SqliteTable,
    number: i64,
    key: &'a [String],
}

impl Log<'_> {
    fn columns(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().filter_map(|name| expression::column(self.table, name))
    }

    /// Whether OLD and NEW contain the key as it is stored also in AFTER triggers.
    ///
    /// Before these, SQLite looks for rows that refer to the key, and applies the affinity of the index that it searches
    /// to OLD and NEW themselves: the text `01` becomes the integer 1 if the other column is NUMERIC. A key with numeric
    /// affinity is not affected.
    fn is_kept_by_foreign_keys(&self) -> bool {
        self.columns()
            .all(|column| matches!(column.affinity, Affinity::Integer | Affinity::Real | Affinity::Numeric))
    }

    /// Whether a part of the key is not known in a BEFORE trigger.
    fn is_completed_later(&self) -> bool {
        let is_unknown = |column: &Column| column.generated.is_some() || is_filled(self.table, &column.name);
        !self.is_kept_by_foreign_keys() && self.columns().any(is_unknown)
    }

    /// The condition that the key differs between OLD and NEW.
    fn changed(&self) -> String {
        match self.table.primary_key.as_ref().filter(|key| key.is_rowid) {
            // An INTEGER PRIMARY KEY is an integer in each row.
            Some(_) => self.key.iter().map(|id| format!("{} <> {}", of("OLD", id), of("NEW", id))).collect(),
            None => {
                let parts: Vec<String> = self.key.iter().map(|column| differs_in_class(column)).collect();
                joined(&parts, "OR")
            }
        }
    }

    /// Logs the key that NEW will have.
    fn future_row(&self) -> String {
        let key: Vec<String> = self.columns().map(new_value).collect();
        format!("{} VALUES ({}, {}, {});", self.insert(), self.number, self.what("NEW"), key.join(", "))
    }

    fn insert(&self) -> String {
        let columns: Vec<String> = (1..=self.key.len()).map(|place| format!("k{place}")).collect();
        format!("INSERT INTO {CHANGES} (t, what, {})", columns.join(", "))
    }

    /// The kind of entry. A key with NULL identifies no row, so it is logged as a mark.
    fn what(&self, row: &str) -> String {
        let nullable = self.columns().filter(|column| column.generated.is_some() || !column.not_null);
        let nulls: Vec<String> =
            nullable.map(|column| format!("{} IS NULL", of(row, &column.name))).collect();
        match nulls.as_slice() {
            [] => "0".to_owned(),
            nulls => format!("CASE WHEN {} THEN 2 ELSE 0 END", joined(nulls, "OR")),
        }
    }

    /// Table, kind of entry and key.
    fn values(&self, row: &str) -> String {
        let key: Vec<String> = self.key.iter().map(|column| of(row, column)).collect();
        format!("{}, {}, {}", self.number, self.what(row), key.join(", "))
    }

    fn row(&self, row: &str) -> String {
        format!("{} VALUES ({});", self.insert(), self.values(row))
    }

    fn collision(&self, collision: &Collision) -> String {
        let from = quote_name(&self.table.name);
        let (into, values, condition) = (self.insert(), self.values("x"), &collision.condition);
        format!("{into} SELECT {values} FROM {from} AS x WHERE {condition};")
    }
}
