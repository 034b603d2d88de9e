//! The migration for PostgreSQL: the conversion's statements, and statements that revert them.

use std::collections::HashSet;

use crate::conversion::{Statement, StatementKind};
use databases::name::quote_name;

/// The statements, in order.
pub(super) fn up(statements: &[Statement]) -> String {
    let mut sql = String::from(
        "-- The schema of the SQLite database, for PostgreSQL.\n-- Reverted by down.sql, which drops everything with its rows.\n\n",
    );
    for statement in statements {
        sql.push_str(&statement.sql);
        sql.push_str(";\n");
    }
    sql
}

/// The DROP statements, in reverse order.
pub(super) fn down(schema: &str, statements: &[Statement]) -> String {
    let of_kind = |kind| statements.iter().rev().filter(move |statement| statement.kind == kind);
    let in_schema = |name: &str| format!("{}.{}", quote_name(schema), quote_name(name));
    let mut sql = String::from("-- Drops what up.sql created, with all rows.\n");
    let mut views = HashSet::new();
    // The comment of a view is a statement of the same kind and name.
    for view in of_kind(StatementKind::View).filter(|view| views.insert(view.name.as_str())) {
        sql.push_str(&format!("DROP VIEW {};\n", in_schema(&view.name)));
    }
    let tables: Vec<String> = of_kind(StatementKind::Table).map(|table| in_schema(&table.name)).collect();
    if !tables.is_empty() {
        // One statement: tables that reference each other can only be dropped together.
        sql.push_str(&format!("DROP TABLE\n    {};\n", tables.join(",\n    ")));
    }
    for statement in of_kind(StatementKind::Extension) {
        if was_there_perhaps(statement) {
            sql.push_str("-- The extension is kept: other objects may depend on it.\n");
        } else {
            sql.push_str(&format!("DROP EXTENSION {};\n", quote_name(&statement.name)));
        }
    }
    for statement in of_kind(StatementKind::Schema) {
        if was_there_perhaps(statement) {
            sql.push_str("-- The schema is kept: it may contain other objects.\n");
        } else {
            sql.push_str(&format!("DROP SCHEMA {};\n", quote_name(&statement.name)));
        }
    }
    sql
}

fn was_there_perhaps(statement: &Statement) -> bool {
    statement.sql.to_ascii_uppercase().contains(" IF NOT EXISTS ")
}
