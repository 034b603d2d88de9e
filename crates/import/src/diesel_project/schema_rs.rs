//! `schema.rs`: a `table!` for each table, and the joinable pairs.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::names::{in_comment, sql_name};
use super::options::{Backend, ProjectOptions};
use super::tables::ProjectTable;
use crate::conversion::Conversion;

/// The file.
pub(super) fn write(
    tables: &[ProjectTable<'_>],
    conversion: &Conversion,
    options: &ProjectOptions,
) -> String {
    let mut out = String::from(match options.backend {
        Backend::Postgres => "//! The tables.\n",
        Backend::Both => "//! The tables, for PostgreSQL and SQLite.\n",
    });
    let schema = Qualifier::of(conversion, options);
    out.push_str(schema.comment());
    for table in tables {
        // Writing to a String cannot fail.
        let _infallible = write_table(&mut out, table, &schema);
    }
    let joins = joins(tables);
    if !joins.is_empty() {
        out.push('\n');
    }
    for (child, parent, column) in &joins {
        let (child, parent) = (&tables[*child], &tables[*parent]);
        let column = &child.columns[*column].field;
        let _infallible =
            writeln!(out, "diesel::joinable!({} -> {} ({column}));", child.module, parent.module);
    }
    for group in groups(tables) {
        let modules: Vec<String> =
            group.iter().map(|index| format!("    {},\n", tables[*index].module)).collect();
        let _infallible =
            write!(out, "\ndiesel::allow_tables_to_appear_in_same_query!(\n{});\n", modules.concat());
    }
    out
}

/// How the schema of tables is specified.
enum Qualifier<'a> {
    /// Not at all: `public`, which the search path contains.
    None,
    /// With each table.
    Ident(&'a str),
    /// With the search path of the connection: SQLite has no schemas, or the name is not an identifier.
    SearchPath,
}

impl<'a> Qualifier<'a> {
    fn of(conversion: &'a Conversion, options: &ProjectOptions) -> Self {
        let name = conversion.schema.as_str();
        // A name that `snake` does not change can be a Rust identifier.
        let is_identifier = super::names::snake(name, "") == name;
        match options.backend {
            _ if name == "public" => Self::None,
            Backend::Postgres if is_identifier => Self::Ident(name),
            Backend::Postgres | Backend::Both => Self::SearchPath,
        }
    }

    fn comment(&self) -> &'static str {
        match self {
            Self::None | Self::Ident(_) => "",
            Self::SearchPath => {
                "//!\n//! On PostgreSQL the `search_path` of the connection must contain their schema: see README.md.\n"
            }
        }
    }
}

fn write_table(out: &mut String, table: &ProjectTable<'_>, schema: &Qualifier<'_>) -> std::fmt::Result {
    let name = &table.conversion.target;
    if let Some(reason) = table.skipped {
        return writeln!(out, "\n// Table {} is skipped: {reason}.", in_comment(name));
    }
    out.push('\n');
    if let Some(feature) = wide_table_feature(table.columns.len()) {
        writeln!(
            out,
            "// This table has {} columns and requires Diesel's feature `{feature}`.",
            table.columns.len()
        )?;
    }
    writeln!(out, "diesel::table! {{")?;
    if table.module != *name {
        writeln!(out, "    #[sql_name = {}]", sql_name(name))?;
    }
    let key: Vec<&str> = table.key.iter().map(|position| table.columns[*position].field.as_str()).collect();
    let qualifier = if let Qualifier::Ident(schema) = schema { format!("{schema}.") } else { String::new() };
    writeln!(out, "    {qualifier}{} ({}) {{", table.module, key.join(", "))?;
    for column in &table.columns {
        if column.field != column.conversion.target {
            writeln!(out, "        #[sql_name = {}]", sql_name(&column.conversion.target))?;
        }
        let sql = column.types.sql;
        let sql = if column.not_null { sql.to_owned() } else { format!("Nullable<{sql}>") };
        writeln!(out, "        {} -> {sql},", column.field)?;
    }
    writeln!(out, "    }}\n}}")
}

/// The feature of Diesel for a table with this number of columns.
pub(super) fn wide_table_feature(columns: usize) -> Option<&'static str> {
    match columns {
        0..=16 => None,
        17..=32 => Some("32-column-tables"),
        33..=64 => Some("64-column-tables"),
        _ => Some("128-column-tables"),
    }
}

/// Child, parent and the child's column, for each pair of tables with exactly one single-column foreign key. With
/// two, Diesel cannot choose one.
fn joins(tables: &[ProjectTable<'_>]) -> Vec<(usize, usize, usize)> {
    let mut found: Vec<(usize, usize, Option<usize>)> = Vec::new();
    for (child, parent, key) in references(tables) {
        let foreign = &tables[child].source.foreign_keys[key];
        let column = match foreign.columns.as_slice() {
            [column] => tables[child].position(column),
            _ => None,
        };
        let parent_column = match foreign.parent_columns.as_slice() {
            [column] => tables[parent].position(column),
            _ => None,
        };
        let joins_key = column.zip(parent_column).is_some_and(|(column, parent_column)| {
            tables[parent].key == [parent_column]
                && tables[child].columns[column].types.sql == tables[parent].columns[parent_column].types.sql
        });
        found.push((child, parent, column.filter(|_| joins_key)));
    }
    let mut counts: HashMap<(usize, usize), usize> = HashMap::new();
    for (child, parent, _) in &found {
        *counts.entry((*child.min(parent), *child.max(parent))).or_default() += 1;
    }
    found
        .into_iter()
        .filter(|(child, parent, _)| {
            child != parent && counts.get(&(*child.min(parent), *child.max(parent))) == Some(&1)
        })
        .filter_map(|(child, parent, column)| column.map(|column| (child, parent, column)))
        .collect()
}

/// Groups of two or more tables that foreign keys connect. All tables in one group would cost the compiler the square
/// of their number.
fn groups(tables: &[ProjectTable<'_>]) -> Vec<Vec<usize>> {
    let mut group_of: Vec<usize> = (0..tables.len()).collect();
    for (child, parent, _) in references(tables) {
        let (child, parent) = (root(&mut group_of, child), root(&mut group_of, parent));
        group_of[child.max(parent)] = child.min(parent);
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); tables.len()];
    for (index, table) in tables.iter().enumerate() {
        if table.skipped.is_none() {
            groups[root(&mut group_of, index)].push(index);
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// The representative of a table's group.
fn root(group_of: &mut [usize], mut index: usize) -> usize {
    while group_of[index] != index {
        group_of[index] = group_of[group_of[index]];
        index = group_of[index];
    }
    index
}

/// Child, parent and the index of the foreign key in the child; for tables of the file.
fn references(tables: &[ProjectTable<'_>]) -> Vec<(usize, usize, usize)> {
    let present = tables.iter().enumerate().filter(|(_, table)| table.skipped.is_none());
    let by_name: HashMap<String, usize> =
        present.clone().map(|(index, table)| (table.source.name.to_ascii_lowercase(), index)).collect();
    let mut references = Vec::new();
    for (child, table) in present {
        for (key, foreign) in table.source.foreign_keys.iter().enumerate() {
            let parent = by_name.get(&foreign.parent_table.to_ascii_lowercase());
            if let Some(parent) = parent.filter(|_| foreign.problem.is_none()) {
                references.push((child, *parent, key));
            }
        }
    }
    references
}
