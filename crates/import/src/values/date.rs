//! `date`: days since 2000-01-01, with 32 bits.

use super::calendar::{day, show_day, take_mark, take_number};
use super::sink::Sink;
use super::{SourceValue, Unfit, time};
use crate::types::{DateForm, Reading};

const DAY_MILLISECONDS: i64 = 86_400_000;
/// From 1970-01-01 to 2000-01-01.
const DAYS_TO_2000: i64 = 10_957;
/// The range of PostgreSQL (`IS_VALID_DATE` in its `timestamp.h`): from 4714-11-24 BC to 5874897-12-31.
const DAYS: std::ops::Range<i64> = -2_451_545..2_145_031_949;

/// Writes a date in this format; text in any form may have the time 00:00.
pub(super) fn write(
    value: SourceValue<'_>,
    form: DateForm,
    reading: Reading,
    out: &mut impl Sink,
) -> Result<(), Unfit> {
    let days = match (form, value) {
        (DateForm::Iso | DateForm::Midnight, SourceValue::Text(text)) if reading.any_form => {
            iso(text.as_bytes()).map_or_else(|| midnight(text.as_bytes(), false), Ok)?
        }
        (DateForm::Iso, SourceValue::Text(text)) => iso(text.as_bytes()).ok_or(Unfit::NotADate)?,
        (DateForm::Midnight, SourceValue::Text(text)) => midnight(text.as_bytes(), true)?,
        (DateForm::Milliseconds, SourceValue::Integer(count)) if count % DAY_MILLISECONDS == 0 => {
            count / DAY_MILLISECONDS - DAYS_TO_2000
        }
        (DateForm::Milliseconds, SourceValue::Integer(_)) => return Err(Unfit::NotMidnight),
        _ => return Err(Unfit::WrongClass),
    };
    if !DAYS.contains(&days) {
        return Err(Unfit::OutOfRange);
    }
    out.put(&i32::try_from(days).map_err(|_overflow| Unfit::OutOfRange)?.to_be_bytes());
    Ok(())
}

fn iso(mut rest: &[u8]) -> Option<i64> {
    let days = take(&mut rest)?;
    rest.is_empty().then_some(days)
}

/// Takes `2024-05-31`.
pub(super) fn take(rest: &mut &[u8]) -> Option<i64> {
    let year = take_number(rest, 4)?;
    take_mark(rest, b'-')?;
    let month = take_number(rest, 2)?;
    take_mark(rest, b'-')?;
    day(year, month, take_number(rest, 2)?)
}

fn midnight(mut rest: &[u8], with_seconds: bool) -> Result<i64, Unfit> {
    let days = take(&mut rest).ok_or(Unfit::NotADate)?;
    let [b' ' | b'T', rest @ ..] = rest else { return Err(Unfit::NotADate) };
    let mut rest = rest;
    // The format includes seconds: without them it is another one, and a column with both is not a column of dates.
    let has_seconds = !with_seconds || rest.get(5) == Some(&b':');
    match time::take(&mut rest) {
        Some(_) if !rest.is_empty() || !has_seconds => Err(Unfit::NotADate),
        Some(0) => Ok(days),
        Some(_) => Err(Unfit::NotMidnight),
        None => Err(Unfit::NotADate),
    }
}

/// In ISO 8601.
pub(super) fn show(bytes: &[u8]) -> Option<String> {
    match i32::from_be_bytes(bytes.try_into().ok()?) {
        i32::MAX => Some("infinity".to_owned()),
        i32::MIN => Some("-infinity".to_owned()),
        days => Some(show_day(i64::from(days))),
    }
}
