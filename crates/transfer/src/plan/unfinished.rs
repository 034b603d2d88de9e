//! Continuing a run that did not end: whether that is possible, and the proof that the source still holds what the run
//! has copied.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::digest::Digest;
use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::{Existing, Options};
use crate::source::Source;
use crate::table::{Key, Order, ReadError, Table};
use crate::target::Target;
use crate::target::state::{Definition, Part, RunRecord, SkippedObject};
use databases::hint::Hint;

/// A run that did not end, and the parts that it began, by table.
pub(crate) struct Unfinished {
    pub(crate) run: RunRecord,
    pub(crate) parts: BTreeMap<String, Vec<Part>>,
}

/// Refuses to write to a target with an unfinished run: its tables may have no keys, and its checkpoints would become
/// wrong.
///
/// # Errors
/// When there is an unfinished run, a sync keeps the rows up to date, or the target fails.
pub fn refuse_unfinished(target: &mut Target) -> Result<(), TransferError> {
    refuse_followed(target)?;
    let down = target
        .in_transaction(|target| {
            let reported = SkippedObject::load(target)?;
            let mut down = Definition::load(target)?;
            // A run that ended has reported what PostgreSQL refused.
            down.retain(|definition| !reported.iter().any(|object| definition.is_reported_by(object)));
            Ok(down)
        })
        .map_err(|source: diesel::result::Error| TransferError::UseTarget {
            what: "look for an unfinished run",
            source,
        })?;
    if down.is_empty() && target.in_transaction(Unfinished::load)?.is_none() {
        return Ok(());
    }
    let text = "a copy to this target did not reach its end";
    Err(TransferError::Blocked { blockers: vec![Finding::blocker(text, Hint::FinishCopy)] })
}

/// Refuses to write to a target whose rows a sync keeps up to date.
///
/// # Errors
/// When a sync has its position in the target, or the target fails.
pub(crate) fn refuse_followed(target: &mut Target) -> Result<(), TransferError> {
    let failed = |source| TransferError::UseTarget { what: "look for a sync", source };
    if !target.in_transaction(Target::is_followed).map_err(failed)? {
        return Ok(());
    }
    let text = "a sync keeps the rows of this target up to date";
    Err(TransferError::Blocked { blockers: vec![Finding::blocker(text, Hint::EndSync)] })
}

/// The run settings that a continued run must agree on, as text.
pub(crate) fn agreement(options: &Options, selected: &[Arc<dyn Table>], all: bool) -> String {
    let names: Vec<&str> = selected.iter().map(|table| table.name()).collect();
    let tables = if all { "all tables".to_owned() } else { format!("tables {}", names.join(", ")) };
    let existing = match (options.recreate, options.existing) {
        (true, _) => ", tables made anew",
        (false, Existing::Clear) => ", tables emptied first",
        (false, Existing::Append) => ", rows of the target kept",
        (false, Existing::Refuse) => "",
    };
    format!("version {} of the program, {tables}{existing}", env!("CARGO_PKG_VERSION"))
}

impl Unfinished {
    /// The newest run, if it did not end and began parts.
    ///
    /// # Errors
    /// When the target fails.
    pub(crate) fn load(target: &mut Target) -> Result<Option<Self>, TransferError> {
        let failed = |source| TransferError::UseTarget { what: "look for an unfinished run", source };
        if !target.has_records().map_err(failed)? {
            return Ok(None);
        }
        let Some(run) = RunRecord::unfinished(target).map_err(failed)? else { return Ok(None) };
        let mut parts = BTreeMap::new();
        for table in Part::tables_of(target, &run.id).map_err(failed)? {
            let of_table = Part::load(target, &run.source_id, &table, &run.id).map_err(failed)?;
            parts.insert(table, of_table);
        }
        Ok(Some(Self { run, parts }).filter(|unfinished| !unfinished.parts.is_empty()))
    }

    /// Why the run cannot be continued from the source with this identity, with these run settings.
    pub(crate) fn obstacle(&self, source_id: &str, agreement: &str) -> Option<Finding> {
        let begun = format!("the run of {} did not reach its end", self.run.began_at);
        if self.run.source_id != source_id {
            let text = format!("{begun}, and its source was another database: {}", self.run.source);
            return Some(Finding::blocker(text, Hint::FinishOrRestart));
        }
        if self.run.agreement != agreement {
            let text =
                format!("{begun}, and has other settings: {}; this run has {agreement}", self.run.agreement);
            return Some(Finding::blocker(text, Hint::FinishOrRestart));
        }
        None
    }

    /// Reads the copied rows of `table` again, without the rejected ones (`set_aside`); a finding when they have changed.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub(crate) fn prove(
        &self,
        source: &mut Source,
        table: &dyn Table,
        set_aside: &BTreeSet<Key>,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Finding>, TransferError> {
        for part in self.parts.get(table.name()).into_iter().flatten() {
            let Some(range) = part.read() else { continue };
            let mut digest = Digest::default();
            let mut failed = None;
            table
                .read_source(source.sqlite(), range, Order::Key, &mut |row| {
                    match row {
                        // Rejects are in no digest.
                        Ok((key, _)) if set_aside.contains(&key) => {}
                        Ok((_, tuple)) => digest.add(tuple),
                        Err(ReadError::Row { .. } | ReadError::Encode { .. } | ReadError::Check { .. }) => {}
                        Err(error) => failed = Some(error),
                    }
                    if stop() || failed.is_some() {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                })
                .map_err(TransferError::ReadRow)?;
            if stop() {
                return Err(TransferError::Interrupted);
            }
            if let Some(error) = failed {
                return Err(TransferError::ReadRow(error));
            }
            if digest != part.digest {
                let text = format!(
                    "rows of `{}` changed in the source since the run of {} copied them",
                    table.name(),
                    self.run.began_at
                );
                return Ok(Some(Finding::blocker(text, Hint::RestartAfterChange)));
            }
        }
        Ok(None)
    }
}
