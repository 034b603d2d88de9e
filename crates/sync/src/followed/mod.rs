//! A table that is followed: how its changed rows are read from the source, and found in the target.

mod of_foreign;
mod of_model;

use std::sync::Arc;

use diesel::SqliteConnection;

pub(crate) use of_foreign::OfForeign;
pub(crate) use of_model::OfModel;

use crate::spool::Spool;
use import::values::SourceValue;
use transfer::table::{EachRow, ReadError, Table};

/// A part of the change log: the entries of one table after one number, up to and including another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LogRange {
    /// The number of the table in the log.
    pub(crate) t: i64,
    /// The number after which it begins.
    pub(crate) after: i64,
    /// The number with which it ends.
    pub(crate) upto: i64,
}

/// A table that can be copied and compared, and of which single rows can be replaced.
pub(crate) trait Followed: Send + Sync {
    /// The table, as it is written.
    fn table(&self) -> &Arc<dyn Table>;

    /// The columns of the target that hold the key, in the order of the log; empty if the log has images.
    fn key_columns(&self) -> Vec<String>;

    /// Whether the key in the log is the one by which rows are copied and rejected.
    fn has_table_key(&self) -> bool;

    /// Whether different keys of the source are different keys of the target.
    fn has_certain_key(&self) -> bool;

    /// Appends the key as one tuple of binary COPY. False if the types of the target cannot hold it: no row of the target
    /// has this key.
    fn encode_key(&self, key: &[SourceValue<'_>], tuple: &mut Vec<u8>) -> bool;

    /// Appends the row that an image holds, as one tuple.
    ///
    /// # Errors
    /// When a value has no form in the target: the target does not have the row.
    fn encode_image(&self, image: &[SourceValue<'_>], tuple: &mut Vec<u8>) -> Result<(), ReadError>;

    /// Reads the present rows of all keys in a part of the log. `keys` are the same keys, encoded and in order.
    ///
    /// # Errors
    /// When the source fails. A row that cannot be encoded is passed on as an error.
    fn read_changed(
        &self,
        source: &mut SqliteConnection,
        range: LogRange,
        keys: &mut Spool,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError>;
}
