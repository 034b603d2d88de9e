//! The interface of a table that can be copied and compared, for tables of the application and of other databases.
//!
//! Everything about copying and verifying is written once, above this trait.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::{Bound, ControlFlow};
use std::sync::Arc;

use diesel::{PgConnection, QueryResult, SqliteConnection};

use crate::values::Unencodable;

/// The primary key of a row. Its order is the order of both backends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// An integer.
    Integer(i64),
    /// A UUID. PostgreSQL orders by bytes, SQLite by lower-case text: the same order.
    Uuid(uuid::Uuid),
}

impl Key {
    /// The position of the key in its key space, which preserves order and distance.
    pub fn ordinal(self) -> u128 {
        match self {
            // The lowest key is 0.
            Self::Integer(key) => u128::from(key.cast_unsigned() ^ (1 << 63)),
            Self::Uuid(key) => key.as_u128(),
        }
    }

    /// The key of the same type at this position, or the highest one beyond the end.
    #[must_use]
    pub fn at(self, ordinal: u128) -> Self {
        match self {
            Self::Integer(_) => {
                Self::Integer((u64::try_from(ordinal).unwrap_or(u64::MAX) ^ (1 << 63)).cast_signed())
            }
            Self::Uuid(_) => Self::Uuid(uuid::Uuid::from_u128(ordinal)),
        }
    }

    /// Parses the output of [`Display`](fmt::Display).
    pub fn parse(text: &str) -> Option<Self> {
        let integer = text.parse().ok().map(Self::Integer);
        integer.or_else(|| text.parse().ok().map(Self::Uuid))
    }
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

/// Why the reading of a table failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The query itself failed.
    #[error("read table `{table}`")]
    Query {
        /// The table.
        table: String,
        /// The error of the database.
        #[source]
        source: diesel::result::Error,
    },
    /// A row could not be read: it contains a value that does not fit the type of its column.
    #[error("read the row of `{table}` {place}")]
    Row {
        /// The table.
        table: String,
        /// Its position in key order.
        place: Place,
        /// The reason.
        #[source]
        source: diesel::result::Error,
    },
    /// The row violates the checks of its own table: a typed read may return other values.
    #[error("read the row of `{table}` with key {key}, which violates the checks of its table")]
    Check {
        /// The table.
        table: String,
        /// The key of the row.
        key: Key,
    },
    /// A value could not be encoded.
    #[error("encode `{table}.{column}` of the row with key {key}")]
    Encode {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The key of the row.
        key: Key,
        /// The reason.
        #[source]
        source: Unencodable,
    },
}

/// The position in key order of a row whose own key could not be read.
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

/// The range of keys to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRange {
    /// The lower bound.
    pub lower: Bound<Key>,
    /// The upper bound.
    pub upper: Bound<Key>,
}

impl KeyRange {
    /// Every key.
    pub const ALL: Self = Self { lower: Bound::Unbounded, upper: Bound::Unbounded };

    /// From one key to another, both inclusive.
    pub fn between(first: Key, last: Key) -> Self {
        Self { lower: Bound::Included(first), upper: Bound::Included(last) }
    }

    /// One key.
    pub fn only(key: Key) -> Self {
        Self::between(key, key)
    }

    /// The keys after `after` (from the lowest if it is `None`) up to and including `upto`.
    pub fn after(after: Option<Key>, upto: Option<Key>) -> Self {
        Self {
            lower: after.map_or(Bound::Unbounded, Bound::Excluded),
            upper: upto.map_or(Bound::Unbounded, Bound::Included),
        }
    }
}

/// The order in which rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By key.
    Key,
    /// Any order, whichever is cheapest for the database.
    Any,
}

/// Called for each row with its key and its tuple in binary COPY format, or with the reason why there is none. `Break`
/// stops the reading.
pub type EachRow<'a> = dyn FnMut(Result<(Key, &[u8]), ReadError>) -> ControlFlow<()> + 'a;

/// How a table is queried on SQLite. All fields except the name are SQL.
#[derive(Clone, Debug)]
pub struct SourceSql {
    /// Its name.
    pub name: String,
    /// The FROM item of its rows.
    pub from: String,
    /// The key expression by which its rows are read.
    pub key: String,
    /// Its column expressions, in the order of the tuples.
    pub columns: Vec<String>,
}

/// A table with a key, readable in key order on both sides and writable by COPY.
pub trait Table: Send + Sync {
    /// The table's name.
    fn name(&self) -> &str;

    /// Its columns in the target, in the order of the tuples.
    fn columns(&self) -> Vec<&str>;

    /// How it is queried on SQLite.
    fn source_sql(&self) -> SourceSql;

    /// The key column of the target; `None` if there is no single one.
    fn key_column(&self) -> Option<&str>;

    /// Reads the rows of `range` from SQLite.
    ///
    /// # Errors
    /// When the query fails; rows before that have been passed on. A row that cannot be read is passed on as an error.
    fn read_source(
        &self,
        source: &mut SqliteConnection,
        range: KeyRange,
        order: Order,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError>;

    /// Reads the rows of `range` from PostgreSQL.
    ///
    /// # Errors
    /// As [`read_source`](Self::read_source).
    fn read_target(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        order: Order,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError>;

    /// Passes the keys of SQLite on, in order.
    ///
    /// # Errors
    /// When the database fails.
    fn read_source_keys(
        &self,
        source: &mut SqliteConnection,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Passes the keys of PostgreSQL in `range` on, in order.
    ///
    /// # Errors
    /// When the database fails.
    fn read_target_keys(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// The values of a row of SQLite as text, in the order of the columns; `None` if there is no such row.
    ///
    /// # Errors
    /// When it cannot be read.
    fn show_source(&self, source: &mut SqliteConnection, key: Key) -> QueryResult<Option<Vec<String>>>;

    /// The values of a row of PostgreSQL as text, in the order of the columns; `None` if there is no such row.
    ///
    /// # Errors
    /// When it cannot be read.
    fn show_target(&self, target: &mut PgConnection, key: Key) -> QueryResult<Option<Vec<String>>>;

    /// Readable names of the rows with these keys, of either side, if the key is internal (such as a hash).
    ///
    /// # Errors
    /// When a side cannot be read.
    fn name_rows(
        &self,
        _source: &mut SqliteConnection,
        _target: &mut PgConnection,
        _keys: &BTreeSet<Key>,
    ) -> Result<BTreeMap<Key, String>, ReadError> {
        Ok(BTreeMap::new())
    }

    /// The table without these rows of the source, which were rejected: for a table that is compared by other keys than
    /// those by which its rows are rejected. `None` when both are the same.
    fn without(&self, _keys: &BTreeSet<Key>) -> Option<Arc<dyn Table>> {
        None
    }

    /// Writes `data`, a complete binary COPY stream of this table's tuples; returns the number of rows.
    ///
    /// # Errors
    /// When PostgreSQL rejects a row; then none of them is written.
    fn write_target(&self, target: &mut PgConnection, data: &[u8]) -> QueryResult<usize>;
}

/// The header of a binary COPY stream: signature, no flags, no extension (PostgreSQL manual, COPY).
pub const COPY_HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// The trailer of a binary COPY stream.
pub const COPY_TRAILER: [u8; 2] = (-1_i16).to_be_bytes();
