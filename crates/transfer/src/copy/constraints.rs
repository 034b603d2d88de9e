//! Putting back what was taken down: keys, foreign keys, and indexes of tables that are not copied.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::error::CopyError;
use super::make::is_refusal;
use super::plan::OnRefused;
use super::progress::Event;
use super::retry::{Failed, with_retries};
use super::run::Run;
use super::state::{Definition, DefinitionKind};
use super::target::Target;
use crate::table::Key;
use databases::name::quote_name;

#[derive(QueryableByName)]
struct Removed {
    #[diesel(sql_type = Text)]
    key: String,
}

/// Puts back everything that is taken down, one after the other, whoever took it down; how many definitions those are.
///
/// # Errors
/// When PostgreSQL refuses, as when rows are against a key. What was put back before that stays.
pub fn restore(target: &mut Target, stop: &AtomicBool) -> Result<usize, CopyError> {
    restore_those(target, stop, OnRefused::Stop, |_| true)
}

/// As [`restore`], for the definitions that are `wanted`.
pub(super) fn restore_those(
    target: &mut Target,
    stop: &AtomicBool,
    on_refused: OnRefused,
    wanted: impl Fn(&Definition) -> bool,
) -> Result<usize, CopyError> {
    let down: Vec<Definition> = load(target)?.into_iter().filter(wanted).collect();
    // Foreign keys last: they rest on keys.
    let (foreign, others): (Vec<_>, Vec<_>) =
        down.iter().partition(|definition| definition.kind == DefinitionKind::ForeignKey);
    for definition in others.into_iter().chain(foreign) {
        let first = |target: &mut Target| target.in_transaction(|target| definition.do_first_step(target));
        let outcome = with_retries(target, stop, first);
        settle(target, stop, on_refused, definition, outcome)?;
        // Of one that was left out nothing is stored, and nothing is done.
        let second = |target: &mut Target| target.in_transaction(|target| definition.do_second_step(target));
        let outcome = with_retries(target, stop, second);
        settle(target, stop, on_refused, definition, outcome)?;
    }
    Ok(down.len())
}

/// Adds and validates the foreign keys; tables at once, as there are connections.
pub(super) fn restore_foreign_keys(
    run: &Run<'_>,
    main: &mut Target,
    others: &mut [Target],
) -> Result<(), CopyError> {
    if run.plan.sets_orphans_aside {
        remove_orphans(run, main)?;
    }
    let foreign: Vec<Definition> =
        load(main)?.into_iter().filter(|definition| definition.kind == DefinitionKind::ForeignKey).collect();
    for definition in &foreign {
        let add = |target: &mut Target| target.in_transaction(|target| definition.do_first_step(target));
        let added = with_retries(main, run.stop, add);
        settle(main, run.stop, run.plan.on_refused, definition, added)?;
    }
    // Two validations of one table would wait for each other's lock.
    let mut tables: BTreeMap<String, Vec<Definition>> = BTreeMap::new();
    for definition in foreign {
        tables.entry(definition.table.clone()).or_default().push(definition);
    }
    let waiting = Mutex::new(tables);
    std::thread::scope(|scope| {
        let workers: Vec<_> = std::iter::once(main)
            .chain(others)
            .map(|target| scope.spawn(|| validate(run, target, &waiting)))
            .collect();
        let outcomes: Vec<_> = workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        outcomes.into_iter().try_for_each(|outcome| outcome.map_err(|_panic| CopyError::ReaderLost)?)
    })
}

fn validate(
    run: &Run<'_>,
    target: &mut Target,
    waiting: &Mutex<BTreeMap<String, Vec<Definition>>>,
) -> Result<(), CopyError> {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_first();
        let Some((_, definitions)) = next else { return Ok(()) };
        for definition in &definitions {
            let validated = with_retries(target, run.stop, |target| {
                target.in_transaction(|target| {
                    run.cancellable(target, |target| definition.do_second_step(target))
                })
            });
            run.settle(target, definition, validated)?;
            (run.progress)(Event::Done);
        }
    }
}

/// Sets rows aside that refer to rows which are not there, until there are none: what refers to them has lost its
/// parent too.
fn remove_orphans(run: &Run<'_>, target: &mut Target) -> Result<(), CopyError> {
    let failed = |source| CopyError::UseTarget { what: "set rows without parents aside", source };
    let foreign = load(target)?;
    loop {
        let mut found = 0;
        for definition in foreign.iter().filter(|definition| definition.is_down()) {
            let place = run.plan.tables.iter().position(|plan| plan.table.name() == definition.table);
            let (Some(index), Some(condition)) = (place, &definition.orphans) else { continue };
            let table = run.plan.tables[index].table;
            // Without a key in the target its row in the source could not be named.
            let Some(key) = table.key_column() else { continue };
            let mut refused = None;
            let removed = target.in_transaction(|target| {
                let query = format!(
                    "DELETE FROM {} c WHERE {condition} RETURNING c.{}::text AS key",
                    definition.full_name,
                    quote_name(key)
                );
                let rows: Vec<Removed> = diesel::sql_query(query).load(target.postgres())?;
                // A row that could not be named must not go: the error undoes it.
                let unnamed = || diesel::result::Error::DeserializationError("a key is no key".into());
                let keys: Vec<Key> = rows
                    .iter()
                    .map(|row| Key::parse(&row.key).ok_or_else(unnamed))
                    .collect::<Result<_, _>>()?;
                let reason = format!("refers to a row that is not there ({})", definition.name);
                let rejects = run.describe_keys(table, &keys, &reason)?;
                if let Err(error) = run.set_aside(target, &rejects, &mut false)? {
                    refused = Some(error);
                    return Err(diesel::result::Error::RollbackTransaction);
                }
                let row_count = i64::try_from(keys.len()).unwrap_or(i64::MAX);
                super::state::Part::set_aside(target, &run.plan.source_id, table.name(), run.id, row_count)?;
                Ok(row_count)
            });
            if let Some(error) = refused {
                return Err(error);
            }
            let removed = removed.map_err(failed)?;
            run.set_aside_rows(index, removed);
            found += removed;
        }
        if found == 0 {
            return Ok(());
        }
    }
}

/// What is taken down at present.
pub(super) fn load(target: &mut Target) -> Result<Vec<Definition>, CopyError> {
    target
        .in_transaction(Definition::load)
        .map_err(|source| CopyError::UseTarget { what: "read what is taken down", source })
}

/// What becomes of a definition whose step had this outcome.
pub(super) fn settle(
    target: &mut Target,
    stop: &AtomicBool,
    on_refused: OnRefused,
    definition: &Definition,
    outcome: Result<(), Failed>,
) -> Result<(), CopyError> {
    let goes_on = match on_refused {
        OnRefused::Stop => false,
        OnRefused::KeepNotValid => definition.kind == DefinitionKind::ForeignKey,
        OnRefused::LeaveOut => true,
    };
    let error = match outcome {
        Ok(()) => return Ok(()),
        Err(Failed::Refused(error)) if goes_on && is_refusal(&error) => error,
        Err(failed) => return Err(definition_error(definition, failed)),
    };
    let reason = super::write::reason(&error);
    let left_out = with_retries(target, stop, |target| {
        target.in_transaction(|target| definition.leave_out(target, reason.clone()))
    });
    left_out.map_err(|failed| failed.into_error("write down what is left out"))
}

/// Why a definition could not be put back.
pub(super) fn definition_error(definition: &Definition, failed: Failed) -> CopyError {
    match failed {
        Failed::Refused(source) => {
            CopyError::Restore { name: definition.name.clone(), table: definition.table.clone(), source }
        }
        Failed::Stopped(error) => error,
    }
}
