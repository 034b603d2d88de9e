//! What tables a database has, in words that do not depend on the backend.
//!
//! One reader per backend makes the same [`Catalog`]; equal schemas give equal catalogs, and [`differences`] says
//! where two are not equal. A table that is not ours is described as far as the words go ([`Kind::Unknown`]):
//! it never makes the reader fail.
//!
//! Ordinary tables only: no views, virtual tables, triggers or partitions, and no bookkeeping tables (names that
//! begin with `__`). The order in which a backend sorts text and NULL is its own and not described.

mod checks;
mod defaults;
mod differences;
mod kinds;
mod neutral;
mod postgres;
mod read;
mod sql;
mod sqlite;

pub use differences::differences;
pub use neutral::{Action, Catalog, Column, ForeignKey, Index, Kind, Table};
pub use postgres::read_postgres;
pub use read::{CatalogError, read};
pub use sqlite::{read_sqlite, sqlite_checks};
