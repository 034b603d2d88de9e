//! Digests: so that rows that are equal need not meet.
//!
//! The keys of a table are divided into buckets. Each side adds the digest of every row to its bucket, in whatever
//! order the rows come; a bucket is equal on both sides when the sums are, and the numbers of rows. A sum and not an
//! exclusive or: two rows too many of one kind would cancel each other out there.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::ops::Bound;

use siphasher::sip128::SipHasher13;

use crate::table::{Key, KeyRange};

/// Computes digests under a random key, which is new for each verification and never printed: nobody can construct a
/// source whose different rows have equal digests.
#[derive(Clone, Copy)]
pub(super) struct Digester(SipHasher13);

impl Digester {
    /// With a key of its own.
    pub(super) fn new() -> Self {
        let random = || RandomState::new().build_hasher().finish();
        Self(SipHasher13::new_with_keys(random(), random()))
    }

    fn digest(self, tuple: &[u8]) -> u128 {
        self.0.hash(tuple).as_u128()
    }
}

/// The buckets of a table: at most this many, each the keys of a range.
const BUCKETS: usize = 4096;
const BUCKET_BITS: u32 = 12;

/// How the keys of a table are divided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buckets {
    lowest: Key,
    /// A bucket has two to the power of this many keys.
    width_bits: u32,
}

impl Buckets {
    /// Buckets for keys from `lowest` to `highest`. Others are in the first or the last.
    pub(super) fn over(lowest: Key, highest: Key) -> Self {
        let span = highest.ordinal().saturating_sub(lowest.ordinal());
        let span_bits = u128::BITS - span.leading_zeros();
        Self { lowest, width_bits: span_bits.saturating_sub(BUCKET_BITS) }
    }

    fn index(self, key: Key) -> usize {
        let index = key.ordinal().saturating_sub(self.lowest.ordinal()) >> self.width_bits;
        usize::try_from(index).unwrap_or(BUCKETS).min(BUCKETS - 1)
    }

    /// The keys of the buckets from `first` to `last`.
    fn range(self, first: usize, last: usize) -> KeyRange {
        let offset = |index: usize| u128::try_from(index).unwrap_or(0) << self.width_bits;
        let key = |offset| self.lowest.at(self.lowest.ordinal().saturating_add(offset));
        KeyRange {
            lower: if first == 0 { Bound::Unbounded } else { Bound::Included(key(offset(first))) },
            // The last key of the bucket and not the first of the next, which need not exist.
            upper: if last + 1 >= BUCKETS {
                Bound::Unbounded
            } else {
                Bound::Included(key(offset(last + 1) - 1))
            },
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bucket {
    sum: u128,
    row_count: u64,
}

/// The digests of one side of a table.
pub(super) struct Digests {
    digester: Digester,
    buckets: Buckets,
    sums: Vec<Bucket>,
}

impl Digests {
    pub(super) fn new(digester: Digester, buckets: Buckets) -> Self {
        Self { digester, buckets, sums: vec![Bucket::default(); BUCKETS] }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, key: Key, tuple: &[u8]) {
        let bucket = &mut self.sums[self.buckets.index(key)];
        bucket.sum = bucket.sum.wrapping_add(self.digester.digest(tuple));
        bucket.row_count += 1;
    }

    /// The keys of the buckets that are not the same in both, in order; neighbours are one range.
    pub(super) fn different_ranges(&self, other: &Self) -> Vec<KeyRange> {
        let different: Vec<usize> =
            (0..BUCKETS).filter(|index| self.sums[*index] != other.sums[*index]).collect();
        let runs = different.chunk_by(|left, right| left + 1 == *right);
        runs.filter_map(|run| Some(self.buckets.range(*run.first()?, *run.last()?))).collect()
    }
}

#[cfg(test)]
mod tests;
