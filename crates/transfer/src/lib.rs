#![doc = include_str!("../README.md")]

pub mod application;
pub mod control;
pub mod copy;
pub mod copy_in;
mod digest;
pub mod error;
pub mod finding;
pub mod model;
pub mod plan;
mod rows;
pub mod run;
pub mod source;
pub mod table;
pub mod target;
pub mod values;
pub mod verify;

/// For macros of this crate.
#[doc(hidden)]
pub use databases;
