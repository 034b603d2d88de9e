//! Errors of reading a catalog.

use diesel::result::Error;

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
