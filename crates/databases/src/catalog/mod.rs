//! The schema of a database in a form that does not depend on the backend.
//!
//! One reader per backend returns a [`Catalog`]; equal schemas give equal catalogs, and [`differences`] lists where
//! two differ. Columns of other applications may have no kind ([`ColumnKind::Unknown`]); they never make the reader fail.
//!
//! Ordinary tables only: no views, virtual tables, triggers or partitions, and no internal tables (names that begin
//! with `__`). Collations and the order of NULL are not part of it.

mod checks;
mod defaults;
mod differences;
mod error;
mod kinds;
mod neutral;
mod postgres;
mod read;
mod sql;
mod sqlite;

pub use differences::differences;
pub use error::CatalogError;
pub use neutral::{
    Catalog, CatalogColumn, CatalogForeignKey, CatalogIndex, CatalogTable, ColumnKind, ReferentialAction,
};
pub use postgres::read_postgres;
pub use read::read;
pub(crate) use sqlite::unknown_collations;
pub use sqlite::{read_sqlite, sqlite_checks};
