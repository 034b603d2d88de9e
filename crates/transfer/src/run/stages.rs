//! The log of the stages that a run goes through.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant as Clock;

use serde::Serialize;

use super::observer::{Event, Observer};
use super::stage::Stage;
use crate::error::TransferError;
use crate::target::Target;
use crate::target::state::StageRecord;

/// How long a stage took.
#[derive(Clone, Debug, Serialize)]
pub struct StageTime {
    /// The stage.
    pub stage: Stage,
    /// Milliseconds from its beginning to its end.
    pub elapsed_ms: u128,
}

/// The current stage of a run, and the times of those before it. It is the only writer of stages: into the log, to the
/// observer and into the target.
pub struct StageLog<'a> {
    observer: &'a dyn Observer,
    state: Mutex<LogState>,
}

#[derive(Default)]
struct LogState {
    current: Option<(Stage, Clock)>,
    times: Vec<StageTime>,
}

impl<'a> StageLog<'a> {
    /// An empty log, which reports to `observer`.
    pub fn new(observer: &'a dyn Observer) -> Self {
        Self { observer, state: Mutex::default() }
    }

    /// Ends the current stage and begins another, which processes `row_count` rows.
    pub fn begin(&self, stage: Stage, row_count: i64) {
        self.begin_sized(stage, row_count, None);
    }

    /// As [`begin`](Self::begin), for rows of so many bytes in the binary form of COPY, estimated.
    pub fn begin_sized(&self, stage: Stage, row_count: i64, size_bytes: Option<u64>) {
        self.end();
        self.lock().current = Some((stage, Clock::now()));
        self.observer.observe(&Event::StageBegun { stage, row_count, size_bytes });
    }

    /// As [`begin`](Self::begin), for a stage of the run `run_id`, which the target knows: it is also written there.
    ///
    /// # Errors
    /// When the target fails.
    pub fn begin_in(
        &self,
        target: &mut Target,
        run_id: &str,
        stage: Stage,
        row_count: i64,
    ) -> Result<(), TransferError> {
        self.begin_sized_in(target, run_id, stage, row_count, None)
    }

    /// As [`begin_in`](Self::begin_in), for rows of so many bytes in the binary form of COPY, estimated.
    ///
    /// # Errors
    /// When the target fails.
    pub fn begin_sized_in(
        &self,
        target: &mut Target,
        run_id: &str,
        stage: Stage,
        row_count: i64,
        size_bytes: Option<u64>,
    ) -> Result<(), TransferError> {
        self.begin_sized(stage, row_count, size_bytes);
        target
            .in_transaction(|target| StageRecord::begin(target, run_id, stage.title(), row_count))
            .map_err(|source| TransferError::UseTarget { what: "write the stage", source })
    }

    /// Writes the current stage of the run `run_id` into the target as ended, in the current transaction: the one that
    /// creates the run.
    ///
    /// # Errors
    /// When the target fails.
    pub fn write_current(&self, target: &mut Target, run_id: &str) -> Result<(), TransferError> {
        let Some((stage, began)) = self.lock().current else { return Ok(()) };
        let elapsed_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        StageRecord::add_ended(target, run_id, stage.title(), elapsed_ms)
            .map_err(|source| TransferError::UseTarget { what: "write the stage", source })
    }

    /// Ends the current stage, if there is one.
    pub fn end(&self) {
        let mut state = self.lock();
        let Some((stage, began)) = state.current.take() else { return };
        let elapsed = began.elapsed();
        state.times.push(StageTime { stage, elapsed_ms: elapsed.as_millis() });
        drop(state);
        self.observer.observe(&Event::StageEnded { stage, elapsed });
    }

    /// Ends the current stage and returns the times of all.
    pub fn into_times(self) -> Vec<StageTime> {
        self.end();
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).times
    }

    fn lock(&self) -> MutexGuard<'_, LogState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
