//! The migration for PostgreSQL: the conversion's statements, and what undoes them.

use std::collections::HashSet;

use crate::conversion::{Statement, StatementKind};
use databases::name::quote_name;

/// The statements, in order.
pub(super) fn up(statements: &[Statement]) -> String {
    let mut sql = String::from(
        "-- What the SQLite database holds, for PostgreSQL.\n-- Undone by down.sql, which drops it with the rows in it.\n\n",
    );
    for statement in statements {
        sql.push_str(&statement.sql);
        sql.push_str(";\n");
    }
    sql
}

/// The drops, in reverse.
pub(super) fn down(schema: &str, statements: &[Statement]) -> String {
    let of_kind = |kind| statements.iter().rev().filter(move |statement| statement.kind == kind);
    let in_schema = |name: &str| format!("{}.{}", quote_name(schema), quote_name(name));
    let mut sql = String::from("-- Drops what up.sql made, with the rows in it.\n");
    let mut views = HashSet::new();
    // A view's comment is a statement of the same kind and name.
    for view in of_kind(StatementKind::View).filter(|view| views.insert(view.name.as_str())) {
        sql.push_str(&format!("DROP VIEW {};\n", in_schema(&view.name)));
    }
    let tables: Vec<String> = of_kind(StatementKind::Table).map(|table| in_schema(&table.name)).collect();
    if !tables.is_empty() {
        // One statement: tables that refer to each other can only go together.
        sql.push_str(&format!("DROP TABLE\n    {};\n", tables.join(",\n    ")));
    }
    for statement in of_kind(StatementKind::Extension) {
        if was_there_perhaps(statement) {
            sql.push_str("-- The extension stays: it may have been there before, and others may use it.\n");
        } else {
            sql.push_str(&format!("DROP EXTENSION {};\n", quote_name(&statement.name)));
        }
    }
    for statement in of_kind(StatementKind::Schema) {
        if was_there_perhaps(statement) {
            sql.push_str("-- The schema stays: it may have been there before, and hold what others made.\n");
        } else {
            sql.push_str(&format!("DROP SCHEMA {};\n", quote_name(&statement.name)));
        }
    }
    sql
}

fn was_there_perhaps(statement: &Statement) -> bool {
    statement.sql.to_ascii_uppercase().contains(" IF NOT EXISTS ")
}
