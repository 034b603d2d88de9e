//! Planning a copy of the tables of an application.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::application::Application;
use crate::control::Control;
use crate::error::TransferError;
use crate::plan::damage::with_damage_check;
use crate::plan::planner::plan;
use crate::plan::request::{Hints, PlanRequest, SchemaSource, TableRequest};
use crate::plan::source_checks::check_source;
use crate::plan::unfinished;
use crate::plan::{OnError, OnRefused, Options, Plan};
use crate::source::Source;
use crate::table::Table;
use crate::target::Target;
use databases::hint::Hint;

/// What to do about rows that block a copy.
const HINTS: Hints = Hints {
    unknown_rows: Hint::AppendOrClear,
    only_in_target: Hint::AppendOrClear,
    changed_rows: Hint::RestartRun { empties_tables: true },
};

/// Plans a copy and finds what blocks it. Writes nothing.
///
/// # Errors
/// When either side cannot be read at all. What blocks the copy is a finding of the plan.
pub fn preflight(
    source: &mut Source,
    target: &mut Target,
    application: &Application,
    options: &Options,
    control: Control<'_>,
) -> Result<Plan, TransferError> {
    with_damage_check(source, |source| {
        // One state of the target for all questions, and nothing that a role which may only read could not ask.
        target.in_snapshot(|target| plan_copy(source, target, application, options, control))
    })
}

fn plan_copy(
    source: &mut Source,
    target: &mut Target,
    application: &Application,
    options: &Options,
    control: Control<'_>,
) -> Result<Plan, TransferError> {
    let selected = application.select(&options.tables)?;
    let (expected, checks) = (application.catalog()?, application.checks()?);
    let mut findings = Vec::new();
    let source_id = check_source(source, application.migrations, &expected, &mut findings)?;
    control.go_on()?;
    let no_checks: &[String] = &[];
    let wanted = |table: Arc<dyn Table>| TableRequest {
        checks: Some(checks.get(table.name()).map_or(no_checks, Vec::as_slice)),
        table,
        total: None,
        rejected: BTreeSet::new(),
    };
    let request = PlanRequest {
        application: application.clone(),
        command: "copy-from-sqlite",
        source_id: source_id.unwrap_or_default(),
        run_settings: unfinished::agreement(options, &selected, options.tables.is_empty()),
        schema: SchemaSource::Migrations { expected: &expected, recreate: options.recreate },
        existing: options.existing,
        restart: options.restart,
        on_error: options.on_error,
        on_refused: OnRefused::Stop,
        rejects_orphans: options.on_error == OnError::Skip,
        refreshes_views: false,
        compares_only: options.verify_only,
        shares_tables: true,
        records_empty_tables: false,
        findings,
        hints: &HINTS,
    };
    let tables = selected.iter().cloned().map(wanted).collect();
    plan(source, target, tables, &request, control)
}
