//! Writes statements as a script for psql.

use std::collections::HashMap;

use crate::conversion::{Statement, StatementKind};

/// What the file of a converted schema begins with.
pub const TITLE: &str = "-- The schema of a SQLite database for PostgreSQL.";

/// The file of the converted schema: the schema and extensions, then each table with its objects, then foreign
/// keys and views, which depend on several tables. The same statements give the same bytes.
#[must_use]
pub fn render(statements: &[Statement]) -> String {
    let mut file = format!(
        "{TITLE} Run it in an empty schema, as the owner of the tables:\n\
         -- psql --set ON_ERROR_STOP=1 --single-transaction --file FILE\n"
    );
    let is_before = |kind| matches!(kind, StatementKind::Schema | StatementKind::Extension);
    let is_after = |kind| matches!(kind, StatementKind::ForeignKey | StatementKind::View);
    group(&mut file, None, statements.iter().filter(|statement| is_before(statement.kind)));
    let mut tables: Vec<(&str, Vec<&Statement>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for statement in statements.iter().filter(|one| !is_before(one.kind) && !is_after(one.kind)) {
        let place = *places.entry(&statement.table).or_insert_with(|| {
            tables.push((&statement.table, Vec::new()));
            tables.len() - 1
        });
        if let Some((_, on_table)) = tables.get_mut(place) {
            on_table.push(statement);
        }
    }
    for (table, on_table) in &tables {
        group(&mut file, Some(&shown(table)), on_table.iter().copied());
    }
    for (title, kind) in [("Foreign keys", StatementKind::ForeignKey), ("Views", StatementKind::View)] {
        group(&mut file, Some(title), statements.iter().filter(|statement| statement.kind == kind));
    }
    file
}

fn group<'a>(file: &mut String, title: Option<&str>, statements: impl Iterator<Item = &'a Statement>) {
    let mut statements = statements.peekable();
    if statements.peek().is_none() {
        return;
    }
    file.push('\n');
    if let Some(title) = title {
        file.push_str(&format!("-- {title}\n"));
    }
    for statement in statements {
        file.push_str(&statement.sql);
        file.push_str(";\n");
    }
}

/// A name in a comment, always one line.
fn shown(name: &str) -> String {
    name.chars()
        .map(|character| {
            if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                character
            }
        })
        .collect()
}
