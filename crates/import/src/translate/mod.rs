//! Translates expressions and views from SQLite to PostgreSQL.
//!
//! The list of supported constructs is closed. An expression is translated only if its value equals SQLite's for
//! every value of its columns; the one accepted difference is an error where SQLite has a value (64-bit overflow, a
//! text that is too long), because it is not silent. Any other construct is an error that names it.
//!
//! `typed` has the known properties of a translated part, `translator` walks the tree, and the other modules contain
//! the rules by topic. Every name and every text reaches SQL through `quoting`.

mod aggregate;
mod arithmetic;
mod assign;
mod cast;
mod check;
mod collation;
mod comparison;
mod compound;
mod convert;
mod default;
mod error;
mod format;
mod function;
mod group;
mod identified;
mod in_sqlite;
mod instants;
mod json;
mod json_build;
mod like;
mod literal;
mod modifier;
mod moment;
mod number;
mod order;
mod pair;
mod parameter;
mod parse;
mod prefix;
mod present;
mod printf;
mod query;
mod quoting;
mod recursive;
mod resolver;
mod result;
mod scope;
mod select;
mod sorted;
mod source;
mod stored;
mod text;
mod translator;
mod tree;
mod typed;
mod view;
mod written;

use sqlite3_parser::ast::Expr;

use super::types::TargetType;

pub use collation::Collation;
pub use default::{TranslatedDefault, default_value};
pub use error::Untranslatable;
pub use quoting::{quote_name, quote_text};
pub use scope::{Relation, RelationColumn, Relations, Scope, TableFacts, TableScope, UniqueKey, Withheld};

pub use translator::LikeAs;
pub use view::{TranslatedView, translated_view, view};
pub use written::{Written, WrittenSuffix, WrittenTime};

pub(crate) use assign::placed;
pub(crate) use default::sample;
pub(crate) use error::shortened;
pub(crate) use order::is_by_bytes;
pub(crate) use parse::parse;
pub(crate) use query::{Common, FromItem, Query, QueryNames, SourceColumn, open_name};
pub(crate) use quoting::unquoted;
pub(crate) use result::{column_type, result_columns};
pub(crate) use select::{select, with_clause};
pub(crate) use source::from_clause;
pub(crate) use translator::Translator;
pub(crate) use tree::children;

/// The use of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpressionPurpose {
    /// A CHECK constraint: boolean.
    Check,
    /// A generated column of this type: only functions that are immutable in PostgreSQL.
    Generated(TargetType),
    /// A term of an index: only functions that are immutable in PostgreSQL.
    Index,
    /// The WHERE of an index: boolean, and only functions that are immutable in PostgreSQL.
    Predicate,
    /// Part of a query.
    Query,
}

/// Translates an expression, without parentheses around it.
///
/// # Errors
/// When a part of it is not supported, which the error names.
pub fn expression(
    expression: &Expr,
    scope: &dyn Scope,
    purpose: ExpressionPurpose,
) -> Result<String, Untranslatable> {
    let immutable = matches!(
        purpose,
        ExpressionPurpose::Generated(_) | ExpressionPurpose::Index | ExpressionPurpose::Predicate
    );
    let names = resolver::TableNames { scope };
    let translator = Translator::for_table(&names, immutable);
    match purpose {
        ExpressionPurpose::Check => Ok(check::condition(&translator, expression)?.sql),
        ExpressionPurpose::Predicate => {
            let typed = translator.translate(expression)?;
            Ok(translator.truth(&typed)?.sql)
        }
        ExpressionPurpose::Generated(target) => {
            let typed = translator.translate(expression)?;
            default::assigned(&typed, target)
        }
        ExpressionPurpose::Index => {
            let typed = translator.translate(expression)?;
            comparison::collated(&typed, typed.collating).map(|typed| typed.sql)
        }
        ExpressionPurpose::Query => Ok(translator.translate(expression)?.sql),
    }
}

#[cfg(test)]
mod tests;
