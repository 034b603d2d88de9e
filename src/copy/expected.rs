//! What the tables of both sides must be: what this program's migrations make of an empty database.

use std::collections::BTreeMap;

use diesel::{Connection as _, SqliteConnection};

use super::error::CopyError;
use crate::db::catalog::{self, Catalog};
use crate::db::connection::AnyConnection;
use crate::db::migrations::{self, ChangedPolicy};

/// The catalog that this program's migrations make.
///
/// # Errors
/// When SQLite fails.
pub fn expected_catalog() -> Result<Catalog, CopyError> {
    let mut memory = AnyConnection::Sqlite(memory()?);
    migrate(&mut memory)?;
    catalog::read(&mut memory).map_err(of_catalog)
}

/// The conditions that every row of each table of a source must meet, as SQL.
pub(super) fn expected_checks() -> Result<BTreeMap<String, Vec<String>>, CopyError> {
    let mut memory = AnyConnection::Sqlite(memory()?);
    migrate(&mut memory)?;
    match &mut memory {
        AnyConnection::Sqlite(memory) => catalog::sqlite_checks(memory).map_err(of_catalog),
        AnyConnection::Postgres(_) => Ok(BTreeMap::new()),
    }
}

fn memory() -> Result<SqliteConnection, CopyError> {
    SqliteConnection::establish(":memory:").map_err(|error| CopyError::ReadSource {
        what: "make the expected schema",
        source: diesel::result::Error::QueryBuilderError(Box::new(error)),
    })
}

fn migrate(memory: &mut AnyConnection) -> Result<(), CopyError> {
    migrations::apply(memory, None, ChangedPolicy::Refuse, &mut |_| {})
        .map_err(|source| CopyError::Migrations { what: "make the expected schema", side: "source", source })
}

fn of_catalog(source: catalog::CatalogError) -> CopyError {
    CopyError::Catalog { side: "source", source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::TABLES;

    /// A table without conditions would not be checked at all.
    #[test]
    fn every_table_has_conditions() {
        let checks = expected_checks().expect("checks");
        for table in TABLES {
            assert!(checks.get(table.name()).is_some_and(|checks| !checks.is_empty()), "{}", table.name());
        }
    }
}
