//! A table that can be moved and compared: where application tables and tables of other databases meet.
//!
//! Everything about copying and verifying is written once, above this trait.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::{Bound, ControlFlow};

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

impl Key {
    /// The place of the key among all that there can be: in the same order, and with as much between.
    pub fn ordinal(self) -> u128 {
        match self {
            // The lowest key is 0.
            Self::Integer(key) => u128::from(key.cast_unsigned() ^ (1 << 63)),
            Self::Uuid(key) => key.as_u128(),
        }
    }

    /// The key of the same kind at this place; past the last there is only the last.
    #[must_use]
    pub fn at(self, ordinal: u128) -> Self {
        match self {
            Self::Integer(_) => {
                Self::Integer((u64::try_from(ordinal).unwrap_or(u64::MAX) ^ (1 << 63)).cast_signed())
            }
            Self::Uuid(_) => Self::Uuid(uuid::Uuid::from_u128(ordinal)),
        }
    }

    /// The key that [`Display`](fmt::Display) wrote.
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
    /// The row is against the checks of its own table: a typed read may show it as something it is not.
    #[error("read the row of `{table}` with key {key}, which is against the checks of its table")]
    Check {
        /// The table.
        table: &'static str,
        /// The row.
        key: Key,
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

/// Which keys are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRange {
    /// Where it begins.
    pub lower: Bound<Key>,
    /// Where it ends.
    pub upper: Bound<Key>,
}

impl KeyRange {
    /// Every key.
    pub const ALL: Self = Self { lower: Bound::Unbounded, upper: Bound::Unbounded };

    /// From one key to another, both included.
    pub fn between(first: Key, last: Key) -> Self {
        Self { lower: Bound::Included(first), upper: Bound::Included(last) }
    }

    /// One key.
    pub fn only(key: Key) -> Self {
        Self::between(key, key)
    }

    /// What comes after `after` (all, where it is `None`), up to and with `upto`.
    pub fn after(after: Option<Key>, upto: Option<Key>) -> Self {
        Self {
            lower: after.map_or(Bound::Unbounded, Bound::Excluded),
            upper: upto.map_or(Bound::Unbounded, Bound::Included),
        }
    }
}

/// In which order rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By key.
    Key,
    /// As they come: what costs the database least.
    Any,
}

/// What is done with each row: its key and its tuple in the binary form of COPY, or why there is none. `Break` ends
/// the reading.
pub type EachRow<'a> = dyn FnMut(Result<(Key, &[u8]), ReadError>) -> ControlFlow<()> + 'a;

/// How a table is asked for on SQLite. All but the name is as SQL has it.
#[derive(Clone, Debug)]
pub struct SourceSql {
    /// Its name.
    pub name: String,
    /// What its rows are selected from.
    pub from: String,
    /// The key by which its rows are read.
    pub key: String,
    /// Its columns, in the order of the tuples.
    pub columns: Vec<String>,
}

/// A table with a key, readable in key order on both sides and writable by COPY.
pub trait Table: Sync {
    /// The table's name.
    fn name(&self) -> &'static str;

    /// Its columns in the target, in the order of the tuples.
    fn columns(&self) -> &'static [&'static str];

    /// How it is asked for on SQLite.
    fn source_sql(&self) -> SourceSql;

    /// The column of the target that holds the key; `None` where no single one does.
    fn key_column(&self) -> Option<&'static str>;

    /// Reads the rows of `range` from SQLite.
    ///
    /// # Errors
    /// When the query fails; rows before that have been given. A row that cannot be read is given as an error.
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

    /// Gives the keys of SQLite in order.
    ///
    /// # Errors
    /// When the database fails.
    fn read_source_keys(
        &self,
        source: &mut SqliteConnection,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Gives the keys of PostgreSQL that are in `range`, in order.
    ///
    /// # Errors
    /// When the database fails.
    fn read_target_keys(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// The values of a row of SQLite in words, in the order of the columns; `None` when there is no such row.
    ///
    /// # Errors
    /// When it cannot be read.
    fn show_source(&self, source: &mut SqliteConnection, key: Key) -> QueryResult<Option<Vec<String>>>;

    /// The values of a row of PostgreSQL in words, in the order of the columns; `None` when there is no such row.
    ///
    /// # Errors
    /// When it cannot be read.
    fn show_target(&self, target: &mut PgConnection, key: Key) -> QueryResult<Option<Vec<String>>>;

    /// What rows with these keys are called, where the key is none that a person knows; of either side.
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

    /// Leaves these rows of the source, which were set aside, out of every reading from now on, and says that it does: a
    /// table that is compared by other keys than those by which rows are set aside.
    fn leave_out(&self, _keys: &BTreeSet<Key>) -> bool {
        false
    }

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
