//! A table of a database of another application, as the engine copies and verifies it.
//!
//! Rows are read by rowid, or by position in the order of the primary key if there is none. `values::encode` encodes
//! each sent value; values read back are converted to the same form. If a column of the target holds the rowid, rows
//! are compared by it; any other table is compared as [`Hashed`].

mod hashed;
mod order;
mod source;
mod target;

use std::ops::ControlFlow;

use diesel::{PgConnection, QueryResult, SqliteConnection};

pub use hashed::Hashed;

use super::conversion::{ColumnConversion, OnIncompatible, TableConversion};
use super::schema::{self, Encoding};
use super::types::{ReadAs, Reading, TargetType};
use super::values;
use databases::name::quote_name;
use transfer::copy_in::copy_in;
use transfer::table::{EachRow, Key, KeyRange, Order, ReadError, SourceSql, Table};

/// A table to copy.
pub struct ForeignTable {
    name: String,
    columns: Vec<String>,
    fields: Vec<Field>,
    /// The fields of the primary key; empty without one.
    key_fields: Vec<usize>,
    order: SourceOrder,
    sql: SourceSql,
    encoding: Encoding,
    /// The table in the target, as SQL.
    target: String,
    /// The field that holds the rowid in the target.
    rowid_field: Option<usize>,
    size_bytes: i64,
}

/// What is sent for a column.
#[derive(Clone, Debug)]
struct Field {
    to: TargetType,
    reading: Reading,
    labels: Vec<String>,
    on_incompatible: OnIncompatible,
}

impl Field {
    fn read_as(&self) -> ReadAs<'_> {
        ReadAs { target: self.to, reading: self.reading, labels: &self.labels }
    }
}

/// The columns to include.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Those that are sent.
    Sent,
    /// Also the generated columns of the target.
    All,
}

/// The key by which rows of the source are read.
#[derive(Clone, Debug)]
enum SourceOrder {
    /// By rowid.
    Rowid,
    /// By position from 1, in this ORDER BY.
    Position(String),
}

impl ForeignTable {
    /// The table of a conversion.
    pub fn new(
        table: &schema::SqliteTable,
        conversion: &TableConversion,
        target_schema: &str,
        encoding: Encoding,
        orphans: &OrphanColumns,
        which: Columns,
    ) -> Self {
        let is_in = |column: &&ColumnConversion| which == Columns::All || !column.is_generated;
        let carried: Vec<_> = conversion.columns.iter().filter(is_in).collect();
        let names = carried.iter().map(|column| column.target.clone()).collect();
        let fields = carried.iter().map(|column| Field {
            to: column.target_type,
            reading: column.reading,
            labels: column.labels.clone(),
            on_incompatible: column.on_incompatible,
        });
        let place = |name: &str| carried.iter().position(|column| column.source.eq_ignore_ascii_case(name));
        let key = table.primary_key.as_ref();
        let key_fields: Option<Vec<usize>> =
            key.map(|key| key.columns.iter().map(|column| place(&column.name)).collect()).unwrap_or_default();
        let rowid_field = key
            .filter(|key| key.is_rowid)
            .and_then(|key| place(&key.columns.first()?.name))
            .filter(|place| {
                matches!(
                    carried[*place].target_type,
                    TargetType::Integer | TargetType::BigInt | TargetType::SmallInt
                )
            });
        let from = quote_name(&table.name);
        let columns = carried.iter().map(|column| orphans.select(&column.source)).collect();
        let (order, sql) = match table.rowid {
            Some(rowid) => {
                let sql = SourceSql { name: table.name.clone(), from, key: rowid.to_owned(), columns };
                (SourceOrder::Rowid, sql)
            }
            None => {
                let by = order::position_order(table);
                // Columns keep their names, and the position gets a name that no column has.
                let key = order::free_name(table);
                let not_indexed = if by.is_empty() { order::reading(&by) } else { "" };
                let from = format!(
                    "(SELECT row_number() OVER ({by}) AS {key}, * FROM {from} {not_indexed}) AS {from}"
                );
                (SourceOrder::Position(by), SourceSql { name: table.name.clone(), from, key, columns })
            }
        };
        Self {
            name: conversion.target.clone(),
            columns: names,
            fields: fields.collect(),
            key_fields: key_fields.unwrap_or_default(),
            order,
            sql,
            encoding,
            target: format!("{}.{}", quote_name(target_schema), quote_name(&conversion.target)),
            rowid_field,
            size_bytes: conversion.size_bytes,
        }
    }

    /// Whether a column of the target holds the key by which rows of the source are read.
    pub fn is_keyed(&self) -> bool {
        self.rowid_field.is_some()
    }

    /// The columns of the target as an SQL list.
    fn target_columns(&self) -> String {
        self.columns.iter().map(|name| quote_name(name)).collect::<Vec<_>>().join(", ")
    }

    fn query_error(&self) -> impl Fn(diesel::result::Error) -> ReadError + '_ {
        move |source| ReadError::Query { table: self.name.clone(), source }
    }

    /// The values of a tuple as text.
    fn show(&self, tuple: &[u8]) -> Vec<String> {
        let show = |(field, bytes): (&Field, Option<&[u8]>)| match bytes {
            None => "NULL".to_owned(),
            Some(bytes) => values::show_target(bytes, field.to).unwrap_or_else(|| "?".to_owned()),
        };
        self.fields.iter().zip(tuple_fields(tuple)).map(show).collect()
    }
}

/// The columns whose values become NULL in orphans.
#[derive(Clone, Debug, Default)]
pub struct OrphanColumns {
    /// The name of a column, and the condition that its row is an orphan.
    pub conditions: Vec<(String, String)>,
}

impl OrphanColumns {
    fn select(&self, column: &str) -> String {
        let name = quote_name(column);
        let conditions: Vec<&str> = self
            .conditions
            .iter()
            .filter(|(of, _)| of == column)
            .map(|(_, condition)| condition.as_str())
            .collect();
        match conditions.is_empty() {
            true => name,
            false => format!("CASE WHEN ({}) THEN NULL ELSE {name} END", conditions.join(") OR (")),
        }
    }
}

/// The fields of a tuple in binary COPY format; `None` for NULL.
fn tuple_fields(tuple: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    let mut rest = tuple.get(2..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            rest = after;
            return Some(None);
        };
        let (field, after) = after.split_at_checked(length)?;
        rest = after;
        Some(Some(field))
    })
}

impl Table for ForeignTable {
    fn name(&self) -> &str {
        &self.name
    }

    fn columns(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn source_sql(&self) -> SourceSql {
        self.sql.clone()
    }

    fn key_column(&self) -> Option<&str> {
        self.columns.get(self.rowid_field?).map(String::as_str)
    }

    fn read_source(
        &self,
        source: &mut SqliteConnection,
        range: KeyRange,
        _order: Order,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        self.read_rows(source, range, each).map_err(self.query_error())
    }

    fn read_target(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        order: Order,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        self.read_tuples(target, range, order, each).map_err(self.query_error())
    }

    fn read_source_keys(
        &self,
        source: &mut SqliteConnection,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()> {
        self.read_keys(source, each)
    }

    fn read_target_keys(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()> {
        self.read_tuples(target, range, Order::Key, &mut |row| match row {
            Ok((key, _)) => each(key),
            Err(_unreadable) => ControlFlow::Continue(()),
        })
    }

    fn show_source(&self, source: &mut SqliteConnection, key: Key) -> QueryResult<Option<Vec<String>>> {
        let mut shown = None;
        self.read_rows(source, KeyRange::only(key), &mut |row| {
            shown = row.ok().map(|(_, tuple)| self.show(tuple));
            ControlFlow::Break(())
        })?;
        Ok(shown)
    }

    fn show_target(&self, target: &mut PgConnection, key: Key) -> QueryResult<Option<Vec<String>>> {
        let mut shown = None;
        self.read_tuples(target, KeyRange::only(key), Order::Any, &mut |row| {
            shown = row.ok().map(|(_, tuple)| self.show(tuple));
            ControlFlow::Break(())
        })?;
        Ok(shown)
    }

    fn write_target(&self, target: &mut PgConnection, data: &[u8]) -> QueryResult<usize> {
        copy_in(target, &self.target, &self.target_columns(), data)
    }
}
