//! What a revert would delete.

/// Rows that a revert would delete.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Loss {
    /// The table that would be dropped.
    pub table: &'static str,
    /// The rows it holds.
    pub row_count: i64,
}
