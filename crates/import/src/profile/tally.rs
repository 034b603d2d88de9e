//! Counts of rows, with the first of them by name.

use crate::types::TargetType;
use crate::values::Unfit;

/// So many keys are kept of each count.
const KEPT_KEYS: usize = 5;

/// A count of rows, and the first of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: i64,
    /// The lowest keys among them: rowids, or positions in key order from 1 where a table has no rowid.
    pub first_keys: Vec<i64>,
}

impl Tally {
    /// Counts a row. Rows come in the order of their keys.
    pub(super) fn add(&mut self, key: i64) {
        self.count += 1;
        if self.first_keys.len() < KEPT_KEYS {
            self.first_keys.push(key);
        }
    }

    /// With the rows of another, which are other rows.
    #[must_use]
    pub fn merge(mut self, other: &Self) -> Self {
        self.count += other.count;
        self.first_keys.extend(&other.first_keys);
        self.first_keys.sort_unstable();
        self.first_keys.truncate(KEPT_KEYS);
        self
    }

    /// Without the rows of others, all of which are among these. Fewer keys may be left than rows.
    #[must_use]
    pub fn without(mut self, others: &[&Self]) -> Self {
        for other in others {
            self.count -= other.count;
            self.first_keys.retain(|key| !other.first_keys.contains(key));
        }
        self
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// A type that was tried.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The type.
    pub target: TargetType,
    /// Values it holds; of types that follow each other, those that the ones before do not hold.
    pub fit: Tally,
    /// Values it does not hold.
    pub unfit: Tally,
    /// Of those, texts with NUL that it would hold without NUL.
    pub fit_without_nul: Tally,
    /// Why it does not hold the first of them.
    pub first: Option<Unfit>,
}

impl Trial {
    pub(super) fn new(target: TargetType) -> Self {
        Self {
            target,
            fit: Tally::default(),
            unfit: Tally::default(),
            fit_without_nul: Tally::default(),
            first: None,
        }
    }

    /// Counts a value by what the encoder said; whether it fits.
    pub(super) fn count(&mut self, key: i64, outcome: Result<(), Unfit>) -> bool {
        match outcome {
            Ok(()) => {
                self.fit.add(key);
                true
            }
            Err(unfit) => {
                self.unfit.add(key);
                self.first.get_or_insert(unfit);
                false
            }
        }
    }

    /// With the values of another part of the table.
    pub(super) fn merge(self, other: &Self) -> Self {
        let other_first = (other.unfit.first_keys.first(), other.first);
        let own_first = (self.unfit.first_keys.first(), self.first);
        let first = match (own_first, other_first) {
            ((Some(own), _), (Some(others), first)) if others < own => first,
            ((None, _), (_, first)) => first,
            ((Some(_), first), _) => first,
        };
        Self {
            target: self.target,
            fit: self.fit.merge(&other.fit),
            unfit: self.unfit.merge(&other.unfit),
            fit_without_nul: self.fit_without_nul.merge(&other.fit_without_nul),
            first,
        }
    }
}
