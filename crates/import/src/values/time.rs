//! `time`: microseconds since midnight, with 64 bits.

use super::calendar::{take_mark, take_number};
use super::sink::Sink;
use super::{SourceValue, Unfit};
use crate::types::Reading;

/// Microseconds of a second.
pub(super) const SECOND: i64 = 1_000_000;
/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400 * SECOND;

/// The date before a time of day, as Rails writes it.
const RAILS_DATE: &[u8] = b"2000-01-01 ";

/// Writes a time of day. 24:00, which PostgreSQL supports, is rejected: it is not a time of a day.
pub(super) fn write(value: SourceValue<'_>, reading: Reading, out: &mut impl Sink) -> Result<(), Unfit> {
    let SourceValue::Text(text) = value else { return Err(Unfit::WrongClass) };
    let mut rest = text.as_bytes();
    if let Some(time) = rest.strip_prefix(RAILS_DATE).filter(|_| reading.any_form) {
        rest = time;
    }
    let micros = take_to(&mut rest, reading, Unfit::NotATime)?;
    if !rest.is_empty() {
        return Err(Unfit::NotATime);
    }
    let micros = at_precision(micros, reading)?;
    if micros >= DAY {
        return Err(Unfit::NotATime);
    }
    out.put(&micros.to_be_bytes());
    Ok(())
}

/// The microseconds with the digits that the column keeps; it must keep every one, or they are rounded.
pub(super) fn at_precision(micros: i64, reading: Reading) -> Result<i64, Unfit> {
    let Some(digits) = reading.fraction_digits.filter(|digits| *digits < 6) else { return Ok(micros) };
    let unit = 10_i64.pow(6 - u32::from(digits));
    match micros % unit {
        0 => Ok(micros),
        _ if reading.rounds => {
            let rounded = micros.checked_add(unit / 2).map(|micros| micros.div_euclid(unit));
            rounded.and_then(|units| units.checked_mul(unit)).ok_or(Unfit::OutOfRange)
        }
        _ => Err(Unfit::FractionTooLong),
    }
}

/// As [`take`], with digits beyond the sixth where they are rounded; `otherwise` is why there is no time.
pub(super) fn take_to(rest: &mut &[u8], reading: Reading, otherwise: Unfit) -> Result<i64, Unfit> {
    let begin = *rest;
    if let Some(micros) = take(rest) {
        return Ok(micros);
    }
    *rest = begin;
    let rounded = take_clock_and(rest, true).ok_or(otherwise)?;
    if reading.rounds { Ok(rounded) } else { Err(Unfit::FractionTooLong) }
}

/// Takes `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff`. More digits may follow if they are zeros.
pub(super) fn take(rest: &mut &[u8]) -> Option<i64> {
    take_clock_and(rest, false)
}

fn take_clock_and(rest: &mut &[u8], rounds: bool) -> Option<i64> {
    let (hour, minute) = take_clock(rest)?;
    if hour > 23 {
        return None;
    }
    let minutes = hour * 60 + minute;
    if take_mark(rest, b':').is_none() {
        return Some(minutes * 60 * SECOND);
    }
    let second = take_number(rest, 2).filter(|second| *second < 60)?;
    Some((minutes * 60 + second) * SECOND + take_fraction(rest, rounds)?)
}

/// Takes `HH:MM`, with any number of hours.
pub(super) fn take_clock(rest: &mut &[u8]) -> Option<(i64, i64)> {
    let hour = take_number(rest, 2)?;
    take_mark(rest, b':')?;
    Some((hour, take_number(rest, 2).filter(|minute| *minute < 60)?))
}

fn take_fraction(rest: &mut &[u8], rounds: bool) -> Option<i64> {
    if take_mark(rest, b'.').is_none() {
        return Some(0);
    }
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut digits, after) = rest.split_at(count);
    let (mut micros, mut place, mut is_beyond) = (0, SECOND, false);
    while let [b'0'..=b'9', ..] = digits {
        let digit = take_number(&mut digits, 1)?;
        place /= 10;
        // Digits beyond the sixth must be zero, or the first of them is rounded.
        if place == 0 && digit != 0 && !rounds {
            return None;
        }
        micros += digit * place;
        if place == 0 && !is_beyond {
            micros += i64::from(digit >= 5);
        }
        is_beyond |= place == 0;
    }
    *rest = after;
    (count > 0).then_some(micros)
}

/// In ISO 8601, with the fraction if there is one.
pub(super) fn show(bytes: &[u8]) -> Option<String> {
    let micros = i64::from_be_bytes(bytes.try_into().ok()?);
    // A server's 24:00 is shown as such.
    (0..=DAY).contains(&micros).then(|| show_micros(micros))
}

/// Microseconds of a day as a time.
pub(super) fn show_micros(micros: i64) -> String {
    let seconds = micros / SECOND;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = format!(".{:06}", micros % SECOND);
    format!("{hour:02}:{minute:02}:{second:02}{}", fraction.trim_end_matches('0').trim_end_matches('.'))
}
