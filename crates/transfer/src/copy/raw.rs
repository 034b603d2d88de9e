//! A row of the source as SQLite has it, whatever its columns are declared to be: for rows that cannot be read as what
//! they should be.

use std::ops::Bound;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::table::{Key, KeyRange, ReadError, SourceSql, Table};
use crate::target::state::Reject;

/// So many bytes of a value are kept; the source has the rest.
const KEPT_BYTES: usize = 1 << 20;

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Nullable<Text>)]
    key: Option<String>,
    #[diesel(sql_type = Text)]
    class: String,
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

/// The first row of `range`, as a reject for `reason`; `None` when there is none.
///
/// # Errors
/// When the database fails.
pub fn reject(
    source: &mut SqliteConnection,
    table: &dyn Table,
    range: KeyRange,
    column: Option<&str>,
    reason: String,
) -> QueryResult<Option<Reject>> {
    let sql = table.source_sql();
    let Some(first) = read(source, &sql, range, &sql.key)? else { return Ok(None) };
    let place = column.and_then(|column| table.columns().iter().position(|name| *name == column));
    let (storage_class, value) = match place.and_then(|place| sql.columns.get(place)) {
        Some(column) => {
            let value = read(source, &sql, range, column)?;
            (value.as_ref().map(|value| value.class.clone()), value.and_then(|value| text(&value)))
        }
        None => {
            let mut row = serde_json::Map::new();
            for (name, column) in table.columns().iter().zip(&sql.columns) {
                if let Some(value) = read(source, &sql, range, column)? {
                    row.insert((*name).to_owned(), text(&value).into());
                }
            }
            (None, Some(serde_json::Value::Object(row).to_string()))
        }
    };
    Ok(Some(Reject {
        table_name: table.name().to_owned(),
        key: first.key.unwrap_or_default(),
        column_name: column.map(str::to_owned),
        storage_class,
        value,
        reason,
    }))
}

/// The column that an error is about, where it says so.
pub(super) fn column_of(error: &ReadError) -> Option<String> {
    match error {
        ReadError::Encode { column, .. } => Some((*column).to_owned()),
        // Diesel names the field in the error's text only.
        ReadError::Row { source, .. } => {
            let words = source.to_string();
            let (_, after) = words.split_once("field '")?;
            after.split_once('\'').map(|(column, _)| column.to_owned())
        }
        ReadError::Check { .. } | ReadError::Query { .. } => None,
    }
}

fn read(
    source: &mut SqliteConnection,
    SourceSql { from, key, .. }: &SourceSql,
    range: KeyRange,
    column: &str,
) -> QueryResult<Option<Value>> {
    let query = format!(
        "SELECT CAST({key} AS TEXT) AS key, typeof({column}) AS class,
            CASE typeof({column})
                WHEN 'text' THEN hex(substr(CAST({column} AS BLOB), 1, {KEPT_BYTES}))
                WHEN 'blob' THEN hex(substr({column}, 1, {KEPT_BYTES}))
                WHEN 'real' THEN printf('%!.17g', {column})
                ELSE CAST({column} AS TEXT) END AS value
        FROM {from} WHERE {} ORDER BY {key} LIMIT 1",
        condition(key, range),
    );
    diesel::sql_query(query).get_result(source).optional()
}

/// The range as SQL.
fn condition(key_sql: &str, range: KeyRange) -> String {
    let literal = |key: Key| match key {
        Key::Integer(key) => key.to_string(),
        Key::Uuid(key) => format!("'{key}'"),
    };
    let lower = match range.lower {
        Bound::Included(key) => format!("{key_sql} >= {}", literal(key)),
        Bound::Excluded(key) => format!("{key_sql} > {}", literal(key)),
        Bound::Unbounded => "1".to_owned(),
    };
    let upper = match range.upper {
        Bound::Included(key) => format!("{key_sql} <= {}", literal(key)),
        Bound::Excluded(key) => format!("{key_sql} < {}", literal(key)),
        Bound::Unbounded => "1".to_owned(),
    };
    format!("{lower} AND {upper}")
}

/// The value as text; `None` for NULL.
fn text(value: &Value) -> Option<String> {
    let words = value.value.as_deref()?;
    if value.class != "text" {
        return Some(if value.class == "blob" { format!("X'{words}'") } else { words.to_owned() });
    }
    let bytes: Option<Vec<u8>> = words
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    let readable = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| !text.contains('\0'));
    Some(readable.unwrap_or_else(|| format!("X'{words}'")))
}
