//! The macro [`tables!`](crate::tables), and the functions that its expansion calls.

use std::io::Write;
use std::ops::{Bound, ControlFlow};

use diesel::QueryResult;

use super::TableKey;
use crate::table::{Key, KeyRange};

/// Passes `rows` to `each` until it breaks.
#[doc(hidden)]
pub fn drive<T>(rows: impl Iterator<Item = T>, each: &mut dyn FnMut(T) -> ControlFlow<()>) {
    for row in rows {
        if each(row).is_break() {
            return;
        }
    }
}

/// Like [`drive`] for keys; an error ends the iteration.
#[doc(hidden)]
pub fn drive_keys<K: TableKey>(
    keys: impl Iterator<Item = QueryResult<K>>,
    each: &mut dyn FnMut(Key) -> ControlFlow<()>,
) -> QueryResult<()> {
    for key in keys {
        if each(key?.into_key()).is_break() {
            break;
        }
    }
    Ok(())
}

/// The bounds of `range` as keys of this table; a key of another kind is no bound.
#[doc(hidden)]
pub fn bounds<K: TableKey>(range: KeyRange) -> (Bound<K>, Bound<K>) {
    let bound = |bound: Bound<Key>| match bound {
        Bound::Included(key) => K::from_key(key).map_or(Bound::Unbounded, Bound::Included),
        Bound::Excluded(key) => K::from_key(key).map_or(Bound::Unbounded, Bound::Excluded),
        Bound::Unbounded => Bound::Unbounded,
    };
    (bound(range.lower), bound(range.upper))
}

/// Writes a COPY stream in pieces: libpq keeps a copy of what it gets at once, and has sent the one before.
#[doc(hidden)]
pub fn write_in_pieces(data: &[u8], out: &mut dyn Write) -> QueryResult<()> {
    data.chunks(64 * 1024)
        .try_for_each(|piece| out.write_all(piece))
        .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))
}

/// Narrows a boxed query to the rows whose key is in `range`.
#[doc(hidden)]
#[macro_export]
macro_rules! within_range {
    ($query:ident, $column:expr, $key:ty, $range:expr) => {
        let (lower, upper) = $crate::model::bounds::<$key>($range);
        $query = match lower {
            std::ops::Bound::Included(key) => $query.filter($column.ge(key)),
            std::ops::Bound::Excluded(key) => $query.filter($column.gt(key)),
            std::ops::Bound::Unbounded => $query,
        };
        $query = match upper {
            std::ops::Bound::Included(key) => $query.filter($column.le(key)),
            std::ops::Bound::Excluded(key) => $query.filter($column.lt(key)),
            std::ops::Bound::Unbounded => $query,
        };
    };
}

/// Writes the function that lists an application's tables, parents before children, each from its model.
///
/// ```text
/// transfer::tables! {
///     /// Every table.
///     pub fn tables in schema = [Author in authors, Book in books];
/// }
/// ```
///
/// `schema` is a module in scope with Diesel's `table!`s; each has the key `id`, and its model implements
/// [`Row`](crate::model::Row) (see [`row!`](crate::row)), `Selectable` and `Insertable` with
/// `treat_none_as_default_value = false`.
#[macro_export]
macro_rules! tables {
    ($(#[$doc:meta])* $visible:vis fn $list:ident in $schema:ident = [$($row:ty as $table:ident),+ $(,)?];) => {
        $(#[$doc])*
        $visible fn $list() -> Vec<std::sync::Arc<dyn $crate::table::Table>> {
            vec![$(std::sync::Arc::new($crate::model::ModelTable::<$row>::NEW)),+]
        }

        $(
            impl $crate::model::Stored for $row {
                fn table_key(&self) -> $crate::table::Key {
                    $crate::model::TableKey::into_key(self.id)
                }

                fn insert_sqlite(&self, connection: &mut diesel::SqliteConnection) -> diesel::QueryResult<()> {
                    use diesel::RunQueryDsl as _;
                    diesel::insert_into($schema::$table::table).values(self).execute(connection)?;
                    Ok(())
                }

                fn read_sqlite(
                    connection: &mut diesel::SqliteConnection,
                    range: $crate::table::KeyRange,
                    each: &mut dyn FnMut(diesel::QueryResult<Self>) -> std::ops::ControlFlow<()>,
                ) -> diesel::QueryResult<()> {
                    use diesel::connection::DefaultLoadingMode;
                    use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
                    use $schema::$table::{id, table};
                    let mut rows = table.select(Self::as_select()).order(id).into_boxed();
                    $crate::within_range!(rows, id, <Self as $crate::model::Row>::Key, range);
                    $crate::model::drive(rows.load_iter::<Self, DefaultLoadingMode>(connection)?, each);
                    Ok(())
                }

                fn read_postgres(
                    connection: &mut diesel::PgConnection,
                    range: $crate::table::KeyRange,
                    order: $crate::table::Order,
                    each: &mut dyn FnMut(diesel::QueryResult<Self>) -> std::ops::ControlFlow<()>,
                ) -> diesel::QueryResult<()> {
                    use diesel::pg::PgRowByRowLoadingMode;
                    use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
                    use $schema::$table::{id, table};
                    let mut rows = table.select(Self::as_select()).into_boxed();
                    if order == $crate::table::Order::Key {
                        rows = rows.order(id);
                    }
                    $crate::within_range!(rows, id, <Self as $crate::model::Row>::Key, range);
                    $crate::model::drive(rows.load_iter::<Self, PgRowByRowLoadingMode>(connection)?, each);
                    Ok(())
                }

                fn read_sqlite_keys(
                    connection: &mut diesel::SqliteConnection,
                    each: &mut dyn FnMut($crate::table::Key) -> std::ops::ControlFlow<()>,
                ) -> diesel::QueryResult<()> {
                    use diesel::connection::DefaultLoadingMode;
                    use diesel::{QueryDsl as _, RunQueryDsl as _};
                    use $schema::$table::{id, table};
                    type Keys = <$row as $crate::model::Row>::Key;
                    let keys = table.select(id).order(id).load_iter::<Keys, DefaultLoadingMode>(connection)?;
                    $crate::model::drive_keys(keys, each)
                }

                fn read_postgres_keys(
                    connection: &mut diesel::PgConnection,
                    range: $crate::table::KeyRange,
                    each: &mut dyn FnMut($crate::table::Key) -> std::ops::ControlFlow<()>,
                ) -> diesel::QueryResult<()> {
                    use diesel::pg::PgRowByRowLoadingMode;
                    use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};
                    use $schema::$table::{id, table};
                    type Keys = <$row as $crate::model::Row>::Key;
                    let mut keys = table.select(id).order(id).into_boxed();
                    $crate::within_range!(keys, id, Keys, range);
                    let keys = keys.load_iter::<Keys, PgRowByRowLoadingMode>(connection)?;
                    $crate::model::drive_keys(keys, each)
                }

                fn copy_in(connection: &mut diesel::PgConnection, data: &[u8]) -> diesel::QueryResult<usize> {
                    use diesel::ExecuteCopyFromDsl as _;
                    diesel::copy_from($schema::$table::table)
                        .from_raw_data(
                            <Self as diesel::Selectable<diesel::pg::Pg>>::construct_selection(),
                            |out| $crate::model::write_in_pieces(data, out),
                        )
                        .with_format(diesel::pg::CopyFormat::Binary)
                        .execute(connection)
                }
            }
        )+
    };
}
