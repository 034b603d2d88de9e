//! One connection type for both backends.
#![expect(missing_docs, reason = "the derive makes public items without comments")]

use diesel::{MultiConnection, PgConnection, SqliteConnection};

/// A connection to either backend; the parsed URL decides which.
#[derive(MultiConnection)]
pub enum AnyConnection {
    /// A SQLite file.
    Sqlite(SqliteConnection),
    /// A PostgreSQL database.
    Postgres(PgConnection),
}

/// Runs the same Diesel query on the concrete connection, for what the enum does not support (`RETURNING`,
/// inserts of many rows, COPY).
#[macro_export]
macro_rules! on_backend {
    ($connection:expr, $c:ident => $query:expr) => {
        match $connection {
            $crate::connection::AnyConnection::Sqlite($c) => $query,
            $crate::connection::AnyConnection::Postgres($c) => $query,
        }
    };
}
pub use on_backend;
