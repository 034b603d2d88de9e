//! The migration for SQLite: the source's tables, indexes and views.

use std::collections::{HashMap, HashSet};

use sqlite3_parser::ast::{Cmd, Stmt};

use super::expression::{self, Renames};
use super::names::in_comment;
use super::sqlite_table;
use super::tables::ProjectTable;
use crate::conversion::{Statement, StatementKind};
use crate::schema::{Index, IndexOn, Schema, View};
use crate::translate::parse;
use databases::name::quote_name;

/// Both parts.
pub(super) struct SqliteMigration {
    pub(super) up: String,
    pub(super) down: String,
}

/// The migration. It contains the views that PostgreSQL has too.
pub(super) fn write(
    schema: &Schema,
    tables: &[ProjectTable<'_>],
    statements: &[Statement],
) -> SqliteMigration {
    let by_name: HashMap<String, &ProjectTable<'_>> =
        tables.iter().map(|table| (table.source.name.to_ascii_lowercase(), table)).collect();
    // Tables, views and indexes share a namespace in SQLite.
    let mut taken: HashSet<String> =
        tables.iter().map(|table| table.conversion.target.to_ascii_lowercase()).collect();
    let mut up = String::from(
        "-- The schema of the SQLite database, for SQLite, with the names it has in PostgreSQL.\n-- Reverted by down.sql, which drops everything with its rows.\n\n",
    );
    for table in tables {
        up.push_str(&sqlite_table::create(table, |name| by_name.get(&name.to_ascii_lowercase()).copied()));
        up.push_str(";\n\n");
        let renames = Renames::of(table);
        for index in &table.source.indexes {
            let is_free = taken.insert(index.name.to_ascii_lowercase());
            match create_index(table, index, &renames).filter(|_| is_free) {
                Some(sql) => up.push_str(&format!("{sql};\n\n")),
                None => up.push_str(&format!("-- Skipped: index {}.\n\n", in_comment(&index.name))),
            }
        }
    }
    let is_renamed = tables.iter().any(|table| !Renames::of(table).is_empty());
    let carried: HashSet<&str> = statements
        .iter()
        .filter(|statement| statement.kind == StatementKind::View)
        .map(|statement| statement.name.as_str())
        .collect();
    let mut views = Vec::new();
    for view in &schema.views {
        let can_be_here = carried.contains(view.name.as_str()) && !is_renamed && is_one_view(view);
        if can_be_here && taken.insert(view.name.to_ascii_lowercase()) {
            up.push_str(&format!("{}\n;\n\n", view.sql));
            views.push(view.name.as_str());
        } else {
            up.push_str(&format!("-- Skipped: view {}.\n", in_comment(&view.name)));
        }
    }
    for trigger in &schema.triggers {
        up.push_str(&format!(
            "-- Skipped: trigger {}, which is not converted for PostgreSQL.\n",
            in_comment(&trigger.name)
        ));
    }
    // Rows that reference a dropped table are counted until COMMIT (SQLite manual, "Foreign Keys", section 5), when
    // they are dropped too: so the order does not matter.
    let mut down =
        String::from("-- Drops what up.sql created, with all rows.\nPRAGMA defer_foreign_keys = ON;\n");
    for view in views.iter().rev() {
        down.push_str(&format!("DROP VIEW {};\n", quote_name(view)));
    }
    for table in tables.iter().rev() {
        down.push_str(&format!("DROP TABLE {};\n", quote_name(&table.conversion.target)));
    }
    SqliteMigration { up, down }
}

fn create_index(table: &ProjectTable<'_>, index: &Index, renames: &Renames) -> Option<String> {
    let terms: Option<Vec<String>> = index
        .terms
        .iter()
        .map(|term| {
            let (mut sql, own) = match &term.on {
                IndexOn::Column(name) => {
                    let column = &table.columns[table.position(name)?];
                    (quote_name(&column.conversion.target), column.source.collation.as_str())
                }
                IndexOn::Expression(expression) => (expression::write(expression, renames)?, "BINARY"),
            };
            if !term.collation.eq_ignore_ascii_case(own) {
                sql.push_str(&format!(" COLLATE {}", sqlite_table::collation(&term.collation)?));
            }
            sql.push_str(if term.is_descending { " DESC" } else { "" });
            Some(sql)
        })
        .collect();
    let unique = if index.is_unique { "UNIQUE " } else { "" };
    let predicate = match &index.predicate {
        Some(predicate) => format!(" WHERE {}", expression::write(predicate, renames)?),
        None => String::new(),
    };
    let name = quote_name(&index.name);
    let table = quote_name(&table.conversion.target);
    Some(format!("CREATE {unique}INDEX {name} ON {table} ({}){predicate}", terms?.join(", ")))
}

/// Whether the stored SQL of a view is a single CREATE VIEW: the file may contain anything there.
fn is_one_view(view: &View) -> bool {
    matches!(parse(&view.sql), Ok(Cmd::Stmt(Stmt::CreateView { temporary: false, .. })))
}
