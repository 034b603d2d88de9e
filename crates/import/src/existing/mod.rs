//! Matches tables and columns of the source with existing ones of the target, which the application's own migrations
//! created, and finds the possible forms of their values.
//!
//! Only `read` queries a database; `catalog` has the query and interprets the rows. Names are matched, never guessed:
//! if two names match, none is used. Types are those of the target's catalog, and no column is widened; which
//! candidate form a column has is decided later by reading its values.

mod application;
mod candidates;
mod catalog;
mod columns;
mod decisions;
mod matches;
mod names;
mod read;
mod tables;

#[cfg(test)]
mod tests;

pub use application::Framework;
pub use catalog::{
    CatalogRow, ExistingCatalogError, ExistingColumn, ExistingTable, READ_CATALOG, TableKind, tables,
};
pub use decisions::{ColumnMatchDecision, MatchDecisions, TableMatchDecision};
pub use matches::{ColumnMatch, Matches, TableMatch};
pub use read::{ExistingError, read};
pub use tables::match_tables;
