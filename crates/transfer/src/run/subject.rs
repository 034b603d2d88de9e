//! What a run copies, beyond the plan.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::table::Table;
use crate::target::state::Reject;
use crate::verify::OnlyInTarget;
use databases::catalog::Catalog;

/// What a run copies and compares.
pub struct RunSubject {
    /// The tables, as they are copied.
    pub tables: Vec<Arc<dyn Table>>,
    /// The same tables, as they are compared.
    pub compared: Vec<Arc<dyn Table>>,
    /// What the catalog of the target must be.
    pub expected: Catalog,
    /// Whether rows that only the target has are differences.
    pub only_in_target: OnlyInTarget,
    /// The tables and views that the run creates: skipped objects of these belong to it.
    pub objects: BTreeSet<String>,
    /// Whether something of the source is not copied, whatever its rows are.
    pub is_partial: bool,
    /// Values that become NULL, to be written to the file of rejects.
    pub cleared: Vec<Reject>,
}
