//! Reading the catalog of either backend.

use super::error::CatalogError;
use super::neutral::Catalog;
use super::{read_postgres, read_sqlite};
use crate::connection::AnyConnection;

/// The tables of the database: SQLite's `main`, or PostgreSQL's current schema.
///
/// # Errors
/// When a query fails; never because of the contents of the schema.
pub fn read(connection: &mut AnyConnection) -> Result<Catalog, CatalogError> {
    match connection {
        AnyConnection::Sqlite(connection) => read_sqlite(connection),
        AnyConnection::Postgres(connection) => read_postgres(connection),
    }
}
