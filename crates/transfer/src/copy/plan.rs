//! What a run will do, computed before it does anything.

use std::collections::BTreeSet;

use serde::Serialize;

use super::application::Application;
use super::state::Part;
use crate::table::{Key, Table};
use databases::migrations::Loss;

/// What is asked of a run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The tables to copy; empty for all.
    pub tables: Vec<String>,
    /// What is done about rows in the target that no earlier run from this source wrote.
    pub existing: Existing,
    /// Whether the target's tables are dropped and made anew.
    pub recreate: bool,
    /// Whether an unfinished run is begun anew instead of continued: its tables are emptied.
    pub restart: bool,
    /// What is done about rows that cannot go in.
    pub on_error: OnError,
    /// Whether both sides are only compared, so that rows of the target stand in nobody's way.
    pub verify_only: bool,
}

/// What is done about a row that cannot go in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// The run ends.
    #[default]
    Stop,
    /// The row is set aside as a reject, the rest goes on.
    Skip,
}

/// What is done about rows of the target that are not this source's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Existing {
    /// The run is refused.
    #[default]
    Refuse,
    /// They stay; rows are added beside them.
    Append,
    /// The selected tables, and no others, are emptied first.
    Clear,
}

/// Something that preflight found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether it stops the run.
    pub kind: FindingKind,
    /// What was found.
    pub text: String,
    /// What to do about it.
    pub hint: String,
}

/// So many rows, in words.
pub(super) fn rows(row_count: i64) -> String {
    format!("{row_count} row{}", if row_count == 1 { "" } else { "s" })
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingKind {
    /// The run does not begin.
    Blocker,
    /// The run goes on.
    Warning,
}

impl Finding {
    /// Something that stops the run.
    pub fn blocker(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind: FindingKind::Blocker, text: text.into(), hint: hint.into() }
    }

    pub(super) fn warning(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind: FindingKind::Warning, text: text.into(), hint: hint.into() }
    }
}

/// What happens to the schema of the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "action")]
pub enum SchemaPlan {
    /// It is there already.
    Ready,
    /// The target is empty: the application's migrations are applied.
    Create,
    /// Every migration is taken back, with these rows, and applied anew.
    Recreate {
        /// What is lost.
        losses: Vec<Loss>,
    },
    /// The tables of a database that is not ours are made by these statements, in their order.
    Make {
        /// What makes them.
        #[serde(skip)]
        statements: Vec<Make>,
        /// Tables that are dropped first, with their rows.
        #[serde(skip)]
        anew: Vec<String>,
    },
}

/// What makes an object of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Make {
    /// What it is, in words.
    pub kind: &'static str,
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// The statement.
    pub sql: String,
    /// Whether nothing goes without it; of others, one that PostgreSQL refuses is left out, and named.
    pub is_needed: bool,
}

/// What is done about a key, index or foreign key that PostgreSQL refuses to put up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnRefused {
    /// The run ends: the target's own definitions come back, or the run is not over.
    #[default]
    Stop,
    /// A foreign key that rows are against stays as it is, not valid, and is named; of anything else the run ends.
    KeepNotValid,
    /// The run goes on without it, and names it.
    LeaveOut,
}

/// How the rows of a table get in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Every row is there.
    Nothing,
    /// The table of the target is empty, or is emptied: all rows, without indexes and keys in the way.
    Fresh,
    /// An unfinished run is continued where it was.
    Continue(Vec<Part>),
    /// Rows are in the target: those whose keys are missing are added, under all its keys and indexes.
    Merge,
}

/// What happens to one table.
#[derive(Clone)]
pub struct TablePlan {
    /// The table.
    pub table: &'static dyn Table,
    /// Rows of the source.
    pub total: i64,
    /// Rows of the target, before it is cleared.
    pub held: i64,
    /// Rows whose key the target has already, and keeps.
    pub already_there: i64,
    /// Rows that an unfinished run has set aside.
    pub rejected: i64,
    /// Rows of the target whose key the source does not have.
    pub only_in_target: i64,
    /// Whether its rows refer to rows of the same table, so that they can only be checked together.
    pub refers_to_itself: bool,
    /// Whether it is emptied.
    pub cleared: bool,
    pub(super) mode: Mode,
    /// Rows of the source that are against its own checks, and are set aside.
    pub(super) violating: BTreeSet<Key>,
    /// The parts, once the table is cut into them.
    pub(super) parts: Vec<Part>,
}

impl TablePlan {
    /// Nothing is to be done with the table, of which the source has so many rows.
    pub(super) fn nothing(table: &'static dyn Table, total: i64) -> Self {
        Self {
            table,
            total,
            held: 0,
            already_there: 0,
            rejected: 0,
            only_in_target: 0,
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
    /// What a run that continues this one must agree on.
    pub agreement: String,
    /// What is done about rows that cannot go in.
    pub on_error: OnError,
    /// Whether rows that refer to rows that are not there are set aside when foreign keys come back.
    pub sets_orphans_aside: bool,
    /// What is done about definitions that are refused.
    pub on_refused: OnRefused,
    /// The command that runs it.
    pub command: &'static str,
    /// The tables, parents before children.
    pub tables: Vec<TablePlan>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// What stands in the way.
    pub fn blockers(&self) -> Vec<Finding> {
        let blocks = |finding: &&Finding| finding.kind == FindingKind::Blocker;
        self.findings.iter().filter(blocks).cloned().collect()
    }

    /// Rows that will be copied.
    pub fn missing(&self) -> i64 {
        self.tables.iter().map(TablePlan::missing).sum()
    }

    /// Tables that will be emptied, with the rows they hold.
    pub fn cleared(&self) -> Vec<(&'static str, i64)> {
        let cleared = self.tables.iter().filter(|plan| plan.cleared && plan.held > 0);
        cleared.map(|plan| (plan.table.name(), plan.held)).collect()
    }
}
