//! Decides whether two values can be compared, and with which types. SQLite compares storage classes and PostgreSQL
//! types, so both must give the same result for every value; a literal in exactly a column's format becomes a value
//! of the column's type.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::super::types::{DateForm, InstantForm, UuidForm};
use super::comparison::collated;
use super::convert::{
    above_numbers, as_compared_number, counted, described, exact_double, number, real_text, stored_text,
    typed_literal,
};
use super::default::is_written_alike;
use super::error::Untranslatable;
use super::json;
use super::literal::{is_exact_decimal, looks_numeric, text};
use super::typed::{Collating, Detail, Family, Level, LiteralValue, Typed};
use super::written::Written;

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
        (_, None) if value.is_column() => {
            let number = match &other.detail {
                Detail::Digits(sql) => Typed::atom(sql.clone(), Family::Integer),
                _ => as_compared_number(other, value),
            };
            pair(value, &number, kind, Collating::None)
        }
        (Some(LiteralValue::Integer(digits)), _) if other.is_column() => {
            texts(&text(&digits.to_string())?, other, kind, collating)
        }
        (Some(LiteralValue::Real(digits)), _) if other.is_column() && is_written_alike(digits) => {
            texts(&text(digits)?, other, kind, collating)
        }
        (None, None) if other.is_column() && value.family.is_integer() => {
            texts(&Typed::atom(value.cast("text"), Family::Text), other, kind, collating)
        }
        (None, None) if other.is_column() && value.family == Family::Double => {
            texts(&real_text(value)?, other, kind, collating)
        }
        (_, _) if !other.is_column() && !value.is_column() && value.family != Family::Boolean => {
            pair(value, &above_numbers(other), kind, Collating::None)
        }
        (_, Some(digits)) if value.is_column() && is_plain_integer(digits) => {
            let integer = digits.parse::<i64>().map(super::literal::integer);
            match integer {
                Ok(integer) => pair(value, &integer, kind, Collating::None),
                Err(_out_of_range) => refused(value, other),
            }
        }
        _ => refused(value, other),
    }
}

fn is_plain_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|byte| byte.is_ascii_digit())
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

/// Families whose values are literals of another type in SQLite.
pub(in super::super) fn takes_literals(family: Family) -> bool {
    matches!(family, Family::Date(_) | Family::Timestamp(_) | Family::TimestampTz(_) | Family::Uuid(_))
}

/// Dates or instants whose texts have several formats are neither equal nor ordered as their values are.
pub(super) fn several_formats() -> Untranslatable {
    Untranslatable::construct(
        "the order or equality of a column whose dates are written in several formats",
        "SQLite compares their texts",
    )
}

/// Whether the stored texts of two dates or instants of one family are ordered as their values are.
fn compares_as_value(left: &Typed, right: &Typed) -> bool {
    match (left.written(), right.written()) {
        (Some(left), Some(right)) => left.compares_with(right),
        _ => [left, right].iter().all(|typed| !matches!(typed.detail, Detail::Several)),
    }
}

fn special(
    value: &Typed,
    other: &Typed,
    kind: ComparisonKind,
    collating: Collating,
) -> Result<(Typed, Typed), Untranslatable> {
    let bare = Typed { collating: Collating::None, ..value.clone() };
    if matches!(value.detail, Detail::Several) {
        return Err(several_formats());
    }
    if let Some(bound) = instant_beside(value, other) {
        return Ok((bare, bound));
    }
    if other.value().is_none()
        && let Family::Timestamp(form) | Family::TimestampTz(form) = value.family
        && let Some(number) = counted(value, form)
        && (other.family.is_number() || matches!(other.detail, Detail::Digits(_)) || counts(other))
    {
        return pair(&number, other, kind, Collating::None);
    }
    let is_other_format = match (value.written(), other.text_value()) {
        (Some(written), Some(text)) => !written.takes(text),
        (None, Some(text)) => adopted(text, value.family).is_none(),
        (_, None) => matches!(other.family, Family::Text) || takes_literals(other.family),
    };
    if is_other_format && let Some(text) = stored_text(value) {
        let other = if takes_literals(other.family) { stored_text(other) } else { Some(other.clone()) };
        if let Some(other) = other {
            let text = Typed { collating: value.collating, ..text };
            return texts(&text, &other, kind, collating);
        }
    }
    let adopted = other.value().and_then(|literal| literal_of(value.family, literal));
    match adopted {
        Some(adopted) => Ok((bare, adopted)),
        None => Err(Untranslatable::construct(
            format!("{} compared with {}", described(value.family), described(other.family)),
            "only a literal in exactly the format of the column's values is equivalent",
        )),
    }
}

/// A literal that SQLite stores for a value of this family, as that value.
pub(super) fn literal_of(family: Family, literal: &LiteralValue) -> Option<Typed> {
    match literal {
        LiteralValue::Text(text) => adopted(text, family),
        LiteralValue::Integer(count) => instant(*count, family),
        LiteralValue::Blob(digits) if family == Family::Uuid(UuidForm::Bytes) => {
            (digits.len() == 32).then(|| Typed::atom(typed_literal(digits, "uuid"), family))
        }
        LiteralValue::Blob(_) | LiteralValue::Real(_) | LiteralValue::Null => None,
    }
}

/// Whether it is an instant that SQLite stores as a number.
fn counts(typed: &Typed) -> bool {
    matches!(typed.family, Family::Timestamp(form) | Family::TimestampTz(form) if counted(typed, form).is_some())
}

/// The result of `datetime()`, `date()` or `strftime()` as a value of the column's type, if its text has a format with the
/// same order.
fn instant_beside(value: &Typed, other: &Typed) -> Option<Typed> {
    let Detail::Instant(sql, format) = &other.detail else { return None };
    let written = match value.family {
        Family::Date(DateForm::Iso) => Written::DATE,
        _ => value.written()?,
    };
    if !written.compares_with(*format) {
        return None;
    }
    let sql = match value.family {
        Family::Date(DateForm::Iso) => format!("({sql})::date"),
        Family::Timestamp(InstantForm::Iso) => sql.clone(),
        Family::TimestampTz(InstantForm::Iso | InstantForm::IsoUtc) => format!("({sql} AT TIME ZONE 'UTC')"),
        _ => return None,
    };
    Some(Typed::atom(sql, value.family))
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
    let bound = match (&bound.detail, bound.text_value()) {
        (Detail::Instant(sql, Written::DATE), _) => sql.clone(),
        (_, Some(text)) if is_date(text) => typed_literal(text, "timestamp"),
        _ => return None,
    };
    let bound = match moment.family {
        Family::Timestamp(InstantForm::Iso) => bound,
        Family::TimestampTz(InstantForm::Iso | InstantForm::IsoUtc) if moment.written().is_some() => {
            format!("({bound} AT TIME ZONE 'UTC')")
        }
        _ => return None,
    };
    let has_time = moment.written().is_none_or(|written| written.time.is_some());
    let bare = Typed { collating: Collating::None, ..moment.clone() };
    has_time.then(|| (bare, Typed::atom(bound, moment.family)))
}
