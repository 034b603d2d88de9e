//! `timestamp` and `timestamptz`: microseconds since 2000-01-01, with 64 bits; for `timestamptz` in UTC.

use super::calendar::{show_day, take_mark, take_number};
use super::sink::Sink;
use super::time::{self, DAY, SECOND};
use super::{SourceValue, Unfit, date, integer, real};
use crate::types::{InstantForm, Reading};

/// Whether the type is one with a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// `timestamptz`.
    With,
    /// `timestamp`.
    Without,
}

/// The range of PostgreSQL (`IS_VALID_TIMESTAMP` in its `timestamp.h`): from 4714-11-24 BC to the end of 294276.
const MICROS: std::ops::Range<i64> = -211_813_488_000_000_000..9_223_371_331_200_000_000;
/// From 1970-01-01 to 2000-01-01, in seconds.
const SECONDS_TO_2000: i64 = 946_684_800;
/// From noon of 4714-11-24 BC, Julian day 0, to 2000-01-01, in milliseconds.
const JULIAN_TO_2000: i64 = 211_813_444_800_000;
const DAY_MILLISECONDS: i64 = 86_400_000;
/// The last millisecond that SQLite supports: the end of the year 9999 (`validJulianDay` in its `date.c`).
const LAST_JULIAN: i64 = 464_269_060_799_999;

/// Writes an instant in this format.
pub(super) fn write(
    value: SourceValue<'_>,
    form: InstantForm,
    zone: Zone,
    reading: Reading,
    out: &mut impl Sink,
) -> Result<(), Unfit> {
    let micros = match (form, value) {
        (InstantForm::Iso, SourceValue::Text(text)) => Some(in_zone(written(text, reading)?, zone)?),
        (InstantForm::IsoUtc, SourceValue::Text(text)) => {
            let Written { local, offset } = written(text, Reading { any_form: true, ..reading })?;
            Some(local - offset.unwrap_or(0) * SECOND)
        }
        (InstantForm::Seconds, SourceValue::Real(seconds)) => match integer::whole_real(seconds) {
            Ok(count) => since_1970(count, SECOND),
            Err(Unfit::Inexact) => since_1970(micros_of_seconds(seconds)?, 1),
            Err(unfit) => return Err(unfit),
        },
        (InstantForm::Seconds, SourceValue::Integer(count)) => since_1970(count, SECOND),
        (InstantForm::Milliseconds, SourceValue::Integer(count)) => since_1970(count, 1000),
        (InstantForm::Microseconds, SourceValue::Integer(count)) => since_1970(count, 1),
        (InstantForm::JulianDay, SourceValue::Integer(_) | SourceValue::Real(_)) => {
            (julian_milliseconds(value)? - JULIAN_TO_2000).checked_mul(1000)
        }
        _ => return Err(Unfit::WrongClass),
    };
    let micros = micros.filter(|micros| MICROS.contains(micros)).ok_or(Unfit::OutOfRange)?;
    let micros = time::at_precision(micros, reading)?;
    out.put(&micros.to_be_bytes());
    Ok(())
}

/// Microseconds since 2000 of a count since 1970 in this unit. The epoch is shifted before the multiplication: the
/// last years exceed 64 bits from 1970.
fn since_1970(count: i64, micros: i64) -> Option<i64> {
    count.checked_sub(SECONDS_TO_2000 * (SECOND / micros))?.checked_mul(micros)
}

/// An instant as it is written.
struct Written {
    /// Microseconds since 2000-01-01 00:00 of the same clock.
    local: i64,
    /// The UTC offset in seconds, if there is one.
    offset: Option<i64>,
}

/// Reads a date and a time; in any form a date alone is its midnight.
fn written(text: &str, reading: Reading) -> Result<Written, Unfit> {
    let mut rest = text.as_bytes();
    let days = date::take(&mut rest).ok_or(Unfit::NotAnInstant)?;
    if rest.is_empty() && reading.any_form {
        return Ok(Written { local: days * DAY, offset: None });
    }
    let time = take_mark(&mut rest, b' ').or_else(|| take_mark(&mut rest, b'T'));
    time.ok_or(Unfit::NotAnInstant)?;
    let time = time::take_to(&mut rest, reading, Unfit::NotAnInstant)?;
    let offset = match rest {
        [] => None,
        b" UTC" if reading.any_form => Some(0),
        _ => Some(offset_seconds(rest).ok_or(Unfit::NotAnInstant)?),
    };
    Ok(Written { local: days * DAY + time, offset })
}

/// The microseconds for a type: it stores either an instant or a local time, and neither is derived from the other.
fn in_zone(written: Written, zone: Zone) -> Result<i64, Unfit> {
    match (zone, written.offset) {
        (Zone::Without, None) => Ok(written.local),
        (Zone::Without, Some(_)) => Err(Unfit::HasOffset),
        (Zone::With, Some(offset)) => Ok(written.local - offset * SECOND),
        (Zone::With, None) => Err(Unfit::NoOffset),
    }
}

/// `Z`, `+hh:mm`, `+hhmm` or `+hh`, less than 16 hours (as PostgreSQL's `MAX_TZDISP_HOUR`).
fn offset_seconds(text: &[u8]) -> Option<i64> {
    // Sequelize writes a space before it.
    let (sign, mut rest) = match text.strip_prefix(b" ").unwrap_or(text) {
        [b'Z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (take_number(&mut rest, 2)?, 0),
        4 => (take_number(&mut rest, 2)?, take_number(&mut rest, 2)?),
        5 => time::take_clock(&mut rest)?,
        _ => return None,
    };
    (hours < 16 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)
}

/// Up to 2 to the power of 33, REALs are closer than microseconds, so that each microsecond has its own.
const FINE_SECONDS: f64 = 8_589_934_592.0;

/// The microseconds of a REAL that is their number divided by a million.
fn micros_of_seconds(seconds: f64) -> Result<i64, Unfit> {
    if seconds.abs() >= FINE_SECONDS {
        return Err(Unfit::Inexact);
    }
    let micros = integer::whole_real((seconds * 1e6).round()).map_err(|_zero| Unfit::Inexact)?;
    let is_same = |micros: i64| real::from_whole(micros).is_some_and(|micros| micros / 1e6 == seconds);
    // The product is rounded as well, by less than one.
    [micros, micros - 1, micros + 1].into_iter().find(|micros| is_same(*micros)).ok_or(Unfit::Inexact)
}

/// Milliseconds since Julian day 0 in SQLite's calculation, if SQLite writes them as the same number.
fn julian_milliseconds(value: SourceValue<'_>) -> Result<i64, Unfit> {
    let milliseconds = match value {
        SourceValue::Real(days) => match integer::whole_real(days) {
            Ok(whole) => whole.checked_mul(DAY_MILLISECONDS),
            Err(Unfit::Inexact) => {
                let rounded = integer::whole_real((days * 86_400_000.0).round()).ok();
                let written = rounded.and_then(real::from_whole).map(|count| count / 86_400_000.0);
                Some(rounded.filter(|_| written == Some(days)).ok_or(Unfit::Inexact)?)
            }
            Err(unfit) => return Err(unfit),
        },
        _ => integer::whole(value)?.checked_mul(DAY_MILLISECONDS),
    };
    milliseconds.filter(|count| (0..=LAST_JULIAN).contains(count)).ok_or(Unfit::OutOfRange)
}

/// In ISO 8601, with a space; for `timestamptz` with `UTC`.
pub(super) fn show(bytes: &[u8], zone: Zone) -> Option<String> {
    match i64::from_be_bytes(bytes.try_into().ok()?) {
        i64::MAX => Some("infinity".to_owned()),
        i64::MIN => Some("-infinity".to_owned()),
        micros => {
            let day = show_day(micros.div_euclid(DAY));
            let time = time::show_micros(micros.rem_euclid(DAY));
            let zone = if zone == Zone::With { " UTC" } else { "" };
            Some(match day.strip_suffix(" BC") {
                Some(day) => format!("{day} {time}{zone} BC"),
                None => format!("{day} {time}{zone}"),
            })
        }
    }
}
