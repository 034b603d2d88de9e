//! Recreating dropped definitions: keys, foreign keys, and indexes of tables that are not copied.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::context::WorkContext;
use super::make::is_refusal;
use super::retry::{Failed, with_retries};
use crate::control::Control;
use crate::error::TransferError;
use crate::plan::OnRefused;
use crate::run::Event;
use crate::table::Key;
use crate::target::Target;
use crate::target::state::{Definition, DefinitionKind, Part, SkippedObject};
use databases::name::quote_name;

#[derive(QueryableByName)]
struct Removed {
    #[diesel(sql_type = Text)]
    key: String,
}

/// What was recreated.
#[derive(Debug)]
pub struct Restored {
    /// How many definitions.
    pub count: usize,
    /// Those that PostgreSQL refuses, as when rows violate a key: their definitions stay stored.
    pub refused: Vec<SkippedObject>,
}

/// Recreates all dropped definitions, of whichever run, one after the other.
///
/// # Errors
/// When the target fails. Those recreated before stay.
pub fn restore(target: &mut Target, control: Control<'_>) -> Result<Restored, TransferError> {
    if load(target)?.is_empty() {
        return Ok(Restored { count: 0, refused: Vec::new() });
    }
    // An earlier version of the program did not record what is refused.
    target
        .in_transaction(Target::prepare_records)
        .map_err(|source| TransferError::UseTarget { what: "prepare the records", source })?;
    let count = restore_those(target, control, |_| OnRefused::KeepDefinition, |_| true)?;
    let remaining = load(target)?;
    let reported = target
        .in_transaction(SkippedObject::load)
        .map_err(|source| TransferError::UseTarget { what: "read the skipped objects", source })?;
    let is_remaining =
        |object: &SkippedObject| remaining.iter().any(|definition| definition.is_reported_by(object));
    let refused: Vec<SkippedObject> = reported.into_iter().filter(is_remaining).collect();
    Ok(Restored { count: count.saturating_sub(remaining.len()), refused })
}

/// As [`restore`], for the definitions that are `wanted`.
pub(super) fn restore_those(
    target: &mut Target,
    control: Control<'_>,
    on_refused: impl Fn(&Definition) -> OnRefused,
    wanted: impl Fn(&Definition) -> bool,
) -> Result<usize, TransferError> {
    let down: Vec<Definition> = load(target)?.into_iter().filter(wanted).collect();
    // Foreign keys last: they depend on keys.
    let (foreign, others): (Vec<_>, Vec<_>) =
        down.iter().partition(|definition| definition.kind == DefinitionKind::ForeignKey);
    for definition in others.into_iter().chain(foreign) {
        let first = |target: &mut Target| target.in_transaction(|target| definition.do_first_step(target));
        let outcome = with_retries(target, control, "recreate a definition", first);
        settle(target, control, on_refused(definition), definition, outcome)?;
        // The record of a skipped definition is deleted, and the second step does nothing.
        let second = |target: &mut Target| target.in_transaction(|target| definition.do_second_step(target));
        let outcome = with_retries(target, control, "recreate a definition", second);
        settle(target, control, on_refused(definition), definition, outcome)?;
        let (table, name) = (&definition.table, &definition.name);
        if definition.kind == DefinitionKind::ForeignKey {
            control.observe(&Event::KeyChecked { table, name });
        } else if definition.is_down() {
            control.observe(&Event::IndexBuilt { table, name });
        }
    }
    Ok(down.len())
}

/// Adds and validates the foreign keys, of as many tables at the same time as there are connections.
pub(super) fn restore_foreign_keys(
    context: &WorkContext<'_>,
    main: &mut Target,
    others: &mut [Target],
) -> Result<(), TransferError> {
    let control = context.run.control;
    if context.plan.sets_orphans_aside {
        remove_orphans(context, main)?;
    }
    let foreign: Vec<Definition> =
        load(main)?.into_iter().filter(|definition| definition.kind == DefinitionKind::ForeignKey).collect();
    for definition in &foreign {
        let add = |target: &mut Target| target.in_transaction(|target| definition.do_first_step(target));
        let added = with_retries(main, control, "add a foreign key", add);
        settle(main, control, context.plan.on_refused_of(&definition.table), definition, added)?;
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
            .map(|target| scope.spawn(|| validate(context, target, &waiting)))
            .collect();
        let outcomes: Vec<_> = workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        outcomes.into_iter().try_for_each(|outcome| outcome.map_err(|_panic| TransferError::ReaderLost)?)
    })
}

fn validate(
    context: &WorkContext<'_>,
    target: &mut Target,
    waiting: &Mutex<BTreeMap<String, Vec<Definition>>>,
) -> Result<(), TransferError> {
    let control = context.run.control;
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_first();
        let Some((_, definitions)) = next else { return Ok(()) };
        for definition in &definitions {
            let validated = with_retries(target, control, "validate a foreign key", |target| {
                target.in_transaction(|target| {
                    context.cancellable(target, |target| definition.do_second_step(target))
                })
            });
            settle(target, control, context.plan.on_refused_of(&definition.table), definition, validated)?;
            control.observe(&Event::KeyChecked { table: &definition.table, name: &definition.name });
        }
    }
}

/// Rejects rows that refer to missing rows, until there are none: a row that refers to a reject has lost its parent too.
fn remove_orphans(context: &WorkContext<'_>, target: &mut Target) -> Result<(), TransferError> {
    let failed = |source| TransferError::UseTarget { what: "reject rows without parents", source };
    let foreign = load(target)?;
    loop {
        let mut found = 0;
        for definition in foreign.iter().filter(|definition| definition.is_down()) {
            let place = context.plan.tables.iter().position(|plan| plan.table.name() == definition.table);
            let (Some(index), Some(condition)) = (place, &definition.orphans) else { continue };
            let table = context.plan.tables[index].table.as_ref();
            // Without a key column in the target the row cannot be identified in the source.
            let Some(key) = table.key_column() else { continue };
            let mut refused = None;
            let removed = target.in_transaction(|target| {
                let query = format!(
                    "DELETE FROM {} c WHERE {condition} RETURNING c.{}::text AS key",
                    definition.full_name,
                    quote_name(key)
                );
                let rows: Vec<Removed> = diesel::sql_query(query).load(target.postgres())?;
                // A row that cannot be identified must not be deleted: the error rolls back.
                let unnamed = || diesel::result::Error::DeserializationError("a key is no key".into());
                let keys: Vec<Key> = rows
                    .iter()
                    .map(|row| Key::parse(&row.key).ok_or_else(unnamed))
                    .collect::<Result<_, _>>()?;
                let reason = format!("refers to a row that is not there ({})", definition.name);
                let rejects = context.describe_keys(table, &keys, &reason)?;
                if let Err(error) = context.reject(target, &rejects, &mut false)? {
                    refused = Some(error);
                    return Err(diesel::result::Error::RollbackTransaction);
                }
                let row_count = i64::try_from(keys.len()).unwrap_or(i64::MAX);
                let id = context.run.id;
                Part::set_aside(target, &context.plan.source_id, table.name(), id, row_count)?;
                Ok(row_count)
            });
            if let Some(error) = refused {
                return Err(error);
            }
            let removed = removed.map_err(failed)?;
            context.rejected_rows(index, removed);
            found += removed;
        }
        if found == 0 {
            return Ok(());
        }
    }
}

/// The definitions that are dropped at present.
pub(super) fn load(target: &mut Target) -> Result<Vec<Definition>, TransferError> {
    target
        .in_transaction(Definition::load)
        .map_err(|source| TransferError::UseTarget { what: "read the dropped definitions", source })
}

/// Handles the outcome of a step of a definition: an error, or a skipped definition where that is allowed.
pub(super) fn settle(
    target: &mut Target,
    control: Control<'_>,
    on_refused: OnRefused,
    definition: &Definition,
    outcome: Result<(), Failed>,
) -> Result<(), TransferError> {
    let goes_on = match on_refused {
        OnRefused::Stop => false,
        OnRefused::KeepDefinition | OnRefused::LeaveOut => true,
    };
    let error = match outcome {
        Ok(()) => return Ok(()),
        Err(_) if control.is_stopping() => return Err(TransferError::Interrupted),
        Err(Failed::Refused(error)) if goes_on && is_refusal(&error) => error,
        Err(failed) => return Err(definition_error(definition, failed)),
    };
    let reason = super::write::reason(&error);
    let skipped = with_retries(target, control, "record a skipped definition", |target| {
        target.in_transaction(|target| match on_refused {
            OnRefused::KeepDefinition => definition.report(target, reason.clone()),
            OnRefused::Stop | OnRefused::LeaveOut => definition.leave_out(target, reason.clone()),
        })
    });
    skipped.map_err(|failed| failed.into_error("record a skipped definition"))
}

/// Why a definition could not be recreated.
pub(super) fn definition_error(definition: &Definition, failed: Failed) -> TransferError {
    match failed {
        Failed::Refused(source) => {
            TransferError::Restore { name: definition.name.clone(), table: definition.table.clone(), source }
        }
        Failed::Stopped(error) => error,
    }
}
