//! Why something has no equal in PostgreSQL.

/// What is not translated, by name, and why. Nothing that is not known to be the same is passed through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untranslatable {
    /// A function that is not on the list, or not with these arguments.
    #[error("the function `{name}` is not translated: {why}")]
    Function {
        /// Its name, in lower case.
        name: String,
        /// Why.
        why: &'static str,
    },
    /// An operator whose result would not be the same.
    #[error("the operator `{operator}` is not translated: {why}")]
    Operator {
        /// The operator.
        operator: String,
        /// Why.
        why: &'static str,
    },
    /// Anything else that the two do not share.
    #[error("{what} is not translated: {why}")]
    Construct {
        /// What it is.
        what: String,
        /// Why.
        why: &'static str,
    },
    /// A name that means nothing here.
    #[error("the column `{name}` is not known here")]
    UnknownColumn {
        /// The name.
        name: String,
    },
    /// A table or view that is not there.
    #[error("the table `{name}` is not known here")]
    UnknownTable {
        /// The name.
        name: String,
    },
    /// Nested beyond what is followed.
    #[error("it is nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// The translation would become too long.
    #[error("its translation would be longer than {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// What was given as a statement is none.
    #[error("it cannot be read as SQL: {reason}")]
    Unreadable {
        /// What the parser says.
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

    pub(crate) fn unknown_table(name: &str) -> Self {
        Self::UnknownTable { name: shortened(name) }
    }
}

/// Names may be a megabyte long; a message needs their beginning.
pub(crate) fn shortened(name: &str) -> String {
    const LONGEST: usize = 80;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}
