//! Views: translates CREATE VIEW, with the column names of SQLite.

use sqlite3_parser::ast::{Cmd, Stmt};

use super::error::Untranslatable;
use super::parse::parse;
use super::query::Query;
use super::quoting::{quote_name, unquoted};
use super::scope::{RelationColumn, Relations};
use super::select::select;
use super::translator::LikeAs;
use super::typed::{Collating, Family, Nature, Typed};

/// PostgreSQL truncates names at this number of bytes (manual, section 4.1.1).
const LONGEST_NAME: usize = 63;

/// A translated view.
#[derive(Clone, Debug)]
pub struct TranslatedView {
    /// CREATE VIEW.
    pub sql: String,
    /// Its columns, for views on it.
    pub columns: Vec<RelationColumn>,
}

/// Translates CREATE VIEW. The view is created in the schema of the relations; `target_name` is its name there,
/// without quotes.
///
/// # Errors
/// When a part of it is not supported, which the error names.
pub fn view(sql: &str, database: &dyn Relations, target_name: &str) -> Result<String, Untranslatable> {
    translated_view(sql, database, target_name).map(|view| view.sql)
}

/// As [`view`], with the columns that other views can read.
///
/// # Errors
/// As [`view`].
pub fn translated_view(
    sql: &str,
    database: &dyn Relations,
    target_name: &str,
) -> Result<TranslatedView, Untranslatable> {
    let Cmd::Stmt(Stmt::CreateView { temporary: false, columns, select: inner, .. }) = parse(sql)? else {
        return Err(Untranslatable::construct(
            "this statement",
            "it is not a CREATE VIEW statement of a permanent view",
        ));
    };
    let query = Query {
        relations: Some(database),
        like: LikeAs::Exact,
        has_parameters: false,
        single_parameters: Default::default(),
        notes: Default::default(),
    };
    let selected = select(&query, &inner, &[], None, 0)?;
    let names: Vec<String> = match columns {
        Some(columns) => columns.iter().map(|column| unquoted(&column.col_name.0)).collect(),
        None => selected.columns.iter().map(|(name, _)| name.clone()).collect(),
    };
    if names.len() != selected.columns.len() {
        return Err(Untranslatable::construct("this view", "its column list has another number of columns"));
    }
    check_names(&names)?;
    let list: Vec<String> = names.iter().map(|name| quote_name(name)).collect();
    let target = format!("{}.{}", quote_name(database.schema()), quote_name(target_name));
    let columns = names.iter().zip(&selected.columns);
    let columns = columns.map(|(name, (_, typed))| RelationColumn::of_view(name, readable(typed)));
    let columns = columns.collect();
    Ok(TranslatedView {
        sql: format!("CREATE VIEW {target} ({}) AS {}", list.join(", "), selected.sql),
        columns,
    })
}

/// Whether PostgreSQL has the same names for the columns.
fn check_names(names: &[String]) -> Result<(), Untranslatable> {
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(Untranslatable::construct(
                "a result without a name",
                "SQLite uses its text as the name; use AS",
            ));
        }
        if name.len() > LONGEST_NAME {
            return Err(Untranslatable::construct(
                "a name longer than 63 bytes",
                "PostgreSQL would truncate it",
            ));
        }
        if names.iter().take(at).any(|other| other == name) {
            return Err(Untranslatable::construct(
                "two result columns with the same name",
                "SQLite renames one of them; use AS",
            ));
        }
    }
    Ok(())
}

/// A result as a column of the view, for another view.
fn readable(typed: &Typed) -> Typed {
    // A boolean is a column of that type, also in a compound query.
    let is_column = typed.is_column() || typed.family == Family::Boolean;
    let nature = if is_column { Nature::Column } else { Nature::Other };
    let collating = match typed.collating {
        Collating::Explicit(collation) => Collating::Column(collation),
        collating => collating,
    };
    let family = match typed.family {
        // PostgreSQL takes NULL alone for text.
        Family::Null | Family::Parameter | Family::Unknown => Family::Opaque,
        family => family,
    };
    Typed { nature, collating, family, ..typed.as_result("") }
}
