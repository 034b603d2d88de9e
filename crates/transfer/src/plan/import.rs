//! Planning an import: the tables of a database that is not the application's, of which the caller knows everything.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::application::Application;
use crate::control::Control;
use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::planner::plan;
use crate::plan::request::{Hints, PlanRequest, SchemaSource, TableRequest};
use crate::plan::{Existing, Make, OnError, OnRefused, Plan};
use crate::source::Source;
use crate::table::{Key, Table};
use crate::target::Target;
use databases::hint::Hint;
use databases::migrations::Migrations;

/// What to do about rows that block an import.
const HINTS: Hints = Hints {
    unknown_rows: Hint::ClearTables,
    only_in_target: Hint::OtherSchemaOrRestart,
    changed_rows: Hint::RestartRun { empties_tables: false },
};

/// A table to be copied.
pub struct Given {
    /// The table.
    pub table: Arc<dyn Table>,
    /// Rows of the source.
    pub total: i64,
    /// Rows that are rejected whatever they hold.
    pub set_aside: BTreeSet<Key>,
}

/// The options of an import.
#[derive(Default)]
pub struct Request {
    /// The identity of the source.
    pub source_id: String,
    /// The run settings that a continued run must agree on, as text.
    pub agreement: String,
    /// The statements that create the tables; `None` where they exist.
    pub statements: Option<Vec<Make>>,
    /// Whether an unfinished run is restarted: its tables are dropped, or emptied where it did not create them.
    pub restart: bool,
    /// Whether tables that hold rows are emptied first, where they exist.
    pub clear: bool,
    /// What is done about rows that are refused.
    pub on_error: OnError,
    /// Whether rows that refer to missing rows are rejected.
    pub sets_orphans_aside: bool,
    /// Whether the materialized views of the schema are refreshed at the end.
    pub refreshes_views: bool,
    /// Whether both sides are only compared.
    pub compares_only: bool,
    /// What the caller found that blocks the import.
    pub blockers: Vec<Finding>,
}

/// Plans the import of the tables, and finds what blocks it. Writes nothing.
///
/// # Errors
/// When either side cannot be read.
pub fn assemble(
    source: &mut Source,
    target: &mut Target,
    given: Vec<Given>,
    request: &Request,
    control: Control<'_>,
) -> Result<Plan, TransferError> {
    let tables: Vec<TableRequest<'_>> = given
        .into_iter()
        .map(|given| TableRequest {
            table: given.table,
            total: Some(given.total),
            rejected: given.set_aside,
            checks: None,
        })
        .collect();
    let request = PlanRequest {
        application: Application { tables: Vec::new(), migrations: &Migrations::NONE },
        command: "import",
        source_id: request.source_id.clone(),
        run_settings: request.agreement.clone(),
        schema: match &request.statements {
            Some(statements) => SchemaSource::Statements(statements),
            None => SchemaSource::Existing,
        },
        existing: if request.clear { Existing::Clear } else { Existing::Refuse },
        restart: request.restart,
        on_error: request.on_error,
        on_refused: match request.statements {
            Some(_) => OnRefused::LeaveOut,
            None => OnRefused::KeepDefinition,
        },
        rejects_orphans: request.sets_orphans_aside,
        refreshes_views: request.refreshes_views,
        compares_only: request.compares_only,
        shares_tables: false,
        records_empty_tables: true,
        findings: request.blockers.clone(),
        hints: &HINTS,
    };
    target.in_snapshot(|target| plan(source, target, tables, &request, control))
}
