//! What all models have in common: the row, the new row, the changes, and their queries.
//!
//! The macro writes for each table what one would write by hand: three structs that Diesel fills and reads, and
//! find, list, insert, update and delete on either backend. What is particular to a table stands in its own file.

use crate::values::Unencodable;

/// A row of a table, as every part of the program knows it.
pub trait Record: Sized + Send + 'static {
    /// The type of the primary key.
    type Key: Copy;
    /// The table's name.
    const TABLE: &'static str;
    /// The columns in the order of [`encode`](Self::encode); the key is the first.
    const COLUMNS: &'static [&'static str];

    /// Appends the fields in the binary form of COPY.
    ///
    /// # Errors
    /// The column whose value PostgreSQL could not hold, and why.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), (&'static str, Unencodable)>;

    /// The values in words, in the order of the columns.
    fn show(&self) -> Vec<String>;
}

macro_rules! record {
    (
        $(#[$doc:meta])*
        $table:ident: $row:ident, $new:ident, $changes:ident;
        key $kind:ident $id:ident: $key:ty;
        $(owner $owner:ident: $owner_key:ty;)?
        fixed { $($fixed:ident: $fixed_type:ty,)* }
        changing { $($field:ident: $type:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq,
            diesel::Queryable, diesel::Selectable, diesel::Insertable, diesel::Identifiable,
        )]
        #[diesel(table_name = crate::schema::$table)]
        #[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
        #[diesel(treat_none_as_default_value = false)]
        #[expect(missing_docs, reason = "fields are columns")]
        pub struct $row {
            pub $id: $key,
            $(pub $fixed: $fixed_type,)*
            $(pub $field: $type,)*
        }

        crate::models::record!(@new $kind $table $row $new; $id: $key; $($fixed: $fixed_type,)* $($field: $type,)*);

        /// Changes to a row: what is `None` stays as it is.
        #[derive(Clone, Debug, Default, diesel::AsChangeset)]
        #[diesel(table_name = crate::schema::$table)]
        #[expect(missing_docs, reason = "fields are columns")]
        pub struct $changes {
            $(pub $field: Option<$type>,)*
        }

        impl $row {
            /// The row with this key, if there is one.
            ///
            /// # Errors
            /// When the database fails.
            pub fn find(
                connection: &mut crate::db::connection::AnyConnection,
                key: $key,
            ) -> diesel::QueryResult<Option<Self>> {
                use diesel::{OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
                crate::schema::$table::table
                    .find(key)
                    .select(Self::as_select())
                    .first(connection)
                    .optional()
            }

            /// Writes a new row and gives it back as the database has it.
            ///
            /// # Errors
            /// When the database refuses it.
            pub fn insert(
                connection: &mut crate::db::connection::AnyConnection,
                new: &$new,
            ) -> diesel::QueryResult<Self> {
                use diesel::{RunQueryDsl as _, SelectableHelper as _};
                crate::db::connection::on_backend!(connection, c => diesel::insert_into(crate::schema::$table::table)
                    .values(new)
                    .returning(Self::as_returning())
                    .get_result(c))
            }

            /// Changes the row with this key and gives it back; `None` when there is none.
            ///
            /// # Errors
            /// When the database refuses the change, or nothing is to be changed (`QueryBuilderError`).
            pub fn update(
                connection: &mut crate::db::connection::AnyConnection,
                key: $key,
                changes: &$changes,
            ) -> diesel::QueryResult<Option<Self>> {
                use diesel::{OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
                crate::db::connection::on_backend!(connection, c => diesel::update(crate::schema::$table::table.find(key))
                    .set(changes)
                    .returning(Self::as_returning())
                    .get_result(c)
                    .optional())
            }

            /// Deletes the row with this key; whether there was one.
            ///
            /// # Errors
            /// When the database refuses, as when other rows refer to this one.
            pub fn delete(
                connection: &mut crate::db::connection::AnyConnection,
                key: $key,
            ) -> diesel::QueryResult<bool> {
                use diesel::{QueryDsl as _, RunQueryDsl as _};
                let deleted = diesel::delete(crate::schema::$table::table.find(key)).execute(connection)?;
                Ok(deleted > 0)
            }

            crate::models::record!(@list $table $id $key, $($owner $owner_key)?);
        }

        impl crate::models::Record for $row {
            type Key = $key;
            const TABLE: &'static str = stringify!($table);
            const COLUMNS: &'static [&'static str] =
                &[stringify!($id), $(stringify!($fixed),)* $(stringify!($field),)*];

            fn encode(&self, out: &mut Vec<u8>) -> Result<(), (&'static str, crate::values::Unencodable)> {
                use crate::values::BinaryField as _;
                self.$id.write_field(out).map_err(|error| (stringify!($id), error))?;
                $(self.$fixed.write_field(out).map_err(|error| (stringify!($fixed), error))?;)*
                $(self.$field.write_field(out).map_err(|error| (stringify!($field), error))?;)*
                Ok(())
            }

            fn show(&self) -> Vec<String> {
                use crate::values::BinaryField as _;
                vec![self.$id.show(), $(self.$fixed.show(),)* $(self.$field.show(),)*]
            }
        }
    };

    // The database gives the key.
    (@new generated $table:ident $row:ident $new:ident; $id:ident: $key:ty; $($field:ident: $type:ty,)*) => {
        crate::models::record!(@new_struct $table $row $new; $($field: $type,)*);
    };
    // The application gives the key.
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

    (@list $table:ident $id:ident $key:ty, $owner:ident $owner_key:ty) => {
        /// At most `limit` rows of one owner in the order of their keys, those after `after` where it is given
        /// (keyset pagination: the cost does not grow with the table).
        ///
        /// # Errors
        /// When the database fails.
        pub fn list(
            connection: &mut crate::db::connection::AnyConnection,
            owner: $owner_key,
            after: Option<$key>,
            limit: i64,
        ) -> diesel::QueryResult<Vec<Self>> {
            use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
            use crate::schema::$table::{$id, $owner, table};
            let rows = table.select(Self::as_select()).filter($owner.eq(owner)).order($id).limit(limit);
            match after {
                Some(after) => rows.filter($id.gt(after)).load(connection),
                None => rows.load(connection),
            }
        }
    };
    (@list $table:ident $id:ident $key:ty,) => {
        /// At most `limit` rows in the order of their keys, those after `after` where it is given
        /// (keyset pagination: the cost does not grow with the table).
        ///
        /// # Errors
        /// When the database fails.
        pub fn list(
            connection: &mut crate::db::connection::AnyConnection,
            after: Option<$key>,
            limit: i64,
        ) -> diesel::QueryResult<Vec<Self>> {
            use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
            use crate::schema::$table::{$id, table};
            let rows = table.select(Self::as_select()).order($id).limit(limit);
            match after {
                Some(after) => rows.filter($id.gt(after)).load(connection),
                None => rows.load(connection),
            }
        }
    };
}
pub(crate) use record;
