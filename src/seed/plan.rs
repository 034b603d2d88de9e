//! The plan of a seeding: the number of rows of each table, and their keys.

use std::collections::HashMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

use super::steps::{STEPS, Seeded};

/// The size and seed of the generated data.
#[derive(Clone, Copy, Debug)]
pub struct SeedOptions {
    /// Total number of rows over all tables.
    ///
    /// If there are at least as many rows as tables, every table gets one row, and the others are distributed in
    /// fixed proportions. If there are fewer, the first tables in foreign-key order get one row each, so no row
    /// refers to a missing one.
    pub rows: u64,
    /// The same seed generates the same rows.
    pub seed: u64,
}

/// The rows of each table.
pub(super) struct SeedPlan {
    tables: HashMap<&'static str, TableSeed>,
}

/// The rows of one table.
pub(super) struct TableSeed {
    row_count: u64,
    seed: [u8; 32],
}

/// 2021-07-01T00:00:00Z in milliseconds since the Unix epoch: the earliest creation time.
pub(super) const OPENED_MS: u64 = 1_625_097_600_000;
/// Four years: the range of creation times.
pub(super) const OPEN_FOR_MS: u64 = 1_461 * 24 * HOUR_MS;
const HOUR_MS: u64 = 3_600_000;

impl SeedPlan {
    pub(super) fn new(options: SeedOptions) -> Self {
        let counts = share_out(options.rows);
        let tables = STEPS.iter().zip(counts).map(|(step, row_count)| {
            let seed = Sha256::new().chain_update(options.seed.to_le_bytes()).chain_update(step.table);
            let seed = seed.finalize().into();
            (step.table, TableSeed { row_count, seed })
        });
        Self { tables: tables.collect() }
    }

    /// A test checks the steps against the registry, so every table is present.
    pub(super) fn of<R: Seeded>(&self) -> &TableSeed {
        &self.tables[R::TABLE]
    }
}

/// The number of rows of each step's table; their sum is `rows`.
///
/// Shares are rounded down, so that a table with a smaller share never has more rows (there is at most one
/// subscription per organization). The remainder goes to the largest table.
fn share_out(rows: u64) -> Vec<u64> {
    let mut left = rows;
    let mut give = |wanted: u64| {
        let given = wanted.min(left);
        left -= given;
        given
    };
    let mut counts: Vec<u64> = STEPS.iter().map(|_| give(1)).collect();
    let spare = rows - counts.iter().sum::<u64>();
    let whole: u64 = STEPS.iter().map(|step| step.share).sum();
    for (count, step) in counts.iter_mut().zip(STEPS) {
        // Equals spare * share / whole, which could overflow.
        *count += give(spare / whole * step.share + spare % whole * step.share / whole);
    }
    let largest = STEPS.iter().zip(&mut counts).max_by_key(|(step, _)| step.share);
    if let Some((_, count)) = largest {
        *count += left;
    }
    counts
}

impl TableSeed {
    pub(super) fn row_count(&self) -> u64 {
        self.row_count
    }

    /// The integer key of a row: ascending from 1, with gaps as after deletions.
    pub(super) fn integer(&self, index: u64) -> i64 {
        let [every, gap, ..] = self.seed;
        let (every, gap) = (u64::from(every % 13 + 5), u64::from(gap % 9 + 1));
        i64::try_from(1 + index + index.div_ceil(every) * gap).unwrap_or(i64::MAX)
    }

    /// The UUID (version 7) of a row.
    pub(super) fn uuid(&self, index: u64) -> uuid::Uuid {
        let mut random = [0; 10];
        self.stream(3 * index + 1).fill_bytes(&mut random);
        uuid::Builder::from_unix_timestamp_millis(self.uuid_ms(index), &random).into_uuid()
    }

    /// The timestamp of a row's UUID: one per hour, mostly ascending, wrapping around after four years.
    pub(super) fn uuid_ms(&self, index: u64) -> u64 {
        let within_hour = index.wrapping_mul(2_654_435_761) % HOUR_MS;
        OPENED_MS + (index.wrapping_mul(HOUR_MS) + within_hour) % OPEN_FOR_MS
    }

    /// The random numbers of a row.
    pub(super) fn randomness(&self, index: u64) -> ChaCha8Rng {
        self.stream(3 * index)
    }

    /// The random numbers that consecutive rows share.
    pub(super) fn visit(&self, number: u64) -> ChaCha8Rng {
        self.stream(3 * number + 2)
    }

    fn stream(&self, number: u64) -> ChaCha8Rng {
        let mut randomness = ChaCha8Rng::from_seed(self.seed);
        randomness.set_stream(number);
        randomness
    }
}
