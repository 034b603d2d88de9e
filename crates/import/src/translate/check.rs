//! CHECK constraints. `json_valid` of text has no function in PostgreSQL before version 16, but a cast to json raises an
//! error for what is not valid: the row is refused as well. That is only equivalent where an invalid text must not be
//! accepted for another reason.

use sqlite3_parser::ast::{Expr, Literal, Operator};

use super::error::Untranslatable;
use super::translator::{DEEPEST, Translator};
use super::tree::{self, unparenthesized};
use super::typed::{Family, Level, Typed};

/// The condition of a CHECK.
pub(super) fn condition(translator: &Translator<'_>, expression: &Expr) -> Result<Typed, Untranslatable> {
    condition_at(translator, expression, 0)
}

fn condition_at(
    translator: &Translator<'_>,
    expression: &Expr,
    depth: usize,
) -> Result<Typed, Untranslatable> {
    if depth >= DEEPEST {
        return Err(Untranslatable::TooDeep { limit: DEEPEST });
    }
    let condition = |expression| condition_at(translator, expression, depth + 1);
    let has_json_valid = |expression| has_json_valid_at(expression, 0);
    if !has_json_valid(expression) {
        let typed = translator.translate(expression)?;
        return translator.truth(&typed);
    }
    match unparenthesized(expression) {
        Expr::Binary(left, Operator::And, right) => {
            let (left, right) = (condition(left)?, condition(right)?);
            Ok(Typed::truth(format!("{} AND {}", left.at(Level::And), right.at(Level::And)), Level::And))
        }
        // CASE evaluates the cast only for a row that needs it.
        Expr::Binary(left, Operator::Or, right) => {
            let (first, last) = if has_json_valid(left) { (right, left) } else { (left, right) };
            if has_json_valid(first) {
                return Err(invalid_is_an_error());
            }
            let (first, last) = (condition(first)?, condition(last)?);
            Ok(Typed::truth(format!("CASE WHEN {} THEN TRUE ELSE {} END", first.sql, last.sql), Level::Atom))
        }
        Expr::Binary(left, Operator::Equals | Operator::Is, one) if is_one(one) => condition(left),
        expression => match tree::called(expression) {
            Some((_, [document])) => {
                let typed = translator.translate(document)?;
                match typed.family {
                    Family::Text => {
                        let sql = format!("({} IS NOT NULL OR NULL)", typed.cast("json"));
                        Ok(Typed::truth(sql, Level::Atom))
                    }
                    _ => {
                        let typed = translator.translate(expression)?;
                        translator.truth(&typed)
                    }
                }
            }
            _ => Err(invalid_is_an_error()),
        },
    }
}

fn invalid_is_an_error() -> Untranslatable {
    Untranslatable::function("json_valid", "for text it is only supported in conditions that a row must meet")
}

fn is_one(expression: &Expr) -> bool {
    match unparenthesized(expression) {
        Expr::Literal(Literal::Numeric(digits)) => digits.as_ref() == "1",
        _ => false,
    }
}

/// Whether `json_valid(x)` is one of the conditions that AND, OR and `= 1` combine, or follows their pattern.
fn has_json_valid_at(expression: &Expr, depth: usize) -> bool {
    if depth >= DEEPEST {
        return false;
    }
    let has_json_valid = |expression| has_json_valid_at(expression, depth + 1);
    match unparenthesized(expression) {
        Expr::Binary(left, Operator::And | Operator::Or, right) => {
            has_json_valid(left) || has_json_valid(right)
        }
        Expr::Binary(left, Operator::Equals | Operator::Is, right) => is_one(right) && has_json_valid(left),
        expression => tree::called(expression)
            .is_some_and(|(name, arguments)| name == "json_valid" && arguments.len() == 1),
    }
}
