//! Chooses the target of each table and column: the narrowest type that matches the declaration and fits every value.
//!
//! Nothing is guessed: a type is chosen only if the encoder accepted every value for it. If values contradict the
//! declaration, the type is widened, with a finding; values that no type can store unchanged (text with NUL,
//! malformed text) do not change the type and are rejected, with a finding.

mod by_value;
mod column;
mod defaults;
mod forced;
mod keys;
mod numbers;
mod tables;
mod texts;
mod times;
mod units;
mod widen;

pub use tables::choose;

#[cfg(test)]
pub(crate) mod tests;
