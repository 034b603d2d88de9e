//! `models.rs`: a row struct for each table of `schema.rs`.

use std::fmt::Write as _;

use super::options::{Backend, ProjectOptions};
use super::tables::{ProjectColumn, ProjectTable};

/// The file.
pub(super) fn write(tables: &[ProjectTable<'_>], options: &ProjectOptions) -> String {
    let mut out = String::from(
        "//! The rows of the tables.\n//!\n//! An INSERT writes all columns: a field that is `None` becomes NULL, not the column's default.\n",
    );
    for table in tables.iter().filter(|table| table.skipped.is_none()) {
        // Writing to a String cannot fail.
        let _infallible = write_row(&mut out, table, options);
    }
    out
}

fn write_row(out: &mut String, table: &ProjectTable<'_>, options: &ProjectOptions) -> std::fmt::Result {
    let reasons: Vec<(&ProjectColumn<'_>, &str)> = match options.backend {
        Backend::Postgres => Vec::new(),
        Backend::Both => {
            table.columns.iter().filter_map(|column| Some((column, column.types.postgres_only?))).collect()
        }
    };
    // The name in Rust: rustdoc would parse special characters of the source name as HTML.
    writeln!(out, "\n/// A row of `{}`.", table.module)?;
    if !reasons.is_empty() {
        writeln!(out, "///\n/// For PostgreSQL only:")?;
        for (column, reason) in &reasons {
            writeln!(out, "/// - `{}`: {reason}.", column.field)?;
        }
    }
    let has_generated = table.columns.iter().any(|column| column.conversion.is_generated);
    let can_insert = !table.columns.iter().all(|column| column.conversion.is_generated);
    let can_identify = table.key.iter().all(|position| table.columns[*position].types.can_identify);
    if !can_identify {
        writeln!(
            out,
            "///\n/// Not `Identifiable`: the type of its key does not implement `Eq` and `Hash`."
        )?;
    }
    let mut derives = vec!["Clone", "Debug", "PartialEq", "diesel::Queryable", "diesel::Selectable"];
    if can_insert {
        derives.push("diesel::Insertable");
    }
    if can_identify {
        derives.push("diesel::Identifiable");
    }
    writeln!(out, "#[derive({})]", derives.join(", "))?;
    writeln!(out, "#[diesel(table_name = crate::schema::{})]", table.module)?;
    if can_identify {
        let key: Vec<&str> =
            table.key.iter().map(|position| table.columns[*position].field.as_str()).collect();
        writeln!(out, "#[diesel(primary_key({}))]", key.join(", "))?;
    }
    let backends = match options.backend {
        Backend::Both if reasons.is_empty() => "diesel::pg::Pg, diesel::sqlite::Sqlite",
        Backend::Both | Backend::Postgres => "diesel::pg::Pg",
    };
    writeln!(out, "#[diesel(check_for_backend({backends}))]")?;
    if can_insert {
        writeln!(out, "#[diesel(treat_none_as_default_value = false)]")?;
    }
    writeln!(out, "pub struct {} {{", table.row)?;
    for column in &table.columns {
        if column.conversion.is_generated && can_insert && has_generated {
            writeln!(out, "    /// Computed by the database.\n    #[diesel(skip_insertion)]")?;
        }
        let rust = column.types.rust;
        let rust = if column.not_null { rust.to_owned() } else { format!("Option<{rust}>") };
        writeln!(out, "    pub {}: {rust},", column.field)?;
    }
    writeln!(out, "}}")
}
