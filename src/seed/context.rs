//! The context of a generated row: its index, its random numbers, and the rows it may refer to.

use std::ops::RangeInclusive;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng as _;

use super::plan::{SeedPlan, TableSeed};
use super::steps::Seeded;
use crate::models::tenancy::{Organization, User};

/// The row being generated. Each drawn value advances the context.
pub(super) struct Context<'a> {
    plan: &'a SeedPlan,
    table: &'a TableSeed,
    index: u64,
    /// Number of values drawn that have extremes.
    column: u64,
    pub(super) randomness: ChaCha8Rng,
}

/// Number of rows at the start of a table with extreme values: every second value is an extreme, so each column gets
/// sixteen.
const EXTREME_ROWS: u64 = 32;
/// After that, one row in this many has extremes.
const EXTREME_EVERY: u64 = 251;

/// Number of consecutive events of one user.
const ROWS_PER_VISIT: u64 = 8;

impl<'a> Context<'a> {
    pub(super) fn new<R: Seeded>(plan: &'a SeedPlan, index: u64) -> Self {
        let table = plan.of::<R>();
        Self { plan, table, index, column: 0, randomness: table.randomness(index) }
    }

    /// The index of the row in its table, from 0.
    pub(super) fn index(&self) -> u64 {
        self.index
    }

    /// The plan of the row's table.
    pub(super) fn table(&self) -> &TableSeed {
        self.table
    }

    /// Selects the extreme for the next value, if any; called once per value.
    pub(super) fn extreme(&mut self) -> Option<u64> {
        let extreme = self.next_extreme();
        self.column += 1;
        extreme
    }

    fn next_extreme(&self) -> Option<u64> {
        let round = match self.index {
            index if index < EXTREME_ROWS => index,
            index if index % EXTREME_EVERY == 0 => index / EXTREME_EVERY,
            _ => return None,
        };
        (round + self.column).is_multiple_of(2).then_some(round / 2 + self.column)
    }

    // Random draws.

    /// A number below `limit`, or 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        let wide = u128::from(self.randomness.next_u64()) * u128::from(limit);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// Like [`below`](Self::below), with smaller numbers more likely.
    pub(super) fn low(&mut self, limit: u64) -> u64 {
        self.below(limit).min(self.below(limit))
    }

    /// A number in the range.
    pub(super) fn between(&mut self, range: RangeInclusive<i64>) -> i64 {
        let span = range.end().abs_diff(*range.start()) + 1;
        range.start().saturating_add_unsigned(self.below(span))
    }

    /// True with this probability in percent.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the choices.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let index = self.below(count(choices));
        choices[usize::try_from(index).unwrap_or_default()]
    }

    /// `None` with some probability, but never instead of an extreme.
    pub(super) fn maybe<T, E>(
        &mut self,
        percent: u64,
        make: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        if self.next_extreme().is_none() && !self.chance(percent) {
            self.column += 1;
            return Ok(None);
        }
        make(self).map(Some)
    }

    /// A value only if the row requires it.
    pub(super) fn when<T, E>(
        &mut self,
        condition: bool,
        make: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        if !condition {
            self.column += 1;
            return Ok(None);
        }
        make(self).map(Some)
    }

    // Other rows, identified by their index. Relations are computed from indexes alone.

    /// How many rows a table has.
    pub(super) fn count<R: Seeded>(&self) -> u64 {
        self.plan.of::<R>().row_count()
    }

    /// The key of a row.
    pub(super) fn key<R: Seeded>(&self, index: u64) -> R::Key {
        R::nth_key(self.plan.of::<R>(), index)
    }

    /// The key of the row being generated.
    pub(super) fn own_key<R: Seeded>(&self) -> R::Key {
        R::nth_key(self.table, self.index)
    }

    /// A random row of a table, earlier rows more likely.
    pub(super) fn any<R: Seeded>(&mut self) -> u64 {
        self.low(self.count::<R>())
    }

    /// A random user, earlier ones more likely; the same for several consecutive rows.
    pub(super) fn visitor(&mut self) -> u64 {
        let visit = self.table.visit(self.index / ROWS_PER_VISIT);
        let mut at_visit = std::mem::replace(&mut self.randomness, visit);
        let user = self.any::<User>();
        std::mem::swap(&mut self.randomness, &mut at_visit);
        user
    }

    /// The parent of the row, in a table where parents have about equally many children.
    pub(super) fn parent<R: Seeded>(&self) -> u64 {
        self.index % self.count::<R>().max(1)
    }

    /// Number of earlier rows with the same [`parent`](Self::parent).
    pub(super) fn earlier<R: Seeded>(&self) -> u64 {
        self.index / self.count::<R>().max(1)
    }

    /// The organization of the row at `index`, for users, customers, products, bills, projects and applicants.
    pub(super) fn home(&self, index: u64) -> u64 {
        index % self.count::<Organization>().max(1)
    }

    /// A random row of a table that [`home`](Self::home) assigns to this organization.
    pub(super) fn any_at<R: Seeded>(&mut self, organization: u64) -> Option<u64> {
        self.any_of::<R>(organization, self.count::<Organization>())
    }

    /// A random row whose index is congruent to `rest` modulo `divisor`.
    pub(super) fn any_of<R: Seeded>(&mut self, rest: u64, divisor: u64) -> Option<u64> {
        let fitting = self.count::<R>().saturating_sub(rest).div_ceil(divisor.max(1));
        (fitting > 0).then(|| rest + divisor * self.below(fitting))
    }

    /// A random user of an organization; sometimes none.
    pub(super) fn colleague(&mut self, organization: u64) -> Option<<User as transfer::model::Row>::Key> {
        let user = self.any_at::<User>(organization)?;
        self.chance(85).then(|| self.key::<User>(user))
    }
}

/// How many choices there are.
pub(super) fn count<T>(choices: &[T]) -> u64 {
    u64::try_from(choices.len()).unwrap_or(u64::MAX)
}

/// The choice at `index` modulo their number.
pub(super) fn at<T: Copy>(choices: &[T], index: u64) -> T {
    choices[usize::try_from(index % count(choices)).unwrap_or_default()]
}
