//! Expressions of SQL: read from what both backends print, and brought to one form.
//!
//! Not a parser of all SQL: what it does not know stays text with its spaces evened out. No text makes it fail.

mod expression;
mod parse;
mod print;
mod tokens;

pub(super) use expression::Expression;
pub(super) use parse::{conjuncts, parse};
pub(super) use tokens::{Dialect, Token, render, split, tokenize};

#[cfg(test)]
mod tests;
