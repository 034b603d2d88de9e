//! What was found out about a database.

use serde::Serialize;

use super::{Grade, Prediction};
use crate::conversion::Statement;
use crate::finding::Finding;

/// What was found out about a database, and what will happen to it. `docs/assessment.md` describes its JSON.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The file, as its path was given.
    pub source: String,
    /// Bytes of the file.
    pub size_bytes: i64,
    /// The version of this program.
    pub program_version: String,
    /// How much there is to decide: `Grade::of` the findings.
    pub grade: Grade,
    /// Table by table, in the order of the source.
    pub tables: Vec<TableAssessment>,
    /// What was found, in any order: reports sort it.
    pub findings: Vec<Finding>,
    /// The statements that make the target's schema, in the order they run.
    pub statements: Vec<Statement>,
    /// What an import is expected to come to: `Prediction::of` the tables.
    pub predicted: Prediction,
    /// How long the assessment took.
    pub elapsed_ms: u64,
}

/// What was found out about a table.
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
    /// Indexes the target gets, those of its primary key and UNIQUE constraints among them.
    pub index_count: i64,
    /// Rows that are expected to be set aside.
    pub predicted_rejects: i64,
    /// Its columns, in the order of the source.
    pub columns: Vec<ColumnAssessment>,
}

/// What was found out about a column.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnAssessment {
    /// Its name in the source.
    pub source: String,
    /// Its name in the target.
    pub target: String,
    /// Its type as declared; empty when there is none.
    pub declared_type: String,
    /// Its type in the target, as PostgreSQL writes it.
    pub target_type: String,
    /// How many of its values are NULL.
    pub nulls: i64,
    /// What is worth knowing about it, such as the form of its values.
    pub note: Option<String>,
}
