//! Comparisons of dates, instants and UUIDs: as values where the order of the stored texts is that of the values, and as
//! texts otherwise; a literal in exactly a column's format becomes a value of the column's type.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::super::types::{DateForm, InstantForm, UuidForm};
use super::convert::{described, typed_literal};
use super::error::Untranslatable;
use super::in_sqlite::{counted, stored_text};
use super::pair::{ComparisonKind, pair, texts};
use super::typed::{Collating, Detail, Family, LiteralValue, Typed};
use super::written::Written;

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
pub(super) fn compares_as_value(left: &Typed, right: &Typed) -> bool {
    match (left.written(), right.written()) {
        (Some(left), Some(right)) => left.compares_with(right),
        _ => [left, right].iter().all(|typed| !matches!(typed.detail, Detail::Several)),
    }
}

pub(super) fn special(
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
        (Some(written), Some(text)) => !written.takes(text) || adopted(text, value.family).is_none(),
        (None, Some(text)) => adopted(text, value.family).is_none(),
        (_, None) => matches!(other.family, Family::Text) || takes_literals(other.family),
    };
    // Columns of dates have numeric affinity, and in SQLite every text is above every number.
    if is_other_format && other.text_value().is_some_and(|text| text.trim().parse::<f64>().is_ok()) {
        return Err(Untranslatable::construct(
            format!("{} compared with text of a number", described(value.family)),
            "SQLite compares the number, and every date is above it",
        ));
    }
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
pub(super) fn counts(typed: &Typed) -> bool {
    matches!(typed.family, Family::Timestamp(form) | Family::TimestampTz(form) if counted(typed, form).is_some())
}

/// The result of `datetime()`, `date()` or `strftime()` as a value of the column's type, if its text has a format with the
/// same order.
pub(super) fn instant_beside(value: &Typed, other: &Typed) -> Option<Typed> {
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

pub(super) fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().take(4).all(|byte| byte.is_ascii_digit())
        && !text.starts_with("0000")
        && NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .is_ok_and(|date| date.format("%Y-%m-%d").to_string() == text)
}

pub(super) fn is_timestamp(text: &str) -> bool {
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
pub(super) fn instant(count: i64, family: Family) -> Option<Typed> {
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
