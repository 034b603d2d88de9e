//! A conversion as PostgreSQL's statements.
//!
//! The statements come in the order of their kinds, in which they run: a table without keys first, so that it can be
//! filled, then its keys, checks and indexes, then all foreign keys, which may refer to each other in circles, then
//! comments and views. What a statement cannot carry is a finding; nothing is left out without one. The same schema
//! and conversion give the same statements.
//!
//! What is chosen where SQLite and PostgreSQL differ:
//!
//! - **Order of text.** SQLite compares text by bytes (BINARY), PostgreSQL by the database's collation. Both hold the
//!   same texts for equal, so keys and foreign keys mean the same, and columns are left to the database's collation,
//!   which is what PostgreSQL's users expect of ORDER BY. `text/order` says so, once.
//! - **Order of NULL.** SQLite sorts NULL first. An index is written plainly (`a`, `b DESC`), in PostgreSQL's own
//!   order of NULL: `ORDER BY b DESC`, as applications write it, can use no index that is `DESC NULLS LAST`, and for
//!   searches there is no difference.
//! - **NOCASE** folds A to Z only, so does `lower(x COLLATE "C")`. A key under NOCASE or RTRIM becomes a unique index
//!   on such an expression. A primary key, and what a foreign key refers to, is made as it stands besides: what is
//!   unique without regard to case is unique with it.
//! - **Keys** may name a column twice in SQLite; PostgreSQL's do once, which means the same.

mod check;
mod comment;
mod comparing;
mod foreign_key;
mod full_text;
mod identity;
mod index;
mod key;
mod naming;
mod part;
mod render;
mod table;
mod type_name;
mod unique;
mod view;
mod writer;

use super::conversion::{Conversion, Statement};
use super::finding::Finding;
use super::schema::Schema;
use naming::Naming;
use part::Parts;
use unique::Uniques;
use writer::Writer;

pub use part::MAX_COLUMNS;
pub use render::render;
pub use table::generated_expression;
pub use type_name::type_name;

/// How keys that compare text without regard to case are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoCase {
    /// By a unique index on `lower(column COLLATE "C")`.
    #[default]
    Index,
    /// Text columns declared NOCASE become `citext`.
    Citext,
}

/// What is decided about statements beyond the conversion.
#[derive(Clone, Debug, Default)]
pub struct DdlOptions {
    /// How keys that compare text without regard to case are kept.
    pub nocase: NoCase,
    /// Whether a full-text table becomes an index on the table it names as its content.
    pub full_text: bool,
    /// Foreign keys that are added NOT VALID, because rows are against them: the table's name in the source, and the
    /// foreign key's place in it.
    pub orphans_not_valid: Vec<(String, usize)>,
    /// Columns that hold values of more than 2,600 bytes: the table's and the column's name in the source. An entry
    /// of a B-tree has at most 2,704.
    pub long_values: Vec<(String, String)>,
}

/// The statements that make the tables of a conversion with all that is on them, in the order in which they run; and
/// what they do not carry as it stands.
#[must_use]
pub fn statements(
    schema: &Schema,
    conversion: &Conversion,
    options: &DdlOptions,
) -> (Vec<Statement>, Vec<Finding>) {
    let mut writer = Writer::new(&conversion.schema, options);
    let parts = Parts::new(&mut writer, schema, conversion);
    let mut naming = Naming::new(&mut writer, schema, &parts);
    let mut uniques = Uniques::new(&parts);
    writer.write_schema(&parts);
    for part in parts.iter() {
        table::write(&mut writer, part, &mut naming);
        key::write(&mut writer, part, &mut naming, &mut uniques);
        check::write(&mut writer, part, &mut naming);
        index::write(&mut writer, part, &mut naming, &mut uniques);
        comment::write(&mut writer, part);
    }
    for part in parts.iter() {
        foreign_key::write(&mut writer, part, &parts, &mut naming, &uniques);
    }
    full_text::write(&mut writer, schema, &parts, &naming);
    view::write(&mut writer, schema, &parts, &naming);
    view::list_triggers(&mut writer, schema);
    writer.write_notes(&parts);
    writer.finish()
}

#[cfg(test)]
mod tests;
