//! The result of matching the source with the target.

use super::application::Framework;
use crate::types::TargetType;

/// The result of matching.
#[derive(Clone, Debug)]
pub struct Matches {
    /// The application that the tables belong to.
    pub application: Framework,
    /// The tables that are copied, in the order of the source.
    pub tables: Vec<TableMatch>,
}

/// A table of the source with its target table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableMatch {
    /// Its name in the source.
    pub source: String,
    /// The name of the target's table.
    pub target: String,
    /// Its columns with a target column, in the order of the source.
    pub columns: Vec<ColumnMatch>,
    /// Its columns that the target does not have, or that are skipped. Their values are counted.
    pub missing: Vec<String>,
}

/// A column of the source with its target column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMatch {
    /// Its name in the source.
    pub source: String,
    /// The name of the target's column.
    pub target: String,
    /// The name of the target's type in PostgreSQL.
    pub type_name: String,
    /// The possible forms of its values, most likely first. All have the target's type. If there are several numeric
    /// forms of an instant, any number fits each: the unit is decided from the values, or configured.
    pub target_types: Vec<TargetType>,
    /// The precision of a time, timestamp or timestamptz. PostgreSQL silently rounds a value with more digits, so it
    /// is incompatible.
    pub fraction_digits: Option<u8>,
    /// The labels of an enum: other text is incompatible. Empty for other types.
    pub labels: Vec<String>,
    /// Whether the target column is NOT NULL.
    pub not_null: bool,
    /// Whether a sequence of the target generates its values, which must continue after the copied ones.
    pub has_sequence: bool,
    /// Whether it is a generated column in the target, so that no value is sent.
    pub is_generated: bool,
}
