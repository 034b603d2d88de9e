//! Planning a copy of tables that are not the application's: nothing is known of them but what the caller found out.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use super::application::Application;
use super::error::CopyError;
use super::keys::compare_keys;
use super::plan::{Existing, Finding, Make, Mode, OnError, OnRefused, Plan, SchemaPlan, TablePlan, rows};
use super::preflight::{check_rights, check_server};
use super::server;
use super::source::Source;
use super::state::{Part, RunRecord, RunState, rejected_keys};
use super::target::Target;
use super::unfinished::Unfinished;
use crate::table::{Key, Table};
use databases::migrations::Migrations;

/// The command that runs what is planned here.
const COMMAND: &str = "import";

/// What stands in the agreement of a run that made its tables.
pub const MAKES_TABLES: &str = "tables and rows";

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
    match &unfinished {
        // Neither continued nor begun anew: its tables and keys are not ours to take.
        Some(other) if !is_ours(&other.run, request) => findings.push(Finding::blocker(
            format!(
                "the run of {} did not reach its end: {} from {}",
                other.run.began_at, other.run.command, other.run.source
            ),
            "finish it first with the command it was begun with, or name another schema with --schema",
        )),
        Some(unfinished) if !request.restart => {
            findings.extend(unfinished.obstacle(&request.source_id, &request.agreement));
        }
        _ => {}
    }
    let names: Vec<&str> = given.iter().map(|given| given.table.name()).collect();
    let runs = RunRecord::load(target).map_err(failed("read the runs"))?;
    let there = made_before(target, &names, request, &runs, &mut findings)
        .map_err(failed("look for tables of the same names"))?;
    let made = !there.is_empty() && !request.restart;
    // A run after it that began no parts took nothing back.
    let completed = runs.iter().find(|run| is_ours(run, request) && run.state == RunState::Completed);
    if let Some(run) = completed
        .filter(|run| made && !request.restart && unfinished.is_none() && run.agreement != request.agreement)
    {
        findings.push(Finding::blocker(
            format!(
                "the import of {} was not like this one: it has {}; this one has {}",
                run.began_at, run.agreement, request.agreement
            ),
            "repeat it with what it was made with, or make its tables anew with --restart",
        ));
    }
    let schema = match &request.statements {
        Some(statements) if !made => SchemaPlan::Make { statements: statements.clone(), anew: there },
        _ => SchemaPlan::Ready,
    };
    if schema == SchemaPlan::Ready {
        check_rights(target, &schema, &names, &mut findings)?;
        server::check(target, &names, &mut findings)?;
    }
    let mut plan = Plan {
        application: Application { tables: &[], migrations: &Migrations::NONE },
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
        command: COMMAND,
        schema,
        tables: Vec::new(),
        findings,
    };
    if !plan.blockers().is_empty() {
        return Ok(plan);
    }
    let stopped = || stop.load(Ordering::Relaxed);
    for given in given {
        let earlier = Earlier { unfinished: unfinished.as_ref(), is_completed: completed.is_some() };
        let table = plan_table(source, target, given, request, &plan.schema, &earlier, &mut plan.findings)?;
        if let (Mode::Continue(_), Some(unfinished)) = (&table.mode, continued) {
            let changed = unfinished.prove(source, table.table, &table.violating, &stopped)?;
            plan.findings.extend(changed);
        }
        plan.tables.push(table);
    }
    Ok(plan)
}

/// Whether the run was an import of this source.
fn is_ours(run: &RunRecord, request: &Request) -> bool {
    run.command == COMMAND && run.source_id == request.source_id
}

/// What earlier runs from this source left.
struct Earlier<'a> {
    unfinished: Option<&'a Unfinished>,
    is_completed: bool,
}

/// The tables that are there, made by a run from this source; a finding where others of their names are.
fn made_before(
    target: &mut Target,
    names: &[&str],
    request: &Request,
    runs: &[RunRecord],
    findings: &mut Vec<Finding>,
) -> diesel::QueryResult<Vec<String>> {
    if request.statements.is_none() {
        return Ok(Vec::new());
    }
    let there = target.relations(names)?;
    if there.is_empty() {
        return Ok(there);
    }
    let mut of_source = runs.iter().filter(|run| is_ours(run, request)).peekable();
    // Tables that an import with --data-only filled are the application's.
    let made_here = of_source.peek().is_some() && of_source.all(|run| run.agreement.contains(MAKES_TABLES));
    let mut others = Vec::new();
    for name in &there {
        if !(made_here && Part::exist(target, &request.source_id, name)?) {
            others.push(name.as_str());
        }
    }
    if !others.is_empty() {
        findings.push(Finding::blocker(
            format!("the target has relations of the same names from elsewhere: {}", others.join(", ")),
            "name another schema with --schema, or use an empty database; for tables that the application's own migrations made, use --data-only",
        ));
    }
    Ok(there)
}

fn plan_table(
    source: &mut Source,
    target: &mut Target,
    given: Given,
    request: &Request,
    schema: &SchemaPlan,
    earlier: &Earlier<'_>,
    findings: &mut Vec<Finding>,
) -> Result<TablePlan, CopyError> {
    let failed = |source| CopyError::UseTarget { what: "look at the rows that are there", source };
    let name = given.table.name();
    let mut plan = TablePlan::nothing(given.table, given.total);
    plan.violating = given.set_aside;
    plan.mode = Mode::Fresh;
    if *schema != SchemaPlan::Ready {
        return Ok(plan);
    }
    plan.held = target.count(&target.full_name(name)).map_err(failed)?;
    let begun = earlier.unfinished.and_then(|unfinished| unfinished.parts.get(name));
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
    if !(earlier.is_completed && Part::exist(target, &request.source_id, name).map_err(failed)?) {
        findings.push(Finding::blocker(
            format!("`{name}` of the target holds {} that no run from this source wrote", rows(plan.held)),
            "empty the tables first with --clear, or empty them yourself",
        ));
        return Ok(plan);
    }
    // A run that came to its end: what is missing is tried again, and both sides are compared. Where no column holds
    // the key, what is missing is found by comparing only.
    plan.mode = Mode::Nothing;
    if given.table.key_column().is_some() {
        let counts = compare_keys(given.table, source, target)?;
        plan.already_there = counts.both;
        plan.only_in_target = counts.only_in_target;
        if counts.only_in_target > 0 {
            findings.push(Finding::blocker(
                format!(
                    "`{name}` of the target holds {} that the source does not have",
                    rows(counts.only_in_target)
                ),
                "import into another schema, or make the tables anew with --restart",
            ));
        }
    } else {
        let set_aside = rejected_keys(target, &request.source_id)?;
        let set_aside = set_aside.get(name).map_or(0, BTreeSet::len);
        plan.rejected = i64::try_from(set_aside).unwrap_or(i64::MAX);
        plan.already_there = plan.total - plan.rejected;
    }
    if plan.missing() > 0 {
        plan.mode = Mode::Merge;
    }
    Ok(plan)
}
