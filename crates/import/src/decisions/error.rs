//! What can be wrong with decisions.

/// What can be wrong with decisions.
#[derive(Debug, thiserror::Error)]
pub enum DecisionsError {
    /// The file cannot be read.
    #[error("read line {line} of the decisions")]
    Read {
        /// The line, from 1.
        line: usize,
        /// Why not.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A table that is not in the database.
    #[error("the decisions name a table {table:?}, which is not in the database")]
    UnknownTable {
        /// Its name.
        table: String,
    },
    /// A column that its table does not have.
    #[error("the decisions name a column {column:?}, which the table {table:?} does not have")]
    UnknownColumn {
        /// The table.
        table: String,
        /// The column's name.
        column: String,
    },
    /// A name that PostgreSQL cannot have.
    #[error(
        "the decisions give the name {name:?}, which is empty, holds NUL, is reserved or has more than 63 bytes"
    )]
    UnusableName {
        /// The name.
        name: String,
    },
    /// Two tables, or two columns of a table, with one name.
    #[error("the decisions lead to the name {name:?} twice{place}", place = in_table(.table.as_deref()))]
    SameName {
        /// The table; `None` where it is about tables.
        table: Option<String>,
        /// The name.
        name: String,
    },
}

fn in_table(table: Option<&str>) -> String {
    table.map(|table| format!(" in the table {table:?}")).unwrap_or_default()
}
