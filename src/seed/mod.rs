//! Invented data: as many rows as wished in all tables, the same for the same seed on either backend.
//!
//! Every row is a function of the seed, its table and its place in the table, so that rows are made one at a time
//! and a row finds the keys of others by arithmetic: the memory used does not grow with the number of rows.
//! The first rows of each table go through the extremes of its types; most others are what an office would have.
//! Everything is written in one transaction: a seeding that is stopped leaves no rows.

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
#[rustfmt::skip] // Many short words a line, as they are read.
mod words;
mod write;

#[cfg(test)]
mod tests;

pub use error::SeedError;
pub use plan::SeedOptions;
pub use write::{SeedProgress, SeedReport, seed};
