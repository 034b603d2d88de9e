//! The target of each table and column: the result of schema, values and the user's configuration.

use serde::{Deserialize, Serialize};

use super::types::{ReadAs, Reading, TargetType};

/// The conversion of a database.
#[derive(Clone, Debug, Serialize)]
pub struct Conversion {
    /// The PostgreSQL schema of the tables.
    pub schema: String,
    /// Its tables, in the order of the source.
    pub tables: Vec<TableConversion>,
}

/// The conversion of a table.
#[derive(Clone, Debug, Serialize)]
pub struct TableConversion {
    /// Its name in the source.
    pub source: String,
    /// Its name in the target.
    pub target: String,
    /// Its columns, in the order of the source, without those that are skipped.
    pub columns: Vec<ColumnConversion>,
    /// Rows of the source.
    pub row_count: i64,
    /// The size of its values in bytes, as read.
    pub size_bytes: i64,
}

/// The conversion of a column.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnConversion {
    /// Its name in the source.
    pub source: String,
    /// Its name in the target.
    pub target: String,
    /// Its type in the target.
    pub target_type: TargetType,
    /// How its values are read.
    #[serde(skip)]
    pub reading: Reading,
    /// The labels of an enum of an existing table; empty for other types.
    #[serde(skip)]
    pub labels: Vec<String>,
    /// Whether it is NOT NULL in the target: if it is in the source, and no NULL was found.
    pub not_null: bool,
    /// Whether it is a generated column in the target (`GENERATED ALWAYS AS ... STORED`), so that no value is sent.
    /// If the expression cannot be translated, an ordinary column gets the values of the source instead.
    pub is_generated: bool,
    /// For an identity column, its next value.
    pub identity: Option<i64>,
    /// How to handle values that are incompatible with the type.
    #[serde(rename = "misfit")]
    pub on_incompatible: OnIncompatible,
    /// Whether it holds values of several storage classes of which one is not a number, or of another class than that
    /// of its type: SQLite then evaluates an expression with numbers in one row and with text in another, so no
    /// expression with this column is translated.
    pub is_mixed: bool,
}

impl ColumnConversion {
    /// The type of its values, and how they are read.
    #[must_use]
    pub fn read_as(&self) -> ReadAs<'_> {
        ReadAs { target: self.target_type, reading: self.reading, labels: &self.labels }
    }
}

/// How to handle a value that is incompatible with its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnIncompatible {
    /// The row is rejected, with every value.
    #[default]
    Reject,
    /// It becomes NULL, and is counted and reported.
    Null,
    /// NUL characters are removed from text, and counted and reported.
    RemoveNul,
    /// Text is stored as its bytes, in a column of type `bytea`.
    Bytes,
}

/// A PostgreSQL statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The kind of object it creates.
    pub kind: StatementKind,
    /// The name of the table in the target; for a view, that of the view.
    pub table: String,
    /// The name of the created object in the target.
    pub name: String,
    /// The statement, without a semicolon.
    pub sql: String,
}

/// The kind of object that a statement creates. Statements run in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// The schema.
    Schema,
    /// An extension.
    Extension,
    /// A table, with its columns, defaults and generated columns.
    Table,
    /// A primary key or UNIQUE constraint.
    Key,
    /// A CHECK constraint.
    Check,
    /// An index.
    Index,
    /// A foreign key.
    ForeignKey,
    /// A comment.
    Comment,
    /// A view.
    View,
}
