//! Rows that cannot be read: rejects are known, any other row ends the reading.

use std::collections::BTreeSet;
use std::ops::{Bound, ControlFlow};

use crate::table::{Key, KeyRange, ReadError};

/// Tracks the unreadable rows of a reading in key order.
pub(super) struct Unreadable<'a> {
    rejected: &'a BTreeSet<Key>,
    /// The position of the last readable row.
    after: Bound<Key>,
    upper: Bound<Key>,
    /// Rows since then whose keys could not be read.
    nameless: Vec<ReadError>,
    explained: i64,
    failed: Option<ReadError>,
}

impl<'a> Unreadable<'a> {
    /// For a reading of `range` with the keys of rejected rows.
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

    /// For a reading without rejects, in any order.
    pub(super) fn none(range: KeyRange) -> Self {
        static NONE: BTreeSet<Key> = BTreeSet::new();
        Self::new(&NONE, range)
    }

    /// A readable row.
    pub(super) fn pass(&mut self, key: Key) -> ControlFlow<()> {
        let explained = self.explain(Bound::Excluded(key));
        self.after = Bound::Excluded(key);
        explained
    }

    /// An unreadable row.
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

    /// The number of unreadable rows that are rejects.
    ///
    /// # Errors
    /// The first unreadable row that is no reject.
    pub(super) fn finish(mut self) -> Result<i64, ReadError> {
        let _ = self.explain(self.upper);
        self.failed.map_or(Ok(self.explained), Err)
    }

    /// Between two readable rows, the unreadable ones are the rejects when there are as many rejected keys.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Place;

    fn key(number: i64) -> Key {
        Key::Integer(number)
    }

    fn unreadable(after: Option<i64>) -> ReadError {
        let source = diesel::result::Error::NotFound;
        ReadError::Row { table: "t".to_owned(), place: Place(after.map(key)), source }
    }

    /// Rows 1, 2 and 5 can be read; those between 2 and 5 and after 5 cannot.
    fn read(rejected: &[i64]) -> Result<i64, ReadError> {
        let rejected = rejected.iter().copied().map(key).collect();
        let mut reading = Unreadable::new(&rejected, KeyRange::ALL);
        let ended = (|| {
            reading.pass(key(1))?;
            reading.pass(key(2))?;
            reading.meet(unreadable(Some(2)))?;
            reading.meet(unreadable(Some(2)))?;
            reading.pass(key(5))?;
            reading.meet(unreadable(Some(5)))
        })();
        let finished = reading.finish();
        assert!(ended.is_continue() || finished.is_err());
        finished
    }

    #[test]
    fn rows_that_were_set_aside_are_counted_and_any_other_ends_the_reading() {
        assert_eq!(read(&[3, 4, 6]).expect("all were set aside"), 3);
        for too_few in [&[][..], &[3], &[3, 4], &[3, 6], &[1, 2, 5]] {
            assert!(matches!(read(too_few), Err(ReadError::Row { .. })), "{too_few:?}");
        }
    }
}
