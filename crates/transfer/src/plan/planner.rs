//! The planner: one order of checks and decisions for every run.

use std::sync::Arc;

use crate::control::Control;
use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::clear;
use crate::plan::created::created_schema;
use crate::plan::earlier::check_unfinished;
use crate::plan::migrated::{Wanted, migrated_schema};
use crate::plan::parents::check_parents;
use crate::plan::request::{PlanRequest, SchemaSource, TableRequest};
use crate::plan::table::{Earlier, count, plan_table};
use crate::plan::target_checks::{check_records, check_rights, check_server};
use crate::plan::unfinished::Unfinished;
use crate::plan::violations::{Strictness, check_rows};
use crate::plan::{Mode, Plan, SchemaPlan, TablePlan};
use crate::source::Source;
use crate::table::Table;
use crate::target::Target;
use crate::target::server;
use crate::target::state::{RunRecord, rejected_keys};
use databases::hint::Hint;

/// Plans a run in one snapshot of either side, and finds what blocks it. Writes nothing.
pub(super) fn plan(
    source: &mut Source,
    target: &mut Target,
    tables: Vec<TableRequest<'_>>,
    request: &PlanRequest<'_>,
    control: Control<'_>,
) -> Result<Plan, TransferError> {
    let listed: Vec<Arc<dyn Table>> = tables.iter().map(|wanted| Arc::clone(&wanted.table)).collect();
    let names: Vec<&str> = listed.iter().map(|table| table.name()).collect();
    let mut findings = request.findings.clone();
    check_server(target, &mut findings)?;
    let unfinished = match request.compares_only {
        true => None,
        false => Unfinished::load(target)?,
    };
    let runs = RunRecord::load(target)
        .map_err(|source| TransferError::UseTarget { what: "read the runs", source })?;
    findings.extend(check_unfinished(unfinished.as_ref(), &names, request));
    let continued = unfinished.as_ref().filter(|_| !request.restart);
    let schema = match request.schema {
        SchemaSource::Migrations { expected, recreate } => {
            let wanted =
                Wanted { recreates: recreate && continued.is_none(), compares_only: request.compares_only };
            let migrations = request.application.migrations;
            migrated_schema(target, migrations, expected, wanted, &mut findings)?
        }
        SchemaSource::Statements(statements) => {
            let earlier = (runs.as_slice(), unfinished.is_some());
            created_schema(target, &names, statements, request, earlier, &mut findings)?
        }
        SchemaSource::Existing => SchemaPlan::Ready,
    };
    let mut plan = Plan {
        application: request.application.clone(),
        source_id: request.source_id.clone(),
        existing: request.existing,
        continues: continued.map(|unfinished| unfinished.run.id.clone()),
        agreement: request.run_settings.clone(),
        on_error: request.on_error,
        sets_orphans_aside: request.rejects_orphans,
        on_refused: request.on_refused,
        refreshes_views: request.refreshes_views,
        command: request.command,
        schema,
        tables: Vec::new(),
        findings,
    };
    if !request.compares_only {
        check_records(target, &mut plan.findings)?;
        refuse_followed(target, &mut plan.findings)?;
    }
    // The schema that statements create may not exist yet, and tables that are created have no triggers.
    if !request.compares_only && !matches!(plan.schema, SchemaPlan::Make { .. }) {
        check_rights(target, &plan.schema, &names, &mut plan.findings)?;
        server::check(target, &names, &mut plan.findings)?;
    }
    // The wrong tables cannot be checked further, nor can tables without privileges.
    if !plan.blockers().is_empty() {
        return Ok(plan);
    }
    let earlier = Earlier {
        unfinished: unfinished.as_ref(),
        is_completed: request.shares_tables || request.completed(&runs).is_some(),
    };
    plan_tables((source, target), tables, request, &earlier, &mut plan, control)?;
    check_tables(source, target, request, &mut plan)?;
    Ok(plan)
}

/// Refuses to write rows that a sync writes: it goes on from its position, and does not know what others wrote.
fn refuse_followed(target: &mut Target, findings: &mut Vec<Finding>) -> Result<(), TransferError> {
    let failed = |source| TransferError::UseTarget { what: "look for a sync", source };
    if target.is_followed().map_err(failed)? {
        findings.push(Finding::blocker("a sync keeps the rows of this target up to date", Hint::EndSync));
    }
    Ok(())
}

fn plan_tables(
    (source, target): (&mut Source, &mut Target),
    tables: Vec<TableRequest<'_>>,
    request: &PlanRequest<'_>,
    earlier: &Earlier<'_>,
    plan: &mut Plan,
    control: Control<'_>,
) -> Result<(), TransferError> {
    let rejected = rejected_keys(target, &plan.source_id)?;
    for mut wanted in tables {
        control.go_on()?;
        let table = Arc::clone(&wanted.table);
        if let Some(checks) = wanted.checks {
            // Also before a comparison: what a typed read would not show is looked for here.
            let strict = Strictness::of(request.compares_only, request.on_error, rejected.get(table.name()));
            wanted.rejected.extend(check_rows(source, table.as_ref(), checks, strict, &mut plan.findings)?);
        }
        if request.compares_only {
            let total = count(source, &table.source_sql().name)?;
            plan.tables.push(TablePlan::nothing(table, total));
            continue;
        }
        let sides = (&mut *source, &mut *target);
        let mut planned = plan_table(sides, wanted, request, &plan.schema, earlier, &mut plan.findings)?;
        planned.refers_to_itself = request.refers_to_itself(table.name());
        if let (Mode::Continue(_), Some(unfinished)) = (&planned.mode, earlier.unfinished) {
            let stop = || control.is_stopping();
            plan.findings.extend(unfinished.prove(source, table.as_ref(), &planned.violating, &stop)?);
        }
        plan.tables.push(planned);
    }
    Ok(())
}

/// The checks of all tables together.
fn check_tables(
    source: &mut Source,
    target: &mut Target,
    request: &PlanRequest<'_>,
    plan: &mut Plan,
) -> Result<(), TransferError> {
    if plan.schema == SchemaPlan::Ready {
        let cleared: Vec<&str> =
            plan.tables.iter().filter(|plan| plan.cleared).map(|plan| plan.table.name()).collect();
        let obstacles: Vec<Finding> = clear::obstacles(target, &cleared)?;
        plan.findings.extend(obstacles);
    }
    if let SchemaSource::Migrations { expected, .. } = request.schema
        && !request.compares_only
    {
        check_parents(source, target, expected, &plan.schema, &plan.tables, &mut plan.findings)?;
    }
    Ok(())
}
