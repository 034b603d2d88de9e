//! The options for statements.

use crate::decisions::NoCase;

/// Options for statements in addition to the conversion.
#[derive(Clone, Debug, Default)]
pub struct DdlOptions {
    /// How keys with case-insensitive comparison are converted.
    pub nocase: NoCase,
    /// Whether a full-text table is converted to an index on its content table.
    pub full_text: bool,
    /// Foreign keys that are added NOT VALID because rows violate them: the table's name in the source, and the index
    /// of the foreign key in it.
    pub orphans_not_valid: Vec<(String, usize)>,
    /// Columns that hold values of more than 2,600 bytes: the names of table and column in the source. A B-tree entry
    /// has at most 2,704 bytes.
    pub long_values: Vec<(String, String)>,
}
