//! The objects of `sqlite_schema`, by the digests of their statements.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::error::{CaptureError, doing};
use super::{CAPTURED, CHANGES, OWNER, PREFIX};

/// An object of the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SchemaObject {
    /// `table`, `index`, `view` or `trigger`.
    pub kind: String,
    pub name: String,
    /// The table of an index or trigger.
    pub table: String,
    /// Of the bytes of its statement.
    pub digest: String,
    /// Whether it is created by CREATE UNIQUE INDEX.
    pub is_unique: bool,
}

impl SchemaObject {
    /// Whether it belongs to capture.
    pub(super) fn is_own(&self) -> bool {
        is_own(&self.name)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.name == other.name
    }
}

/// Whether a name is one that capture gives. SQLite compares names without case. The application of this program has
/// other tables whose names begin in the same way.
pub(super) fn is_own(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if [CHANGES, CAPTURED, OWNER].contains(&name.as_str()) {
        return true;
    }
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match rest.split_once('_') {
        Some(("image", number)) => is_number(number),
        Some((number, event)) => {
            is_number(number) && (event.starts_with("before_") || event.starts_with("after_"))
        }
        None => false,
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    table_name: Option<String>,
    #[diesel(sql_type = Nullable<Binary>)]
    sql: Option<Vec<u8>>,
}

/// The objects in the order of creation, without tables of SQLite itself.
pub(super) fn read(connection: &mut SqliteConnection) -> Result<Vec<SchemaObject>, CaptureError> {
    let query = "SELECT type AS kind, name, tbl_name AS table_name, CAST(sql AS BLOB) AS sql \
         FROM main.sqlite_schema ORDER BY rowid";
    let rows: Vec<Row> = diesel::sql_query(query)
        .load(connection)
        .map_err(doing("read `sqlite_schema` of the SQLite file"))?;
    // The indexes of constraints have such names too; they belong to the statement of their table.
    let rows = rows.into_iter().filter(|row| !row.name.as_deref().unwrap_or_default().starts_with("sqlite_"));
    Ok(rows.map(object).collect())
}

fn object(row: Row) -> SchemaObject {
    let sql = row.sql.unwrap_or_default();
    // SQLite stores these words in this form, however they were written; UTF-16 has zeros between the letters.
    let start: Vec<u8> = sql.iter().copied().filter(|byte| *byte != 0).take(14).collect();
    SchemaObject {
        kind: row.kind.unwrap_or_default(),
        name: row.name.unwrap_or_default(),
        table: row.table_name.unwrap_or_default(),
        digest: Sha256::digest(&sql).iter().map(|byte| format!("{byte:02x}")).collect(),
        is_unique: start.eq_ignore_ascii_case(b"CREATE UNIQUE "),
    }
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    schema_version: i64,
}

/// `PRAGMA schema_version`, which SQLite changes with every change of the schema, and with VACUUM.
pub(super) fn version(connection: &mut SqliteConnection) -> Result<i64, CaptureError> {
    let row: Version = diesel::sql_query("PRAGMA main.schema_version")
        .get_result(connection)
        .map_err(doing("read `PRAGMA schema_version` of the SQLite file"))?;
    Ok(row.schema_version)
}
