//! Expressions of an index, written for the row `x` of the table and for the row NEW.

use std::collections::BTreeSet;

use import::schema::{Column, SqliteTable};
use sqlite3_parser::ast::{Expr, Id, Literal};

use super::sql::of;

/// Which row an expression is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfRow {
    /// A stored row, by the alias `x`.
    Stored,
    /// The row that will be stored.
    New,
}

/// Why an expression cannot be written for the new row.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("it depends on the rowid, which is not known before the row is inserted")]
    Rowid,
    #[error("its expression has a part that is not supported: {0}")]
    Part(String),
}

/// An expression as SQL for a row.
pub(super) fn written(table: &SqliteTable, expression: &Expr, row: OfRow) -> Result<String, Refusal> {
    let mut expression = expression.clone();
    replace(&mut expression, &|name, is_quoted| match (column(table, name), row) {
        (Some(column), OfRow::Stored) => Ok(Some(of("x", &column.name))),
        (Some(column), OfRow::New) => Ok(Some(of("NEW", &column.name))),
        (None, OfRow::Stored) if is_rowid(table, name) => Ok(Some(of("x", name))),
        (None, OfRow::New) if is_rowid(table, name) => Err(Refusal::Rowid),
        // A quoted name that is no column is text (SQLite manual, "Quirks", 8).
        (None, _) if is_quoted => Ok(Some(format!("'{}'", name.replace('\'', "''")))),
        (None, _) => Ok(None),
    })?;
    Ok(expression.to_string())
}

/// The value that an ordinary column of the new row will have.
pub(super) fn new_value(column: &Column) -> String {
    let plain = of("NEW", &column.name);
    filled(column).map_or(plain.clone(), |default| format!("ifnull({plain}, ({default}))"))
}

/// Whether NULL in the column is replaced by the default.
pub(super) fn is_filled(table: &SqliteTable, name: &str) -> bool {
    column(table, name).is_some_and(|column| filled(column).is_some())
}

/// The default that REPLACE stores in the place of NULL, in a NOT NULL column (SQLite manual, "ON CONFLICT").
fn filled(column: &Column) -> Option<String> {
    let default = column.default.as_ref().filter(|_| column.not_null && column.generated.is_none())?;
    (!matches!(default, Expr::Literal(Literal::Null))).then(|| default.to_string())
}

/// The columns that the value of an expression depends on, with those of generated columns in their place.
pub(super) fn bases(table: &SqliteTable, expression: &Expr) -> Result<BTreeSet<String>, Refusal> {
    let mut bases = BTreeSet::new();
    collect(table, expression, &mut bases)?;
    Ok(bases)
}

/// The columns that the value of a column depends on: itself, unless it is generated.
pub(super) fn bases_of(table: &SqliteTable, column: &Column) -> Result<BTreeSet<String>, Refusal> {
    let mut bases = BTreeSet::new();
    collect_bases(table, column, &mut bases)?;
    Ok(bases)
}

fn collect(table: &SqliteTable, expression: &Expr, bases: &mut BTreeSet<String>) -> Result<(), Refusal> {
    let named = std::cell::RefCell::new(BTreeSet::new());
    replace(&mut expression.clone(), &|name, _| {
        named.borrow_mut().insert(name.to_owned());
        Ok(None)
    })?;
    for name in named.into_inner() {
        match column(table, &name) {
            Some(column) => collect_bases(table, column, bases)?,
            None if is_rowid(table, &name) => drop(bases.insert(name)),
            None => {}
        }
    }
    Ok(())
}

fn collect_bases(table: &SqliteTable, column: &Column, bases: &mut BTreeSet<String>) -> Result<(), Refusal> {
    match &column.generated {
        Some(generated) => collect(table, &generated.expression, bases),
        None => {
            bases.insert(column.name.clone());
            Ok(())
        }
    }
}

/// Whether the name is one of the rowid: the INTEGER PRIMARY KEY, or `rowid`.
pub(super) fn is_rowid_value(table: &SqliteTable, name: &str) -> bool {
    let key = table.primary_key.as_ref().filter(|key| key.is_rowid);
    let is_column = |key: &import::schema::PrimaryKey| key.columns.iter().any(|column| column.name == name);
    key.is_some_and(is_column) || (column(table, name).is_none() && is_rowid(table, name))
}

fn is_rowid(table: &SqliteTable, name: &str) -> bool {
    !table.without_rowid && ["rowid", "_rowid_", "oid"].iter().any(|alias| name.eq_ignore_ascii_case(alias))
}

pub(super) fn column<'t>(table: &'t SqliteTable, name: &str) -> Option<&'t Column> {
    table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
}

/// What is written in the place of a name, if it is not kept.
type Replacement<'a> = &'a dyn Fn(&str, bool) -> Result<Option<String>, Refusal>;

/// Replaces names by SQL. `by` gets a name without quotes, and whether it had double quotes.
fn replace(expression: &mut Expr, by: Replacement<'_>) -> Result<(), Refusal> {
    let all = |parts: Vec<&mut Expr>| parts.into_iter().try_for_each(|part| replace(part, by));
    match expression {
        Expr::Between { lhs, start, end, .. } => all(vec![lhs, start, end]),
        Expr::Binary(left, _, right) => all(vec![left, right]),
        Expr::Case { base, when_then_pairs, else_expr } => {
            all(base.as_deref_mut().into_iter().chain(else_expr.as_deref_mut()).collect())?;
            all(when_then_pairs.iter_mut().flat_map(|(when, then)| [when, then]).collect())
        }
        Expr::Cast { expr, .. } => replace(expr, by),
        Expr::Collate(operand, _)
        | Expr::IsNull(operand)
        | Expr::NotNull(operand)
        | Expr::Unary(_, operand) => replace(operand, by),
        Expr::FunctionCall { args, filter_over: None, order_by: None, .. } => {
            all(args.iter_mut().flatten().collect())
        }
        Expr::InList { lhs, rhs, .. } => {
            all(std::iter::once(lhs.as_mut()).chain(rhs.iter_mut().flatten()).collect())
        }
        Expr::Like { lhs, rhs, escape, .. } => {
            all([lhs.as_mut(), rhs.as_mut()].into_iter().chain(escape.as_deref_mut()).collect())
        }
        Expr::Parenthesized(inner) => all(inner.iter_mut().collect()),
        Expr::Literal(_) => Ok(()),
        Expr::Id(Id(text)) | Expr::Name(sqlite3_parser::ast::Name(text)) => {
            let (name, is_quoted) = unquoted(text);
            if let Some(sql) = by(&name, is_quoted)? {
                *expression = Expr::Id(Id(sql.into()));
            }
            Ok(())
        }
        other => Err(Refusal::Part(other.to_string())),
    }
}

/// A name without its quotes, and whether they were double quotes (SQLite manual, "SQLite Keywords").
fn unquoted(text: &str) -> (String, bool) {
    let between = |open, close| text.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    if let Some(inner) = between('[', ']') {
        (inner.to_owned(), false)
    } else if let Some(inner) = between('`', '`') {
        (inner.replace("``", "`"), false)
    } else if let Some(inner) = between('"', '"') {
        (inner.replace("\"\"", "\""), true)
    } else {
        (text.to_owned(), false)
    }
}
