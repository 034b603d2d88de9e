//! Verifying: every value of every row of both sides is compared, and the outcome is a verdict.
//!
//! Both sides are read again as typed values and brought into the same binary form. Each adds the digests of its rows
//! to buckets of keys, in any order of rows and in bounded memory; only where a bucket differs between the sides are
//! its rows read again, in key order, merged, and compared byte by byte.

mod bounds;
mod comparison;
mod context;
mod digest;
mod full;
mod instants;
mod merge;
mod not_in_force;
mod options;
mod reading;
mod repair;
mod result;
mod sample;
mod size;
mod structure;
mod unreadable;
mod values;
mod verdict;

pub use comparison::verify;
pub use context::Comparison;
pub use not_in_force::NotInForce;
pub use options::{Depth, OnlyInTarget, VerifyOptions, without_rejected};
pub use repair::repair;
pub use result::{
    Difference, Instants, Orphans, Side, TableRepair, TableVerdict, TableVerification, Verification,
};
pub use structure::not_in_force_before;
pub use verdict::Verdict;
