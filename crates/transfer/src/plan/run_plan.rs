//! What a run will do, computed before it does anything.

use crate::application::Application;
use crate::finding::{Finding, FindingKind};
use crate::plan::options::{Existing, OnError};
use crate::plan::schema_plan::SchemaPlan;
use crate::plan::table_plan::TablePlan;

/// What is done about a key, index or foreign key that PostgreSQL refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnRefused {
    /// The run ends with an error: it is complete only when all definitions of the target are recreated.
    #[default]
    Stop,
    /// It is reported, and the run goes on without it; its definition stays stored, so that it can be recreated when the
    /// rows at fault are corrected. A foreign key that rows violate stays NOT VALID meanwhile.
    KeepDefinition,
    /// It is skipped and reported, and the run goes on.
    LeaveOut,
}

/// What a run will do.
pub struct Plan {
    /// The application whose migrations create the target's schema; one without tables and migrations for an import.
    pub application: Application,
    /// The identity of the source database.
    pub source_id: String,
    /// What happens to the target's schema.
    pub schema: SchemaPlan,
    /// What happens to rows of the target.
    pub existing: Existing,
    /// The run that is continued.
    pub continues: Option<String>,
    /// The run settings that a continued run must agree on.
    pub agreement: String,
    /// What is done about rows that are refused.
    pub on_error: OnError,
    /// Whether rows that refer to missing rows are rejected when foreign keys are recreated.
    pub sets_orphans_aside: bool,
    /// What is done about definitions that are refused.
    pub on_refused: OnRefused,
    /// Whether the materialized views of the schema are refreshed at the end.
    pub refreshes_views: bool,
    /// The command that runs it.
    pub command: &'static str,
    /// The tables, parents before children.
    pub tables: Vec<TablePlan>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// What happens to an object of this table that PostgreSQL refuses. What another run dropped from a table that this run
    /// does not fill keeps its definition.
    pub(crate) fn on_refused_of(&self, table: &str) -> OnRefused {
        let is_filled = self.tables.iter().any(|plan| plan.table.name() == table);
        match self.on_refused {
            OnRefused::LeaveOut if !is_filled => OnRefused::KeepDefinition,
            policy => policy,
        }
    }

    /// The findings that block the run.
    pub fn blockers(&self) -> Vec<Finding> {
        let blocks = |finding: &&Finding| finding.kind == FindingKind::Blocker;
        self.findings.iter().filter(blocks).cloned().collect()
    }

    /// Rows that will be copied.
    pub fn missing(&self) -> i64 {
        self.tables.iter().map(TablePlan::missing).sum()
    }

    /// Bytes of the rows that will be copied, estimated; `None` when that is unknown.
    pub fn missing_bytes(&self) -> Option<u64> {
        self.tables.iter().map(TablePlan::missing_bytes).sum()
    }

    /// Bytes of all rows of the source, estimated; `None` when that is unknown.
    pub fn size_bytes(&self) -> Option<u64> {
        self.tables.iter().map(|plan| plan.size_bytes).sum()
    }

    /// Tables that will be emptied, with the rows they hold.
    pub fn cleared(&self) -> Vec<(&str, i64)> {
        let cleared = self.tables.iter().filter(|plan| plan.cleared && plan.held > 0);
        cleared.map(|plan| (plan.table.name(), plan.held)).collect()
    }
}
