//! Chooses what each table and column becomes: the narrowest type that is faithful to what was declared and holds
//! every value.
//!
//! Nothing is guessed: a type is chosen only where the encoder has taken every value for it. Where the values
//! disagree with the declaration the type is widened, with a finding; values that no type can hold as they are (text
//! with NUL, broken text) leave the type alone and are set aside, with a finding.

mod by_value;
mod column;
mod forced;
mod keys;
mod numbers;
mod tables;
mod texts;
mod times;
mod widen;

pub use tables::choose;

#[cfg(test)]
pub(crate) mod tests;
