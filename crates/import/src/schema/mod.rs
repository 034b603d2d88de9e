//! What a SQLite file declares, read completely: PRAGMAs for what they tell, the parsed statements for what they hide.

mod declared;
mod foreign_keys;
mod generated;
mod keys;
mod limits;
mod model;
mod parse;
mod pragmas;
mod read;
mod tables;
#[cfg(test)]
mod tests;
mod virtual_tables;

pub use model::*;
pub use read::{SchemaError, read};
