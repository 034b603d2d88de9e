//! What happens to the schema of the target.

use serde::Serialize;

use databases::migrations::Loss;

/// What happens to the schema of the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "action")]
pub enum SchemaPlan {
    /// It exists.
    Ready,
    /// The target is empty: the application's migrations are applied.
    Create,
    /// Every migration is reverted, with these rows, and applied again.
    Recreate {
        /// What is lost.
        losses: Vec<Loss>,
    },
    /// These statements create the tables, in their order.
    Make {
        /// The statements.
        #[serde(skip)]
        statements: Vec<Make>,
        /// Tables that are dropped first, with their rows.
        #[serde(skip)]
        anew: Vec<String>,
    },
}

/// A statement that creates an object of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Make {
    /// The kind of the object, as text.
    pub kind: &'static str,
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// The statement.
    pub sql: String,
    /// Whether the run needs it; another one that PostgreSQL refuses is skipped and reported.
    pub is_needed: bool,
}
