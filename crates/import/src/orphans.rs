//! Finds orphans: rows whose referenced row does not exist.
//!
//! Uses one query for each foreign key: `PRAGMA foreign_key_check` fails for a whole table if one of its foreign keys
//! is malformed.

use std::fmt::Write as _;

use diesel::backend::Backend;
use diesel::deserialize::{FromSql, FromSqlRow};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::sqlite::Sqlite;

use super::schema::{ForeignKey, Schema, SqliteTable, is_known_collation};
use databases::name::quote_name;

/// The number of reported keys.
const FIRST_KEYS: usize = 5;
/// The number of shown characters of a key.
const SHOWN_CHARACTERS: usize = 100;

/// The orphans of a foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrphanRows {
    /// Their number.
    pub count: i64,
    /// The first rowids, or values of the primary key as SQL literals; long ones are truncated.
    pub first_keys: Vec<String>,
}

/// Why a foreign key could not be checked.
#[derive(Debug, thiserror::Error)]
#[error("find rows of table `{table}` without a referenced row in `{parent}`")]
pub struct OrphansError {
    /// The table.
    pub table: String,
    /// The referenced table.
    pub parent: String,
    /// The error of SQLite.
    #[source]
    pub source: diesel::result::Error,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    row_count: i64,
}

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Nullable<Text>)]
    key: Option<Shown>,
}

/// Text for display. Malformed bytes become U+FFFD.
#[derive(Clone, Debug, PartialEq, Eq, FromSqlRow)]
pub struct Shown(pub String);

impl FromSql<Text, Sqlite> for Shown {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        // Reading it as a String would fail.
        Ok(Self(value.read_text().to_owned()))
    }
}

/// Counts the orphans of every valid foreign key of a table. Returns those that have any, and those that could not be
/// checked, with their index in `table.foreign_keys`.
pub fn find(
    connection: &mut SqliteConnection,
    schema: &Schema,
    table: &SqliteTable,
) -> Vec<(usize, Result<OrphanRows, OrphansError>)> {
    let mut found = Vec::new();
    for (place, key) in table.foreign_keys.iter().enumerate() {
        if key.problem.is_some() {
            continue;
        }
        match orphans_of(connection, schema, table, key) {
            Ok(orphans) if orphans.count == 0 => {}
            Ok(orphans) => found.push((place, Ok(orphans))),
            Err(source) => {
                let (table, parent) = (table.name.clone(), key.parent_table.clone());
                found.push((place, Err(OrphansError { table, parent, source })));
            }
        }
    }
    found
}

fn orphans_of(
    connection: &mut SqliteConnection,
    schema: &Schema,
    table: &SqliteTable,
    key: &ForeignKey,
) -> QueryResult<OrphanRows> {
    let rows = orphan_rows(schema, table, key);
    let count: CountRow =
        diesel::sql_query(format!("SELECT count(*) AS row_count {rows}")).get_result(connection)?;
    if count.row_count == 0 {
        return Ok(OrphanRows { count: 0, first_keys: Vec::new() });
    }
    let (shown, order) = key_of(table, key);
    let query = format!("SELECT {shown} AS key {rows} ORDER BY {order} LIMIT {FIRST_KEYS}");
    let keys: Vec<KeyRow> = diesel::sql_query(query).load(connection)?;
    let first_keys =
        keys.into_iter().map(|row| row.key.map_or_else(|| "NULL".to_owned(), |key| key.0)).collect();
    Ok(OrphanRows { count: count.row_count, first_keys })
}

/// Compares as SQLite does: with the affinity and collation of the referenced column, whatever those of the
/// referencing one are. A column behind a unary plus has no affinity, and the collation of `=` is that of its left
/// side (SQLite manual, "Datatypes In SQLite", sections 4.2 and 7.1; "SQLite Foreign Key Support", section 3). Where
/// the application defines the collation, bytes are compared, as in PostgreSQL.
fn dangles(schema: &Schema, child: &str, alias: &str, key: &ForeignKey) -> String {
    let parent = schema.tables.iter().find(|table| table.name.eq_ignore_ascii_case(&key.parent_table));
    let mut filled = String::new();
    let mut equal = String::new();
    for (column, parent_column) in key.columns.iter().zip(&key.parent_columns) {
        let by_bytes = by_bytes(parent, parent_column);
        let (column, parent_column) = (quote_name(column), quote_name(parent_column));
        let and = if equal.is_empty() { "" } else { " AND " };
        // Writing to a String cannot fail.
        let _ = write!(filled, "{child}.{column} IS NOT NULL AND ");
        let _ = write!(equal, "{and}{alias}.{parent_column}{by_bytes} = +{child}.{column}");
    }
    let parent = quote_name(&key.parent_table);
    format!("{filled}NOT EXISTS (SELECT 1 FROM main.{parent} AS {alias} WHERE {equal})")
}

/// ` COLLATE BINARY` for a column whose collation the application defines.
fn by_bytes(table: Option<&SqliteTable>, column: &str) -> &'static str {
    let mut columns = table.iter().flat_map(|table| &table.columns);
    let column = columns.find(|own| own.name.eq_ignore_ascii_case(column));
    let is_known = column.is_none_or(|column| is_known_collation(&column.collation));
    if is_known { "" } else { " COLLATE BINARY" }
}

fn orphan_rows(schema: &Schema, table: &SqliteTable, key: &ForeignKey) -> String {
    format!("FROM main.{} AS c WHERE {}", quote_name(&table.name), dangles(schema, "c", "p", key))
}

/// The condition that a row of `table` is an orphan, for a query that uses the table's own name.
pub(super) fn dangling(schema: &Schema, table: &SqliteTable, key: &ForeignKey) -> String {
    // The name of the table must refer to the row outside of the subquery.
    let alias = if table.name.eq_ignore_ascii_case("parent_") { "parent__" } else { "parent_" };
    dangles(schema, &quote_name(&table.name), alias, key)
}

/// A foreign key value of an orphan.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Dangling {
    /// The row, as in [`OrphanRows::first_keys`].
    #[diesel(sql_type = Nullable<Text>)]
    pub key: Option<Shown>,
    /// The column.
    #[diesel(sql_type = Text)]
    pub column: String,
    /// The storage class of its value.
    #[diesel(sql_type = Text)]
    pub class: String,
    /// The value; the bytes of a BLOB as an SQL literal.
    #[diesel(sql_type = Nullable<Text>)]
    pub value: Option<Shown>,
}

/// Every foreign key value of the orphans.
///
/// # Errors
/// When the database fails.
pub fn values(
    connection: &mut SqliteConnection,
    schema: &Schema,
    table: &SqliteTable,
    key: &ForeignKey,
) -> QueryResult<Vec<Dangling>> {
    let rows = orphan_rows(schema, table, key);
    let (shown, order) = key_of(table, key);
    let mut found = Vec::new();
    for column in &key.columns {
        let quoted = quote_name(column);
        let query = format!(
            "SELECT {shown} AS key, ? AS column, typeof(c.{quoted}) AS class,
                CASE typeof(c.{quoted}) WHEN 'blob' THEN quote(c.{quoted}) ELSE CAST(c.{quoted} AS TEXT) END AS value
             {rows} ORDER BY {order}"
        );
        found.extend(diesel::sql_query(query).bind::<Text, _>(column).load::<Dangling>(connection)?);
    }
    Ok(found)
}

/// The expression that identifies a row in reports, and the order of rows.
fn key_of(table: &SqliteTable, key: &ForeignKey) -> (String, String) {
    if let Some(rowid) = table.rowid {
        return (format!("CAST(c.{rowid} AS TEXT)"), format!("c.{rowid}"));
    }
    // A table has neither rowid nor key if columns use all names of the rowid: then the foreign key columns identify
    // the row.
    let columns: Vec<String> = match &table.primary_key {
        Some(primary) => {
            primary.columns.iter().map(|column| format!("c.{}", quote_name(&column.name))).collect()
        }
        None => key.columns.iter().map(|column| format!("c.{}", quote_name(column))).collect(),
    };
    let shown: Vec<String> =
        columns.iter().map(|column| format!("substr(quote({column}), 1, {SHOWN_CHARACTERS})")).collect();
    let order: Vec<String> = match &table.primary_key {
        Some(primary) => {
            let terms = primary.columns.iter().zip(&columns);
            terms.map(|(own, column)| format!("{column}{}", by_bytes(Some(table), &own.name))).collect()
        }
        None => columns,
    };
    (shown.join(" || ', ' || "), order.join(", "))
}

#[cfg(test)]
mod tests;
