//! What all models have in common: the row, the new row, the changes, and their queries.
//!
//! The macro generates three structs per table for Diesel, and find, insert, update and delete on both backends.
//! Queries of one table only are in its own file.

use std::fmt::Display;

use diesel::QueryResult;

use crate::models::{AnyKey, Field};
use databases::connection::AnyConnection;
use transfer::model::Row;

/// A row of a table, with its queries.
pub trait Record: Row<Key: Field + Display + Into<AnyKey> + Send + 'static> {
    /// A new row.
    type New: Send + 'static;
    /// Changes of a row: fields with `None` are unchanged.
    type Changes: Default + Send + 'static;

    /// The row with this key, if it exists.
    ///
    /// # Errors
    /// When the database fails.
    fn find(connection: &mut AnyConnection, key: Self::Key) -> QueryResult<Option<Self>>;

    /// Like [`find`](Self::find), but locks the row until the end of the transaction. On SQLite the write lock of the
    /// transaction is sufficient.
    ///
    /// # Errors
    /// When the database fails.
    fn lock(connection: &mut AnyConnection, key: Self::Key) -> QueryResult<Option<Self>>;

    /// Inserts a row and returns it.
    ///
    /// # Errors
    /// When the database rejects it.
    fn insert(connection: &mut AnyConnection, new: &Self::New) -> QueryResult<Self>;

    /// Updates the row with this key and returns it; `None` if there is no such row.
    ///
    /// # Errors
    /// When the database rejects the change; `QueryBuilderError` if there are no changes.
    fn update(
        connection: &mut AnyConnection,
        key: Self::Key,
        changes: &Self::Changes,
    ) -> QueryResult<Option<Self>>;

    /// Deletes the row with this key; returns whether it existed.
    ///
    /// # Errors
    /// When the database rejects it, for example because other rows refer to it.
    fn delete(connection: &mut AnyConnection, key: Self::Key) -> QueryResult<bool>;

    /// The primary key.
    fn key(&self) -> Self::Key;

    /// The row that this one belongs to, from which its ownership is derived.
    fn owner(&self) -> Option<AnyKey>;

    /// Whether the row is soft-deleted (`deleted_at`).
    fn is_deleted(&self) -> bool;
}

macro_rules! record {
    (
        $(#[$doc:meta])*
        $table:ident: $row:ident, $new:ident, $changes:ident;
        key $kind:ident $id:ident: $key:ty;
        $(owner $owner:ident;)?
        $(soft delete $deleted:ident;)?
        $(filter { $($filter:ident: $filter_type:ty,)* })?
        $(sort { $($sort:ident: $sort_type:ty,)* })?
        fixed { $($fixed:ident: $fixed_type:ty,)* }
        changing { $($(#[$secret:ident])? $field:ident: $type:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, serde::Serialize,
            diesel::Queryable, diesel::Selectable, diesel::Insertable, diesel::Identifiable,
        )]
        #[diesel(table_name = crate::schema::$table)]
        #[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
        #[diesel(treat_none_as_default_value = false)]
        #[expect(missing_docs, reason = "fields are columns")]
        pub struct $row {
            pub $id: $key,
            $(pub $fixed: $fixed_type,)*
            $(
                $(#[serde(skip_serializing)] #[doc = stringify!($secret)])?
                pub $field: $type,
            )*
        }

        crate::models::record!(@new $kind $table $row $new; $id: $key; $($fixed: $fixed_type,)* $($field: $type,)*);

        /// Changes of a row: fields with `None` are unchanged.
        #[derive(Clone, Debug, Default, diesel::AsChangeset)]
        #[diesel(table_name = crate::schema::$table)]
        #[expect(missing_docs, reason = "fields are columns")]
        pub struct $changes {
            $(pub $field: Option<$type>,)*
        }

        impl crate::models::Record for $row {
            type New = $new;
            type Changes = $changes;

            fn find(
                connection: &mut databases::connection::AnyConnection,
                key: Self::Key,
            ) -> diesel::QueryResult<Option<Self>> {
                use diesel::{OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
                crate::schema::$table::table
                    .find(key)
                    .select(Self::as_select())
                    .first(connection)
                    .optional()
            }

            fn lock(
                connection: &mut databases::connection::AnyConnection,
                key: Self::Key,
            ) -> diesel::QueryResult<Option<Self>> {
                use databases::connection::AnyConnection;
                use diesel::{OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
                let row = crate::schema::$table::table.find(key);
                match connection {
                    AnyConnection::Sqlite(connection) => {
                        row.select(Self::as_select()).first(connection).optional()
                    }
                    AnyConnection::Postgres(connection) => {
                        row.select(Self::as_select()).for_update().first(connection).optional()
                    }
                }
            }

            fn insert(
                connection: &mut databases::connection::AnyConnection,
                new: &Self::New,
            ) -> diesel::QueryResult<Self> {
                use diesel::{RunQueryDsl as _, SelectableHelper as _};
                databases::connection::on_backend!(connection, c => diesel::insert_into(crate::schema::$table::table)
                    .values(new)
                    .returning(Self::as_returning())
                    .get_result(c))
            }

            fn update(
                connection: &mut databases::connection::AnyConnection,
                key: Self::Key,
                changes: &Self::Changes,
            ) -> diesel::QueryResult<Option<Self>> {
                use diesel::{OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
                databases::connection::on_backend!(connection, c => diesel::update(crate::schema::$table::table.find(key))
                    .set(changes)
                    .returning(Self::as_returning())
                    .get_result(c)
                    .optional())
            }

            fn delete(
                connection: &mut databases::connection::AnyConnection,
                key: Self::Key,
            ) -> diesel::QueryResult<bool> {
                use diesel::{QueryDsl as _, RunQueryDsl as _};
                let deleted = diesel::delete(crate::schema::$table::table.find(key)).execute(connection)?;
                Ok(deleted > 0)
            }

            fn key(&self) -> $key {
                self.$id
            }

            fn owner(&self) -> Option<crate::models::AnyKey> {
                None$(.or(crate::models::Field::refers_to(&self.$owner)))?
            }

            fn is_deleted(&self) -> bool {
                false $(|| self.$deleted.is_some())?
            }
        }

        transfer::row!($row in $table { $id: $key, $($fixed,)* $($field,)* });

        crate::models::list::listed! {
            $table: $row;
            key $id: $key;
            soft { $($deleted)? }
            filter { $($($filter: $filter_type,)*)? }
            sort { $($($sort: $sort_type,)*)? }
            fields { $($fixed: $fixed_type,)* $($(#[$secret])? $field: $type,)* }
        }
    };

    // The database generates the key.
    (@new generated $table:ident $row:ident $new:ident; $id:ident: $key:ty; $($field:ident: $type:ty,)*) => {
        crate::models::record!(@new_struct $table $row $new; $($field: $type,)*);
    };
    // The application generates the key.
    (@new given $table:ident $row:ident $new:ident; $id:ident: $key:ty; $($field:ident: $type:ty,)*) => {
        crate::models::record!(@new_struct $table $row $new; $id: $key, $($field: $type,)*);
    };
    (@new_struct $table:ident $row:ident $new:ident; $($field:ident: $type:ty,)*) => {
        #[doc = concat!("A new [`", stringify!($row), "`].")]
        #[derive(Clone, Debug, diesel::Insertable)]
        #[diesel(table_name = crate::schema::$table)]
        #[diesel(treat_none_as_default_value = false)]
        #[expect(missing_docs, reason = "fields are columns")]
        pub struct $new {
            $(pub $field: $type,)*
        }
    };
}
pub(crate) use record;
