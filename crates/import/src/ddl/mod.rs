//! Writes a conversion as PostgreSQL statements.
//!
//! Statements are ordered by kind, which is the order of execution: first the table without keys, so that it can be
//! filled, then its keys, checks and indexes, then all foreign keys, which may form cycles, then comments and views.
//! Each part that cannot be converted is a finding; nothing is skipped without one. The same schema and conversion
//! give the same statements.
//!
//! Decisions where SQLite and PostgreSQL differ:
//!
//! - **Order of text.** SQLite compares text by bytes (BINARY), PostgreSQL with the database's collation. Equality is
//!   the same, so keys and foreign keys are equivalent, and columns use the database's collation, which users of
//!   PostgreSQL expect of ORDER BY. `text/order` reports it once.
//! - **Order of NULL.** SQLite sorts NULL first. An index is created plainly (`a`, `b DESC`), with PostgreSQL's
//!   default order of NULL: `ORDER BY b DESC`, as applications write it, cannot use an index with `DESC NULLS LAST`,
//!   and searches are not affected.
//! - **NOCASE** folds A to Z only, like `lower(x COLLATE "C")`. A key with NOCASE or RTRIM becomes a unique index on
//!   such an expression. A primary key, and a key that foreign keys reference, is also created as declared: values
//!   that are unique case-insensitively are unique.
//! - **Keys** may contain a column twice in SQLite; in PostgreSQL it occurs once, which is equivalent.

mod check;
mod comment;
mod comparing;
mod foreign_key;
mod full_text;
mod identity;
mod index;
mod key;
mod naming;
mod notes;
mod options;
mod part;
mod render;
mod table;
mod type_name;
mod unique;
mod view;
mod writer;

use super::conversion::{Conversion, Statement};
use super::finding::ImportFinding;
use super::schema::Schema;
use naming::Naming;
use part::ConvertedTables;
use unique::Uniques;
use writer::Writer;

pub use options::DdlOptions;
pub use part::MAX_COLUMNS;
pub use render::{TITLE, render};
pub use table::generated_expression;
pub use type_name::type_name;

/// The statements that create the tables of a conversion with all their objects, in the order of execution, and the
/// findings.
#[must_use]
pub fn statements(
    schema: &Schema,
    conversion: &Conversion,
    options: &DdlOptions,
) -> (Vec<Statement>, Vec<ImportFinding>) {
    let mut writer = Writer::new(&conversion.schema, options);
    let parts = ConvertedTables::new(options, &mut writer.findings, schema, conversion);
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
    notes::write(&mut writer, &parts);
    writer.finish()
}

#[cfg(test)]
mod tests;
