//! `numeric`: digits in base 10000, the weight of the first, a sign, and the display scale (`numeric_send` in
//! PostgreSQL's `numeric.c`).

use std::fmt::Write as _;

use super::decimal::DecimalText;
use super::sink::{Short, Sink};
use super::{SourceValue, Unfit};
use crate::types::Reading;

const POSITIVE: u16 = 0;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xc000;
const INFINITY: u16 = 0xd000;
const MINUS_INFINITY: u16 = 0xf000;

/// The maximum number of digits before and after the decimal point (PostgreSQL manual, "Arbitrary Precision
/// Numbers").
pub(super) const DIGITS_BEFORE: i64 = 131_072;
pub(super) const DIGITS_AFTER: i64 = 16_383;

/// Writes a number for `numeric(precision, scale)`, with the scale of the type, as in the server.
pub(super) fn write_limited(
    value: SourceValue<'_>,
    precision: u16,
    scale: u16,
    reading: Reading,
    out: &mut impl Sink,
) -> Result<(), Unfit> {
    with_decimal(value, |number| {
        let is_longer = number.powers().is_some_and(|(_, lowest)| -lowest > i64::from(scale));
        let rounded = if is_longer && reading.rounds { number.rounded(scale) } else { String::new() };
        let number = &if rounded.is_empty() { *number } else { DecimalText::parse(&rounded)? };
        if let Some((highest, lowest)) = number.powers()
            && (-lowest > i64::from(scale) || highest >= i64::from(precision) - i64::from(scale))
        {
            return Err(Unfit::OutOfRange);
        }
        write_decimal(number, scale, out)
    })
}

/// Writes a number for `numeric`, with the digits after the decimal point as written.
pub(super) fn write_any(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    with_decimal(value, |number| {
        let is_too_large = number.powers().is_some_and(|(highest, _)| highest >= DIGITS_BEFORE);
        let scale = u16::try_from(number.scale()).map_err(|_overflow| Unfit::OutOfRange)?;
        if is_too_large || i64::from(scale) > DIGITS_AFTER {
            return Err(Unfit::OutOfRange);
        }
        write_decimal(number, scale, out)
    })
}

fn with_decimal<T>(
    value: SourceValue<'_>,
    then: impl FnOnce(&DecimalText<'_>) -> Result<T, Unfit>,
) -> Result<T, Unfit> {
    let mut text = Short::default();
    match value {
        SourceValue::Integer(number) => {
            write!(text, "{number}").map_err(|_full| Unfit::TooLong)?;
            then(&DecimalText::parse(text.as_str())?)
        }
        // The sign of a REAL's zero would be lost.
        SourceValue::Real(number) if number == 0.0 && number.is_sign_negative() => Err(Unfit::Inexact),
        SourceValue::Real(number) => then(&DecimalText::of_real(number, &mut text)?),
        SourceValue::Text(text) => then(&DecimalText::parse(text)?),
        _ => Err(Unfit::WrongClass),
    }
}

/// The number of decimal digits in one digit of `numeric`.
const WIDTH: i64 = 4;

fn write_decimal(number: &DecimalText<'_>, scale: u16, out: &mut impl Sink) -> Result<(), Unfit> {
    let too_large = |_overflow| Unfit::OutOfRange;
    let sign = if number.is_negative() { NEGATIVE } else { POSITIVE };
    let Some((highest, lowest)) = number.powers() else {
        put_header(0, 0, sign, scale, out);
        return Ok(());
    };
    let (weight, last) = (highest.div_euclid(WIDTH), lowest.div_euclid(WIDTH));
    let count = u16::try_from(weight - last + 1).map_err(too_large)?;
    put_header(count, i16::try_from(weight).map_err(too_large)?, sign, scale, out);
    let mut digit = 0_u16;
    let mut places = highest.rem_euclid(WIDTH) + 1;
    for decimal in number.digits() {
        digit = digit * 10 + u16::from(decimal);
        places -= 1;
        if places == 0 {
            out.put(&digit.to_be_bytes());
            (digit, places) = (0, WIDTH);
        }
    }
    if places < WIDTH {
        for _ in 0..places {
            digit *= 10;
        }
        out.put(&digit.to_be_bytes());
    }
    Ok(())
}

fn put_header(count: u16, weight: i16, sign: u16, scale: u16, out: &mut impl Sink) {
    let ([a, b], [c, d], [e, f], [g, h]) =
        (count.to_be_bytes(), weight.to_be_bytes(), sign.to_be_bytes(), scale.to_be_bytes());
    out.put(&[a, b, c, d, e, f, g, h]);
}

/// A value that the server sent.
struct Received<'b> {
    weight: i16,
    sign: u16,
    scale: u16,
    /// Two bytes each, less than 10000.
    digits: &'b [u8],
}

impl<'b> Received<'b> {
    fn read(bytes: &'b [u8]) -> Option<Self> {
        let (header, digits) = bytes.split_first_chunk::<8>()?;
        let word = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
        let received = Self {
            weight: i16::from_be_bytes([header[2], header[3]]),
            sign: word(4),
            scale: word(6),
            digits,
        };
        let is_sign = [POSITIVE, NEGATIVE, NAN, INFINITY, MINUS_INFINITY].contains(&received.sign);
        let is_sound = is_sign
            && digits.len() == usize::from(word(0)) * 2
            && received.digits().all(|digit| digit < 10_000)
            && i64::from(received.scale) <= DIGITS_AFTER;
        is_sound.then_some(received)
    }

    fn digits(&self) -> impl Iterator<Item = u16> + '_ {
        self.digits.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
    }
}

/// In decimal form, with the digits of the display scale.
pub(super) fn show(bytes: &[u8]) -> Option<String> {
    let number = Received::read(bytes)?;
    match number.sign {
        NAN => return Some("NaN".to_owned()),
        INFINITY => return Some("Infinity".to_owned()),
        MINUS_INFINITY => return Some("-Infinity".to_owned()),
        _ => {}
    }
    let mut decimals = String::new();
    let before = i32::from(number.weight) + 1;
    for _ in before..0 {
        decimals.push_str("0000");
    }
    for digit in number.digits() {
        write!(decimals, "{digit:04}").ok()?;
    }
    let point = usize::try_from(before.max(0)).ok()? * 4;
    let scale = usize::from(number.scale);
    let missing = (point + scale).saturating_sub(decimals.len());
    decimals.extend(std::iter::repeat_n('0', missing));
    let (whole, part) = decimals.split_at(point);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if number.sign == NEGATIVE { "-" } else { "" };
    // Digits beyond the display scale are included too: no difference may look equal.
    let shown = scale.max(part.trim_end_matches('0').len());
    Some(if shown == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{}", &part[..shown]) })
}

/// Appends the number without superfluous digits, with the scale of its type if it has one.
pub(super) fn normalise(bytes: &[u8], scale: Option<u16>, out: &mut Vec<u8>) -> bool {
    let Some(number) = Received::read(bytes) else { return false };
    if number.sign != POSITIVE && number.sign != NEGATIVE {
        out.extend_from_slice(bytes);
        return true;
    }
    let first = number.digits().position(|digit| digit != 0);
    let (Some(first), Some(last)) = (first, number.digits.chunks_exact(2).rposition(|pair| pair != [0, 0]))
    else {
        put_header(0, 0, POSITIVE, scale.unwrap_or(number.scale), out);
        return true;
    };
    let count = u16::try_from(last - first + 1);
    let weight = i16::try_from(first).ok().and_then(|first| number.weight.checked_sub(first));
    let (Ok(count), Some(weight)) = (count, weight) else { return false };
    put_header(count, weight, number.sign, scale.unwrap_or(number.scale), out);
    out.extend_from_slice(&number.digits[first * 2..(last + 1) * 2]);
    true
}
