//! Reads the complete schema of a SQLite file: from PRAGMAs, and from the parsed statements for what PRAGMAs do not
//! report.

mod declared;
mod foreign_keys;
mod generated;
mod keys;
mod limits;
mod model;
mod parse;
mod pragmas;
mod read;
mod statement;
mod tables;
#[cfg(test)]
mod tests;
mod unreadable;
mod virtual_tables;

pub use model::*;
pub use read::{SchemaError, read};
