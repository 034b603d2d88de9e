//! Reads every value of a table once, and tells of each column which types would hold its values.
//!
//! The encoder is the judge: a type holds a value when `values::check` says so, and then the copy will carry it. Every
//! count is a count of all values, never of a sample. Profiles of parts of a table add up to that of the whole.

mod candidates;
mod column;
mod declared;
mod epoch;
mod table;
mod tally;

pub use column::ColumnProfile;
pub use declared::Intent;
pub use epoch::Epoch;
pub use table::{TableProfile, profile_table};
pub use tally::{Tally, Trial};

#[cfg(test)]
mod tests;
