//! The triggers of a table without a key.

use databases::name::quote_name;
use import::schema::SqliteTable;

use super::sql::{CHANGES, image_table, joined, mark, of, trigger};
use super::unique::Collision;

/// The statements for a table of which images of these columns are logged, or marks.
///
/// Marks are necessary where OLD and NEW may differ from the row: in AFTER triggers of a table that is referenced (see
/// `keyed`) or whose rows BEFORE triggers of the application change. In BEFORE triggers of capture it is not known whether
/// the row will be changed, and how.
pub(super) fn triggers(
    table: &SqliteTable,
    number: i64,
    columns: &[String],
    collisions: &[Collision],
    is_marked: bool,
) -> Vec<String> {
    let create = |event, when: &str, body: &str| trigger(number, event, "", &table.name, when, body);
    if is_marked {
        return ["AFTER INSERT", "AFTER DELETE", "AFTER UPDATE"]
            .into_iter()
            .map(|event| create(event, "", &mark(number)))
            .collect();
    }
    let image = |row: &str, sign: i8| {
        let values: Vec<String> = columns.iter().map(|column| of(row, column)).collect();
        format!(
            "INSERT INTO {CHANGES} (t, what) VALUES ({number}, 1); \
             INSERT INTO {} VALUES (last_insert_rowid(), {sign}, {});",
            image_table(number),
            values.join(", ")
        )
    };
    let mut triggers = vec![
        create("AFTER INSERT", "", &image("NEW", 1)),
        create("AFTER DELETE", "", &image("OLD", -1)),
        create("AFTER UPDATE", "", &format!("{} {}", image("OLD", -1), image("NEW", 1))),
    ];
    if !collisions.is_empty() {
        triggers.push(before_insert(table, number, collisions));
        let updated: Vec<String> = collisions.iter().map(|collision| updated(table, collision)).collect();
        triggers.push(create("BEFORE UPDATE", &joined(&updated, "OR"), &mark(number)));
    }
    triggers
}

/// A row that REPLACE deletes has no image, and its values are not known afterwards.
fn before_insert(table: &SqliteTable, number: i64, collisions: &[Collision]) -> String {
    let inserted: Vec<String> =
        collisions.iter().map(|collision| exists(table, &collision.condition)).collect();
    trigger(number, "BEFORE INSERT", "", &table.name, &joined(&inserted, "OR"), &mark(number))
}

fn exists(table: &SqliteTable, condition: &str) -> String {
    format!("EXISTS (SELECT 1 FROM {} AS x WHERE {condition})", quote_name(&table.name))
}

/// The row itself does not collide.
fn updated(table: &SqliteTable, collision: &Collision) -> String {
    let changes: Vec<String> = collision.changes.iter().cloned().collect();
    let condition = match table.rowid {
        Some(rowid) => format!("x.{rowid} <> OLD.{rowid} AND {}", collision.condition),
        None => collision.condition.clone(),
    };
    format!("({} AND {})", joined(&changes, "OR"), exists(table, &condition))
}
