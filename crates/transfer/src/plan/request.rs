//! What is to be planned, as data: all that differs between the tables of an application and those of other databases.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::application::Application;
use crate::finding::Finding;
use crate::plan::{Existing, Make, OnError, OnRefused};
use crate::table::{Key, Table};
use crate::target::state::{RunRecord, RunState};
use databases::catalog::Catalog;
use databases::hint::Hint;

/// What a run is to copy.
pub(super) struct PlanRequest<'a> {
    /// The application whose tables these are; one without tables and migrations where there is none.
    pub(super) application: Application,
    /// The command that runs it.
    pub(super) command: &'static str,
    /// The identity of the source; empty where it has none, which is a finding.
    pub(super) source_id: String,
    /// The run settings that a continued run must agree on.
    pub(super) run_settings: String,
    /// Where the schema of the target comes from.
    pub(super) schema: SchemaSource<'a>,
    /// What is done about rows of the target that no run from this source wrote.
    pub(super) existing: Existing,
    /// Whether an unfinished run is begun from the start instead of continued.
    pub(super) restart: bool,
    /// What is done about rows that are refused.
    pub(super) on_error: OnError,
    /// What is done about definitions that are refused.
    pub(super) on_refused: OnRefused,
    /// Whether rows that refer to missing rows are rejected.
    pub(super) rejects_orphans: bool,
    /// Whether the materialized views of the schema are refreshed at the end.
    pub(super) refreshes_views: bool,
    /// Whether both sides are only compared.
    pub(super) compares_only: bool,
    /// Whether runs from other sources write to the same tables, so that this one may restart theirs.
    pub(super) shares_tables: bool,
    /// Whether tables without rows get a record too: a later run knows its tables by their records.
    pub(super) records_empty_tables: bool,
    /// What the caller found.
    pub(super) findings: Vec<Finding>,
    /// What to do about rows that block the run.
    pub(super) hints: &'static Hints,
}

/// Where the schema of the target comes from.
pub(super) enum SchemaSource<'a> {
    /// From the migrations of the application, which create this catalog.
    Migrations {
        /// The catalog.
        expected: &'a Catalog,
        /// Whether the tables are dropped and created again.
        recreate: bool,
    },
    /// From statements that create the tables.
    Statements(&'a [Make]),
    /// The tables exist.
    Existing,
}

/// A table to be copied.
pub(super) struct TableRequest<'a> {
    /// The table.
    pub(super) table: Arc<dyn Table>,
    /// Rows of the source, where they are counted already.
    pub(super) total: Option<i64>,
    /// Rows that are rejected whatever they hold.
    pub(super) rejected: BTreeSet<Key>,
    /// The conditions that each row must meet; `None` where none are known.
    pub(super) checks: Option<&'a [String]>,
}

/// What to do about rows of the target that block a run.
pub(super) struct Hints {
    /// Rows that no run from this source wrote.
    pub(super) unknown_rows: Hint,
    /// Rows of a table of this source that the source does not have.
    pub(super) only_in_target: Hint,
    /// Rows that were added to a table while a run was unfinished.
    pub(super) changed_rows: Hint,
}

impl PlanRequest<'_> {
    /// Whether `run` wrote to tables that this one may take over.
    pub(super) fn is_ours(&self, run: &RunRecord) -> bool {
        run.command == self.command && (self.shares_tables || run.source_id == self.source_id)
    }

    /// Whether rows of the table refer to rows of the same table, so that they can only be checked together.
    pub(super) fn refers_to_itself(&self, name: &str) -> bool {
        let SchemaSource::Migrations { expected, .. } = self.schema else { return false };
        let keys = expected.tables.get(name).map(|table| table.foreign_keys.as_slice());
        keys.unwrap_or_default().iter().any(|key| key.parent_table == name)
    }

    /// The newest of `runs` that is ours and ended.
    pub(super) fn completed<'r>(&self, runs: &'r [RunRecord]) -> Option<&'r RunRecord> {
        runs.iter().find(|run| self.is_ours(run) && run.state == RunState::Completed)
    }
}
