//! The application for the engine: its tables, from the list in `schema`, and its migrations.
//!
//! A test compares the list with the live catalogs.

use crate::migrations::MIGRATIONS;
use crate::models::{billing, documents, for_each_table, projects, tasks, tenancy};
use crate::schema;
use transfer::application::Application;

/// What the engine needs of this application.
pub fn application() -> Application {
    Application { tables: tables(), migrations: &MIGRATIONS }
}

macro_rules! application_tables {
    ($($module:ident::$row:ident in $table:ident $(as $kind:ident)?,)+) => {
        transfer::tables! {
            /// All tables of the application, parents before children.
            pub fn tables in schema = [$($module::$row as $table),+];
        }
    };
}
for_each_table!(application_tables);

#[cfg(test)]
mod tests {
    use super::*;

    /// A table without conditions would not be checked at all.
    #[test]
    fn every_table_has_conditions() {
        let checks = application().checks().expect("checks");
        for table in tables() {
            assert!(checks.get(table.name()).is_some_and(|checks| !checks.is_empty()), "{}", table.name());
        }
    }
}
