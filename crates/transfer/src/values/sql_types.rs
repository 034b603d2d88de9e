//! SQL types that Diesel does not have for both backends.
//!
//! Object identifiers are those of PostgreSQL's `pg_type.dat`; they never change.

use diesel::query_builder::QueryId;
use diesel::sql_types::{HasSqlType, SqlType, is_nullable};

use databases::connection::MultiBackend;

macro_rules! sql_type {
    ($(#[$doc:meta])* $name:ident, pg $oid:literal $array_oid:literal, sqlite $sqlite:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
        #[diesel(postgres_type(oid = $oid, array_oid = $array_oid))]
        #[diesel(sqlite_type(name = $sqlite))]
        pub struct $name;

        impl HasSqlType<$name> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$name>(lookup)
            }
        }
    };
}

sql_type!(
    /// `uuid`; on SQLite its 36 characters in lower case.
    Uuid, pg 2950 2951, sqlite "Text");
sql_type!(
    /// `jsonb`; on SQLite its text.
    Json, pg 3802 3807, sqlite "Text");
sql_type!(
    /// `timestamptz`; on SQLite one fixed ISO 8601 form that sorts as text.
    Instant, pg 1184 1185, sqlite "Text");
sql_type!(
    /// `time`; on SQLite one fixed ISO 8601 form with microseconds.
    TimeOfDay, pg 1083 1183, sqlite "Text");
sql_type!(
    /// `real[]`; on SQLite the elements as little-endian bytes.
    Vector, pg 1021 0, sqlite "Binary");

/// `numeric(P, S)`; on SQLite the number times 10 to the power of S as an integer, which is exact and sorts and adds
/// correctly.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fixed<const P: u32, const S: u32>;

impl<const P: u32, const S: u32> SqlType for Fixed<P, S> {
    type IsNull = is_nullable::NotNull;
    const IS_ARRAY: bool = false;
}

impl<const P: u32, const S: u32> diesel::sql_types::SingleValue for Fixed<P, S> {}

impl<const P: u32, const S: u32> QueryId for Fixed<P, S> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<const P: u32, const S: u32> HasSqlType<Fixed<P, S>> for diesel::pg::Pg {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        <Self as HasSqlType<diesel::sql_types::Numeric>>::metadata(lookup)
    }
}

impl<const P: u32, const S: u32> HasSqlType<Fixed<P, S>> for diesel::sqlite::Sqlite {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        <Self as HasSqlType<diesel::sql_types::BigInt>>::metadata(lookup)
    }
}

impl<const P: u32, const S: u32> HasSqlType<Fixed<P, S>> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Fixed<P, S>>(lookup)
    }
}
