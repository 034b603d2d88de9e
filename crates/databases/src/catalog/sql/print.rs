//! Printing of expressions, with the necessary parentheses.

use std::fmt;

use super::expression::Expression;
use super::tokens::{quote_name, quote_text};

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::This => f.write_str("this"),
            Self::Name(name) => f.write_str(&quote_name(name)),
            Self::Text(text) => f.write_str(&quote_text(text)),
            Self::Number(text) | Self::Constant(text) | Self::Raw(text) => f.write_str(text),
            Self::Call(name, arguments) => write!(f, "{}({})", quote_name(name), List(arguments, ", ")),
            Self::Array(elements) => write!(f, "ARRAY[{}]", List(elements, ", ")),
            Self::Not(operand) => match operand.as_ref() {
                Self::Binary(operator, left, right) if takes_not(operator) => {
                    write!(f, "{} {} {}", Operand(left), with_not(operator), Operand(right))
                }
                Self::In(operand, elements) => {
                    write!(f, "{} NOT IN ({})", Operand(operand), List(elements, ", "))
                }
                operand => write!(f, "NOT {}", Operand(operand)),
            },
            Self::Prefix(operator, operand) => write!(f, "{operator} {}", Operand(operand)),
            Self::Binary(operator, left, right) => {
                write!(f, "{} {operator} {}", Operand(left), Operand(right))
            }
            Self::And(parts) => f.write_str(&parts.iter().map(part).collect::<Vec<_>>().join(" AND ")),
            Self::Or(parts) => f.write_str(&parts.iter().map(part).collect::<Vec<_>>().join(" OR ")),
            Self::In(operand, elements) => write!(f, "{} IN ({})", Operand(operand), List(elements, ", ")),
            Self::Cast(operand, target) => write!(f, "CAST({operand} AS {target})"),
        }
    }
}

struct List<'a>(&'a [Expression], &'static str);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, element) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { self.1 };
            write!(f, "{separator}{element}")?;
        }
        Ok(())
    }
}

/// An operand: in parentheses unless it is a single token or a call.
struct Operand<'a>(&'a Expression);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expression::Not(_)
            | Expression::Prefix(..)
            | Expression::Binary(..)
            | Expression::And(_)
            | Expression::Or(_)
            | Expression::In(..)
            | Expression::Raw(_) => write!(f, "({})", self.0),
            simple => write!(f, "{simple}"),
        }
    }
}

/// An operand of AND or OR.
fn part(part: &Expression) -> String {
    match part {
        Expression::And(_) | Expression::Or(_) | Expression::Raw(_) => format!("({part})"),
        part => part.to_string(),
    }
}

fn takes_not(operator: &str) -> bool {
    operator == "IS" || is_match(operator)
}

fn with_not(operator: &str) -> String {
    if operator == "IS" { "IS NOT".to_owned() } else { format!("NOT {operator}") }
}

/// The keyword operators that can be preceded by NOT.
pub(super) fn is_match(operator: &str) -> bool {
    matches!(operator, "LIKE" | "GLOB" | "MATCH" | "REGEXP")
}
