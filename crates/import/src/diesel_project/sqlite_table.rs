//! Writes a table of the source as CREATE TABLE for SQLite, with the names of the target.

use super::expression::{self, Renames};
use super::names::in_comment;
use super::sqlite_type::column_type;
use super::tables::{ProjectColumn, ProjectTable};
use crate::schema::{Action, Check, ForeignKey, KeyColumn};
use databases::name::quote_name;

/// The statement, without a semicolon, after comments on skipped parts. `parent` returns the table with a source
/// name.
pub(super) fn create<'a>(
    table: &ProjectTable<'_>,
    parent: impl Fn(&str) -> Option<&'a ProjectTable<'a>>,
) -> String {
    let renames = Renames::of(table);
    let mut notes = Vec::new();
    let mut lines: Vec<String> =
        table.columns.iter().map(|column| column_line(table, column, &renames, &mut notes)).collect();
    let key = primary_key(table, &mut notes);
    let has_key = key.is_some() || key_at_column(table).is_some();
    lines.extend(key);
    for unique in &table.source.uniques {
        match key_columns(table, &unique.columns) {
            Some(columns) => lines.push(format!("{}UNIQUE ({columns})", constraint(unique.name.as_deref()))),
            None => notes.push("a UNIQUE constraint with a skipped column or a custom collation".to_owned()),
        }
    }
    for check in &table.source.checks {
        match check_line(check, &renames) {
            Some(line) => lines.push(line),
            None => {
                notes.push("a CHECK constraint that is nested too deep or contains a subquery".to_owned())
            }
        }
    }
    for foreign in &table.source.foreign_keys {
        match foreign_key(table, foreign, parent(&foreign.parent_table)) {
            Some(line) => lines.push(line),
            None => {
                notes.push(format!("an invalid foreign key to {}", in_comment(&foreign.parent_table)));
            }
        }
    }
    let notes: String = notes.iter().map(|note| format!("-- Skipped: {note}.\n")).collect();
    let mut options = Vec::new();
    if table.source.without_rowid && has_key {
        options.push("WITHOUT ROWID");
    }
    if table.source.strict {
        options.push("STRICT");
    }
    let options = if options.is_empty() { String::new() } else { format!(" {}", options.join(", ")) };
    let name = quote_name(&table.conversion.target);
    format!("{notes}CREATE TABLE {name} (\n    {}\n){options}", lines.join(",\n    "))
}

fn column_line(
    table: &ProjectTable<'_>,
    column: &ProjectColumn<'_>,
    renames: &Renames,
    notes: &mut Vec<String>,
) -> String {
    let name = in_comment(&column.conversion.target);
    let key = key_at_column(table).filter(|key| key.column == column.source.name);
    let declared = if key.is_some() { "INTEGER".to_owned() } else { column_type(table, column) };
    let mut line = format!("{} {declared}", quote_name(&column.conversion.target));
    if let Some(key) = key {
        line.push_str(&format!(" {}PRIMARY KEY", constraint(key.name)));
        line.push_str(if key.is_rowid { "" } else { " DESC" });
        line.push_str(if key.is_autoincrement { " AUTOINCREMENT" } else { "" });
    }
    if column.not_null {
        line.push_str(" NOT NULL");
    }
    match collation(&column.source.collation) {
        Some("BINARY") => {}
        Some(collation) => line.push_str(&format!(" COLLATE {collation}")),
        None => notes.push(format!("the collation of {name}, which is not built into SQLite")),
    }
    if let Some(generated) = &column.source.generated {
        let sql =
            expression::write(&generated.expression, renames).filter(|_| column.conversion.is_generated);
        match sql {
            Some(sql) => {
                let kind = if generated.is_stored { "STORED" } else { "VIRTUAL" };
                line.push_str(&format!(" GENERATED ALWAYS AS ({sql}) {kind}"));
            }
            None => notes.push(format!(
                "the generation expression of {name}, as on PostgreSQL: it is an ordinary column"
            )),
        }
    } else if let Some(default) = &column.source.default {
        match expression::write_default(default) {
            Some(default) => line.push_str(&format!(" DEFAULT {default}")),
            None => {
                notes.push(format!("the default of {name}, which is nested too deep or contains a subquery"))
            }
        }
    }
    line
}

/// A primary key that must be a column constraint: because the column is the rowid, or must not become it.
struct KeyAtColumn<'a> {
    column: &'a str,
    name: Option<&'a str>,
    is_rowid: bool,
    is_autoincrement: bool,
}

fn key_at_column<'a>(table: &ProjectTable<'a>) -> Option<KeyAtColumn<'a>> {
    let key = table.source.primary_key.as_ref()?;
    let [column] = key.columns.as_slice() else { return None };
    let position = table.position(&column.name)?;
    let source = table.columns[position].source;
    // With `PRIMARY KEY (x)` as a table constraint, an INTEGER column x is the rowid; with `x INTEGER PRIMARY KEY
    // DESC` it is not (SQLite manual, "CREATE TABLE", section 5).
    let must_not_be_rowid = !table.source.without_rowid
        && column_type(table, &table.columns[position]).eq_ignore_ascii_case("INTEGER");
    (key.is_rowid || must_not_be_rowid).then_some(KeyAtColumn {
        column: &source.name,
        name: key.name.as_deref(),
        is_rowid: key.is_rowid,
        is_autoincrement: key.is_rowid && key.is_autoincrement,
    })
}

fn primary_key(table: &ProjectTable<'_>, notes: &mut Vec<String>) -> Option<String> {
    let key = table.source.primary_key.as_ref()?;
    if key_at_column(table).is_some() {
        return None;
    }
    let columns = key_columns(table, &key.columns);
    if columns.is_none() {
        notes.push("the primary key: it has a skipped column or a custom collation".to_owned());
    }
    columns.map(|columns| format!("{}PRIMARY KEY ({columns})", constraint(key.name.as_deref())))
}

fn check_line(check: &Check, renames: &Renames) -> Option<String> {
    let sql = expression::write(&check.expression, renames)?;
    Some(format!("{}CHECK ({sql})", constraint(check.name.as_deref())))
}

fn foreign_key(
    table: &ProjectTable<'_>,
    foreign: &ForeignKey,
    parent: Option<&ProjectTable<'_>>,
) -> Option<String> {
    let parent = parent.filter(|_| foreign.problem.is_none())?;
    let columns = names(table, &foreign.columns)?;
    let parent_columns = names(parent, &foreign.parent_columns).filter(|columns| !columns.is_empty())?;
    let mut line = format!(
        "{}FOREIGN KEY ({columns}) REFERENCES {} ({parent_columns})",
        constraint(foreign.name.as_deref()),
        quote_name(&parent.conversion.target)
    );
    for (event, action) in [("DELETE", foreign.on_delete), ("UPDATE", foreign.on_update)] {
        let action = match action {
            Action::NoAction => continue,
            Action::Restrict => "RESTRICT",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
            Action::Cascade => "CASCADE",
        };
        line.push_str(&format!(" ON {event} {action}"));
    }
    if foreign.is_deferred {
        line.push_str(" DEFERRABLE INITIALLY DEFERRED");
    }
    Some(line)
}

fn names(table: &ProjectTable<'_>, columns: &[String]) -> Option<String> {
    let names: Option<Vec<String>> = columns
        .iter()
        .map(|column| {
            table.position(column).map(|position| quote_name(&table.columns[position].conversion.target))
        })
        .collect();
    names.map(|names| names.join(", "))
}

/// The columns of a key, for parentheses.
fn key_columns(table: &ProjectTable<'_>, columns: &[KeyColumn]) -> Option<String> {
    let columns: Option<Vec<String>> = columns
        .iter()
        .map(|key| {
            let column = &table.columns[table.position(&key.name)?];
            let mut term = quote_name(&column.conversion.target);
            if !key.collation.eq_ignore_ascii_case(&column.source.collation) {
                term.push_str(&format!(" COLLATE {}", collation(&key.collation)?));
            }
            term.push_str(if key.is_descending { " DESC" } else { "" });
            Some(term)
        })
        .collect();
    columns.map(|columns| columns.join(", "))
}

/// The collation, if SQLite has it built in.
pub(super) fn collation(name: &str) -> Option<&'static str> {
    ["BINARY", "NOCASE", "RTRIM"].into_iter().find(|known| known.eq_ignore_ascii_case(name))
}

fn constraint(name: Option<&str>) -> String {
    name.map(|name| format!("CONSTRAINT {} ", quote_name(name))).unwrap_or_default()
}
