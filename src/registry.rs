//! The application's tables in foreign-key order: the only list of them.
//!
//! Parents stand before their children. A test holds the list against the live catalogs.

use std::marker::PhantomData;
use std::ops::{Bound, ControlFlow};

use diesel::connection::DefaultLoadingMode;
use diesel::pg::{CopyFormat, PgRowByRowLoadingMode};
use diesel::prelude::*;

use crate::db::name::quote_name;
use crate::models::{Record, billing, documents, projects, tasks, tenancy};
use crate::table::{EachRow, Key, KeyRange, Order, Place, ReadError, SourceSql, Table};

/// A model together with its table on each backend.
pub trait Stored: Record {
    /// The row's key.
    fn key(&self) -> Key;

    /// Inserts the row, key and all.
    ///
    /// # Errors
    /// When SQLite refuses it.
    fn insert_sqlite(&self, connection: &mut SqliteConnection) -> QueryResult<()>;

    /// Gives the rows of `range` in key order.
    ///
    /// # Errors
    /// When the query fails; a row that cannot be read is given as an error.
    fn read_sqlite(
        connection: &mut SqliteConnection,
        range: KeyRange,
        each: &mut dyn FnMut(QueryResult<Self>) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// As [`read_sqlite`](Self::read_sqlite), in the order asked for.
    ///
    /// # Errors
    /// As there.
    fn read_postgres(
        connection: &mut PgConnection,
        range: KeyRange,
        order: Order,
        each: &mut dyn FnMut(QueryResult<Self>) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Gives every key in order.
    ///
    /// # Errors
    /// When the database fails.
    fn read_sqlite_keys(
        connection: &mut SqliteConnection,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Gives the keys of `range` in order.
    ///
    /// # Errors
    /// As there.
    fn read_postgres_keys(
        connection: &mut PgConnection,
        range: KeyRange,
        each: &mut dyn FnMut(Key) -> ControlFlow<()>,
    ) -> QueryResult<()>;

    /// Writes a complete binary COPY stream.
    ///
    /// # Errors
    /// When PostgreSQL refuses a row.
    fn copy_in(connection: &mut PgConnection, data: &[u8]) -> QueryResult<usize>;
}

/// Appends `row` as one tuple of binary COPY: the number of fields, then the fields.
///
/// # Errors
/// When a value has no binary form.
pub fn write_tuple<R: Stored>(row: &R, out: &mut Vec<u8>) -> Result<(), ReadError> {
    let field_count = u16::try_from(R::COLUMNS.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&field_count.to_be_bytes());
    row.encode(out).map_err(|(column, source)| ReadError::Encode {
        table: R::TABLE,
        column,
        key: Stored::key(row),
        source,
    })
}

/// So much of the space for a tuple is kept from row to row.
const KEPT_BYTES: usize = 1024 * 1024;

struct Entry<R>(PhantomData<fn() -> R>);

/// Encodes rows one after the other and passes them on, until no more is wanted.
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
                return each(Err(ReadError::Row { table: R::TABLE, place: Place(previous), source }));
            }
        };
        tuple.clear();
        // One large row must not be paid for until the end.
        tuple.shrink_to(KEPT_BYTES);
        let key = Stored::key(&row);
        previous = Some(key);
        let encoded = write_tuple(&row, &mut tuple);
        // A large row is held as a value or as a tuple, not as both.
        drop(row);
        each(encoded.map(|()| (key, tuple.as_slice())))
    })
    .map_err(|source| ReadError::Query { table: R::TABLE, source })
}

/// The row with this key, in words.
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

impl<R: Stored> Table for Entry<R> {
    fn name(&self) -> &'static str {
        R::TABLE
    }

    fn columns(&self) -> &'static [&'static str] {
        R::COLUMNS
    }

    fn source_sql(&self) -> SourceSql {
        SourceSql {
            name: R::TABLE.to_owned(),
            from: quote_name(R::TABLE),
            key: quote_name(R::COLUMNS[0]),
            columns: R::COLUMNS.iter().map(|name| quote_name(name)).collect(),
        }
    }

    fn key_column(&self) -> Option<&'static str> {
        R::COLUMNS.first().copied()
    }

    fn read_source(
        &self,
        source: &mut SqliteConnection,
        range: KeyRange,
        // In key order it costs SQLite least.
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

/// Goes through `rows` until one is an error or no more is wanted.
fn drive<T>(rows: impl Iterator<Item = T>, each: &mut dyn FnMut(T) -> ControlFlow<()>) {
    for row in rows {
        if each(row).is_break() {
            return;
        }
    }
}

/// As [`drive`], for keys, which cannot be wrong one by one.
fn drive_keys<K>(
    keys: impl Iterator<Item = QueryResult<K>>,
    into_key: fn(K) -> Key,
    each: &mut dyn FnMut(Key) -> ControlFlow<()>,
) -> QueryResult<()> {
    for key in keys {
        if each(into_key(key?)).is_break() {
            break;
        }
    }
    Ok(())
}

/// The bounds of `range` as keys of this table; one of another kind bounds nothing.
fn bounds<K>(range: KeyRange, of: fn(Key) -> Option<K>) -> (Bound<K>, Bound<K>) {
    let bound = |bound: Bound<Key>| match bound {
        Bound::Included(key) => of(key).map_or(Bound::Unbounded, Bound::Included),
        Bound::Excluded(key) => of(key).map_or(Bound::Unbounded, Bound::Excluded),
        Bound::Unbounded => Bound::Unbounded,
    };
    (bound(range.lower), bound(range.upper))
}

/// Narrows a boxed query to the rows whose `id` is in `range`.
macro_rules! within {
    ($query:ident, $id:ident, $kind:ident, $key:ty, $range:expr) => {
        let (lower, upper) = bounds($range, |key| match key {
            Key::$kind(key) => Some(<$key>::from(key)),
            _ => None,
        });
        $query = match lower {
            Bound::Included(key) => $query.filter($id.ge(key)),
            Bound::Excluded(key) => $query.filter($id.gt(key)),
            Bound::Unbounded => $query,
        };
        $query = match upper {
            Bound::Included(key) => $query.filter($id.le(key)),
            Bound::Excluded(key) => $query.filter($id.lt(key)),
            Bound::Unbounded => $query,
        };
    };
}

macro_rules! tables {
    ($($module:ident::$row:ident in $table:ident by $kind:ident),+ $(,)?) => {
        /// Every table of the application, parents before children.
        pub static TABLES: &[&dyn Table] = &[$(&Entry::<$module::$row>(PhantomData)),+];

        $(
            impl Stored for $module::$row {
                fn key(&self) -> Key {
                    Key::$kind(self.id.0)
                }

                fn insert_sqlite(&self, connection: &mut SqliteConnection) -> QueryResult<()> {
                    diesel::insert_into(crate::schema::$table::table).values(self).execute(connection)?;
                    Ok(())
                }

                fn read_sqlite(
                    connection: &mut SqliteConnection,
                    range: KeyRange,
                    each: &mut dyn FnMut(QueryResult<Self>) -> ControlFlow<()>,
                ) -> QueryResult<()> {
                    use crate::schema::$table::{id, table};
                    let mut rows = table.select(Self::as_select()).order(id).into_boxed();
                    within!(rows, id, $kind, <Self as Record>::Key, range);
                    drive(rows.load_iter::<Self, DefaultLoadingMode>(connection)?, each);
                    Ok(())
                }

                fn read_postgres(
                    connection: &mut PgConnection,
                    range: KeyRange,
                    order: Order,
                    each: &mut dyn FnMut(QueryResult<Self>) -> ControlFlow<()>,
                ) -> QueryResult<()> {
                    use crate::schema::$table::{id, table};
                    let mut rows = table.select(Self::as_select()).into_boxed();
                    if order == Order::Key {
                        rows = rows.order(id);
                    }
                    within!(rows, id, $kind, <Self as Record>::Key, range);
                    drive(rows.load_iter::<Self, PgRowByRowLoadingMode>(connection)?, each);
                    Ok(())
                }

                fn read_sqlite_keys(
                    connection: &mut SqliteConnection,
                    each: &mut dyn FnMut(Key) -> ControlFlow<()>,
                ) -> QueryResult<()> {
                    use crate::schema::$table::{id, table};
                    let keys = table.select(id).order(id);
                    let keys = keys.load_iter::<<Self as Record>::Key, DefaultLoadingMode>(connection)?;
                    drive_keys(keys, |key| Key::$kind(key.0), each)
                }

                fn read_postgres_keys(
                    connection: &mut PgConnection,
                    range: KeyRange,
                    each: &mut dyn FnMut(Key) -> ControlFlow<()>,
                ) -> QueryResult<()> {
                    use crate::schema::$table::{id, table};
                    let mut keys = table.select(id).order(id).into_boxed();
                    within!(keys, id, $kind, <Self as Record>::Key, range);
                    let keys = keys.load_iter::<<Self as Record>::Key, PgRowByRowLoadingMode>(connection)?;
                    drive_keys(keys, |key| Key::$kind(key.0), each)
                }

                fn copy_in(connection: &mut PgConnection, data: &[u8]) -> QueryResult<usize> {
                    diesel::copy_from(crate::schema::$table::table)
                        .from_raw_data(
                            <Self as Selectable<diesel::pg::Pg>>::construct_selection(),
                            |out| {
                                // In pieces: libpq keeps what it is given at once, and has sent the one before.
                                data.chunks(64 * 1024)
                                    .try_for_each(|piece| out.write_all(piece))
                                    .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))
                            },
                        )
                        .with_format(CopyFormat::Binary)
                        .execute(connection)
                }
            }
        )+
    };
}

tables! {
    tenancy::Organization in organizations by Integer,
    tenancy::User in users by Uuid,
    tenancy::OrganizationSetting in organization_settings by Integer,
    tenancy::Subscription in subscriptions by Integer,
    tenancy::UsageLog in usage_logs by Integer,
    tenancy::Notification in notifications by Integer,
    tenancy::Activity in activities by Integer,
    tenancy::ContactSubmission in contact_submissions by Integer,
    tenancy::ReportRun in report_runs by Uuid,
    tenancy::Session in sessions by Uuid,
    tenancy::IdempotencyKey in idempotency_keys by Integer,
    documents::Batch in batches by Uuid,
    documents::Document in document_metadata by Integer,
    documents::FieldCorrection in field_corrections by Integer,
    documents::ConnectorConfig in connector_configs by Integer,
    documents::FieldMapping in field_mappings by Integer,
    tasks::RecurringPattern in recurring_patterns by Integer,
    tasks::Task in tasks by Integer,
    billing::Customer in customers by Integer,
    billing::Product in products by Integer,
    billing::Bill in bills by Integer,
    billing::BillItem in bill_items by Integer,
    projects::Project in projects by Integer,
    projects::Milestone in milestones by Integer,
    projects::Payment in payments by Integer,
    projects::Applicant in applicants by Integer,
    projects::Match in matches by Integer,
    projects::Investment in investments by Integer,
    projects::InvestmentValuation in investment_valuations by Integer,
    projects::ApplicantEmbedding in applicant_embeddings by Integer,
    projects::ProjectEmbedding in project_embeddings by Integer,
}
