//! The application whose tables are moved: its tables, its migrations, and what follows from them.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::{Connection as _, SqliteConnection};

use crate::error::TransferError;
use crate::table::Table;
use databases::catalog::{self, Catalog};
use databases::error::mask;
use databases::migrations::{self, ChangedPolicy, Migrations};

/// What the engine has to know of an application: it names none by itself.
#[derive(Clone)]
pub struct Application {
    /// Its tables, parents before children.
    pub tables: Vec<Arc<dyn Table>>,
    /// Its migrations.
    pub migrations: &'static Migrations,
}

impl Application {
    /// The tables named, in the application's order; all when none is named.
    ///
    /// # Errors
    /// When there is no table of a name.
    pub fn select(&self, names: &[String]) -> Result<Vec<Arc<dyn Table>>, TransferError> {
        let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
        if let Some(name) = names.iter().find(|name| !self.tables.iter().any(|table| table.name() == **name))
        {
            return Err(TransferError::NoSuchTable {
                name: mask(name).to_owned(),
                known: self.tables.iter().map(|table| table.name().to_owned()).collect(),
            });
        }
        let wanted = |table: &&Arc<dyn Table>| names.is_empty() || names.contains(&table.name());
        Ok(self.tables.iter().filter(wanted).cloned().collect())
    }

    /// The catalog that both sides must have: what the migrations create in an empty database.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn catalog(&self) -> Result<Catalog, TransferError> {
        catalog::read_sqlite(&mut self.migrated()?).map_err(of_catalog)
    }

    /// The conditions that every row of each table of a source must meet, as SQL.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn checks(&self) -> Result<BTreeMap<String, Vec<String>>, TransferError> {
        catalog::sqlite_checks(&mut self.migrated()?).map_err(of_catalog)
    }

    /// A database in memory with every migration applied.
    fn migrated(&self) -> Result<SqliteConnection, TransferError> {
        let mut memory =
            SqliteConnection::establish(":memory:").map_err(|error| TransferError::ReadSource {
                what: "create the expected schema",
                source: diesel::result::Error::QueryBuilderError(Box::new(error)),
            })?;
        migrations::apply(&mut memory, self.migrations, None, ChangedPolicy::Refuse, &mut |_| {}).map_err(
            |source| TransferError::Migrations {
                what: "create the expected schema",
                side: "source",
                source: Box::new(source),
            },
        )?;
        Ok(memory)
    }
}

fn of_catalog(source: catalog::CatalogError) -> TransferError {
    TransferError::Catalog { side: "source", source }
}
