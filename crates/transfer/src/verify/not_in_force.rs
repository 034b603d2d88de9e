//! What is not in force in the target.

use serde::Serialize;

/// A constraint or an index of the source that is not in force in the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotInForce {
    /// The table.
    pub table: String,
    /// Its kind: `foreign key`, `check`, `index`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Why it is not in force: `not valid`, `switched off`, `missing`.
    pub state: String,
    /// Whether the run reported it as skipped: then it is no difference.
    pub is_reported: bool,
}

impl NotInForce {
    /// Whether it is the same object in the same state.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.table, &self.kind, &self.name, &self.state)
            == (&other.table, &other.kind, &other.name, &other.state)
    }
}
