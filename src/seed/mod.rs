//! Generated data: a given number of rows over all tables, the same for the same seed on both backends.
//!
//! Every row is a function of the seed, its table and its index, so rows are generated one at a time and the keys of
//! other rows are computed: memory does not grow with the number of rows. The first rows of each table contain the
//! extreme values of its types; most others look realistic. All rows are written in one transaction: an interrupted
//! seeding leaves no rows.

mod billing;
mod context;
mod documents;
mod error;
mod plan;
mod projects;
mod sign_in;
mod steps;
mod tasks;
mod tenancy;
mod texts;
mod values;
#[rustfmt::skip] // Word lists with many words per line.
mod words;
mod write;

#[cfg(test)]
mod tests;

pub use error::SeedError;
pub use plan::SeedOptions;
pub use write::{SeedProgress, SeedReport, seed};
