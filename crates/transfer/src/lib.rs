//! Moves tables from SQLite to PostgreSQL and verifies every value of every row.

pub mod copy;
pub mod model;
pub mod run;
pub mod table;
pub mod values;
pub mod verify;

/// For macros of this crate.
#[doc(hidden)]
pub use databases;
