//! Trying rejects again.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::batch::Batch;
use super::raw;
use super::write::write_batch;
use crate::application::Application;
use crate::control::Control;
use crate::error::TransferError;
use crate::plan::OnError;
use crate::run::{Event, Stage, StageLog};
use crate::source::Source;
use crate::table::{Key, KeyRange, Order, Table};
use crate::target::Target;
use crate::target::state::{Reject, RejectFilter};
use databases::migrations;

/// Copies the rejects of this source that fit now. Returns how many those are, and which remain, each with its present
/// reason. A reject whose row is no longer in the source is deleted.
///
/// # Errors
/// When either side fails, or the user interrupts: rows that were copied until then stay.
pub fn retry_rejects(
    source: &mut Source,
    target: &mut Target,
    application: &Application,
    control: Control<'_>,
) -> Result<(usize, Vec<Reject>), TransferError> {
    let identity = migrations::identity(source.sqlite())
        .map_err(|source| TransferError::ReadSource { what: "read the identity", source })?
        .unwrap_or_default();
    let filter = RejectFilter { table: None, source_id: Some(identity.clone()) };
    forget_settled(target, &identity, &application.tables)?;
    let rejects = target.in_transaction(|target| Reject::load(target, &filter))?;
    let stages = StageLog::new(control.observer);
    stages.begin(Stage::Copy, i64::try_from(rejects.len()).unwrap_or(i64::MAX));
    let mut of_table: BTreeMap<String, Vec<Reject>> = BTreeMap::new();
    for reject in rejects {
        of_table.entry(reject.table_name.clone()).or_default().push(reject);
    }
    let checks = application.checks()?;
    let (mut copied, mut remaining) = (0, Vec::new());
    // Parents before children: a reject may refer to another.
    for table in &application.tables {
        let conditions = checks.get(table.name()).map(Vec::as_slice).unwrap_or_default();
        let violating = source
            .violating_keys(table.name(), conditions)
            .map_err(|source| TransferError::ReadSource { what: "check the rows", source })?;
        for reject in of_table.remove(table.name()).unwrap_or_default() {
            control.go_on()?;
            if Key::parse(&reject.key).is_some_and(|key| violating.contains(&key)) {
                remaining.push(reject);
                continue;
            }
            match try_again(source, target, table.as_ref(), &reject, &identity)? {
                Outcome::Copied => {
                    copied += 1;
                    control.observe(&Event::Rows { table: table.name(), row_count: 1, size_bytes: 0 });
                }
                Outcome::Gone => {}
                Outcome::Refused(reject) => {
                    control.observe(&Event::Rejected(&reject));
                    remaining.push(reject);
                }
            }
        }
    }
    stages.end();
    remaining.extend(of_table.into_values().flatten());
    Ok((copied, remaining))
}

/// Deletes the rejects of this source whose rows are in the target now: a later run copied them after a correction.
///
/// # Errors
/// When the target fails.
pub fn forget_settled(
    target: &mut Target,
    source_id: &str,
    tables: &[Arc<dyn Table>],
) -> Result<(), TransferError> {
    let filter = RejectFilter { table: None, source_id: Some(source_id.to_owned()) };
    let forgotten = target.in_transaction(|target| {
        for reject in Reject::load(target, &filter)? {
            let named = tables.iter().find(|table| table.name() == reject.table_name);
            // Without a key column in the target the row cannot be found there.
            let table = named.filter(|table| table.key_column().is_some());
            let (Some(table), Some(key)) = (table, Key::parse(&reject.key)) else { continue };
            let mut is_there = false;
            table.read_target_keys(target.postgres(), KeyRange::only(key), &mut |_| {
                is_there = true;
                ControlFlow::Break(())
            })?;
            if is_there {
                Reject::forget(target, source_id, table.name(), &reject.key)?;
            }
        }
        Ok(())
    });
    forgotten.map_err(|source| TransferError::UseTarget { what: "look up rejects", source })
}

enum Outcome {
    Copied,
    Gone,
    Refused(Reject),
}

fn try_again(
    source: &mut Source,
    target: &mut Target,
    table: &dyn Table,
    reject: &Reject,
    source_id: &str,
) -> Result<Outcome, TransferError> {
    let Some(key) = Key::parse(&reject.key) else { return Ok(Outcome::Refused(reject.clone())) };
    let mut batch = Batch::default();
    let mut failed = None;
    table
        .read_source(source.sqlite(), KeyRange::only(key), Order::Key, &mut |row| {
            match row {
                Ok((key, tuple)) => batch.push(key, tuple),
                Err(error) => failed = Some(error),
            }
            ControlFlow::Continue(())
        })
        .map_err(TransferError::ReadRow)?;
    if failed.is_some() {
        return Ok(Outcome::Refused(reject.clone()));
    }
    let forget = |target: &mut Target| Reject::forget(target, source_id, table.name(), &reject.key);
    if batch.row_count() == 0 {
        target.in_transaction(forget)?;
        return Ok(Outcome::Gone);
    }
    let written = target.in_transaction(|target| {
        let written = write_batch(target, table, &mut batch, OnError::Skip)?;
        if written.refused.is_empty() {
            forget(target)?;
        }
        Ok::<_, diesel::result::Error>(written)
    });
    let written = written.map_err(|source| TransferError::UseTarget { what: "write a row again", source })?;
    let Some(refused) = written.refused.into_iter().next() else { return Ok(Outcome::Copied) };
    let again = raw::reject(source.sqlite(), table, KeyRange::only(key), None, refused.reason)
        .map_err(|source| TransferError::ReadSource { what: "read a rejected row", source })?;
    Ok(Outcome::Refused(again.unwrap_or_else(|| reject.clone())))
}
