//! Reading one side of a table once: digests, how many rows, the oldest and the newest instant.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::digest::Digests;
use super::instants::InstantRange;
use super::unreadable::Unreadable;
use crate::table::{EachRow, Key, KeyRange, ReadError};

/// Rows between two words about progress.
const PROGRESS_ROWS: i64 = 10_000;

/// What one side of a table came to.
pub(super) struct Reading<'a> {
    pub(super) digests: Digests,
    pub(super) row_count: i64,
    /// Rows that were set aside.
    pub(super) rejected_rows: i64,
    pub(super) instants: InstantRange<'a>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(digests: Digests, instants: InstantRange<'a>) -> Self {
        Self { digests, row_count: 0, rejected_rows: 0, instants }
    }

    /// Reads until the end, an interruption, or a row that cannot be read and is not `rejected`.
    pub(super) fn read(
        &mut self,
        rejected: &BTreeSet<Key>,
        stop: &AtomicBool,
        mut tell: impl FnMut(i64),
        read: impl FnOnce(&mut EachRow<'_>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let mut unreadable = Unreadable::new(rejected, KeyRange::ALL);
        let mut told = 0;
        let outcome = read(&mut |row| {
            if stop.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            let (key, tuple) = match row {
                Ok(row) => row,
                Err(error) => return unreadable.meet(error),
            };
            unreadable.pass(key)?;
            self.row_count += 1;
            self.instants.add(tuple);
            if !rejected.is_empty() && rejected.contains(&key) {
                self.rejected_rows += 1;
            } else {
                self.digests.add(key, tuple);
            }
            if self.row_count - told >= PROGRESS_ROWS {
                tell(self.row_count - told);
                told = self.row_count;
            }
            ControlFlow::Continue(())
        });
        tell(self.row_count - told);
        let explained = outcome.and_then(|()| unreadable.finish())?;
        self.row_count += explained;
        self.rejected_rows += explained;
        Ok(())
    }
}
