//! The query adapter: a statement written for SQLite, as one for PostgreSQL.
//!
//! Placeholders become `$1...`; what SQLite says in its own way is said in PostgreSQL's, from the parsed tree; what
//! has no equal is refused by name. A statement in which only placeholders change keeps every other byte.
//!
//! Without [`Options::relations`] no column's type is known: then only what is the same for every type is
//! translated, or what PostgreSQL refuses where it is not. Names stay as they are written, in quotes where
//! PostgreSQL would fold their letters: tables are converted with their names as they are. The order of text, in
//! comparisons and ORDER BY of such columns, is that of the target's collation.
//!
//! A statement with a cast `::` or the escape `??` was written for PostgreSQL: only its placeholders are converted,
//! and `??` becomes the operator `?`.

mod placeholders;
mod same;
mod statement;
mod write;

use super::translate::{LikeAs, OutputName, Query, Relations, Untranslatable, parse};
use placeholders::Scanned;
pub use placeholders::{Parameter, PlaceholderError, number_placeholders};

/// An adapted statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapted {
    /// The statement.
    pub sql: String,
    /// For `$1`, `$2` and so on: which parameter of the source it is.
    pub parameters: Vec<Parameter>,
}

/// How a statement is adapted.
#[derive(Clone, Default)]
pub struct Options<'a> {
    /// The columns of the key by which INSERT OR REPLACE finds the row that it replaces. Columns that the statement
    /// does not name keep their values, where SQLite would put their defaults.
    pub conflict_target: Option<Vec<String>>,
    /// What LIKE becomes.
    pub like: LikeAs,
    /// The tables, where they are known.
    pub relations: Option<&'a dyn Relations>,
}

/// Why a statement is not adapted.
#[derive(Debug, thiserror::Error)]
pub enum AdaptError {
    /// Its placeholders cannot be read.
    #[error("read the placeholders of the statement")]
    Placeholders(#[source] PlaceholderError),
    /// A part of it has no equal.
    #[error("translate the statement")]
    Untranslatable(#[source] Untranslatable),
    /// There are several.
    #[error("the text has {count} statements: they are adapted one by one, by `adapt_each`")]
    Several {
        /// How many.
        count: usize,
    },
}

/// Adapts one statement, of which nothing else is known.
///
/// # Errors
/// When it cannot be read, or has a part without an equal, which the error names.
pub fn adapt(sql: &str) -> Result<Adapted, AdaptError> {
    adapt_with(sql, &Options::default())
}

/// Adapts one statement.
///
/// # Errors
/// As [`adapt`].
pub fn adapt_with(sql: &str, options: &Options<'_>) -> Result<Adapted, AdaptError> {
    let mut statements = placeholders::statements(sql).map_err(AdaptError::Placeholders)?;
    match statements.len() {
        0 | 1 => adapt_one(&statements.pop().unwrap_or_default(), options),
        count => Err(AdaptError::Several { count }),
    }
}

/// Adapts each statement of a text. Each has its own numbers, as in SQLite.
///
/// # Errors
/// As [`adapt`], for the first that is not adapted.
pub fn adapt_each(sql: &str, options: &Options<'_>) -> Result<Vec<Adapted>, AdaptError> {
    let statements = placeholders::statements(sql).map_err(AdaptError::Placeholders)?;
    statements.iter().map(|statement| adapt_one(statement, options)).collect()
}

fn adapt_one(statement: &str, options: &Options<'_>) -> Result<Adapted, AdaptError> {
    let scanned = Scanned::new(statement).map_err(AdaptError::Placeholders)?;
    let untouched = scanned.with_placeholders(statement, "$");
    if scanned.is_postgresql {
        return Ok(Adapted { sql: untouched, parameters: scanned.parameters });
    }
    let numbered = scanned.with_placeholders(statement, "?");
    let query = Query {
        relations: options.relations,
        like: options.like,
        has_parameters: true,
        names: OutputName::AsWritten,
    };
    let translated = parse(&numbered)
        .and_then(|command| statement::translated(&query, options, &command))
        .map_err(AdaptError::Untranslatable)?;
    let sql = if same::says_the_same(&untouched, &translated) { untouched } else { translated };
    Ok(Adapted { sql, parameters: scanned.parameters })
}

#[cfg(test)]
mod tests;
