//! Placeholders whose type PostgreSQL cannot infer.

use sqlite3_parser::ast::{Expr, Literal, Operator};

use super::super::types::TargetType;
use super::error::Untranslatable;
use super::translator::Translator;
use super::tree::{children, unparenthesized};
use super::typed::{Family, Level, Typed};

/// `? IS NULL`, from which PostgreSQL infers no type: the placeholder has the type of what it, or another one if it occurs
/// nowhere else, is compared with among `others`, as in `? IS NULL OR c = ?`. Without such a condition it is text. `None` for
/// any other expression.
pub(super) fn null_test(
    translator: &Translator<'_>,
    expression: &Expr,
    others: &[&Expr],
) -> Result<Option<Typed>, Untranslatable> {
    let (operand, test) = match unparenthesized(expression) {
        Expr::IsNull(operand) => (operand, "IS NULL"),
        Expr::NotNull(operand) => (operand, "IS NOT NULL"),
        Expr::Binary(operand, Operator::Is, null) if is_null(null) => (operand, "IS NULL"),
        Expr::Binary(operand, Operator::IsNot, null) if is_null(null) => (operand, "IS NOT NULL"),
        _ => return Ok(None),
    };
    let Expr::Variable(token) = unparenthesized(operand) else { return Ok(None) };
    let is_single = translator.names.is_used_once(token);
    let mut name = is_single.then_some("text");
    for other in others {
        let Some((column, its)) = compared_with(unparenthesized(other)) else { continue };
        if its == Some(token.as_ref()) || (is_single && its.is_some()) {
            name = type_of(&translator.translate(column)?).or(name);
        }
    }
    let name = name.ok_or_else(|| {
        Untranslatable::construct(
            "the test of a placeholder for NULL beside another use of it",
            "PostgreSQL does not infer its type; write CAST(? AS TEXT), or the type that it has, in all places",
        )
    })?;
    let placeholder = translator.translate(operand)?;
    Ok(Some(Typed::truth(format!("{}::{name} {test}", placeholder.at(Level::Atom)), Level::Is)))
}

fn is_null(expression: &Expr) -> bool {
    matches!(unparenthesized(expression), Expr::Literal(Literal::Null))
}

/// The other side of a comparison with a placeholder, and the placeholder.
fn compared_with(condition: &Expr) -> Option<(&Expr, Option<&str>)> {
    match condition {
        Expr::Binary(left, Operator::And | Operator::Or, _) => compared_with(unparenthesized(left)),
        Expr::Binary(left, _, right) if !is_null(right) => {
            let (left, right) = (unparenthesized(left), unparenthesized(right));
            match (placeholder(left), placeholder(right)) {
                (None, token @ Some(_)) => Some((left, token)),
                (token @ Some(_), None) => Some((right, token)),
                _ => None,
            }
        }
        Expr::Like { lhs, rhs, .. } => Some((lhs, placeholder(rhs))),
        Expr::InList { lhs, rhs, .. } => Some((lhs, rhs.iter().flatten().find_map(placeholder))),
        Expr::Between { lhs, start, end, .. } => Some((lhs, placeholder(start).or(placeholder(end)))),
        _ => None,
    }
}

/// The first placeholder in an expression.
fn placeholder(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Variable(token) => Some(token.as_ref()),
        _ => children(expression).into_iter().find_map(placeholder),
    }
}

/// The type of a placeholder beside this value.
fn type_of(value: &Typed) -> Option<&'static str> {
    Some(match value.target {
        Some(TargetType::SmallInt) => "smallint",
        Some(TargetType::Integer) => "integer",
        Some(TargetType::Real) => "real",
        Some(TargetType::Time) => "time",
        _ => match value.family {
            Family::Boolean => "boolean",
            Family::SmallInteger => "integer",
            Family::Integer => "bigint",
            Family::Double | Family::Loose => "double precision",
            Family::Numeric => "numeric",
            Family::Text => "text",
            Family::Bytea => "bytea",
            Family::Date(_) => "date",
            Family::Timestamp(_) => "timestamp",
            Family::TimestampTz(_) => "timestamptz",
            Family::Uuid(_) => "uuid",
            _ => return None,
        },
    })
}
