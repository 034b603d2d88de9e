//! Encodes a SQLite value in PostgreSQL's binary format. The server never parses a value.
//!
//! A value fits its type only if it can be read back as an equal value: nothing is rounded, trimmed, padded or
//! guessed. An incompatible value is an error, [`Unfit`]; only a setting of the user
//! ([`OnIncompatible`](crate::conversion::OnIncompatible)) converts it to something else. Each type's format is that of its
//! `..._recv` and `..._send` functions in PostgreSQL's source; `SQLite` in these modules is the bundled version.

mod address;
mod array;
mod boolean;
mod bytea;
mod calendar;
mod date;
mod decimal;
mod encode;
mod instant;
mod integer;
mod interval;
mod json;
mod json_reader;
mod numeric;
mod real;
mod sink;
mod source_value;
mod target;
mod text;
mod time;
mod unfit;
mod uuid;

#[cfg(test)]
mod tests;

pub use encode::{check, encode};
pub use source_value::SourceValue;
pub use target::{canonical, show_target};
pub use unfit::Unfit;
