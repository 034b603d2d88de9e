//! A table that can be moved and compared: where application tables and tables of other databases meet.
//!
//! Everything about copying and verifying is written once, above this trait.

use std::fmt;
use std::ops::ControlFlow;

use diesel::{PgConnection, QueryResult, SqliteConnection};

use crate::values::Unencodable;

/// The primary key of a row. Both backends order keys as this type does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// An integer.
    Integer(i64),
    /// A UUID: PostgreSQL orders its bytes, SQLite its text in lower case; that is the same order.
    Uuid(uuid::Uuid),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(key) => key.fmt(f),
            Self::Uuid(key) => key.fmt(f),
        }
    }
}

impl serde::Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why reading a table ended early.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The query itself failed.
    #[error("read table `{table}`")]
    Query {
        /// The table.
        table: &'static str,
        /// What the database said.
        #[source]
        source: diesel::result::Error,
    },
    /// A row could not be read: the database gave a value that its column's type does not hold.
    #[error("read the row of `{table}` {place}")]
    Row {
        /// The table.
        table: &'static str,
        /// Where it stands in key order.
        place: Place,
        /// What is wrong with it.
        #[source]
        source: diesel::result::Error,
    },
    /// A value could not be put into binary form.
    #[error("encode `{table}.{column}` of the row with key {key}")]
    Encode {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        key: Key,
        /// What is wrong with it.
        #[source]
        source: Unencodable,
    },
}

/// Where in key order a row stands whose own key could not be read.
#[derive(Clone, Copy, Debug)]
pub struct Place(pub Option<Key>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(key) => write!(f, "that follows key {key}"),
            None => write!(f, "with the lowest key"),
        }
    }
}

/// What is done with each row: its key and its tuple in the binary form of COPY. `Break` ends the reading.
pub type EachRow<'a> = dyn FnMut(Key, &[u8]) -> ControlFlow<()> + 'a;

/// A table with a primary key, readable in key order on both sides and writable by COPY.
pub trait Table: Sync {
    /// The table's name.
    fn name(&self) -> &'static str;

    /// Its columns, in the order of the tuples; the key is the first.
    fn columns(&self) -> &'static [&'static str];

    /// Reads every row in key order from SQLite.
    ///
    /// # Errors
    /// When a row cannot be read or encoded; rows before it have been given.
    fn read_source(&self, source: &mut SqliteConnection, each: &mut EachRow<'_>) -> Result<(), ReadError>;

    /// Reads every row in key order from PostgreSQL.
    ///
    /// # Errors
    /// When a row cannot be read or encoded; rows before it have been given.
    fn read_target(&self, target: &mut PgConnection, each: &mut EachRow<'_>) -> Result<(), ReadError>;

    /// Gives every key of SQLite in order.
    ///
    /// # Errors
    /// When the database fails.
    fn read_source_keys(
        &self,
        source: &mut SqliteConnection,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Gives the keys of PostgreSQL in order: every one, or those from the first to the second of `range`.
    ///
    /// # Errors
    /// When the database fails.
    fn read_target_keys(
        &self,
        target: &mut PgConnection,
        range: Option<(Key, Key)>,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Writes `data`, a complete binary COPY stream of this table's tuples; returns the number of rows.
    ///
    /// # Errors
    /// When PostgreSQL refuses a row; then none of them is written.
    fn write_target(&self, target: &mut PgConnection, data: &[u8]) -> QueryResult<usize>;
}

/// What a binary COPY stream begins with: signature, no flags, no extension (PostgreSQL manual, COPY).
pub const COPY_HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What a binary COPY stream ends with.
pub const COPY_TRAILER: [u8; 2] = (-1_i16).to_be_bytes();
