//! Writes a Diesel project for a converted database: migrations, `schema.rs`, models and the files to build them.
//!
//! The PostgreSQL migration consists of the conversion's statements; the SQLite one is written from the source
//! schema, with the names of the target, so that one `schema.rs` serves both. The output compiles for every source:
//! names become Rust identifiers in `names`, everything else is quoted or escaped. File paths contain options only.
//! An object that Diesel or SQLite does not support is skipped, with a comment in its place.

mod expression;
mod manifest;
mod models;
mod names;
mod options;
mod postgres_migration;
mod schema_rs;
mod sqlite_migration;
mod sqlite_table;
mod sqlite_type;
mod tables;
mod types;

#[cfg(test)]
mod tests;

pub use options::{Backend, ProjectError, ProjectOptions};

use crate::conversion::{Conversion, Statement};
use crate::schema::Schema;

/// The files of the project: relative paths with `/`, and contents.
///
/// # Errors
/// When the name or stamp in the options is invalid, there is no table, or the conversion does not belong to the
/// schema.
pub fn files(
    schema: &Schema,
    conversion: &Conversion,
    statements: &[Statement],
    options: &ProjectOptions,
) -> Result<Vec<(String, String)>, ProjectError> {
    options.check()?;
    let tables = tables::tables(schema, conversion, statements)?;
    let migration = format!("{}_{}", options.stamp, options.name);
    let mut files = vec![
        ("Cargo.toml".to_owned(), manifest::cargo_toml(&tables, options)),
        ("diesel.toml".to_owned(), manifest::diesel_toml()),
        ("README.md".to_owned(), manifest::readme(conversion, options)),
        ("src/lib.rs".to_owned(), manifest::lib_rs(&tables)),
        ("src/schema.rs".to_owned(), schema_rs::write(&tables, conversion, options)),
        ("src/models.rs".to_owned(), models::write(&tables, options)),
        (format!("migrations/postgres/{migration}/up.sql"), postgres_migration::up(statements)),
        (
            format!("migrations/postgres/{migration}/down.sql"),
            postgres_migration::down(&conversion.schema, statements),
        ),
    ];
    if options.backend == Backend::Both {
        let sqlite = sqlite_migration::write(schema, &tables, statements);
        files.push((format!("migrations/sqlite/{migration}/up.sql"), sqlite.up));
        files.push((format!("migrations/sqlite/{migration}/down.sql"), sqlite.down));
    }
    Ok(files)
}
