//! Errors of the configuration file.

/// An error of the configuration file.
#[derive(Debug, thiserror::Error)]
pub enum DecisionsError {
    /// The file cannot be parsed.
    #[error("parse line {line} of the configuration file")]
    Read {
        /// The line, from 1.
        line: usize,
        /// The cause.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A single setting cannot be parsed.
    #[error("parse the setting `{setting}`")]
    Setting {
        /// The setting.
        setting: String,
        /// The cause.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A table that does not exist in the source.
    #[error("the configuration file names the table {table:?}, which does not exist in the source")]
    UnknownTable {
        /// Its name.
        table: String,
    },
    /// A column that does not exist in its table.
    #[error(
        "the configuration file names the column {column:?}, which does not exist in the table {table:?}"
    )]
    UnknownColumn {
        /// The table.
        table: String,
        /// The name of the column.
        column: String,
    },
    /// Rounding without a type to round to.
    #[error(
        "the configuration file sets `round` for the column {column:?} of the table {table:?} without `type`"
    )]
    RoundWithoutType {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A name that PostgreSQL does not allow.
    #[error(
        "the configuration file sets the name {name:?}, which is empty, contains NUL, is reserved or is longer than 63 bytes"
    )]
    UnusableName {
        /// The name.
        name: String,
    },
    /// Two tables, or two columns of a table, with the same name.
    #[error("the configuration file results in the name {name:?} twice{place}", place = in_table(.table.as_deref()))]
    SameName {
        /// The table; `None` if it concerns tables.
        table: Option<String>,
        /// The name.
        name: String,
    },
}

fn in_table(table: Option<&str>) -> String {
    table.map(|table| format!(" in the table {table:?}")).unwrap_or_default()
}
