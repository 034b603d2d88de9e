//! Reads the tables of the target.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::catalog::{CatalogRow, ExistingCatalogError, ExistingTable, READ_CATALOG, tables};
use transfer::error::TransferError;
use transfer::target::Target;

/// Why the target's tables cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ExistingError {
    /// Querying the catalog failed.
    #[error(transparent)]
    Read(#[from] TransferError),
    /// The catalog cannot be interpreted.
    #[error("interpret the target's catalog")]
    Understand(#[from] ExistingCatalogError),
}

/// The tables of a schema of the target.
///
/// # Errors
/// When the catalog cannot be read or interpreted.
pub fn read(target: &mut Target, schema: &str) -> Result<Vec<ExistingTable>, ExistingError> {
    let rows: Vec<CatalogRow> = target
        .in_snapshot(|target| diesel::sql_query(READ_CATALOG).bind::<Text, _>(schema).load(target.postgres()))
        .map_err(|source| TransferError::UseTarget { what: "read the tables of the target", source })?;
    Ok(tables(schema, rows)?)
}
