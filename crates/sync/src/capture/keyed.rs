//! The triggers of a table with a key.

use databases::name::quote_name;
use import::schema::SqliteTable;

use super::key::is_nullable;
use super::sql::{CHANGES, differs_in_class, joined, of, trigger};
use super::unique::Collision;

/// The statements for a table with this key.
pub(super) fn triggers(
    table: &SqliteTable,
    number: i64,
    key: &[String],
    collisions: &[Collision],
) -> Vec<String> {
    let log = Log { table, number, key };
    let create = |event, when: &str, body: &str| trigger(number, event, &table.name, when, body);
    let changed: Vec<String> = key.iter().map(|column| differs_in_class(column)).collect();
    let old_key = format!("{} SELECT {} WHERE {};", log.insert(), log.values("OLD"), joined(&changed, "OR"));
    let mut triggers = vec![
        create("AFTER INSERT", "", &log.row("NEW")),
        create("AFTER DELETE", "", &log.row("OLD")),
        // Without a list of columns: an assignment to `rowid` changes the INTEGER PRIMARY KEY without naming it.
        create("AFTER UPDATE", "", &format!("{} {old_key}", log.row("NEW"))),
    ];
    if !collisions.is_empty() {
        let all: Vec<String> = collisions.iter().map(|collision| log.collision(collision)).collect();
        triggers.push(create("BEFORE INSERT", "", &all.join(" ")));
        let mut changes: Vec<String> =
            collisions.iter().flat_map(|collision| collision.changes.iter().cloned()).collect();
        changes.sort();
        changes.dedup();
        triggers.push(create("BEFORE UPDATE", &joined(&changes, "OR"), &all.join(" ")));
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
    fn insert(&self) -> String {
        let columns: Vec<String> = (1..=self.key.len()).map(|place| format!("k{place}")).collect();
        format!("INSERT INTO {CHANGES} (t, what, {})", columns.join(", "))
    }

    /// Table, kind of entry and key. A key with NULL identifies no row, so it is logged as a mark.
    fn values(&self, row: &str) -> String {
        let nullable = self.key.iter().filter(|column| is_nullable(self.table, column));
        let nulls: Vec<String> = nullable.map(|column| format!("{} IS NULL", of(row, column))).collect();
        let what = match nulls.as_slice() {
            [] => "0".to_owned(),
            nulls => format!("CASE WHEN {} THEN 2 ELSE 0 END", joined(nulls, "OR")),
        };
        let key: Vec<String> = self.key.iter().map(|column| of(row, column)).collect();
        format!("{}, {what}, {}", self.number, key.join(", "))
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
