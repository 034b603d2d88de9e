//! Reading one side of a table once: digests, how many rows, the oldest and the newest instant.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::digest::Digests;
use super::instants::InstantRange;
use super::unreadable::Unreadable;
use crate::table::{EachRow, Key, KeyRange, ReadError};

/// Rows between two reports of progress.
const PROGRESS_ROWS: i64 = 10_000;

/// What was read of one side of a table.
pub(super) struct Reading<'a> {
    pub(super) digests: Digests,
    pub(super) row_count: i64,
    /// Rows that are rejects.
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
        mut report: impl FnMut(i64, usize),
        read: impl FnOnce(&mut EachRow<'_>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let mut unreadable = Unreadable::new(rejected, KeyRange::ALL);
        let (mut reported, mut size_bytes) = (0, 0);
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
            size_bytes += tuple.len();
            self.instants.add(tuple);
            if !rejected.is_empty() && rejected.contains(&key) {
                self.rejected_rows += 1;
            } else {
                self.digests.add(key, tuple);
            }
            if self.row_count - reported >= PROGRESS_ROWS {
                report(self.row_count - reported, std::mem::take(&mut size_bytes));
                reported = self.row_count;
            }
            ControlFlow::Continue(())
        });
        report(self.row_count - reported, size_bytes);
        let explained = outcome.and_then(|()| unreadable.finish())?;
        self.row_count += explained;
        self.rejected_rows += explained;
        Ok(())
    }
}
