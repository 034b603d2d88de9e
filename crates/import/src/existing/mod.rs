//! A target whose tables are there already, made by the application's own migrations: which table and column of the
//! source goes into which of the target, and in which forms its values may be.
//!
//! Only `read` asks a database; `catalog` has its query and takes the rows. Names are matched, never guessed: where
//! two would do, none is taken. Types are those of the target's catalog, and no column is widened; which of a column's
//! candidates its values are in is found by reading them, elsewhere.

mod application;
mod candidates;
mod catalog;
mod columns;
mod decisions;
mod names;
mod read;
mod tables;

#[cfg(test)]
mod tests;

pub use application::Application;
pub use catalog::{CatalogError, CatalogRow, ExistingColumn, ExistingTable, READ_CATALOG, TableKind, tables};
pub use decisions::{ColumnDecision, MatchDecisions, TableDecision};
pub use read::{ExistingError, read};
pub use tables::{ColumnMatch, Matches, TableMatch, match_tables};
