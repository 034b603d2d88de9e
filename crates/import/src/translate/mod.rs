//! Expressions and views of SQLite in PostgreSQL's SQL.
//!
//! The list of what is translated is closed. An expression is translated only where its value is SQLite's for every
//! value its columns can hold; an error where SQLite has a value (64 bits overflow, a text that is too long) is the
//! one difference that is accepted, because it is loud. All else is refused by name.
//!
//! `typed` says what is known of a translated part, `translator` walks the tree, and the other modules hold the
//! rules by topic. No name and no text reaches SQL but through `quoting`.

mod aggregate;
mod arithmetic;
mod cast;
mod comparison;
mod convert;
mod default;
mod error;
mod function;
mod group;
mod json;
mod like;
mod literal;
mod moment;
mod number;
mod pair;
mod parse;
mod query;
mod quoting;
mod result;
mod scope;
mod select;
mod source;
mod text;
mod translator;
mod typed;
mod view;

use sqlite3_parser::ast::Expr;

use super::types::TargetType;

pub use error::Untranslatable;
pub use quoting::{quote_name, quote_text};
pub use scope::{Collation, Relation, RelationColumn, Relations, SchemaRelations, Scope, TableScope};

pub use translator::LikeAs;
pub use view::{TranslatedView, translated_view, view};

pub(crate) use default::placed;
pub(crate) use error::shortened;
pub(crate) use parse::parse;
pub(crate) use query::{OutputName, Query, QueryNames, Source, SourceColumn, open_name};
pub(crate) use quoting::unquoted;
pub(crate) use result::result_columns;
pub(crate) use scope::column_expression;
pub(crate) use select::select;
pub(crate) use source::from_clause;
pub(crate) use translator::Translator;

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A CHECK constraint: boolean.
    Check,
    /// The default of a column of this type.
    Default(TargetType),
    /// A generated column of this type: only what PostgreSQL calls immutable.
    Generated(TargetType),
    /// A term of an index: only what PostgreSQL calls immutable.
    Index,
    /// The WHERE of an index: boolean, and only what PostgreSQL calls immutable.
    Predicate,
    /// Part of a query.
    Query,
}

/// An expression of SQLite in PostgreSQL's SQL, without parentheses around it.
///
/// # Errors
/// When a part of it is not on the list of what is the same in both, which the error names.
pub fn expression(expression: &Expr, scope: &dyn Scope, purpose: Purpose) -> Result<String, Untranslatable> {
    let immutable = matches!(purpose, Purpose::Generated(_) | Purpose::Index | Purpose::Predicate);
    let names = translator::TableNames { scope };
    let translator = Translator::for_table(&names, immutable);
    match purpose {
        Purpose::Check | Purpose::Predicate => {
            let typed = translator.translate(expression)?;
            Ok(translator.truth(&typed)?.sql)
        }
        Purpose::Default(target) => default::default(&translator, expression, target),
        Purpose::Generated(target) => {
            let typed = translator.translate(expression)?;
            default::assigned(&typed, target)
        }
        Purpose::Index => {
            let typed = translator.translate(expression)?;
            comparison::collated(&typed, typed.collating).map(|typed| typed.sql)
        }
        Purpose::Query => Ok(translator.translate(expression)?.sql),
    }
}

#[cfg(test)]
mod tests;
