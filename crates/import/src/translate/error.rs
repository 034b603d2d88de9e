//! Why a construct has no equivalent in PostgreSQL.

use super::scope::Withheld;

/// A construct that cannot be translated, with the reason. A construct that is not known to be equivalent is never
/// passed through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untranslatable {
    /// A function that is not supported, or not with these arguments.
    #[error("the function `{name}` cannot be translated: {why}")]
    Function {
        /// Its name, in lower case.
        name: String,
        /// The reason.
        why: &'static str,
    },
    /// An operator with another result.
    #[error("the operator `{operator}` cannot be translated: {why}")]
    Operator {
        /// The operator.
        operator: String,
        /// The reason.
        why: &'static str,
    },
    /// Any other construct that differs.
    #[error("{what} cannot be translated: {why}")]
    Construct {
        /// Its description.
        what: String,
        /// The reason.
        why: &'static str,
    },
    /// A name that cannot be resolved.
    #[error("the column `{name}` is not known")]
    UnknownColumn {
        /// The name.
        name: String,
    },
    /// A table or view that does not exist.
    #[error("the table `{name}` is not known")]
    UnknownTable {
        /// The name.
        name: String,
    },
    /// Nesting that is too deep.
    #[error("it is nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A translation that is too long.
    #[error("its translation exceeds {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// Text that is not a statement.
    #[error("it cannot be parsed as SQL: {reason}")]
    Unreadable {
        /// The message of the parser.
        reason: String,
    },
}

impl Untranslatable {
    pub(crate) fn function(name: &str, why: &'static str) -> Self {
        Self::Function { name: shortened(name).to_ascii_lowercase(), why }
    }

    pub(crate) fn operator(operator: &str, why: &'static str) -> Self {
        Self::Operator { operator: operator.to_owned(), why }
    }

    pub(crate) fn construct(what: impl Into<String>, why: &'static str) -> Self {
        Self::Construct { what: what.into(), why }
    }

    pub(crate) fn unknown_column(name: &str) -> Self {
        Self::UnknownColumn { name: shortened(name) }
    }

    pub(crate) fn withheld(name: &str, withheld: Withheld) -> Self {
        let why = match withheld {
            Withheld::Skipped => "it is skipped",
            Withheld::Mixed => {
                "it holds values of another storage class than its type's, such as text beside numbers, and SQLite \
                 computes with each value by its own class"
            }
            Withheld::Collation => "the application defines its collation",
        };
        Self::construct(format!("the column `{}`", shortened(name)), why)
    }

    pub(crate) fn unknown_table(name: &str) -> Self {
        Self::UnknownTable { name: shortened(name) }
    }
}

/// Names may be a megabyte long; a message contains the start.
pub(crate) fn shortened(name: &str) -> String {
    const LONGEST: usize = 80;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}
