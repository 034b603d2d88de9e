//! JSON numbers in canonical form: no digit is lost, and equal numbers are equal texts.
//!
//! PostgreSQL's jsonb stores numbers as `numeric`: exact, but printed without an exponent and without the sign of a
//! zero. So `1e2`, `100` and `100.0` are the same number and become the same text here.

use super::InvalidValue;

/// The maximum number of digits of `numeric` before and after the point (PostgreSQL manual, "Arbitrary Precision
/// Numbers").
const DIGITS_BEFORE: i64 = 131_072;
const DIGITS_AFTER: i64 = 16_383;

/// Numbers longer than this are written with an exponent.
const PLAIN_DIGITS: i64 = 40;

/// Integers of so many digits are written without an exponent.
const SHORT_DIGITS: usize = 18;

/// Whether a JSON number is a short integer, which is in canonical form: most numbers are.
pub(super) fn is_canonical(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.len() <= SHORT_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) && text != "-0"
}

/// The canonical form of a JSON number.
pub(super) fn canonical_number(text: &str) -> Result<serde_json::Number, InvalidValue> {
    let mut all = String::new();
    let Some(number) = PlainNumber::parse(text, &mut all)? else {
        return Ok(0.into());
    };
    if number.before > DIGITS_BEFORE || -number.scale > DIGITS_AFTER {
        return Err(out_of_range());
    }
    let sign = if number.is_negative { "-" } else { "" };
    let canonical = format!("{sign}{}", number.layout());
    canonical.parse().map_err(|_form| out_of_range())
}

/// How many digits a JSON number has before and after the point when it is written without an exponent.
pub(super) fn plain_digits(text: &str) -> Result<(i64, i64), InvalidValue> {
    let mut all = String::new();
    let number = PlainNumber::parse(text, &mut all)?;
    Ok(number.map_or((1, 0), |number| (number.before.max(1), (-number.scale).max(0))))
}

fn out_of_range() -> InvalidValue {
    InvalidValue::new("a number of the JSON is outside PostgreSQL's numeric")
}

/// A number other than zero: `digits` times 10 to the power of `scale`, with `before` digits before the point.
struct PlainNumber<'t> {
    is_negative: bool,
    digits: &'t str,
    scale: i64,
    before: i64,
}

impl<'t> PlainNumber<'t> {
    /// `None` is zero. `all` keeps the digits.
    fn parse(text: &str, all: &'t mut String) -> Result<Option<Self>, InvalidValue> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, exponent.parse::<i64>().map_err(|_overflow| out_of_range())?)
            }
            None => (text, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        all.push_str(whole);
        all.push_str(part);
        let digits = all.trim_start_matches('0').trim_end_matches('0');
        if digits.is_empty() {
            return Ok(None);
        }
        let length = |text: &str| i64::try_from(text.len()).map_err(|_overflow| out_of_range());
        let trailing_zeros = length(all)? - length(all.trim_end_matches('0'))?;
        let scale = exponent
            .checked_sub(length(part)?)
            .and_then(|scale| scale.checked_add(trailing_zeros))
            .ok_or_else(out_of_range)?;
        let before = length(digits)?.checked_add(scale).ok_or_else(out_of_range)?;
        Ok(Some(Self { is_negative, digits, scale, before }))
    }

    /// Without the sign.
    fn layout(&self) -> String {
        let Self { digits, scale, before, .. } = *self;
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
        if scale == 0 {
            return digits.to_owned();
        }
        if !(-PLAIN_DIGITS..=PLAIN_DIGITS).contains(&before) {
            // With the sign, as serde_json writes it.
            return format!("{digits}e{scale:+}");
        }
        if scale >= 0 {
            return format!("{digits}{}", zeros(scale));
        }
        match usize::try_from(before) {
            Ok(before) if before > 0 => format!("{}.{}", &digits[..before], &digits[before..]),
            _ => format!("0.{}{digits}", zeros(-before)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_equal_texts() {
        for (text, canonical) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("1e2", "100"),
            ("100.00", "100"),
            ("-12.50", "-12.5"),
            ("0.001", "0.001"),
            ("1E-3", "0.001"),
            ("1e300", "1e+300"),
            ("25e-50", "25e-50"),
            ("9007199254740993", "9007199254740993"),
        ] {
            assert_eq!(canonical_number(text).expect("number").as_str(), canonical, "{text}");
            assert!(!is_canonical(text) || text == canonical, "{text}");
        }
        assert!(is_canonical("-100") && is_canonical("9007199254740993") && !is_canonical("1.5"));
        let long = format!("1{}", "0".repeat(300));
        assert_eq!(canonical_number(&long).expect("number").as_str(), "1e+300");
    }

    #[test]
    fn digits_are_counted_without_the_exponent() {
        for (text, digits) in [
            ("0", (1, 0)),
            ("-0.00", (1, 0)),
            ("12.50", (2, 1)),
            ("9e131071", (131_072, 0)),
            ("1.7976931348623157e308", (309, 0)),
            ("5e-324", (1, 324)),
            ("0.001e2", (1, 1)),
        ] {
            assert_eq!(plain_digits(text).expect("number"), digits, "{text}");
        }
        assert!(plain_digits("1e99999999999999999999").is_err());
    }

    #[test]
    fn numbers_that_numeric_cannot_hold_are_refused() {
        for text in ["1e131072", "1e-16384", "1e99999999999999999999"] {
            assert!(canonical_number(text).is_err(), "{text}");
        }
        assert!(canonical_number("1e131071").is_ok());
    }
}
