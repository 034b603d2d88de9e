//! What happens to one table.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::table::{Key, Table};
use crate::target::state::Part;

/// How the rows of a table are copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Every row is in the target.
    Nothing,
    /// The table of the target is empty, or is emptied: all rows, without indexes and keys.
    Fresh,
    /// An unfinished run is continued at its checkpoints.
    Continue(Vec<Part>),
    /// Rows are in the target: those whose keys are missing are added, with all keys and indexes in force.
    Merge,
}

/// What happens to one table.
#[derive(Clone)]
pub struct TablePlan {
    /// The table.
    pub table: Arc<dyn Table>,
    /// Rows of the source.
    pub total: i64,
    /// Rows of the target, before it is cleared.
    pub held: i64,
    /// Rows whose key the target has already, and keeps.
    pub already_there: i64,
    /// Rows that an unfinished run has rejected.
    pub rejected: i64,
    /// Rows of the target whose key the source does not have.
    pub only_in_target: i64,
    /// Bytes of all its rows in the binary form of COPY, estimated; `None` when that is unknown.
    pub size_bytes: Option<u64>,
    /// Whether its rows refer to rows of the same table, so that they can only be checked together.
    pub refers_to_itself: bool,
    /// Whether it is emptied.
    pub cleared: bool,
    pub(crate) mode: Mode,
    /// Rows of the source that violate its checks, and are rejected.
    pub(crate) violating: BTreeSet<Key>,
    /// The parts, when the table has been cut.
    pub(crate) parts: Vec<Part>,
}

impl TablePlan {
    /// Nothing is to be done with the table, of which the source has so many rows.
    pub(crate) fn nothing(table: Arc<dyn Table>, total: i64) -> Self {
        Self {
            table,
            total,
            held: 0,
            already_there: 0,
            rejected: 0,
            only_in_target: 0,
            size_bytes: None,
            refers_to_itself: false,
            cleared: false,
            mode: Mode::Nothing,
            violating: BTreeSet::new(),
            parts: Vec::new(),
        }
    }

    /// Rows to be copied.
    pub fn missing(&self) -> i64 {
        self.total - self.already_there - self.rejected
    }

    /// Bytes of the rows to be copied, estimated; `None` when that is unknown.
    pub fn missing_bytes(&self) -> Option<u64> {
        let (missing, total) = (self.missing().max(0).unsigned_abs(), self.total.max(1).unsigned_abs());
        let missing_bytes = u128::from(self.size_bytes?) * u128::from(missing) / u128::from(total);
        u64::try_from(missing_bytes).ok()
    }
}
