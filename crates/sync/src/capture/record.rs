//! The record of capture in the file: `__backoffice_captured`.
//!
//! Row 0 has the format in `name`, the schema at the time of capture in `columns` and its version in `digest`. Each
//! other row is a table, with its columns and the digest of its statement.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::captured::{Capture, CaptureKind, CapturedTable};
use super::error::{CaptureError, doing};
use super::objects::{self, SchemaObject};
use super::sql::{CAPTURED, CHANGES, OWNER, image_table};

/// The format of the record.
pub(super) const FORMAT: &str = "1";
/// The kind of row 0.
const SCHEMA: &str = "schema";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    t: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Nullable<Text>)]
    digest: Option<String>,
}

/// Writes the rows of all tables, and the present schema.
pub(super) fn write(connection: &mut SqliteConnection, tables: &[CapturedTable]) -> Result<(), CaptureError> {
    let objects = objects::read(connection)?;
    for table in tables {
        write_table(connection, table, &objects)?;
    }
    write_schema(connection, &objects)
}

/// Writes the row of one table.
pub(super) fn write_table(
    connection: &mut SqliteConnection,
    table: &CapturedTable,
    objects: &[SchemaObject],
) -> Result<(), CaptureError> {
    let own = objects.iter().find(|object| object.kind == "table" && object.name == table.name);
    let row = Row {
        t: table.number,
        name: table.name.clone(),
        kind: table.kind.word().to_owned(),
        columns: json(table.kind.columns())?,
        digest: own.map(|object| object.digest.clone()),
    };
    replace(connection, row)
}

/// Deletes the row of one table.
pub(super) fn delete_table(connection: &mut SqliteConnection, number: i64) -> Result<(), CaptureError> {
    diesel::sql_query(format!("DELETE FROM main.{CAPTURED} WHERE t = ?"))
        .bind::<BigInt, _>(number)
        .execute(connection)
        .map_err(doing(format!("delete a row of `{CAPTURED}`")))?;
    Ok(())
}

/// Writes the schema as it was captured.
pub(super) fn write_schema(
    connection: &mut SqliteConnection,
    objects: &[SchemaObject],
) -> Result<(), CaptureError> {
    let row = Row {
        t: 0,
        name: FORMAT.to_owned(),
        kind: SCHEMA.to_owned(),
        columns: json(objects)?,
        digest: Some(objects::version(connection)?.to_string()),
    };
    replace(connection, row)
}

fn replace(connection: &mut SqliteConnection, row: Row) -> Result<(), CaptureError> {
    diesel::sql_query(format!("INSERT OR REPLACE INTO main.{CAPTURED} VALUES (?, ?, ?, ?, ?)"))
        .bind::<BigInt, _>(row.t)
        .bind::<Text, _>(row.name)
        .bind::<Text, _>(row.kind)
        .bind::<Text, _>(row.columns)
        .bind::<Nullable<Text>, _>(row.digest)
        .execute(connection)
        .map_err(doing(format!("write a row of `{CAPTURED}`")))?;
    Ok(())
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, CaptureError> {
    serde_json::to_string(value).map_err(|error| CaptureError::Damaged(error.to_string()))
}

/// Reads the record; `None` if there is no object of capture in the file.
pub(super) fn load(connection: &mut SqliteConnection) -> Result<Option<Capture>, CaptureError> {
    let present = objects::read(connection)?;
    if !present.iter().any(SchemaObject::is_own) {
        return Ok(None);
    }
    let exists = |name: &str| present.iter().any(|object| object.kind == "table" && object.name == name);
    if let Some(missing) = [CAPTURED, CHANGES, OWNER].iter().find(|name| !exists(name)) {
        return Err(CaptureError::Damaged(format!("the table `{missing}` is missing")));
    }
    let query = format!("SELECT t, name, kind, columns, digest FROM main.{CAPTURED} ORDER BY t");
    let rows: Vec<Row> = diesel::sql_query(query)
        .load(connection)
        .map_err(|error| CaptureError::Damaged(format!("`{CAPTURED}` cannot be read: {error}")))?;
    let (schemas, tables): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.kind == SCHEMA);
    let Some(schema) = schemas.first() else {
        return Err(CaptureError::Damaged(format!("`{CAPTURED}` has no row of the schema")));
    };
    if schema.name != FORMAT {
        return Err(CaptureError::Format(schema.name.clone()));
    }
    let version = schema.digest.as_deref().and_then(|digest| digest.parse().ok());
    let capture = Capture {
        version: version
            .ok_or_else(|| CaptureError::Damaged(format!("`{CAPTURED}` has no schema version")))?,
        objects: parse(&schema.columns)?,
        tables: tables.into_iter().map(table).collect::<Result<_, _>>()?,
    };
    for table in capture.tables.iter().filter(|table| matches!(table.kind, CaptureKind::Images { .. })) {
        let images = image_table(table.number);
        if !exists(&images) {
            let text = format!("the table `{images}` with the images of `{}` is missing", table.name);
            return Err(CaptureError::Damaged(text));
        }
    }
    Ok(Some(capture))
}

fn table(row: Row) -> Result<CapturedTable, CaptureError> {
    let columns = parse(&row.columns)?;
    let kind = match row.kind.as_str() {
        "keyed" => CaptureKind::Keyed { columns },
        "images" => CaptureKind::Images { columns },
        "skipped" => CaptureKind::Skipped,
        other => {
            return Err(CaptureError::Damaged(format!("`{CAPTURED}` has a table of the kind {other:?}")));
        }
    };
    Ok(CapturedTable { number: row.t, name: row.name, kind })
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, CaptureError> {
    serde_json::from_str(text)
        .map_err(|error| CaptureError::Damaged(format!("`{CAPTURED}` cannot be read: {error}")))
}
