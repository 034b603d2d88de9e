//! Decimal numbers, `-12.50e+3`: their digits and positions. Nothing is computed with floats.

use std::fmt::Write as _;

use super::Unfit;
use super::sink::Short;

/// Exponents are clamped to this: far above every number of PostgreSQL or SQLite.
const MAX_EXPONENT: i64 = 1 << 40;

/// A number, as the text that writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct DecimalText<'t> {
    is_negative: bool,
    whole: &'t [u8],
    part: &'t [u8],
    exponent: i64,
    /// The positions of the first and the last nonzero digit, counted over `whole` and `part`; `None` for zero.
    significant: Option<(usize, usize)>,
}

impl<'t> DecimalText<'t> {
    /// Parses `-?digits[.digits][e[+-]digits]`.
    pub(super) fn parse(text: &'t str) -> Result<Self, Unfit> {
        let bytes = text.as_bytes();
        let (is_negative, bytes) = match bytes {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, bytes),
        };
        let (whole, rest) = take_digits(bytes)?;
        let (part, rest) = match rest {
            [b'.', rest @ ..] => take_digits(rest)?,
            _ => (&[][..], rest),
        };
        let exponent = match rest {
            [] => 0,
            [b'e' | b'E', b'-', rest @ ..] => -read_exponent(rest)?,
            [b'e' | b'E', b'+', rest @ ..] | [b'e' | b'E', rest @ ..] => read_exponent(rest)?,
            _ => return Err(Unfit::NotANumber),
        };
        let is_digit = |digit: &u8| *digit != b'0';
        let first = whole.iter().chain(part).position(is_digit);
        let last = match part.iter().rposition(is_digit) {
            Some(at) => Some(whole.len() + at),
            None => whole.iter().rposition(is_digit),
        };
        Ok(Self { is_negative, whole, part, exponent, significant: first.zip(last) })
    }

    /// The number of a REAL in its shortest form.
    pub(super) fn of_real(number: f64, text: &'t mut Short) -> Result<Self, Unfit> {
        if number.is_infinite() {
            return Err(Unfit::Infinite);
        }
        write!(text, "{number:e}").map_err(|_full| Unfit::TooLong)?;
        Self::parse(text.as_str())
    }

    /// Whether it is less than zero.
    pub(super) fn is_negative(&self) -> bool {
        self.is_negative && self.significant.is_some()
    }

    /// The powers of ten of the first and the last nonzero digit; `None` for zero.
    pub(super) fn powers(&self) -> Option<(i64, i64)> {
        self.significant.map(|(first, last)| (self.power(first), self.power(last)))
    }

    fn power(&self, index: usize) -> i64 {
        length(self.whole) - 1 - i64::try_from(index).unwrap_or(i64::MAX) + self.exponent
    }

    /// The number of digits after the decimal point, written without an exponent.
    pub(super) fn scale(&self) -> i64 {
        (length(self.part) - self.exponent).max(0)
    }

    /// The digits, 0 to 9, from the first nonzero one.
    pub(super) fn digits(&self) -> impl Iterator<Item = u8> + '_ {
        let (first, end) = self.significant.map_or((0, 0), |(first, last)| (first, last + 1));
        let split = self.whole.len();
        let whole = &self.whole[first.min(split)..end.min(split)];
        let part = &self.part[first.saturating_sub(split)..end.saturating_sub(split)];
        whole.iter().chain(part).map(|digit| digit - b'0')
    }

    /// The text of the number with at most `scale` digits after the decimal point, half away from zero.
    pub(super) fn rounded(&self, scale: u16) -> String {
        let Some((highest, _)) = self.powers() else { return "0".to_owned() };
        let kept = usize::try_from(highest + 1 + i64::from(scale));
        let mut digits: Vec<u8> = self.digits().collect();
        let is_up = kept.is_ok_and(|kept| digits.get(kept).is_some_and(|digit| *digit >= 5));
        digits.truncate(kept.unwrap_or(0));
        let mut carry = is_up;
        for digit in digits.iter_mut().rev() {
            if !carry {
                break;
            }
            carry = *digit == 9;
            *digit = if carry { 0 } else { *digit + 1 };
        }
        if carry {
            digits.insert(0, 1);
        }
        if digits.is_empty() {
            return "0".to_owned();
        }
        let sign = if self.is_negative { "-" } else { "" };
        let digits: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        format!("{sign}{digits}e-{scale}")
    }

    /// Whether it is the same number.
    pub(super) fn equals(&self, other: &DecimalText<'_>) -> bool {
        self.is_negative() == other.is_negative()
            && self.powers() == other.powers()
            && self.digits().eq(other.digits())
    }
}

fn length(digits: &[u8]) -> i64 {
    i64::try_from(digits.len()).unwrap_or(i64::MAX)
}

fn take_digits(bytes: &[u8]) -> Result<(&[u8], &[u8]), Unfit> {
    let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 { Err(Unfit::NotANumber) } else { Ok(bytes.split_at(count)) }
}

fn read_exponent(bytes: &[u8]) -> Result<i64, Unfit> {
    match take_digits(bytes)? {
        (digits, []) => Ok(digits
            .iter()
            .fold(0, |exponent: i64, digit| (exponent * 10 + i64::from(digit - b'0')).min(MAX_EXPONENT))),
        _ => Err(Unfit::NotANumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimal_form_is_a_number() {
        for text in [
            "", "-", "+1", " 1", "1 ", ".5", "5.", "1e", "1e+", "1e1.5", "0x1F", "1_000", "1,5", "NaN",
            "Infinity", "inf", "١", "--1", "1.2.3", "1\0",
        ] {
            assert_eq!(DecimalText::parse(text).map(|_| ()), Err(Unfit::NotANumber), "{text:?}");
        }
        for text in ["0", "-0", "007", "1.50", "-1e5", "1E+05", "1e-99999999999999999999999"] {
            assert!(DecimalText::parse(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn equal_numbers_are_equal_however_written() {
        for (a, b) in [("100", "1.00e2"), ("0.010", "1e-2"), ("-0", "0.00e5"), ("12.5", "125e-1")] {
            let (a, b) = (DecimalText::parse(a).expect("number"), DecimalText::parse(b).expect("number"));
            assert!(a.equals(&b), "{a:?} {b:?}");
        }
        for (a, b) in [("100", "1000"), ("1", "-1"), ("12", "13"), ("1", "11"), ("0", "1")] {
            let (a, b) = (DecimalText::parse(a).expect("number"), DecimalText::parse(b).expect("number"));
            assert!(!a.equals(&b), "{a:?} {b:?}");
        }
    }
}
