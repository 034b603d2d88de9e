//! Decides whether two values can be compared, and with which types. SQLite compares storage classes and PostgreSQL
//! types, so both must give the same result for every value.

use super::super::types::UuidForm;
use super::comparison::collated;
use super::convert::{bytes, described, exact_double, number};
use super::error::Untranslatable;
use super::in_sqlite::real_text;
use super::instants::{compares_as_value, special, takes_literals};
use super::json;
use super::literal::{is_exact_decimal, looks_numeric, number_in_text, real, text};
use super::prefix::{above, above_numbers, as_compared_number};
use super::stored::text_of_real;
use super::typed::{Collating, Detail, Family, Level, LiteralValue, Typed};

/// The kind of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ComparisonKind {
    /// Equality.
    Equality,
    /// Order.
    Order,
}

/// Both sides, such that PostgreSQL's comparison is equivalent to SQLite's.
pub(super) fn pair(
    left: &Typed,
    right: &Typed,
    kind: ComparisonKind,
    collating: Collating,
) -> Result<(Typed, Typed), Untranslatable> {
    use Family as F;
    let plain = || {
        let bare = |typed: &Typed| Typed { collating: Collating::None, ..typed.clone() };
        Ok((bare(left), bare(right)))
    };
    match (left.family, right.family) {
        (F::Null, _) | (_, F::Null) => plain(),
        (F::Opaque | F::Jsonb, _) | (_, F::Opaque | F::Jsonb) => refused(left, right),
        (F::Json, _) if right.family != F::Json => {
            pair(&Typed::atom(left.cast("text"), F::Text), right, kind, Collating::None)
        }
        (_, F::Json) => pair(left, &Typed::atom(right.cast("text"), F::Text), kind, Collating::None),
        (F::JsonScalar, r) if json::compares_with(left, right, kind) => {
            let other = if r == F::Boolean { number(right)? } else { right.clone() };
            pair(&json::compared(left, &other), &other, kind, collating)
        }
        (_, F::JsonScalar) if json::compares_with(right, left, kind) => {
            pair(right, left, kind, collating).map(|(right, left)| (left, right))
        }
        (F::JsonScalar | F::Mixed, F::Text) => as_text_literal(left, right, kind, collating),
        (F::Text, F::JsonScalar | F::Mixed) => {
            as_text_literal(right, left, kind, collating).map(|(right, left)| (left, right))
        }
        (F::JsonScalar | F::Mixed | F::Words, _) if right.family.is_open() => refused(left, right),
        (_, F::JsonScalar | F::Mixed | F::Words) if left.family.is_open() => refused(left, right),
        (F::Text, F::Text) => texts(left, right, kind, collating),
        (l, r) if l.is_open() || r.is_open() => {
            if l == F::Text || r == F::Text || collating != Collating::None {
                texts(left, right, kind, collating)
            } else {
                Ok((bare_beside_open(left), bare_beside_open(right)))
            }
        }
        (F::Boolean, F::Boolean) | (F::Bytea, F::Bytea) => plain(),
        (F::Words, F::Text) => words(left, right),
        (F::Text, F::Words) => words(right, left).map(|(right, left)| (left, right)),
        (F::Boolean, r) if r.is_number() => boolean_and_number(left, right, kind),
        (l, F::Boolean) if l.is_number() => {
            boolean_and_number(right, left, kind).map(|(right, left)| (left, right))
        }
        (l, r) if l.is_number() && r.is_number() => numbers(left, right),
        (l, F::Text) if l.is_number() || l == F::Boolean => number_and_text(left, right, kind, collating),
        (F::Text, r) if r.is_number() || r == F::Boolean => {
            number_and_text(right, left, kind, collating).map(|(right, left)| (left, right))
        }
        (l, r) if l == r && takes_literals(l) && compares_as_value(left, right) => plain(),
        (F::Uuid(UuidForm::Bytes), F::Bytea) if !is_uuid_literal(right) => {
            pair(&bytes(left), right, kind, Collating::None)
        }
        (F::Bytea, F::Uuid(UuidForm::Bytes)) if !is_uuid_literal(left) => {
            pair(left, &bytes(right), kind, Collating::None)
        }
        (l, _) if takes_literals(l) => special(left, right, kind, collating),
        (_, r) if takes_literals(r) => {
            special(right, left, kind, collating).map(|(right, left)| (left, right))
        }
        _ => refused(left, right),
    }
}

/// A decimal without a type takes that of the column.
fn bare_beside_open(typed: &Typed) -> Typed {
    let bare = Typed { collating: Collating::None, ..typed.clone() };
    match typed.value() {
        Some(LiteralValue::Real(digits)) => Typed { sql: digits.clone(), ..bare },
        _ => bare,
    }
}

fn refused<T>(left: &Typed, right: &Typed) -> Result<T, Untranslatable> {
    Err(Untranslatable::construct(
        format!("{} compared with {}", described(left.family), described(right.family)),
        "SQLite compares them by storage class",
    ))
}

pub(super) fn texts(
    left: &Typed,
    right: &Typed,
    kind: ComparisonKind,
    collating: Collating,
) -> Result<(Typed, Typed), Untranslatable> {
    let (mut left, right) = (collated(left, collating)?, collated(right, collating)?);
    let is_text = left.family == Family::Text || right.family == Family::Text;
    // SQLite orders by bytes, whatever the database's collation. For columns of unknown type the target's order
    // applies.
    if kind == ComparisonKind::Order && is_text && !left.family.is_open() && !left.sql.starts_with("lower(") {
        left =
            Typed::new(format!("{} COLLATE \"C\"", left.above(Level::Collate)), Family::Text, Level::Collate);
    }
    Ok((left, right))
}

fn as_text_literal(
    value: &Typed,
    literal: &Typed,
    kind: ComparisonKind,
    collating: Collating,
) -> Result<(Typed, Typed), Untranslatable> {
    match literal.text_value() {
        Some(text) if kind == ComparisonKind::Equality && is_plain_word(text, value.family) => {
            texts(&Typed { family: Family::Text, ..value.clone() }, literal, kind, collating)
        }
        _ => refused(value, literal),
    }
}

/// Whether no number, boolean, array or object has this text.
pub(super) fn is_plain_word(text: &str, family: Family) -> bool {
    let is_json = text.starts_with(['{', '[']) || matches!(text, "true" | "false" | "null");
    !looks_numeric(text) && (family != Family::JsonScalar || !is_json)
}

fn words(column: &Typed, literal: &Typed) -> Result<(Typed, Typed), Untranslatable> {
    match literal.text_value() {
        Some("true") => Ok((column.clone(), Typed::truth("TRUE", Level::Atom))),
        Some("false") => Ok((column.clone(), Typed::truth("FALSE", Level::Atom))),
        _ => refused(column, literal),
    }
}

fn boolean_and_number(
    boolean: &Typed,
    other: &Typed,
    kind: ComparisonKind,
) -> Result<(Typed, Typed), Untranslatable> {
    match other.integer_value() {
        Some(0) if kind == ComparisonKind::Equality => {
            Ok((boolean.clone(), Typed::truth("FALSE", Level::Atom)))
        }
        Some(1) if kind == ComparisonKind::Equality => {
            Ok((boolean.clone(), Typed::truth("TRUE", Level::Atom)))
        }
        _ => numbers(&number(boolean)?, other),
    }
}

/// A column applies its affinity to a literal of the other kind; other expressions of two kinds are never equal.
fn number_and_text(
    value: &Typed,
    other: &Typed,
    kind: ComparisonKind,
    collating: Collating,
) -> Result<(Typed, Typed), Untranslatable> {
    match (value.value(), other.text_value()) {
        (_, None) if value.has_affinity() => {
            let number = match &other.detail {
                Detail::Digits(sql) => Typed::atom(sql.clone(), Family::Integer),
                _ => as_compared_number(other, value),
            };
            pair(value, &number, kind, Collating::None)
        }
        (Some(LiteralValue::Integer(digits)), _) if other.has_affinity() => {
            texts(&text(&digits.to_string())?, other, kind, collating)
        }
        (Some(LiteralValue::Real(digits)), _) if other.has_affinity() => match text_of_real(digits) {
            Some(digits) => texts(&text(&digits)?, other, kind, collating),
            None => refused(value, other),
        },
        (None, None) if other.has_affinity() && value.family.is_integer() => {
            texts(&Typed::atom(value.cast("text"), Family::Text), other, kind, collating)
        }
        (None, None) if other.has_affinity() && value.family == Family::Double => {
            texts(&real_text(value)?, other, kind, collating)
        }
        (_, _) if !other.has_affinity() && !value.has_affinity() && value.family != Family::Boolean => {
            pair(value, &above_numbers(other, value), kind, Collating::None)
        }
        (_, Some(text)) if value.has_affinity() => match (number_in_text(text), decimal(text)) {
            (Some(number), _) => pair(value, &number, kind, Collating::None),
            (None, _) if !value.family.is_number() => refused(value, other),
            (None, Some(digits)) => pair(value, &real(digits)?, kind, Collating::None),
            (None, None) => pair(value, &above(value), kind, Collating::None),
        },
        _ => refused(value, other),
    }
}

/// A text that SQLite converts to a number completely, without the space around it.
fn decimal(text: &str) -> Option<&str> {
    let digits = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    let is_written = digits.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    (is_written && digits.parse::<f64>().is_ok()).then_some(digits)
}

/// Whether a literal has the length of a UUID, and becomes one.
fn is_uuid_literal(typed: &Typed) -> bool {
    matches!(typed.value(), Some(LiteralValue::Blob(digits)) if digits.len() == 32)
}

fn numbers(left: &Typed, right: &Typed) -> Result<(Typed, Typed), Untranslatable> {
    let (one, other) = (beside(left, right)?, beside(right, left)?);
    Ok((one, other))
}

/// A number whose comparison with the other one is exact.
fn beside(value: &Typed, other: &Typed) -> Result<Typed, Untranslatable> {
    const EXACT: u64 = 1 << 53;
    let bare = Typed { collating: Collating::None, ..value.clone() };
    let other_is_double = matches!(other.family, Family::Double | Family::Loose) && other.value().is_none();
    match (value.family, value.value()) {
        (_, Some(LiteralValue::Integer(digits))) if other_is_double && digits.unsigned_abs() > EXACT => Err(
            Untranslatable::construct("an integer above 2^53 with double precision", "digits would be lost"),
        ),
        (_, Some(LiteralValue::Real(digits))) if !other_is_double => {
            if !is_exact_decimal(digits) {
                return Err(Untranslatable::construct(
                    "a number of more than 15 digits with an exact number",
                    "SQLite compares with the nearest double",
                ));
            }
            Ok(Typed { sql: digits.clone(), ..bare })
        }
        (Family::Integer, None) if other_is_double => Ok(exact_double(value)),
        (Family::Numeric, None) if other_is_double => {
            Ok(Typed::atom(value.cast("double precision"), Family::Loose))
        }
        _ => Ok(bare),
    }
}
