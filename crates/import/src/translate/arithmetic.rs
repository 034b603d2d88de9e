//! Arithmetic: integers of 64 bits and doubles, as SQLite computes. `numeric` columns are computed as doubles, as in
//! SQLite; an overflow of 64 bits is an error in PostgreSQL, where SQLite continues with a double.

use sqlite3_parser::ast::Operator;

use super::super::types::TargetType;
use super::convert::{exact_double, exact_double_of_numeric, number};
use super::error::Untranslatable;
use super::literal;
use super::typed::{Detail, Family, Level, LiteralValue, Typed};

/// `left operator right`.
pub(super) fn binary(left: &Typed, operator: Operator, right: &Typed) -> Result<Typed, Untranslatable> {
    let (left, right) = (number(left)?, number(right)?);
    match operator {
        Operator::Add => combined(&left, "+", &right, Level::Additive),
        Operator::Subtract => combined(&left, "-", &right, Level::Additive),
        Operator::Multiply => combined(&left, "*", &right, Level::Multiplicative),
        Operator::Divide => divided(&left, &right),
        Operator::Modulus => remainder(&left, &right),
        Operator::BitwiseAnd => bits(&left, "&", &right),
        Operator::BitwiseOr => bits(&left, "|", &right),
        Operator::LeftShift => shifted(&left, "<<", &right),
        Operator::RightShift => shifted(&left, ">>", &right),
        _ => Err(Untranslatable::construct("this operator", "it is not an arithmetic operator")),
    }
}

/// The family of a sum, difference or product, and whether its operands are computed as doubles.
fn result(left: Family, right: Family) -> (Family, bool) {
    match (left, right) {
        (l, r) if l.is_open() || r.is_open() => (Family::Unknown, false),
        (l, r) if l.is_integer() && r.is_integer() => (Family::Integer, false),
        (Family::Double, _) | (_, Family::Double) => (Family::Double, true),
        _ => (Family::Loose, true),
    }
}

fn as_double(typed: &Typed) -> Typed {
    match typed.family {
        Family::Numeric => Typed::atom(typed.cast("double precision"), Family::Loose),
        _ => typed.clone(),
    }
}

/// The same for the operand of a number that may be an integer in SQLite: two integers are computed with 64 bits there, and a
/// double has 53.
fn as_exact_double(typed: &Typed) -> Typed {
    let is_short = matches!(typed.target, Some(TargetType::Numeric { precision, .. }) if precision <= 15);
    match typed.family {
        Family::Integer => exact_double(typed),
        Family::Numeric if is_short || typed.value().is_some() => as_double(typed),
        Family::Numeric => exact_double_of_numeric(typed),
        _ => typed.clone(),
    }
}

fn combined(left: &Typed, sign: &str, right: &Typed, level: Level) -> Result<Typed, Untranslatable> {
    let (family, is_double) = result(left.family, right.family);
    let (mut left, right) = match (is_double, family) {
        (true, Family::Loose) => (as_exact_double(left), as_exact_double(right)),
        (true, _) => (as_double(left), as_double(right)),
        (false, _) => (left.clone(), right.clone()),
    };
    if left.family == Family::SmallInteger && right.family == Family::SmallInteger {
        // Otherwise PostgreSQL computes with 32 bits.
        left = Typed::atom(left.cast("bigint"), Family::Integer);
    }
    Ok(Typed::new(format!("{} {sign} {}", left.at(level), right.above(level)), family, level))
}

/// Division by zero is NULL in SQLite.
fn divisor(right: &Typed) -> String {
    match right.value() {
        Some(LiteralValue::Integer(value)) if *value != 0 => right.above(Level::Multiplicative),
        Some(LiteralValue::Real(digits)) if digits.bytes().any(|byte| matches!(byte, b'1'..=b'9')) => {
            right.above(Level::Multiplicative)
        }
        _ => format!("NULLIF({}, 0)", right.sql),
    }
}

fn divided(left: &Typed, right: &Typed) -> Result<Typed, Untranslatable> {
    let is_double = left.family == Family::Double || right.family == Family::Double;
    let is_integer = left.family.is_integer() && right.family.is_integer();
    let is_by_value = |typed: &Typed| typed.family.is_integer() || matches!(typed.detail, Detail::Whole);
    if !is_double && !is_integer && is_by_value(left) && is_by_value(right) {
        return Ok(divided_by_value(left, right));
    }
    if !is_double && !is_integer {
        return Err(Untranslatable::operator(
            "/",
            "SQLite truncates the quotient if both values are integers",
        ));
    }
    let (left, right) =
        if is_double { (as_double(left), as_double(right)) } else { (left.clone(), right.clone()) };
    if left.family.is_open() || right.family.is_open() {
        return Err(Untranslatable::operator("/", "the types are not known"));
    }
    if left.family == Family::Integer && right.integer_value() == Some(-1) {
        return Err(Untranslatable::operator(
            "/",
            "the lowest integer divided by -1 is a REAL in SQLite and an error in PostgreSQL; write the negative",
        ));
    }
    let family = if is_double { Family::Double } else { whole(&left, &right) };
    let sql = format!("{} / {}", left.at(Level::Multiplicative), divisor(&right));
    Ok(Typed::new(sql, family, Level::Multiplicative))
}

/// The quotient of columns in which whole numbers are INTEGER: truncated if both values are whole.
fn divided_by_value(left: &Typed, right: &Typed) -> Typed {
    let (one, other) = (left.at(Level::Atom), right.at(Level::Atom));
    let quotient = format!("({one}::double precision / NULLIF({other}, 0)::double precision)");
    let whole = |sql: &str| format!("{sql} = trunc({sql})");
    let tests: Vec<String> = [left, right]
        .iter()
        .filter(|typed| !typed.family.is_integer())
        .map(|typed| whole(&typed.at(Level::Atom)))
        .collect();
    let sql = format!("CASE WHEN {} THEN trunc({quotient}) ELSE {quotient} END", tests.join(" AND "));
    Typed::atom(sql, Family::Loose)
}

fn remainder(left: &Typed, right: &Typed) -> Result<Typed, Untranslatable> {
    integers("%", left, right)?;
    let sql = format!("{} % {}", left.at(Level::Multiplicative), divisor(right));
    Ok(Typed::new(sql, whole(left, right), Level::Multiplicative))
}

/// The family of an integer that PostgreSQL computes from these, in 32 bits if both have 32.
fn whole(left: &Typed, right: &Typed) -> Family {
    if left.family == Family::SmallInteger && right.family == Family::SmallInteger {
        Family::SmallInteger
    } else {
        Family::Integer
    }
}

fn integers(sign: &str, left: &Typed, right: &Typed) -> Result<(), Untranslatable> {
    if left.family.is_integer() && right.family.is_integer() {
        return Ok(());
    }
    Err(Untranslatable::operator(sign, "SQLite truncates its operands to integers"))
}

fn bits(left: &Typed, sign: &str, right: &Typed) -> Result<Typed, Untranslatable> {
    integers(sign, left, right)?;
    let sql = format!("{} {sign} {}", left.above(Level::Other), right.above(Level::Other));
    Ok(Typed::new(sql, whole(left, right), Level::Other))
}

fn shifted(left: &Typed, sign: &str, right: &Typed) -> Result<Typed, Untranslatable> {
    integers(sign, left, right)?;
    // PostgreSQL takes the count modulo the width.
    if !right.integer_value().is_some_and(|count| (0..64).contains(&count)) {
        return Err(Untranslatable::operator(sign, "only a literal count of 0 to 63 is equivalent"));
    }
    let left =
        if left.family == Family::SmallInteger { left.cast("bigint") } else { left.above(Level::Other) };
    Ok(Typed::new(format!("{left} {sign} {}", right.sql), Family::Integer, Level::Other))
}

/// `-x`; for a literal, the negative literal.
pub(super) fn negative(operand: &Typed) -> Result<Typed, Untranslatable> {
    match operand.value() {
        Some(LiteralValue::Integer(value)) if *value != i64::MIN => return Ok(literal::integer(-*value)),
        // 2^63 exceeds 64 bits, and -2^63 does not.
        Some(LiteralValue::Real(digits)) if digits == "9223372036854775808" => {
            return Ok(literal::integer(i64::MIN));
        }
        Some(LiteralValue::Real(digits)) => {
            let negated = digits.strip_prefix('-').map_or_else(|| format!("-{digits}"), str::to_owned);
            return literal::real(&negated);
        }
        _ => {}
    }
    let operand = number(operand)?;
    if operand.family.is_open() {
        return Ok(Typed::new(format!("-{}", operand.above(Level::Unary)), operand.family, Level::Unary));
    }
    let operand = match operand.family {
        Family::SmallInteger => Typed::atom(operand.cast("bigint"), Family::Integer),
        _ => operand,
    };
    Ok(Typed::new(format!("-{}", operand.above(Level::Unary)), operand.family, Level::Unary))
}

/// `~x`.
pub(super) fn bitwise_not(operand: &Typed) -> Result<Typed, Untranslatable> {
    let operand = number(operand)?;
    if !operand.family.is_integer() {
        return Err(Untranslatable::operator("~", "SQLite truncates its operand to an integer"));
    }
    Ok(Typed::new(format!("~ {}", operand.above(Level::Other)), operand.family, Level::Other))
}
