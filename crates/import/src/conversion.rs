//! Which table and column becomes what: the result of reading schema, values and the user's decisions.

use serde::Serialize;

use super::types::TargetType;

/// What becomes of a database.
#[derive(Clone, Debug, Serialize)]
pub struct Conversion {
    /// The schema of PostgreSQL that the tables go into.
    pub schema: String,
    /// Its tables, in the order of the source.
    pub tables: Vec<TableConversion>,
}

/// What becomes of a table.
#[derive(Clone, Debug, Serialize)]
pub struct TableConversion {
    /// Its name in the source.
    pub source: String,
    /// Its name in the target.
    pub target: String,
    /// Its columns, in the order of the source. Those that are left out are not among them.
    pub columns: Vec<ColumnConversion>,
    /// Rows of the source.
    pub row_count: i64,
    /// The space of its values in bytes, as read.
    pub size_bytes: i64,
}

/// What becomes of a column.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnConversion {
    /// Its name in the source.
    pub source: String,
    /// Its name in the target.
    pub target: String,
    /// Its type in the target.
    pub target_type: TargetType,
    /// Whether the target refuses NULL: where the source does, and no NULL was found.
    pub not_null: bool,
    /// Whether the target computes it (`GENERATED ALWAYS AS ... STORED`), so that no value is sent. Where the
    /// expression cannot be translated the values of the source are carried into an ordinary column instead.
    pub is_generated: bool,
    /// For an identity column, the value it continues with.
    pub identity: Option<i64>,
    /// What is done with values that the type does not hold.
    pub misfit: Misfit,
    /// Whether it holds values of several storage classes, or of another than its type stands for: SQLite computes
    /// with numbers in one row and with text in another, so no expression that names it is translated.
    pub is_mixed: bool,
}

/// What is done with a value that its column does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Misfit {
    /// Its row is set aside as a reject, with every value.
    #[default]
    Reject,
    /// It becomes NULL, and is counted and named.
    Null,
    /// Characters NUL are taken out of text, and counted and named.
    RemoveNul,
    /// Text is taken as its bytes, in a column of type `bytea`.
    Bytes,
}

/// A statement for PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// What it makes.
    pub kind: StatementKind,
    /// The table, as it is named in the target; of a view, the view.
    pub table: String,
    /// What it makes, as it is named in the target.
    pub name: String,
    /// The statement, without a semicolon.
    pub sql: String,
}

/// What a statement makes. Statements run in this order.
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
