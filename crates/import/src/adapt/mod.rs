//! Translates queries from SQLite to PostgreSQL.
//!
//! Placeholders become `$1...`; constructs of SQLite become those of PostgreSQL, from the parsed tree; a construct
//! without an equivalent is an error that names it. A statement in which only placeholders change keeps every other
//! byte.
//!
//! Without [`AdaptOptions::relations`] column types are not known: then only constructs that are equivalent for every type
//! are translated, or those that PostgreSQL rejects otherwise. Names are preserved, in quotes where PostgreSQL would
//! fold their case: tables are converted with unchanged names. The order of text, in comparisons and ORDER BY of such
//! columns, is that of the target's collation.
//!
//! A statement with a cast `::` or the escape `??` was written for PostgreSQL: only its placeholders are converted,
//! and `??` becomes the operator `?`.

mod changed_table;
mod conflict;
mod insert;
mod matched;
mod options;
mod placeholders;
mod repeated;
mod replace;
mod rows;
mod same;
mod several;
mod statement;
mod write;

use super::translate::{Query, Untranslatable, parse};
pub use options::AdaptOptions;
use placeholders::Scanned;
pub use placeholders::{Adapted, Parameter, PlaceholderError, number_placeholders};
pub use statement::StatementResults;
use statement::Translated;

/// Why a statement cannot be translated.
#[derive(Debug, thiserror::Error)]
pub enum AdaptError {
    /// Its placeholders cannot be parsed.
    #[error("read the placeholders of the statement")]
    Placeholders(#[source] PlaceholderError),
    /// It contains a construct without an equivalent.
    #[error("translate the statement")]
    Untranslatable(#[source] Untranslatable),
    /// There is more than one statement.
    #[error("the text has {count} statements; use `adapt_each` for several")]
    Several {
        /// Their number.
        count: usize,
    },
}

/// Translates one statement without information about tables.
///
/// # Errors
/// When it cannot be parsed, or contains a construct without an equivalent, which the error names.
pub fn adapt(sql: &str) -> Result<Adapted, AdaptError> {
    adapt_with(sql, &AdaptOptions::default())
}

/// Translates one statement.
///
/// # Errors
/// As [`adapt`].
pub fn adapt_with(sql: &str, options: &AdaptOptions<'_>) -> Result<Adapted, AdaptError> {
    let mut statements = placeholders::statements(sql).map_err(AdaptError::Placeholders)?;
    match statements.len() {
        0 | 1 => adapt_one(&statements.pop().unwrap_or_default(), options),
        count => Err(AdaptError::Several { count }),
    }
}

/// Translates each statement of a text. Each has its own parameter numbers, as in SQLite.
///
/// # Errors
/// As [`adapt`], for the first statement that fails.
pub fn adapt_each(sql: &str, options: &AdaptOptions<'_>) -> Result<Vec<Adapted>, AdaptError> {
    let statements = statements(sql)?;
    statements.iter().map(|statement| adapt_one(statement, options)).collect()
}

/// The statements of a text, without the semicolons between them.
///
/// # Errors
/// When a quote is not closed.
pub fn statements(sql: &str) -> Result<Vec<String>, AdaptError> {
    placeholders::statements(sql).map_err(AdaptError::Placeholders)
}

fn adapt_one(statement: &str, options: &AdaptOptions<'_>) -> Result<Adapted, AdaptError> {
    let scanned = Scanned::new(statement).map_err(AdaptError::Placeholders)?;
    let untouched = scanned.with_placeholders(statement, "$");
    if scanned.is_postgresql {
        return Ok(Adapted { sql: untouched, parameters: scanned.parameters, ..Adapted::default() });
    }
    let numbered = scanned.with_placeholders(statement, "?");
    let query = Query {
        relations: options.relations,
        like: options.like,
        has_parameters: true,
        single_parameters: scanned.single_parameters(),
        notes: Default::default(),
    };
    let translated = parse(&numbered)
        .and_then(|command| statement::translated(&query, options, &command))
        .map_err(AdaptError::Untranslatable)?;
    let Translated { sql, mut results } = translated;
    results.is_approximate = query.notes.is_approximate();
    results.is_random = query.notes.has_random.get();
    let sql = if same::is_equivalent(&untouched, &sql) { untouched } else { sql };
    Ok(Adapted { sql, parameters: scanned.parameters, notes: query.notes.sentences(), results })
}

#[cfg(test)]
mod tests;
