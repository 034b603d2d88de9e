//! The assessments of tables and columns.

use serde::Serialize;

/// The assessment of a table.
#[derive(Clone, Debug, Serialize)]
pub struct TableAssessment {
    /// Its name in the source.
    pub source: String,
    /// Its name in the target.
    pub target: String,
    /// Rows of the source.
    pub row_count: i64,
    /// Bytes of its values, as read.
    pub size_bytes: i64,
    /// Indexes in the target, including those of its primary key and UNIQUE constraints.
    pub index_count: i64,
    /// Rows that are expected to be rejected.
    pub predicted_rejects: i64,
    /// Its columns, in the order of the source.
    pub columns: Vec<ColumnAssessment>,
}

/// The assessment of a column.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnAssessment {
    /// Its name in the source.
    pub source: String,
    /// Its name in the target.
    pub target: String,
    /// Its declared type; empty if there is none.
    pub declared_type: String,
    /// Its type in the target, in the notation of PostgreSQL.
    pub target_type: String,
    /// The number of its NULL values.
    pub nulls: i64,
    /// Additional information, such as how incompatible values are handled.
    pub note: Option<String>,
}
