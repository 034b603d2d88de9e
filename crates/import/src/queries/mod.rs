//! What the translation of statements needs from databases: the tables of a source, and the check of a statement on both
//! sides. The translation itself is `adapt`, which reads no database.

mod check;
mod source_tables;

pub use check::{CheckError, Checked, Checker};
pub use source_tables::{Formats, SourceTables};
