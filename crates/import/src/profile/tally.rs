//! Counts of rows, with the first keys.

use crate::types::TargetType;
use crate::values::Unfit;

/// The number of keys kept for each count.
const KEPT_KEYS: usize = 5;

/// A count of rows, with their first keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The number of rows.
    pub count: i64,
    /// The lowest keys: rowids, or positions in key order from 1 if a table has no rowid.
    pub first_keys: Vec<i64>,
}

impl Tally {
    /// Counts a row. Rows arrive in key order.
    pub(super) fn add(&mut self, key: i64) {
        self.count += 1;
        if self.first_keys.len() < KEPT_KEYS {
            self.first_keys.push(key);
        }
    }

    /// Adds the rows of another, disjoint tally.
    #[must_use]
    pub fn merge(mut self, other: &Self) -> Self {
        self.count += other.count;
        self.first_keys.extend(&other.first_keys);
        self.first_keys.sort_unstable();
        self.first_keys.truncate(KEPT_KEYS);
        self
    }

    /// Subtracts the rows of another tally, which is a subset. Fewer keys than rows may remain.
    #[must_use]
    pub fn without(mut self, others: &[&Self]) -> Self {
        for other in others {
            self.count -= other.count;
            self.first_keys.retain(|key| !other.first_keys.contains(key));
        }
        self
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// A tested type.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The type.
    pub target: TargetType,
    /// The number of values that fit; in a chain, those that the types before do not fit.
    pub fit: Tally,
    /// Values that do not fit.
    pub unfit: Tally,
    /// Of these, texts with NUL that would fit without NUL.
    pub fit_without_nul: Tally,
    /// Why the first of them does not fit.
    pub first: Option<Unfit>,
    /// Values that fit because they are rounded.
    pub rounded: Tally,
    /// The values that have exactly the form of the type, if any form is read.
    pub exact_count: i64,
}

impl Trial {
    pub(super) fn new(target: TargetType) -> Self {
        Self {
            target,
            fit: Tally::default(),
            unfit: Tally::default(),
            fit_without_nul: Tally::default(),
            first: None,
            rounded: Tally::default(),
            exact_count: 0,
        }
    }

    /// Counts a value by the result of the encoder; returns whether it fits.
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

    /// Merges the values of another part of the table.
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
            rounded: self.rounded.merge(&other.rounded),
            exact_count: self.exact_count + other.exact_count,
        }
    }
}
