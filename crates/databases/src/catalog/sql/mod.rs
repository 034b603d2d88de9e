//! SQL expressions as both backends print them, parsed and normalized to one form.
//!
//! Not a parser of all SQL: unknown syntax remains text with normalized spaces. No input makes it fail.

mod expression;
mod parse;
mod print;
mod tokens;

pub(super) use expression::Expression;
pub(super) use parse::{conjuncts, parse};
pub(super) use tokens::{Dialect, Token, render, split, tokenize};

#[cfg(test)]
mod tests;
