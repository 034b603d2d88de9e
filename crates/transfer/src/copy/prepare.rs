//! The first transaction of a run: either all of it is there, or the target is as it was.

use std::sync::atomic::AtomicBool;
use std::time::Instant as Clock;

use diesel::connection::SimpleConnection as _;

use super::clear;
use super::constraints::restore_those;
use super::error::CopyError;
use super::make::make;
use super::parts::split;
use super::plan::{Mode, OnError, Plan, SchemaPlan};
use super::progress::Stage;
use super::source::Source;
use super::state::{
    self, Definition, DefinitionKind, Part, Reject, RunRecord, RunState, StageRecord, TakeDown,
};
use super::target::Target;
use crate::table::Table;
use databases::migrations::{self, ChangedPolicy, Extent};
use databases::name::quote_name;

/// Makes the schema, empties what is to be emptied, cuts tables into parts, takes keys and indexes down, and writes
/// down that the run begins.
///
/// # Errors
/// When the database refuses, or tables that are to be emptied got rows since the plan was made.
pub fn prepare(
    source: &mut Source,
    target: &mut Target,
    plan: &mut Plan,
    id: &str,
    jobs: usize,
    stop: &AtomicBool,
) -> Result<(), CopyError> {
    let began = Clock::now();
    cut(source, plan, jobs)?;
    let schema = |source| CopyError::Migrations { what: "prepare the schema", side: "target", source };
    let failed = |source| CopyError::UseTarget { what: "begin the run", source };
    target.in_transaction(|target| {
        if let SchemaPlan::Recreate { .. } = plan.schema {
            make_whole(target, plan.application.tables).map_err(failed)?;
            migrations::revert(target.any(), plan.application.migrations, &Extent::All, true, &mut |_| {})
                .map_err(schema)?;
        }
        match &plan.schema {
            SchemaPlan::Ready => state::prepare(target).map_err(failed)?,
            SchemaPlan::Create | SchemaPlan::Recreate { .. } => {
                migrations::apply(
                    target.any(),
                    plan.application.migrations,
                    None,
                    ChangedPolicy::Refuse,
                    &mut |_| {},
                )
                .map_err(schema)?;
                migrations::ensure_identity(target.any()).map_err(failed)?;
                state::prepare(target).map_err(failed)?;
            }
            SchemaPlan::Make { statements, anew } => make(target, statements, anew)?,
        }
        record(plan, source, id).begin(target).map_err(failed)?;
        clear::clear(target, plan)?;
        for table in &plan.tables {
            let name = table.table.name();
            if table.mode == Mode::Fresh {
                Part::forget(target, name).map_err(failed)?;
                Reject::forget_table(target, name).map_err(failed)?;
            }
        }
        begin_parts(target, plan, id).map_err(failed)?;
        let elapsed_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        StageRecord::add_ended(target, id, Stage::Prepare.title(), elapsed_ms).map_err(failed)
    })?;
    // Indexes and keys that an earlier run took down from tables that this one does not fill are put back first: rows are
    // added there under them. Foreign keys come last, when all rows are in.
    let filled: Vec<&str> = plan
        .tables
        .iter()
        .filter(|table| matches!(table.mode, Mode::Continue(_)))
        .map(|table| table.table.name())
        .collect();
    restore_those(target, stop, plan.on_refused, |definition| {
        definition.kind != DefinitionKind::ForeignKey && !filled.contains(&definition.table.as_str())
    })?;
    Ok(())
}

/// Cuts the tables that are filled from nothing into parts.
fn cut(source: &mut Source, plan: &mut Plan, jobs: usize) -> Result<(), CopyError> {
    let jobs = i64::try_from(jobs).unwrap_or(i64::MAX);
    let all_rows = plan.missing();
    for table in &mut plan.tables {
        match &mut table.mode {
            Mode::Fresh => {
                let parts = split(source, table.table, table.total, all_rows, jobs)
                    .map_err(|source| CopyError::ReadSource { what: "find the bounds of parts", source })?;
                table.parts = parts;
            }
            Mode::Continue(parts) => table.parts = parts.clone(),
            Mode::Nothing | Mode::Merge => {}
        }
    }
    Ok(())
}

/// Writes the parts down as this run's, and takes down what would slow them.
fn begin_parts(target: &mut Target, plan: &mut Plan, id: &str) -> Result<(), diesel::result::Error> {
    let mut fresh = Vec::new();
    let mut continued = Vec::new();
    let mut merged = Vec::new();
    for table in &mut plan.tables {
        let name = table.table.name();
        match table.mode {
            Mode::Nothing => {}
            Mode::Merge => merged.push(name),
            Mode::Fresh | Mode::Continue(_) => {
                match table.mode {
                    Mode::Fresh => fresh.push(name),
                    _ => continued.push(name),
                }
                for part in &mut table.parts {
                    part.is_done = false;
                    part.save(target, &plan.source_id, name, id)?;
                }
                table.mode = Mode::Continue(std::mem::take(&mut table.parts));
            }
        }
    }
    // Rows come in no order between tables, so no foreign key may be in force where rows come: not one that a run
    // before this one added, nor one that `app db restore` put back.
    Definition::take_back_unchecked(target)?;
    if !fresh.is_empty() {
        lock(target, &fresh)?;
        Definition::take_down(target, &fresh, TakeDown::All, id)?;
    }
    if !continued.is_empty() {
        Definition::take_down(target, &continued, TakeDown::ForeignKeys, id)?;
    }
    if plan.on_error == OnError::Skip && !merged.is_empty() {
        // Rows whose parents were set aside are found when the foreign keys come back.
        Definition::take_down(target, &merged, TakeDown::ForeignKeys, id)?;
    }
    Ok(())
}

/// Puts back what an unfinished run took down, so that the migrations find what they take back: the tables are emptied,
/// whose rows are lost with them anyway, and nothing is against their keys then.
fn make_whole(target: &mut Target, tables: &[&dyn Table]) -> Result<(), diesel::result::Error> {
    let definitions = Definition::load(target)?;
    if definitions.is_empty() {
        return Ok(());
    }
    let tables: Vec<String> = tables.iter().map(|table| quote_name(table.name())).collect();
    target.postgres().batch_execute(&format!("TRUNCATE {}", tables.join(", ")))?;
    let (foreign, others): (Vec<_>, Vec<_>) =
        definitions.into_iter().partition(|definition| definition.kind == DefinitionKind::ForeignKey);
    for definition in others.iter().chain(&foreign) {
        definition.do_first_step(target)?;
        definition.do_second_step(target)?;
    }
    Ok(())
}

/// Waits for nobody in the middle: either all tables can be had, or the run does not begin.
fn lock(target: &mut Target, tables: &[&str]) -> Result<(), diesel::result::Error> {
    let quoted: Vec<String> = tables.iter().map(|name| quote_name(name)).collect();
    target.postgres().batch_execute(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", quoted.join(", ")))
}

fn record(plan: &Plan, source: &Source, id: &str) -> RunRecord {
    RunRecord {
        id: id.to_owned(),
        continues: plan.continues.clone(),
        command: plan.command.to_owned(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        source: source.path().to_string(),
        source_id: plan.source_id.clone(),
        agreement: plan.agreement.clone(),
        state: RunState::Running,
        began_at: String::new(),
        ended_at: None,
        exit_code: None,
        error: None,
    }
}
