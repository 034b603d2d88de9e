#![doc = include_str!("../README.md")]

pub mod copy;
pub mod model;
pub mod run;
pub mod table;
pub mod values;
pub mod verify;

/// For macros of this crate.
#[doc(hidden)]
pub use databases;
