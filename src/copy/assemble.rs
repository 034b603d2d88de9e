//! Planning a copy of tables that are not the application's: nothing is known of them but what the caller found out.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::CopyError;
use super::plan::{Existing, Finding, Make, Mode, OnError, OnRefused, Plan, SchemaPlan, TablePlan, rows};
use super::preflight::{check_rights, check_server};
use super::server;
use super::source::Source;
use super::state::{self, Part, RunRecord, RunState};
use super::target::Target;
use super::unfinished::Unfinished;
use crate::db::name::quote_name;
use crate::table::{Key, Table};

/// A table to be copied.
pub struct Given {
    /// The table.
    pub table: &'static dyn Table,
    /// Rows of the source.
    pub total: i64,
    /// Rows that are set aside whatever they hold.
    pub set_aside: BTreeSet<Key>,
}

/// What is asked of the copy.
pub struct Request {
    /// What tells this source from others.
    pub source_id: String,
    /// What a run that continues this one must agree on, in words.
    pub agreement: String,
    /// What makes the tables; `None` where they are there already.
    pub statements: Option<Vec<Make>>,
    /// Whether an unfinished run is begun anew: its tables are dropped, or emptied where it did not make them.
    pub restart: bool,
    /// Whether tables that hold rows are emptied first, where they are there already.
    pub clear: bool,
    /// What is done about rows that cannot go in.
    pub on_error: OnError,
    /// Whether rows that refer to rows that are not there are set aside.
    pub sets_orphans_aside: bool,
    /// What the caller found that stands in the way.
    pub blockers: Vec<Finding>,
}

/// Plans the copy of `given`, and finds what stands in its way. Writes nothing.
///
/// # Errors
/// When either side cannot be read.
pub fn assemble(
    source: &mut Source,
    target: &mut Target,
    given: Vec<Given>,
    request: &Request,
    stop: &AtomicBool,
) -> Result<Plan, CopyError> {
    target.in_snapshot(|target| assemble_in_snapshot(source, target, given, request, stop))
}

fn assemble_in_snapshot(
    source: &mut Source,
    target: &mut Target,
    given: Vec<Given>,
    request: &Request,
    stop: &AtomicBool,
) -> Result<Plan, CopyError> {
    let failed = |what| move |source| CopyError::UseTarget { what, source };
    let mut findings = request.blockers.clone();
    check_server(target, &mut findings)?;
    let unfinished = Unfinished::load(target)?;
    let continued = unfinished.as_ref().filter(|_| !request.restart);
    if let Some(unfinished) = continued {
        findings.extend(unfinished.obstacle(&request.source_id, &request.agreement));
    }
    let names: Vec<&str> = given.iter().map(|given| given.table.name()).collect();
    let made = made_before(target, &names, request, unfinished.as_ref(), &mut findings)
        .map_err(failed("look for tables of the same names"))?;
    let schema = match &request.statements {
        Some(statements) if !made => {
            let anew = unfinished.as_ref().filter(|_| request.restart).map(|found| found.run.id.clone());
            SchemaPlan::Make { statements: statements.clone(), anew }
        }
        _ => SchemaPlan::Ready,
    };
    if schema == SchemaPlan::Ready {
        check_rights(target, &schema, &names, &mut findings)?;
        server::check(target, &names, &mut findings)?;
    }
    let mut plan = Plan {
        source_id: request.source_id.clone(),
        continues: continued.map(|unfinished| unfinished.run.id.clone()),
        agreement: request.agreement.clone(),
        existing: if request.clear { Existing::Clear } else { Existing::Refuse },
        on_error: request.on_error,
        sets_orphans_aside: request.sets_orphans_aside,
        on_refused: match request.statements {
            Some(_) => OnRefused::LeaveOut,
            None => OnRefused::KeepNotValid,
        },
        command: "import",
        schema,
        tables: Vec::new(),
        findings,
    };
    if !plan.blockers().is_empty() {
        return Ok(plan);
    }
    let stopped = || stop.load(Ordering::Relaxed);
    for given in given {
        let table = plan_table(target, given, request, &plan.schema, unfinished.as_ref(), &mut plan.findings)
            .map_err(failed("look at the rows that are there"))?;
        if let (Mode::Continue(_), Some(unfinished)) = (&table.mode, continued) {
            let changed = unfinished.prove(source, table.table, &table.violating, &stopped)?;
            plan.findings.extend(changed);
        }
        plan.tables.push(table);
    }
    Ok(plan)
}

/// Whether the tables are there, made by a run from this source; a finding where others of their names are.
fn made_before(
    target: &mut Target,
    names: &[&str],
    request: &Request,
    unfinished: Option<&Unfinished>,
    findings: &mut Vec<Finding>,
) -> diesel::QueryResult<bool> {
    if request.statements.is_none() {
        return Ok(false);
    }
    let there = target.relations(names)?;
    if there.is_empty() {
        return Ok(false);
    }
    let mut others = Vec::new();
    let is_prepared = state::is_prepared(target)?;
    for name in &there {
        let begun = unfinished.is_some_and(|unfinished| unfinished.parts.contains_key(name));
        let ours = begun || is_prepared && Part::exist(target, &request.source_id, name)?;
        if !ours {
            others.push(name.as_str());
        }
    }
    if !others.is_empty() {
        findings.push(Finding::blocker(
            format!("the target has relations of the same names from elsewhere: {}", others.join(", ")),
            "name another schema with --schema, or use an empty database; for tables that the application's own migrations made, use --data-only",
        ));
    }
    // Those of an unfinished run that is begun anew are dropped first.
    Ok(!(request.restart && unfinished.is_some()))
}

fn plan_table(
    target: &mut Target,
    given: Given,
    request: &Request,
    schema: &SchemaPlan,
    unfinished: Option<&Unfinished>,
    findings: &mut Vec<Finding>,
) -> diesel::QueryResult<TablePlan> {
    let name = given.table.name();
    let mut plan = TablePlan::nothing(given.table, given.total);
    plan.violating = given.set_aside;
    plan.mode = Mode::Fresh;
    if *schema != SchemaPlan::Ready {
        return Ok(plan);
    }
    plan.held = target.count(&quote_name(name))?;
    let begun = unfinished.and_then(|unfinished| unfinished.parts.get(name));
    if let Some(parts) = begun.filter(|_| !request.restart) {
        let written: i64 = parts.iter().map(|part| part.row_count).sum();
        if plan.held != written {
            let text = format!(
                "`{name}` of the target holds {}, and the run that is continued wrote {written}",
                rows(plan.held)
            );
            findings.push(Finding::blocker(text, "begin anew with --restart"));
        }
        plan.already_there = plan.held;
        plan.rejected = parts.iter().map(|part| part.rejected_count).sum();
        plan.mode = Mode::Continue(parts.clone());
        return Ok(plan);
    }
    if plan.held == 0 || begun.is_some() || request.clear {
        plan.cleared = plan.held > 0;
        return Ok(plan);
    }
    let last = RunRecord::load(target)?.into_iter().next();
    let completed =
        last.is_some_and(|run| run.state == RunState::Completed && run.source_id == request.source_id);
    if completed && Part::exist(target, &request.source_id, name)? {
        // A run that came to its end: both sides are compared again, and nothing is written.
        plan.rejected = plan.total - plan.held;
        plan.already_there = plan.held;
        plan.mode = Mode::Nothing;
        return Ok(plan);
    }
    findings.push(Finding::blocker(
        format!("`{name}` of the target holds {} that no run from this source wrote", rows(plan.held)),
        "empty the tables first with --clear, or empty them yourself",
    ));
    Ok(plan)
}
