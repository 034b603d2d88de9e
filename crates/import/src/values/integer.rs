//! `smallint`, `integer`, `bigint`.

use super::sink::Sink;
use super::{SourceValue, Unfit};
use crate::types::Reading;

/// Writes an integer: INTEGER, or REAL without a fraction, which are equal in SQLite. In any form also the text that
/// SQLite has for an integer: `12`, and not `012` or `+12`.
pub(super) fn write<T: TryFrom<i64>, const N: usize>(
    value: SourceValue<'_>,
    reading: Reading,
    to_bytes: fn(T) -> [u8; N],
    out: &mut impl Sink,
) -> Result<(), Unfit> {
    let number = match value {
        SourceValue::Text(text) if reading.any_form => whole_text(text)?,
        _ => whole(value)?,
    };
    let number = T::try_from(number).map_err(|_overflow| Unfit::OutOfRange)?;
    out.put(&to_bytes(number));
    Ok(())
}

fn whole_text(text: &str) -> Result<i64, Unfit> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !digits.is_empty() && !digits.starts_with('0'));
    if !is_plain {
        return Err(Unfit::NotAnInteger);
    }
    text.parse().map_err(|_overflow| Unfit::OutOfRange)
}

/// The integer of a value.
pub(super) fn whole(value: SourceValue<'_>) -> Result<i64, Unfit> {
    match value {
        SourceValue::Integer(number) => Ok(number),
        SourceValue::Real(number) => whole_real(number),
        _ => Err(Unfit::WrongClass),
    }
}

const MANTISSA_BITS: u32 = 52;
/// For a REAL with the exponent bits 0 to the last place (IEEE 754, section 3.4): bias and mantissa.
const LAST_PLACE: i64 = 1023 + 52;

/// The integer of a REAL. -0 is not one of them.
pub(super) fn whole_real(number: f64) -> Result<i64, Unfit> {
    if number.is_infinite() {
        return Err(Unfit::Infinite);
    }
    let bits = number.to_bits();
    if bits == 0 {
        return Ok(0);
    }
    let exponent = i64::try_from((bits >> MANTISSA_BITS) & 0x7ff).map_err(|_overflow| Unfit::OutOfRange)?;
    let mantissa = (bits & ((1 << MANTISSA_BITS) - 1)) | (1 << MANTISSA_BITS);
    let magnitude: u64 = match exponent - LAST_PLACE {
        shift if shift > 11 => return Err(Unfit::OutOfRange),
        shift if shift >= 0 => mantissa << shift,
        // Subnormal numbers and zero have no leading one, but are far below 1 and rejected here too.
        shift if -shift > i64::from(mantissa.trailing_zeros()) => return Err(Unfit::Inexact),
        shift => mantissa >> -shift,
    };
    let whole = if number < 0.0 {
        0_i64.checked_sub_unsigned(magnitude)
    } else {
        0_i64.checked_add_unsigned(magnitude)
    };
    whole.ok_or(Unfit::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_reals_are_the_integers_they_are_equal_to() {
        for (real, whole) in [
            (0.0, Ok(0)),
            (-0.0, Err(Unfit::Inexact)),
            (3.0, Ok(3)),
            (-1.0, Ok(-1)),
            (0.5, Err(Unfit::Inexact)),
            (-2.5, Err(Unfit::Inexact)),
            (5e-324, Err(Unfit::Inexact)),
            (2_251_799_813_685_249.5, Err(Unfit::Inexact)),
            (9_007_199_254_740_993.0, Ok(9_007_199_254_740_992)),
            (9_223_372_036_854_774_784.0, Ok(9_223_372_036_854_774_784)),
            (9_223_372_036_854_775_808.0, Err(Unfit::OutOfRange)),
            (-9_223_372_036_854_775_808.0, Ok(i64::MIN)),
            (-9_223_372_036_854_777_856.0, Err(Unfit::OutOfRange)),
            (1e300, Err(Unfit::OutOfRange)),
            (f64::INFINITY, Err(Unfit::Infinite)),
            (f64::NEG_INFINITY, Err(Unfit::Infinite)),
        ] {
            assert_eq!(whole_real(real), whole, "{real:?}");
        }
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn a_whole_real_is_written_as_the_same_digits(number in proptest::num::f64::NORMAL) {
            let digits = format!("{number:.0}");
            let is_whole = digits.parse() == Ok(number);
            match whole_real(number) {
                Ok(whole) => prop_assert_eq!(whole.to_string(), digits),
                Err(Unfit::Inexact) => prop_assert!(!is_whole),
                Err(_) => prop_assert!(digits.parse::<i64>().is_err()),
            }
        }

        #[test]
        fn small_whole_reals_are_found(number in -(1_i32 << 30)..(1 << 30), halves in 0_u8..4) {
            let real = f64::from(number) + f64::from(halves) / 2.0;
            prop_assert_eq!(whole_real(real).is_ok(), halves % 2 == 0 && real.to_bits() != (-0.0_f64).to_bits());
        }
    }
}
