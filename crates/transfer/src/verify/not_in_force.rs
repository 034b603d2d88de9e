//! What exists in the target and is not in force.

use serde::Serialize;

/// A constraint or an index of the target that exists and is not in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotInForce {
    /// The table.
    pub table: String,
    /// Its kind: `foreign key`, `check`, `index`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Why it is not in force: `not valid`, `switched off`.
    pub state: String,
}
