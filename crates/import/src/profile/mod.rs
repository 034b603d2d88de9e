//! Records for each column of a table which types fit its values, from every value.
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
pub use table::TableProfile;
pub use tally::{Tally, Trial};

#[cfg(test)]
mod tests;
