//! `interval`: microseconds (64 bits), days and months (32 bits each).
//!
//! Only lengths of time are written, as microseconds: PostgreSQL compares a day as 24 hours and a month as 30 days, but
//! adds them by the calendar, so that a month has no certain length.

use super::calendar::take_mark;
use super::sink::Sink;
use super::time::{self, DAY, SECOND};
use super::{SourceValue, Unfit, integer};
use crate::types::{IntervalForm, Reading};

/// Writes a duration in this format.
pub(super) fn write(
    value: SourceValue<'_>,
    form: IntervalForm,
    reading: Reading,
    out: &mut impl Sink,
) -> Result<(), Unfit> {
    let micros = match (form, value) {
        (IntervalForm::Iso, SourceValue::Text(text)) => Some(written(text).ok_or(Unfit::NotADuration)?),
        (IntervalForm::Iso, SourceValue::Integer(_) | SourceValue::Real(_)) => {
            return Err(Unfit::UnitUndecided);
        }
        (IntervalForm::Seconds, SourceValue::Integer(_) | SourceValue::Real(_)) => {
            integer::whole(value)?.checked_mul(SECOND)
        }
        (IntervalForm::Milliseconds, SourceValue::Integer(_) | SourceValue::Real(_)) => {
            integer::whole(value)?.checked_mul(1000)
        }
        (IntervalForm::Microseconds, SourceValue::Integer(_) | SourceValue::Real(_)) => {
            Some(integer::whole(value)?)
        }
        _ => return Err(Unfit::WrongClass),
    };
    let micros = micros.ok_or(Unfit::OutOfRange)?;
    let micros = time::at_precision(micros, reading)?;
    put(micros, 0, out);
    Ok(())
}

fn put(micros: i64, months: i32, out: &mut impl Sink) {
    out.put(&micros.to_be_bytes());
    out.put(&0_i32.to_be_bytes());
    out.put(&months.to_be_bytes());
}

/// Reads `[-]P[nD][T[nH][nM][n.nS]]`, `[-]PnW`, `[-]HH:MM[:SS[.f]]`, `[-]n HH:MM[:SS[.f]]` or `[-]n day[s][, ]HH:MM:SS`. The sign
/// before days is theirs only: Python and Django write one second before zero as `-1 day, 23:59:59`.
fn written(text: &str) -> Option<i64> {
    let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    let signed = |micros: i64| if is_negative { -micros } else { micros };
    match (text.strip_prefix('P'), text.split_once(' ')) {
        (Some(rest), _) => Some(signed(designated(rest)?)),
        (None, None) => Some(signed(clock(text)?)),
        (None, Some((days, text))) => {
            let of_day = ["days, ", "day, ", "days ", "day "].iter().find_map(|word| text.strip_prefix(word));
            let days = signed(count(days)?.checked_mul(DAY)?);
            days.checked_add(clock(of_day.unwrap_or(text))?)
        }
    }
}

fn clock(text: &str) -> Option<i64> {
    let (hours, rest) = text.split_once(':')?;
    if hours.is_empty() || hours.len() > 9 {
        return None;
    }
    // The minutes and what follows have the form of a time of day.
    let tail = format!("00:{rest}");
    let mut bytes = tail.as_bytes();
    let micros = time::take(&mut bytes).filter(|_| bytes.is_empty())?;
    count(hours)?.checked_mul(3600 * SECOND)?.checked_add(micros)
}

fn designated(mut text: &str) -> Option<i64> {
    let mut micros = 0_i64;
    let mut units: &[(u8, i64)] = &[(b'W', 7 * DAY), (b'D', DAY)];
    let (mut is_empty, mut is_time) = (true, false);
    while !text.is_empty() {
        let mut bytes = text.as_bytes();
        if !is_time && take_mark(&mut bytes, b'T').is_some() {
            units = &[(b'H', 3600 * SECOND), (b'M', 60 * SECOND), (b'S', SECOND)];
            (is_time, is_empty, text) = (true, true, &text[1..]);
            continue;
        }
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let unit = *text.as_bytes().get(end)?;
        let place = units.iter().position(|(known, _)| *known == unit)?;
        micros = micros.checked_add(amount(&text[..end], units[place].1, unit == b'S')?)?;
        units = &units[place + 1..];
        text = &text[end + 1..];
        is_empty = false;
    }
    (!is_empty).then_some(micros)
}

/// The microseconds of a number in a unit; only seconds may have a fraction.
fn amount(number: &str, unit: i64, may_have_fraction: bool) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(a, b)| (a, Some(b)));
    let whole = count(whole)?.checked_mul(unit)?;
    let Some(fraction) = fraction else { return Some(whole) };
    if !may_have_fraction {
        return None;
    }
    let tail = format!("00:00:00.{fraction}");
    let mut bytes = tail.as_bytes();
    time::take(&mut bytes).filter(|_| bytes.is_empty())?.checked_add(whole)
}

fn count(digits: &str) -> Option<i64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// Appends the same duration in the form in which it is sent: days are 24 hours, as PostgreSQL compares them. Returns
/// whether it is well-formed.
pub(super) fn normalise(bytes: &[u8], out: &mut Vec<u8>) -> bool {
    let Some((micros, days, months)) = parts(bytes) else { return false };
    match i64::from(days).checked_mul(DAY).and_then(|of_days| of_days.checked_add(micros)) {
        Some(micros) => put(micros, months, out),
        None => out.extend_from_slice(bytes),
    }
    true
}

fn parts(bytes: &[u8]) -> Option<(i64, i32, i32)> {
    let (micros, rest) = bytes.split_first_chunk::<8>()?;
    let (days, months) = rest.split_first_chunk::<4>()?;
    Some((
        i64::from_be_bytes(*micros),
        i32::from_be_bytes(*days),
        i32::from_be_bytes(months.try_into().ok()?),
    ))
}

/// As PostgreSQL prints it, with the months and days before the time.
pub(super) fn show(bytes: &[u8]) -> Option<String> {
    let (micros, days, months) = parts(bytes)?;
    let mut shown = String::new();
    for (number, unit) in [(months, "months"), (days, "days")] {
        if number != 0 {
            shown += &format!("{number} {unit} ");
        }
    }
    let size = micros.unsigned_abs();
    let (hours, rest) = (size / 3_600_000_000, i64::try_from(size % 3_600_000_000).ok()?);
    let sign = if micros < 0 { "-" } else { "" };
    // Without the hours of `HH:MM:SS`.
    let tail = time::show_micros(rest);
    Some(format!("{shown}{sign}{hours:02}:{}", tail.get(3..)?))
}
