//! Writes the files for building and documentation: `Cargo.toml`, `diesel.toml`, `README.md`, `src/lib.rs`.

use std::collections::BTreeSet;

use super::names::in_comment;
use super::options::{Backend, ProjectOptions};
use super::schema_rs::wide_table_feature;
use super::tables::ProjectTable;
use super::types::Library;
use crate::conversion::Conversion;

/// `Cargo.toml`, with the features of Diesel that these tables need.
pub(super) fn cargo_toml(tables: &[ProjectTable<'_>], options: &ProjectOptions) -> String {
    let present = || tables.iter().filter(|table| table.skipped.is_none());
    let libraries: BTreeSet<Library> =
        present().flat_map(|table| &table.columns).filter_map(|column| column.types.library).collect();
    let mut features = vec!["postgres"];
    let mut bundled = vec!["openssl-sys/vendored", "pq-sys/bundled"];
    let mut dependencies = String::new();
    let mut sqlite = "";
    if options.backend == Backend::Both {
        features.push("sqlite");
        features.push("returning_clauses_for_sqlite_3_35");
        bundled.push("libsqlite3-sys/bundled");
        sqlite = "libsqlite3-sys = { version = \"0.38\", default-features = false }\n";
    }
    for library in libraries {
        let (feature, dependency) = match library {
            Library::BigDecimal => ("numeric", "bigdecimal = \"0.4\"\n"),
            Library::Chrono => {
                ("chrono", "chrono = { version = \"0.4\", default-features = false, features = [\"std\"] }\n")
            }
            // Numbers keep their digits, and objects their key order.
            Library::SerdeJson => (
                "serde_json",
                "serde_json = { version = \"1\", features = [\"arbitrary_precision\", \"preserve_order\"] }\n",
            ),
            Library::Uuid => ("uuid", "uuid = \"1\"\n"),
        };
        features.push(feature);
        dependencies.push_str(dependency);
    }
    let widest = present().map(|table| table.columns.len()).max().unwrap_or_default();
    features.extend(wide_table_feature(widest));
    let list = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    format!(
        "[package]
name = \"{name}_db\"
version = \"0.1.0\"
edition = \"2024\"
rust-version = \"1.88\"
publish = false

[features]
default = [\"bundled\"]
# Builds the client libraries of both databases from source: requires a C compiler, make and perl.
bundled = [{bundled}]

[dependencies]
{dependencies}diesel = {{ version = \"2.3\", default-features = false, features = [{features}] }}
# Not used directly: needed for the feature above.
{sqlite}openssl-sys = {{ version = \"0.9\", optional = true }}
pq-sys = {{ version = \"0.7\", default-features = false }}
",
        name = options.name,
        bundled = list(&bundled),
        features = list(&features),
    )
}

/// `diesel.toml`, for the Diesel CLI.
pub(super) fn diesel_toml() -> String {
    "# For the Diesel CLI with the PostgreSQL migrations. src/schema.rs is not written by
# `diesel print-schema`, so it is not configured.

[migrations_directory]
dir = \"migrations/postgres\"
"
    .to_owned()
}

/// `src/lib.rs`.
pub(super) fn lib_rs(tables: &[ProjectTable<'_>]) -> String {
    let widest = tables.iter().map(|table| table.columns.len()).max().unwrap_or_default();
    let limit = if widest > 32 { "#![recursion_limit = \"256\"]\n\n" } else { "" };
    format!("//! The tables of the database and their rows.\n\n{limit}pub mod models;\npub mod schema;\n")
}

/// `README.md`.
pub(super) fn readme(conversion: &Conversion, options: &ProjectOptions) -> String {
    let name = &options.name;
    let mut text = format!(
        "# {name}_db

The tables of a SQLite database for [Diesel](https://diesel.rs): migrations, `src/schema.rs` and `src/models.rs`.

    cargo check
    diesel migration run --database-url postgres://...     # creates the tables in an empty database
    diesel migration redo --database-url postgres://...    # drops them with their rows, and creates them again

If the import has already created the tables, do not run the migration; mark it as applied: insert a row with its version
(the digits before `_` in the directory name, without hyphens) into `__diesel_schema_migrations`.

- `src/schema.rs` lists every table and column, with `sql_name` where the Rust name differs. Comments name what is
  skipped.
- A row struct writes all columns. For keys that the database generates, write a struct without them.
"
    );
    if options.backend == Backend::Both {
        text.push_str(
            "- For SQLite: `diesel migration run --migration-dir migrations/sqlite --database-url file.sqlite`. Models
  with the comment \"For PostgreSQL only\" have types that Diesel does not read equally on both backends.
- On SQLite a Bool is 0 or 1: text such as 'true' in an old file is read as false. Values in an old file that are
  incompatible with their column's type are read as another value: check such a file before use.
- Instants: chrono and SQLite store nanoseconds, PostgreSQL stores microseconds.
",
        );
    }
    if conversion.schema != "public" {
        text.push_str(&format!(
            "
On PostgreSQL the tables are in the schema {}. Where `src/schema.rs` does not name it, set the `search_path` of
the connection, for instance with `?options=-csearch_path%3D...` in the URL.
",
            in_comment(&conversion.schema)
        ));
    }
    text
}
