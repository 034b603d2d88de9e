//! Captures one table again after its definition or its triggers were changed.

use databases::name::quote_name;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::attach::execute;
use super::captured::Capture;
use super::error::{CaptureError, doing};
use super::objects::{self, SchemaObject};
use super::planned::planned;
use super::record;
use super::sql::{self, CHANGES, image_table};

/// Replaces the triggers of a table by those of its present definition, and logs a mark for it, in one transaction. A
/// table that is not yet captured gets the next number.
///
/// # Errors
/// When the file has no capture or no such table, the table cannot be captured, or the database fails.
pub fn recapture(connection: &mut SqliteConnection, table: &str) -> Result<Capture, CaptureError> {
    connection.immediate_transaction(|connection| {
        let capture = record::load(connection)?.ok_or(CaptureError::NotAttached)?;
        let (schema, _) = import::schema::read(connection)?;
        let declared = schema.tables.iter().find(|declared| declared.name.eq_ignore_ascii_case(table));
        let declared = declared.filter(|declared| !objects::is_own(&declared.name));
        let declared = declared.ok_or_else(|| CaptureError::UnknownTable(table.to_owned()))?;
        let next = capture.tables.iter().map(|table| table.number).max().unwrap_or_default() + 1;
        let number = capture.table(table).map_or(next, |table| table.number);
        let planned = planned(connection, &schema, declared, number, true)?;
        if let Some(first) = planned.blockers.first() {
            return Err(CaptureError::Blocked { count: planned.blockers.len(), first: first.clone() });
        }
        drop_objects(connection, number, &declared.name)?;
        widen(connection, planned.table.kind.key_width())?;
        execute(connection, &planned.statements)?;
        execute(connection, &[sql::mark(number)])?;
        let present = objects::read(connection)?;
        record::write_table(connection, &planned.table, &present)?;
        record::write_schema(connection, &with_table(&capture.objects, &present, &declared.name))?;
        record::load(connection)?.ok_or(CaptureError::NotAttached)
    })
}

/// Ends the capture of a table that was dropped, in one transaction.
///
/// # Errors
/// When the file has no capture, the table is not captured or still exists, or the database fails.
pub fn forget(connection: &mut SqliteConnection, table: &str) -> Result<Capture, CaptureError> {
    connection.immediate_transaction(|connection| {
        let capture = record::load(connection)?.ok_or(CaptureError::NotAttached)?;
        let captured = capture.table(table).ok_or_else(|| CaptureError::UnknownTable(table.to_owned()))?;
        let is_same = |object: &SchemaObject| object.kind == "table" && object.name == captured.name;
        if objects::read(connection)?.iter().any(is_same) {
            return Err(CaptureError::TableExists(captured.name.clone()));
        }
        drop_objects(connection, captured.number, &captured.name)?;
        record::delete_table(connection, captured.number)?;
        let present = objects::read(connection)?;
        record::write_schema(connection, &with_table(&capture.objects, &present, &captured.name))?;
        record::load(connection)?.ok_or(CaptureError::NotAttached)
    })
}

/// Drops the triggers of this number, those of capture on the table, and the images.
fn drop_objects(connection: &mut SqliteConnection, number: i64, table: &str) -> Result<(), CaptureError> {
    let images = image_table(number);
    for object in objects::read(connection)?.iter().filter(|object| object.is_own()) {
        let is_of_table = object.table == table || object.name.starts_with(&sql::trigger_prefix(number));
        if object.kind == "trigger" && is_of_table || object.kind == "table" && object.name == images {
            let statement = format!("DROP {} main.{}", object.kind, quote_name(&object.name));
            execute(connection, &[statement])?;
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct ColumnName {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Adds columns to the log for a key that is wider than all before.
fn widen(connection: &mut SqliteConnection, width: usize) -> Result<(), CaptureError> {
    let rows: Vec<ColumnName> =
        diesel::sql_query(format!("SELECT name FROM pragma_table_info('{CHANGES}', 'main')"))
            .load(connection)
            .map_err(doing(format!("read the columns of `{CHANGES}`")))?;
    let exists = |name: &str| rows.iter().any(|row| row.name == name);
    for place in (1..=width).filter(|place| !exists(&format!("k{place}"))) {
        execute(connection, &[format!("ALTER TABLE main.{CHANGES} ADD COLUMN k{place}")])?;
    }
    Ok(())
}

/// The recorded schema with the present objects of one table and of capture.
fn with_table(recorded: &[SchemaObject], present: &[SchemaObject], table: &str) -> Vec<SchemaObject> {
    let is_renewed =
        |object: &SchemaObject| object.table == table || (object.is_own() && object.kind == "table");
    let kept = recorded.iter().filter(|object| !is_renewed(object)).cloned();
    kept.chain(present.iter().filter(|object| is_renewed(object)).cloned()).collect()
}
