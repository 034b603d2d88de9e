//! The tables in the order in which they are filled: parents before children, as in the registry.

use diesel::{PgConnection, SqliteConnection};

use super::SeedError;
use super::context::Context;
use super::plan::{SeedPlan, TableSeed};
use super::write::{self, SeedTally};
use crate::models::{billing, documents, for_each_table, projects, tasks, tenancy};
use transfer::model::Stored;
use transfer::values::InvalidValue;

/// A generated value; an error is a bug of the generator.
pub(super) type ValueResult<T> = Result<T, InvalidValue>;

/// A model with generated rows.
pub(super) trait Seeded: Stored {
    /// The share of the table in the total number of rows.
    const SHARE: u64;

    /// The key of the row at `index`, from 0.
    fn nth_key(plan: &TableSeed, index: u64) -> Self::Key;

    /// Generates the row of the context.
    fn row(cx: &mut Context<'_>) -> ValueResult<Self>;
}

/// A table to fill.
pub(super) struct SeedStep {
    pub(super) table: &'static str,
    pub(super) share: u64,
    pub(super) row_count: fn(&SeedPlan) -> u64,
    pub(super) write_sqlite:
        fn(&mut SqliteConnection, &SeedPlan, &mut SeedTally<'_>) -> Result<(), SeedError>,
    pub(super) write_postgres: fn(&mut PgConnection, &SeedPlan, &mut SeedTally<'_>) -> Result<(), SeedError>,
    #[cfg(test)]
    pub(super) digest: fn(&SeedPlan) -> Vec<u8>,
}

const fn step<R: Seeded>() -> SeedStep {
    SeedStep {
        table: R::TABLE,
        share: R::SHARE,
        row_count: |plan| plan.of::<R>().row_count(),
        write_sqlite: write::to_sqlite::<R>,
        write_postgres: write::to_postgres::<R>,
        #[cfg(test)]
        digest: super::tests::digest::<R>,
    }
}

macro_rules! steps {
    ($($module:ident::$row:ident in $table:ident $(as $kind:ident)?,)+) => {
        /// All tables.
        pub(super) static STEPS: &[SeedStep] = &[$(step::<$module::$row>()),+];
    };
}
for_each_table!(steps);
