//! Rows that cannot be read: those that were set aside are known, any other ends the reading.

use std::collections::BTreeSet;
use std::ops::{Bound, ControlFlow};

use crate::table::{Key, KeyRange, ReadError};

/// Goes along with a reading in key order.
pub(super) struct Unreadable<'a> {
    rejected: &'a BTreeSet<Key>,
    /// Where the last row was that could be read.
    after: Bound<Key>,
    upper: Bound<Key>,
    /// Rows since then whose keys could not be read.
    nameless: Vec<ReadError>,
    explained: i64,
    failed: Option<ReadError>,
}

impl<'a> Unreadable<'a> {
    /// For a reading of `range`, of which the rows `rejected` were set aside.
    pub(super) fn new(rejected: &'a BTreeSet<Key>, range: KeyRange) -> Self {
        Self {
            rejected,
            after: range.lower,
            upper: range.upper,
            nameless: Vec::new(),
            explained: 0,
            failed: None,
        }
    }

    /// For a reading of which no row was set aside, in whatever order.
    pub(super) fn none(range: KeyRange) -> Self {
        static NONE: BTreeSet<Key> = BTreeSet::new();
        Self::new(&NONE, range)
    }

    /// A row could be read.
    pub(super) fn pass(&mut self, key: Key) -> ControlFlow<()> {
        let explained = self.explain(Bound::Excluded(key));
        self.after = Bound::Excluded(key);
        explained
    }

    /// A row could not be read.
    pub(super) fn meet(&mut self, error: ReadError) -> ControlFlow<()> {
        match error {
            ReadError::Encode { key, .. } if self.rejected.contains(&key) => {
                self.explained += 1;
                return ControlFlow::Continue(());
            }
            ReadError::Row { .. } if !self.rejected.is_empty() => {
                self.nameless.push(error);
                return ControlFlow::Continue(());
            }
            _ => self.failed = Some(error),
        }
        ControlFlow::Break(())
    }

    /// How many rows could not be read and were known to be set aside.
    ///
    /// # Errors
    /// The first row that was not.
    pub(super) fn finish(mut self) -> Result<i64, ReadError> {
        let _ = self.explain(self.upper);
        self.failed.map_or(Ok(self.explained), Err)
    }

    /// Every row between two that can be read is there: as many without a name as keys set aside are those.
    fn explain(&mut self, upto: Bound<Key>) -> ControlFlow<()> {
        if self.nameless.is_empty() || self.failed.is_some() {
            return ControlFlow::Continue(());
        }
        if self.rejected.range((self.after, upto)).count() < self.nameless.len() {
            self.failed = Some(self.nameless.swap_remove(0));
            return ControlFlow::Break(());
        }
        self.explained += i64::try_from(self.nameless.len()).unwrap_or(i64::MAX);
        self.nameless.clear();
        ControlFlow::Continue(())
    }
}
