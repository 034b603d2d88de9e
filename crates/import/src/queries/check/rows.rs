//! ResultRows in any order and in their order, as sums and chains of hashes.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

/// A row as text, in the same form for equal values.
pub(super) type RowText = String;

/// ResultRows in any order and in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct ResultRows {
    pub(super) count: u64,
    pub(super) sum: u128,
    pub(super) chain: u64,
    first: Vec<RowText>,
}

/// So many rows are kept to describe a difference.
pub(super) const KEPT: usize = 1000;

impl ResultRows {
    pub(super) fn add(&mut self, digest: &RowHashes, row: RowText) {
        let (one, other) = (digest.of(&digest.0, &row), digest.of(&digest.1, &row));
        self.count += 1;
        self.sum = self.sum.wrapping_add((u128::from(one) << 64) | u128::from(other));
        self.chain = self.chain.wrapping_mul(0x0000_0100_0000_01b3).wrapping_add(one);
        if self.first.len() < KEPT {
            self.first.push(row);
        }
    }
}

/// Two random hashes.
#[derive(Default)]
pub(super) struct RowHashes(RandomState, RandomState);

impl RowHashes {
    fn of(&self, state: &RandomState, row: &str) -> u64 {
        let mut hasher = state.build_hasher();
        hasher.write(row.as_bytes());
        hasher.finish()
    }

    pub(super) fn rows(&self, rows: &[RowText]) -> ResultRows {
        let mut all = ResultRows::default();
        rows.iter().for_each(|row| all.add(self, row.clone()));
        all
    }
}

/// The first rows that only one side has.
pub(super) fn described(verb: &str, source: &ResultRows, target: &ResultRows) -> String {
    let only = |one: &ResultRows, other: &ResultRows| {
        let mut others = other.first.clone();
        let mut rows = one.first.iter().filter(|row| match others.iter().position(|other| other == *row) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        });
        rows.next().map_or_else(|| "no further row".to_owned(), |row| format!("({row})"))
    };
    format!(
        "SQLite {verb} {} rows, PostgreSQL {}; only in SQLite: {}; only in PostgreSQL: {}",
        source.count,
        target.count,
        only(source, target),
        only(target, source)
    )
}
