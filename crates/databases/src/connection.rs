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

pub use diesel::connection::DefaultLoadingMode;
pub use diesel::pg::PgRowByRowLoadingMode;

/// Runs a query on the concrete connection, and uses the iterator over its rows: one at a time is in memory. SQLite steps
/// through them; libpq keeps the whole result by default, so its single-row mode is used. Rows that are not read any
/// more are still received there, and dropped one by one.
#[macro_export]
macro_rules! row_by_row {
    ($connection:expr, $row:ty, $query:expr, $rows:ident => $use:expr) => {
        match $connection {
            $crate::connection::AnyConnection::Sqlite(connection) => {
                let $rows = $query.load_iter::<$row, $crate::connection::DefaultLoadingMode>(connection)?;
                $use
            }
            $crate::connection::AnyConnection::Postgres(connection) => {
                let $rows =
                    $query.load_iter::<$row, $crate::connection::PgRowByRowLoadingMode>(connection)?;
                $use
            }
        }
    };
}
pub use row_by_row;
