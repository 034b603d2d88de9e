//! The assessment of a database.

use serde::Serialize;

use super::{Grade, Prediction};
use crate::conversion::Statement;
use crate::finding::Finding;

/// The assessment of a database for an import. `docs/assessment.md` describes its JSON.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The path of the file, as on the command line.
    pub source: String,
    /// Bytes of the file.
    pub size_bytes: i64,
    /// The version of this program.
    pub program_version: String,
    /// The grade: `Grade::of` the findings.
    pub grade: Grade,
    /// The tables, in the order of the source.
    pub tables: Vec<TableAssessment>,
    /// The findings, in any order: reports sort them.
    pub findings: Vec<Finding>,
    /// The statements that create the target's schema, in the order of execution.
    pub statements: Vec<Statement>,
    /// The predicted result of an import: `Prediction::of` the tables.
    pub predicted: Prediction,
    /// The duration of the assessment.
    pub elapsed_ms: u64,
}

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
