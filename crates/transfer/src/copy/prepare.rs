//! The first transaction of a run: it is committed whole, or the target stays as it was.

use std::sync::Arc;

use diesel::connection::SimpleConnection as _;

use super::constraints::restore_those;
use super::context::CopyRun;
use super::make::make;
use super::parts::split;
use crate::error::TransferError;
use crate::plan::clear;
use crate::plan::{Mode, OnError, Plan, SchemaPlan};
use crate::source::Source;
use crate::table::Table;
use crate::target::Target;
use crate::target::state::{Definition, DefinitionKind, Part, Reject, RunRecord, RunState, TakeDown};
use databases::migrations::{self, ChangedPolicy, Extent};
use databases::name::quote_name;

/// Creates the schema, empties tables, cuts tables into parts, drops keys and indexes, and records the beginning of the
/// run.
///
/// # Errors
/// When the database refuses, or tables that are to be emptied have got rows since the plan.
pub fn prepare(
    source: &mut Source,
    target: &mut Target,
    plan: &mut Plan,
    run: &CopyRun<'_>,
) -> Result<(), TransferError> {
    let id = run.id;
    cut(source, plan, run.jobs)?;
    let schema = |source| TransferError::Migrations {
        what: "prepare the schema",
        side: "target",
        source: Box::new(source),
    };
    let failed = |source| TransferError::UseTarget { what: "begin the run", source };
    target.in_transaction(|target| {
        if let SchemaPlan::Recreate { .. } = plan.schema {
            make_whole(target, &plan.application.tables).map_err(failed)?;
            migrations::revert(
                target.postgres(),
                plan.application.migrations,
                &Extent::All,
                true,
                &mut |_| {},
            )
            .map_err(schema)?;
        }
        match &plan.schema {
            SchemaPlan::Ready => target.prepare_records().map_err(failed)?,
            SchemaPlan::Create | SchemaPlan::Recreate { .. } => {
                migrations::apply(
                    target.postgres(),
                    plan.application.migrations,
                    None,
                    ChangedPolicy::Refuse,
                    &mut |_| {},
                )
                .map_err(schema)?;
                migrations::ensure_identity(target.postgres()).map_err(schema)?;
                target.prepare_records().map_err(failed)?;
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
        run.stages.write_current(target, id)
    })?;
    // Indexes and keys that an earlier run dropped from tables that this one does not fill are recreated first: rows are
    // added there with indexes. Foreign keys come last, when all rows are copied.
    let filled: Vec<&str> = plan
        .tables
        .iter()
        .filter(|table| matches!(table.mode, Mode::Continue(_)))
        .map(|table| table.table.name())
        .collect();
    let policy = |definition: &Definition| plan.on_refused_of(&definition.table);
    restore_those(target, run.control, policy, |definition| {
        definition.kind != DefinitionKind::ForeignKey && !filled.contains(&definition.table.as_str())
    })?;
    Ok(())
}

/// Cuts the empty tables into parts.
fn cut(source: &mut Source, plan: &mut Plan, jobs: usize) -> Result<(), TransferError> {
    let jobs = i64::try_from(jobs).unwrap_or(i64::MAX);
    let all_rows = plan.missing();
    for table in &mut plan.tables {
        match &mut table.mode {
            Mode::Fresh => {
                let parts =
                    split(source, table.table.as_ref(), table.total, all_rows, jobs).map_err(|source| {
                        TransferError::ReadSource { what: "find the bounds of parts", source }
                    })?;
                table.parts = parts;
            }
            Mode::Continue(parts) => table.parts = parts.clone(),
            Mode::Nothing | Mode::Merge => {}
        }
    }
    Ok(())
}

/// Records the parts as those of this run, and drops what would slow them.
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
    // Tables are filled in any order, so no foreign key may be in force on them: not one that an earlier run added, nor
    // one that a restore recreated.
    Definition::take_back_unchecked(target)?;
    if !fresh.is_empty() {
        lock(target, &fresh)?;
        Definition::take_down(target, &fresh, TakeDown::All, id)?;
    }
    if !continued.is_empty() {
        Definition::take_down(target, &continued, TakeDown::ForeignKeys, id)?;
    }
    if plan.on_error == OnError::Skip && !merged.is_empty() {
        // Rows whose parents are rejects are found when the foreign keys are recreated.
        Definition::take_down(target, &merged, TakeDown::ForeignKeys, id)?;
    }
    Ok(())
}

/// Recreates what an unfinished run dropped, so that the migrations can revert it. The tables are emptied first: their
/// rows are lost anyway, and no row violates a key then.
fn make_whole(target: &mut Target, tables: &[Arc<dyn Table>]) -> Result<(), diesel::result::Error> {
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

/// Locks all tables at once: the run does not begin unless it gets all locks.
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
