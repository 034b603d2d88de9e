//! Names and pieces of the statements.

use databases::name::quote_name;

/// The change log.
pub const CHANGES: &str = "__backoffice_changes";
/// The captured tables.
pub const CAPTURED: &str = "__backoffice_captured";
/// The row that states who owns the data.
pub const OWNER: &str = "__backoffice_owner";

/// The table with the images of a captured table without a key.
#[must_use]
pub fn image_table(number: i64) -> String {
    format!("__backoffice_image_{number}")
}

/// A column of a row: `x."name"`, `NEW."name"`.
pub(super) fn of(row: &str, column: &str) -> String {
    format!("{row}.{}", quote_name(column))
}

/// Conditions joined by AND or OR. They are nested in halves: SQLite limits the depth of an expression ("Limits In
/// SQLite", 5), and a chain of a thousand conditions is a thousand levels deep.
pub(super) fn joined(conditions: &[String], operator: &str) -> String {
    match conditions {
        [] => String::new(),
        [one] => one.clone(),
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            format!("({} {operator} {})", joined(left, operator), joined(right, operator))
        }
    }
}

/// The condition that a column differs between OLD and NEW in its bytes.
pub(super) fn differs(column: &str) -> String {
    format!("{} COLLATE BINARY IS NOT {}", of("OLD", column), of("NEW", column))
}

/// The condition that a column differs between OLD and NEW in bytes or storage class: 1 and 1.0 differ.
pub(super) fn differs_in_class(column: &str) -> String {
    let (old, new) = (of("OLD", column), of("NEW", column));
    format!("({} OR typeof({old}) <> typeof({new}))", differs(column))
}

/// CREATE TRIGGER. `event` is `BEFORE INSERT` and so on; `part` distinguishes triggers of one event; `when` is empty for
/// all rows.
pub(super) fn trigger(number: i64, event: &str, part: &str, table: &str, when: &str, body: &str) -> String {
    let name =
        format!("{}{event} {part}", trigger_prefix(number)).trim_end().to_lowercase().replace(' ', "_");
    let when = if when.is_empty() { String::new() } else { format!(" WHEN {when}") };
    format!(
        "CREATE TRIGGER {} {event} ON {} FOR EACH ROW{when} BEGIN {body} END",
        quote_name(&name),
        quote_name(table)
    )
}

/// The beginning of the names of the triggers of a table.
pub(super) fn trigger_prefix(number: i64) -> String {
    format!("__backoffice_{number}_")
}

/// CREATE TABLE of the change log, for keys of so many columns.
pub(super) fn create_changes(width: usize) -> String {
    let keys: Vec<String> = (1..=width).map(|place| format!("k{place}, ")).collect();
    format!(
        "CREATE TABLE {CHANGES} (seq INTEGER PRIMARY KEY, t, what, {}stamp DEFAULT (random()))",
        keys.concat()
    )
}

/// CREATE TABLE of the images of a table with so many columns.
pub(super) fn create_images(number: i64, width: usize) -> String {
    let columns: Vec<String> = (1..=width).map(|place| format!(", c{place}")).collect();
    format!("CREATE TABLE {} (seq INTEGER PRIMARY KEY, sign{})", image_table(number), columns.concat())
}

/// CREATE TABLE of the captured tables.
pub(super) fn create_captured() -> String {
    format!("CREATE TABLE {CAPTURED} (t INTEGER PRIMARY KEY, name, kind, columns, digest)")
}

/// CREATE TABLE of the owner.
pub(super) fn create_owner() -> String {
    format!("CREATE TABLE {OWNER} (state, epoch, other_id, cutover_id, at, position)")
}

/// A statement that logs a mark.
pub(super) fn mark(number: i64) -> String {
    format!("INSERT INTO {CHANGES} (t, what) VALUES ({number}, 2);")
}
