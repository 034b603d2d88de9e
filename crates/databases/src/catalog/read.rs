//! Reading the catalog of either backend.

use diesel::result::Error;

use super::neutral::Catalog;
use super::{read_postgres, read_sqlite};
use crate::connection::AnyConnection;

/// A catalog that could not be read. The contents of the schema are never the reason.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The transaction around the queries.
    #[error("open a transaction to read the schema")]
    Transaction(#[source] Error),
    /// A query.
    #[error("read {objects} of the schema")]
    Query {
        /// The objects it reads.
        objects: &'static str,
        /// The error of the database.
        #[source]
        source: Error,
    },
}

impl CatalogError {
    /// For `map_err`: a query that reads `objects`.
    pub(super) fn query(objects: &'static str) -> impl Fn(Error) -> Self {
        move |source| Self::Query { objects, source }
    }
}

impl From<Error> for CatalogError {
    fn from(source: Error) -> Self {
        Self::Transaction(source)
    }
}

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
