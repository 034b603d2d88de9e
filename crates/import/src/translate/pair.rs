//! Decides whether two values can be compared, and with which types. SQLite compares storage classes and PostgreSQL
//! types, so both must give the same result for every value; a literal in exactly a column's format becomes a value
//! of the column's type.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::super::types::{DateForm, InstantForm, UuidForm};
use super::comparison::collated;
use super::convert::{bytes, described, number, typed_literal};
use super::error::Untranslatable;
use super::literal::{is_exact_decimal, looks_numeric, number_in_text, text};
use super::typed::{Collating, Family, Level, LiteralValue, Nature, Typed};

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
        (F::Opaque | F::Jsonb, _) | (_, F::Opaque | F::Jsonb) => refused(left, right),
        (F::Null, _) | (_, F::Null) => plain(),
        (F::Json, _) if right.family != F::Json => {
            pair(&Typed::atom(left.cast("text"), F::Text), right, kind, Collating::None)
        }
        (_, F::Json) => pair(left, &Typed::atom(right.cast("text"), F::Text), kind, Collating::None),
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
        (l, r) if l == r && takes_literals(l) => plain(),
        (F::Uuid(UuidForm::Bytes), F::Bytea) if !is_uuid_literal(right) => {
            pair(&bytes(left), right, kind, Collating::None)
        }
        (F::Bytea, F::Uuid(UuidForm::Bytes)) if !is_uuid_literal(left) => {
            pair(left, &bytes(right), kind, Collating::None)
        }
        (l, _) if takes_literals(l) => special(left, right),
        (_, r) if takes_literals(r) => special(right, left).map(|(right, left)| (left, right)),
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

fn texts(
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
fn is_plain_word(text: &str, family: Family) -> bool {
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
        (Some(LiteralValue::Integer(digits)), _) if other.is_column() => {
            texts(&text(&digits.to_string())?, other, kind, collating)
        }
        (_, Some(digits)) if value.is_column() => match number_in_text(digits) {
            Some(number) => pair(value, &number, kind, Collating::None),
            None => refused(value, other),
        },
        _ => refused(value, other),
    }
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
        (Family::Integer, None) if other_is_double => Err(Untranslatable::construct(
            "bigint compared with double precision",
            "PostgreSQL rounds the integer to 53 bits",
        )),
        (Family::Numeric, None) if other_is_double => {
            Ok(Typed::atom(value.cast("double precision"), Family::Loose))
        }
        _ => Ok(bare),
    }
}

/// Families whose values are literals of another type in SQLite.
pub(in super::super) fn takes_literals(family: Family) -> bool {
    matches!(family, Family::Date(_) | Family::Timestamp(_) | Family::TimestampTz(_) | Family::Uuid(_))
}

/// Whether a literal has the length of a UUID, and becomes one.
fn is_uuid_literal(typed: &Typed) -> bool {
    matches!(typed.value(), Some(LiteralValue::Blob(digits)) if digits.len() == 32)
}

fn special(value: &Typed, other: &Typed) -> Result<(Typed, Typed), Untranslatable> {
    let adopted = match &other.nature {
        Nature::Literal(LiteralValue::Text(text)) => adopted(text, value.family),
        Nature::Literal(LiteralValue::Integer(count)) => instant(*count, value.family),
        Nature::Literal(LiteralValue::Blob(digits)) if value.family == Family::Uuid(UuidForm::Bytes) => {
            (digits.len() == 32).then(|| Typed::atom(typed_literal(digits, "uuid"), value.family))
        }
        _ => None,
    };
    match adopted {
        Some(adopted) => Ok((Typed { collating: Collating::None, ..value.clone() }, adopted)),
        None => Err(Untranslatable::construct(
            format!("{} compared with {}", described(value.family), described(other.family)),
            "only a literal in exactly the format of the column's values is equivalent",
        )),
    }
}

/// A text in exactly the format in which SQLite stores values of this family.
pub(in super::super) fn adopted(text: &str, family: Family) -> Option<Typed> {
    let is_hexadecimal = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let type_name = match family {
        Family::Uuid(UuidForm::Hyphenated) => {
            let hyphens: Vec<usize> = text.match_indices('-').map(|(at, _)| at).collect();
            let is_form = text.len() == 36 && hyphens == [8, 13, 18, 23];
            (is_form && is_hexadecimal(&text.replace('-', ""))).then_some("uuid")?
        }
        Family::Uuid(UuidForm::Simple) => (text.len() == 32 && is_hexadecimal(text)).then_some("uuid")?,
        Family::Date(DateForm::Iso) => is_date(text).then_some("date")?,
        Family::Timestamp(InstantForm::Iso) => is_timestamp(text).then_some("timestamp")?,
        Family::TimestampTz(InstantForm::Iso) => {
            let local = text.strip_suffix('Z')?;
            is_timestamp(local).then_some("timestamptz")?
        }
        _ => return None,
    };
    Some(Typed::atom(typed_literal(text, type_name), family))
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().take(4).all(|byte| byte.is_ascii_digit())
        && !text.starts_with("0000")
        && NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .is_ok_and(|date| date.format("%Y-%m-%d").to_string() == text)
}

fn is_timestamp(text: &str) -> bool {
    let (Some(date), Some(separator), Some(time)) = (text.get(..10), text.get(10..11), text.get(11..)) else {
        return false;
    };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    is_date(date)
        && matches!(separator, " " | "T")
        && clock.len() == 8
        && (1..=6).contains(&fraction.len())
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && NaiveDateTime::parse_from_str(&format!("{date} {clock}"), "%Y-%m-%d %H:%M:%S")
            .is_ok_and(|instant| instant.format("%H:%M:%S").to_string() == clock)
}

/// A count since 1970, as an instant.
fn instant(count: i64, family: Family) -> Option<Typed> {
    let (Family::Timestamp(form) | Family::TimestampTz(form)) = family else { return None };
    let instant = match form {
        InstantForm::Seconds => DateTime::from_timestamp(count, 0)?,
        InstantForm::Milliseconds => DateTime::from_timestamp_millis(count)?,
        InstantForm::Microseconds => DateTime::from_timestamp_micros(count)?,
        InstantForm::Iso | InstantForm::IsoUtc | InstantForm::JulianDay => return None,
    };
    let written = instant.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
    let written = written.trim_end_matches('0').trim_end_matches('.').to_owned();
    // Years with other lengths have another format in PostgreSQL.
    if !is_date(written.get(..10)?) {
        return None;
    }
    let (text, name) = match family {
        Family::Timestamp(_) => (written, "timestamp"),
        _ => (format!("{written}+00"), "timestamptz"),
    };
    Some(Typed::atom(typed_literal(&text, name), family))
}

/// A timestamp as text, compared with a literal that is a date only.
pub(super) fn day_bound(moment: &Typed, bound: &Typed) -> Option<(Typed, Typed)> {
    let text = bound.text_value()?;
    (moment.family == Family::Timestamp(InstantForm::Iso) && is_date(text)).then(|| {
        let bound = Typed::atom(typed_literal(text, "timestamp"), moment.family);
        (Typed { collating: Collating::None, ..moment.clone() }, bound)
    })
}
