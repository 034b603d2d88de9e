//! Reads every value of a table once, and records for each column which types fit its values.
//!
//! The encoder decides: a type fits a value if `values::check` accepts it, and then the copy can send it. Every count
//! is a count of all values, never of a sample. Profiles of parts of a table can be merged into that of the whole
//! table.

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
