//! Tables made of Diesel models: reading, encoding and COPY, written once for every row type.
//!
//! An application names its models in [`tables!`](crate::tables); what the engine then sees is a [`Table`] for each.

use std::marker::PhantomData;
use std::ops::ControlFlow;

use diesel::{PgConnection, QueryResult, SqliteConnection};

use crate::table::{EachRow, Key, KeyRange, Order, Place, ReadError, SourceSql, Table};
use crate::values::Unencodable;
use databases::name::quote_name;

mod tables;

#[doc(hidden)]
pub use tables::{bounds, drive, drive_keys, write_in_pieces};

/// A row of a table: its columns, and their values in the binary form of COPY.
pub trait Row: Sized + Send + 'static {
    /// The type of the primary key.
    type Key: TableKey;
    /// The table's name.
    const TABLE: &'static str;
    /// The columns in the order of [`encode`](Self::encode); the key is the first.
    const COLUMNS: &'static [&'static str];

    /// Appends the fields in the binary form of COPY.
    ///
    /// # Errors
    /// The column whose value PostgreSQL cannot store, with the cause.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), (&'static str, Unencodable)>;

    /// The values as text, in the order of the columns.
    fn show(&self) -> Vec<String>;
}

/// Implements [`Row`] for a struct whose fields are the columns: `row!(Book in books { id: i64, title, price })`, the
/// key first. Each field's type implements [`BinaryField`](crate::values::BinaryField).
#[macro_export]
macro_rules! row {
    ($row:ident in $table:ident { $id:ident: $key:ty, $($column:ident),* $(,)? }) => {
        impl $crate::model::Row for $row {
            type Key = $key;
            const TABLE: &'static str = stringify!($table);
            const COLUMNS: &'static [&'static str] = &[stringify!($id), $(stringify!($column),)*];

            fn encode(&self, out: &mut Vec<u8>) -> Result<(), (&'static str, $crate::values::Unencodable)> {
                use $crate::values::BinaryField as _;
                self.$id.write_field(out).map_err(|error| (stringify!($id), error))?;
                $(self.$column.write_field(out).map_err(|error| (stringify!($column), error))?;)*
                Ok(())
            }

            fn show(&self) -> Vec<String> {
                use $crate::values::BinaryField as _;
                vec![self.$id.show(), $(self.$column.show(),)*]
            }
        }
    };
}

/// A type of primary keys.
pub trait TableKey: Copy {
    /// As the engine has it.
    fn into_key(self) -> Key;

    /// Of a key of the engine; `None` when that is of another kind.
    fn from_key(key: Key) -> Option<Self>;
}

impl TableKey for i64 {
    fn into_key(self) -> Key {
        Key::Integer(self)
    }

    fn from_key(key: Key) -> Option<Self> {
        match key {
            Key::Integer(key) => Some(key),
            Key::Uuid(_) => None,
        }
    }
}

/// A row together with its table on each backend: what [`tables!`](crate::tables) writes.
pub trait Stored: Row {
    /// The row's key.
    fn table_key(&self) -> Key;

    /// Inserts the row with its key.
    ///
    /// # Errors
    /// When SQLite rejects it.
    fn insert_sqlite(&self, connection: &mut SqliteConnection) -> QueryResult<()>;

    /// Reads the rows of `range` in key order.
    ///
    /// # Errors
    /// When the query fails; a row that cannot be read is passed to `each` as an error.
    fn read_sqlite(
        connection: &mut SqliteConnection,
        range: KeyRange,
        each: &mut dyn FnMut(QueryResult<Self>) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Like [`read_sqlite`](Self::read_sqlite), in the requested order.
    ///
    /// # Errors
    /// Like there.
    fn read_postgres(
        connection: &mut PgConnection,
        range: KeyRange,
        order: Order,
        each: &mut dyn FnMut(QueryResult<Self>) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Reads all keys in order.
    ///
    /// # Errors
    /// When the database fails.
    fn read_sqlite_keys(
        connection: &mut SqliteConnection,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Reads the keys of `range` in order.
    ///
    /// # Errors
    /// Like there.
    fn read_postgres_keys(
        connection: &mut PgConnection,
        range: KeyRange,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Writes a complete binary COPY stream.
    ///
    /// # Errors
    /// When PostgreSQL rejects a row.
    fn copy_in(connection: &mut PgConnection, data: &[u8]) -> QueryResult<usize>;
}

/// Appends `row` as a tuple of binary COPY: the number of fields, then the fields.
///
/// # Errors
/// When a value has no binary form.
pub fn write_tuple<R: Stored>(row: &R, out: &mut Vec<u8>) -> Result<(), ReadError> {
    let field_count = u16::try_from(R::COLUMNS.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&field_count.to_be_bytes());
    row.encode(out).map_err(|(column, source)| ReadError::Encode {
        table: R::TABLE.to_owned(),
        column: column.to_owned(),
        key: row.table_key(),
        source,
    })
}

/// Maximum capacity of the tuple buffer that is kept between rows.
const KEPT_BYTES: usize = 1024 * 1024;

/// The [`Table`] of a model.
pub struct ModelTable<R>(PhantomData<fn() -> R>);

impl<R: Stored> ModelTable<R> {
    /// The table of this model: a value without data.
    pub const NEW: Self = Self(PhantomData);
}

/// Encodes rows and passes them to `each` until it breaks.
fn pass_on<R: Stored>(
    each: &mut EachRow<'_>,
    read: impl FnOnce(&mut dyn FnMut(QueryResult<R>) -> ControlFlow<()>) -> QueryResult<()>,
) -> Result<(), ReadError> {
    let mut tuple = Vec::new();
    let mut previous = None;
    read(&mut |row| {
        let row = match row {
            Ok(row) => row,
            Err(source) => {
                return each(Err(ReadError::Row {
                    table: R::TABLE.to_owned(),
                    place: Place(previous),
                    source,
                }));
            }
        };
        tuple.clear();
        // A large row must not occupy memory until the end.
        tuple.shrink_to(KEPT_BYTES);
        let key = row.table_key();
        previous = Some(key);
        let encoded = write_tuple(&row, &mut tuple);
        // A large row is held either as a value or as a tuple.
        drop(row);
        each(encoded.map(|()| (key, tuple.as_slice())))
    })
    .map_err(|source| ReadError::Query { table: R::TABLE.to_owned(), source })
}

/// The row with this key, as text.
fn show<R: Stored>(
    read: impl FnOnce(&mut dyn FnMut(QueryResult<R>) -> ControlFlow<()>) -> QueryResult<()>,
) -> QueryResult<Option<Vec<String>>> {
    let mut shown = Ok(None);
    read(&mut |row| {
        shown = row.map(|row| Some(row.show()));
        ControlFlow::Break(())
    })?;
    shown
}

impl<R: Stored> Table for ModelTable<R> {
    fn name(&self) -> &str {
        R::TABLE
    }

    fn columns(&self) -> Vec<&str> {
        R::COLUMNS.to_vec()
    }

    fn source_sql(&self) -> SourceSql {
        SourceSql {
            name: R::TABLE.to_owned(),
            from: quote_name(R::TABLE),
            key: quote_name(R::COLUMNS[0]),
            columns: R::COLUMNS.iter().map(|name| quote_name(name)).collect(),
        }
    }

    fn key_column(&self) -> Option<&str> {
        R::COLUMNS.first().copied()
    }

    fn read_source(
        &self,
        source: &mut SqliteConnection,
        range: KeyRange,
        // Key order is the cheapest order for SQLite.
        _order: Order,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        pass_on::<R>(each, |row| R::read_sqlite(source, range, row))
    }

    fn read_target(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        order: Order,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        pass_on::<R>(each, |row| R::read_postgres(target, range, order, row))
    }

    fn read_source_keys(
        &self,
        source: &mut SqliteConnection,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()> {
        R::read_sqlite_keys(source, each)
    }

    fn read_target_keys(
        &self,
        target: &mut PgConnection,
        range: KeyRange,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()> {
        R::read_postgres_keys(target, range, each)
    }

    fn show_source(&self, source: &mut SqliteConnection, key: Key) -> QueryResult<Option<Vec<String>>> {
        show::<R>(|row| R::read_sqlite(source, KeyRange::only(key), row))
    }

    fn show_target(&self, target: &mut PgConnection, key: Key) -> QueryResult<Option<Vec<String>>> {
        show::<R>(|row| R::read_postgres(target, KeyRange::only(key), Order::Any, row))
    }

    fn write_target(&self, target: &mut PgConnection, data: &[u8]) -> QueryResult<usize> {
        R::copy_in(target, data)
    }
}
