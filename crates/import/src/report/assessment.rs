//! The assessment of a database.

use super::{Grade, Prediction, TableAssessment};
use serde::Serialize;

use crate::conversion::Statement;
use crate::finding::ImportFinding;

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
    /// The tables that are not converted, in the order of the source.
    pub skipped_tables: Vec<SkippedTable>,
    /// The findings, in any order: reports sort them.
    pub findings: Vec<ImportFinding>,
    /// The statements that create the target's schema, in the order of execution.
    pub statements: Vec<Statement>,
    /// The predicted result of an import: `Prediction::of` the tables.
    pub predicted: Prediction,
    /// The duration of the assessment.
    pub elapsed_ms: u64,
}

/// A table that is not converted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedTable {
    /// Its name.
    pub name: String,
    /// Its rows, as far as they can be read.
    pub row_count: i64,
}
