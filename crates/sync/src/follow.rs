//! Following: looking at the source, applying what changed, and pruning the log.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::apply::{Applied, ApplyContext, apply, tables_with_rejects};
use crate::capture::{Capture, SchemaChange};
use crate::collect::{Batch, NumberedTable, collect};
use crate::error::SyncError;
use crate::log;
use crate::position::Position;
use crate::state::{Doubt, SyncRecord};
use crate::sync::{SyncEvent, SyncObserver};
use crate::watch::{Begun, Lost, Watch};
use databases::failure::Failure;
use diesel::SqliteConnection;
use import::schema::Encoding;
use transfer::control::Control;
use transfer::plan::OnError;
use transfer::source::Source;
use transfer::target::Target;

/// How often the source is looked at.
pub(crate) const LOOK: Duration = Duration::from_millis(20);

/// How often the log is pruned.
const PRUNE: Duration = Duration::from_secs(5);

/// How soon the log is pruned again, where others were writing.
const PRUNE_AGAIN: Duration = Duration::from_millis(500);

/// How long pruning waits for others that write.
const PRUNE_WAIT: Duration = Duration::from_millis(100);

/// Entries that are pruned in one transaction, and transactions in a row.
const PRUNED: (i64, usize) = (5_000, 20);

/// Whoever follows: both sides, and what is between them.
pub(crate) struct Follower<'a> {
    pub(crate) watch: Watch,
    pub(crate) target: Target,
    pub(crate) capture: Capture,
    pub(crate) tables: Vec<NumberedTable>,
    pub(crate) encoding: Encoding,
    pub(crate) position: Position,
    pub(crate) epoch: i64,
    pub(crate) source_id: String,
    pub(crate) on_error: OnError,
    pub(crate) control: Control<'a>,
    /// The numbers of tables that the next changes replace.
    pub(crate) whole: BTreeSet<i64>,
    pub(crate) doubts: Vec<Doubt>,
    /// How many of these there were when the snapshot of the last comparison was taken.
    pub(crate) doubts_compared: usize,
    /// The tables of the target of which rows are rejected.
    pub(crate) with_rejects: BTreeSet<String>,
    /// When the source was last looked at and nothing was left to apply.
    pub(crate) seen_at: Instant,
    pub(crate) pruned_at: Instant,
}

/// What one look led to.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// Whether others were committing all the time, so that nothing was seen.
    pub(crate) is_busy: bool,
    /// Entries of the log that were applied.
    pub(crate) entry_count: i64,
    /// Rows that were inserted, and those that were rejected.
    pub(crate) applied: Applied,
    /// The longest time since any of these changes was committed; `None` if nothing was applied.
    pub(crate) lag: Option<Duration>,
    /// Doubts that are new.
    pub(crate) doubts: Vec<Doubt>,
    /// Objects of the schema that changed and do not affect the log.
    pub(crate) changes: Vec<SchemaChange>,
}

impl Follower<'_> {
    /// Looks at the source, and applies what changed.
    pub(crate) fn look(&mut self, observer: &dyn SyncObserver) -> Result<Round, SyncError> {
        let began = Instant::now();
        let begun = match self.whole.is_empty() {
            true => self.watch.begin_if_changed()?,
            false => self.watch.begin()?,
        };
        match begun {
            Begun::Reading => {}
            Begun::Busy => return Ok(Round { is_busy: true, ..Round::default() }),
            Begun::Unchanged if !self.watch.is_at_path() => return Err(SyncError::Replaced),
            Begun::Unchanged => {
                self.seen_at = began;
                return Ok(Round::default());
            }
        }
        let collected = self.collect_seen();
        // What was collected is kept aside: nobody waits for the target to take it.
        let ended = self.watch.end();
        let (batch, mut round) = collected?;
        ended?;
        self.record_doubts(&round)?;
        if let Some(batch) = batch {
            let (entry_count, applying) = (batch.entry_count, Instant::now());
            observer.observe(&SyncEvent::Applying { entry_count, since: self.seen_at });
            self.apply(batch, &mut round)?;
            let (elapsed, lag) = (applying.elapsed(), self.seen_at.elapsed());
            let rejected_count = round.applied.rejected_count;
            observer.observe(&SyncEvent::Applied { entry_count, rejected_count, elapsed, lag });
            round.lag = Some(lag);
        }
        self.seen_at = began;
        Ok(round)
    }

    /// What changed, within the read transaction.
    fn collect_seen(&mut self) -> Result<(Option<Batch>, Round), SyncError> {
        let seen = match self.watch.look(&self.capture, self.position)? {
            Ok(seen) => seen,
            Err(Lost::Replaced) => return Err(SyncError::Replaced),
            Err(Lost::OtherLog) => return Err(SyncError::OtherLog),
        };
        if !seen.broken.is_empty() {
            self.watch.look_again();
            return Err(SyncError::Broken(seen.broken));
        }
        let mut reasons = seen.doubts;
        let is_rewritten = !reasons.is_empty();
        if is_rewritten {
            // Rejects of these are known by rowids, which VACUUM changes.
            let renamed = self.tables.iter().filter(|table| self.is_replaced(table)).map(|table| table.t);
            self.whole.extend(renamed.collect::<Vec<_>>());
        }
        let batch = self.collect(None)?;
        if batch.is_none() && !is_rewritten && seen.changes.is_empty() && self.watch.has_looked_before() {
            reasons.push("something was committed and no change was logged".to_owned());
        }
        let doubts = reasons.into_iter().map(|reason| Doubt { reason, at: now() }).collect();
        Ok((batch, Round { doubts, changes: seen.changes, ..Round::default() }))
    }

    /// What changed since the position, in the snapshot of `source` or else of the own connection.
    pub(crate) fn collect(
        &mut self,
        source: Option<&mut SqliteConnection>,
    ) -> Result<Option<Batch>, SyncError> {
        let is_whole = |table: &&NumberedTable| self.is_replaced(table) || !table.has_certain_key();
        let with_rejects: BTreeSet<i64> = self.tables.iter().filter(is_whole).map(|table| table.t).collect();
        let source = source.unwrap_or(&mut self.watch.source);
        collect(source, &self.tables, self.encoding, self.position, &self.whole, &with_rejects)
    }

    /// Whether the table is replaced as soon as it changes: rows of it are rejected, and the log does not have the keys by
    /// which rejects are recorded.
    fn is_replaced(&self, table: &NumberedTable) -> bool {
        !table.followed.has_table_key() && self.with_rejects.contains(table.followed.table().name())
    }

    /// Applies changes, and moves the position.
    pub(crate) fn apply(&mut self, mut batch: Batch, round: &mut Round) -> Result<(), SyncError> {
        let context = ApplyContext {
            tables: &self.tables,
            on_error: self.on_error,
            source_id: &self.source_id,
            epoch: self.epoch,
            control: self.control,
        };
        let applied = apply(&mut self.target, context, &mut batch)?;
        self.position = batch.upto;
        self.whole.clear();
        if applied.rejected_count > 0 || !self.with_rejects.is_empty() {
            self.load_rejects()?;
        }
        if applied.rejected_count > 0 {
            // Their rejects get the keys by which a comparison skips them.
            let changed = batch.tables.iter().filter(|change| !change.is_whole());
            let replaced =
                changed.map(|change| &self.tables[change.place]).filter(|table| self.is_replaced(table));
            self.whole = replaced.map(|table| table.t).collect();
            let whole: Vec<i64> = self.whole.iter().copied().collect();
            SyncRecord::replace(&mut self.target, &whole)?;
        }
        round.entry_count += batch.entry_count;
        round.applied.row_count += applied.row_count;
        round.applied.rejected_count += applied.rejected_count;
        Ok(())
    }

    /// Reads which tables have rejects.
    pub(crate) fn load_rejects(&mut self) -> Result<(), SyncError> {
        let source_id = &self.source_id;
        self.with_rejects = self.target.in_transaction(|target| tables_with_rejects(target, source_id))?;
        Ok(())
    }

    fn record_doubts(&mut self, round: &Round) -> Result<(), SyncError> {
        if round.doubts.is_empty() {
            return Ok(());
        }
        for doubt in &round.doubts {
            // One of each kind since the last comparison says enough.
            let recent = self.doubts.get(self.doubts_compared..).unwrap_or_default();
            if !recent.iter().any(|earlier| earlier.reason == doubt.reason) {
                self.doubts.push(doubt.clone());
            }
        }
        SyncRecord::doubt(&mut self.target, &self.doubts)
    }

    /// Applies everything up to the snapshot of `source`.
    pub(crate) fn catch_up_with(&mut self, source: &mut Source) -> Result<Round, SyncError> {
        let mut round = Round::default();
        if let Some(batch) = self.collect(Some(source.sqlite()))? {
            self.apply(batch, &mut round)?;
        }
        // What was committed since is seen at the next look.
        self.watch.look_again();
        Ok(round)
    }

    /// Prunes the log if it is time. That others are writing is no error: it is tried again.
    pub(crate) fn prune(&mut self) -> Result<(), SyncError> {
        if self.pruned_at.elapsed() < PRUNE {
            return Ok(());
        }
        self.pruned_at = Instant::now();
        self.watch.wait_for_writers(PRUNE_WAIT)?;
        let outcome = self.prune_some();
        self.watch.wait_for_writers(Duration::from_millis(1))?;
        outcome
    }

    fn prune_some(&mut self) -> Result<(), SyncError> {
        let images: Vec<String> = self.tables.iter().filter_map(|table| table.image_table.clone()).collect();
        for _ in 0..PRUNED.1 {
            match log::prune(&mut self.watch.source, &images, self.position.seq, PRUNED.0) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                // Others are writing: soon again.
                Err(error) if Failure::of_query(&error).is_transient() => {
                    self.pruned_at =
                        Instant::now().checked_sub(PRUNE - PRUNE_AGAIN).unwrap_or(self.pruned_at);
                    return Ok(());
                }
                Err(source) => return Err(SyncError::UseSource { what: "prune the change log", source }),
            }
        }
        Ok(())
    }
}

/// The present moment in UTC.
pub(crate) fn now() -> String {
    transfer::values::Instant::now().to_string()
}
