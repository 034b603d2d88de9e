//! Decimal numbers of a fixed scale: `numeric(P, S)`; on SQLite an integer of the smallest unit.
//!
//! Never a float. PostgreSQL's binary form is that of its source file `numeric.c` (`numeric_send`): digits to the
//! base of 10000, the weight of the first, a sign, and the display scale.

use std::fmt;
use std::io::Write as _;
use std::str::FromStr;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::BigInt;
use diesel::sqlite::{Sqlite, SqliteValue};

use super::{BinaryField, InvalidValue, Unencodable, on_both_backends, sql_types};

/// An amount of money, to the hundredth.
pub type Money = Decimal<14, 2>;
/// A price of one unit, to the ten-thousandth.
pub type UnitPrice = Decimal<14, 4>;
/// A tax rate in percent, to the hundredth.
pub type Rate = Decimal<5, 2>;
/// A quantity, to the thousandth.
pub type Quantity = Decimal<12, 3>;

/// A number of at most P digits, S of them (at most 4) after the point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Fixed<P, S>)]
pub struct Decimal<const P: u32, const S: u32> {
    units: i64,
}

const BASE: i64 = 10_000;
const POSITIVE: u16 = 0;
const NEGATIVE: u16 = 0x4000;

impl<const P: u32, const S: u32> Decimal<P, S> {
    /// Zero.
    pub const ZERO: Self = Self { units: 0 };
    /// The largest number.
    pub const MAX: Self = Self { units: 10_i64.pow(P) - 1 };
    /// The smallest number.
    pub const MIN: Self = Self { units: -Self::MAX.units };
    /// The number of smallest units in one.
    const ONE: i64 = 10_i64.pow(S);

    /// From the number of smallest units (cents, for money).
    ///
    /// # Errors
    /// When it has more than P digits.
    pub fn from_units(units: i64) -> Result<Self, InvalidValue> {
        if units.checked_abs().is_none_or(|units| units > Self::MAX.units) {
            return Err(InvalidValue::new(format!("{units} units are out of range for numeric({P},{S})")));
        }
        Ok(Self { units })
    }

    /// The number of smallest units.
    pub const fn units(self) -> i64 {
        self.units
    }

    /// From a number of units with `FINER` more digits than the smallest unit, such as a product: rounded once, half
    /// away from zero.
    ///
    /// # Errors
    /// When the result has more than P digits.
    pub fn from_finer<const FINER: u32>(parts: i128) -> Result<Self, InvalidValue> {
        let unit = const { 10_i128.pow(FINER) };
        let (whole, rest) = (parts / unit, parts % unit);
        // Both have the sign of `parts`.
        let away = if rest.abs() >= unit - rest.abs() { parts.signum() } else { 0 };
        let out_of_range = || InvalidValue::new(format!("result is out of range for numeric({P},{S})"));
        let units = i64::try_from(whole + away).map_err(|_overflow| out_of_range())?;
        Self::from_units(units).map_err(|_too_many_digits| out_of_range())
    }

    /// The sum.
    ///
    /// # Errors
    /// When it has more than P digits.
    pub fn checked_add(self, other: Self) -> Result<Self, InvalidValue> {
        Self::from_finer::<0>(i128::from(self.units) + i128::from(other.units))
    }

    /// The difference.
    ///
    /// # Errors
    /// When it has more than P digits.
    pub fn checked_sub(self, other: Self) -> Result<Self, InvalidValue> {
        Self::from_finer::<0>(i128::from(self.units) - i128::from(other.units))
    }

    fn read_numeric(bytes: &[u8]) -> Result<Self, InvalidValue> {
        let short = || InvalidValue::new("numeric value is truncated");
        let mut words = bytes.chunks_exact(2).map(|b| [b[0], b[1]]);
        let mut next = || words.next().ok_or_else(short);
        let digit_count = u16::from_be_bytes(next()?);
        let weight = i16::from_be_bytes(next()?);
        let sign = u16::from_be_bytes(next()?);
        let _display_scale = next()?;
        if sign != POSITIVE && sign != NEGATIVE {
            return Err(InvalidValue::new("numeric value is not a finite number"));
        }
        let out_of_range = || InvalidValue::new(format!("numeric value does not fit numeric({P},{S})"));
        // In ten-thousandths, independent of S: one digit after the point is then an integer.
        let mut total: i128 = 0;
        for index in 0..digit_count {
            let digit = i128::from(u16::from_be_bytes(next()?));
            let place = i32::from(weight) - i32::from(index) + 1;
            if digit == 0 {
                continue;
            }
            let place = u32::try_from(place).map_err(|_too_fine| out_of_range())?;
            let factor = i128::from(BASE).checked_pow(place).ok_or_else(out_of_range)?;
            let part = digit.checked_mul(factor).ok_or_else(out_of_range)?;
            total = total.checked_add(part).ok_or_else(out_of_range)?;
        }
        let finer = i128::from(BASE / Self::ONE);
        if total % finer != 0 {
            return Err(out_of_range());
        }
        let units = i64::try_from(total / finer).map_err(|_overflow| out_of_range())?;
        Self::from_units(if sign == NEGATIVE { -units } else { units })
    }

    fn write_numeric(self, out: &mut Vec<u8>) {
        let mut whole = self.units.unsigned_abs() / Self::ONE.unsigned_abs();
        let part = self.units.unsigned_abs() % Self::ONE.unsigned_abs();
        let base = BASE.unsigned_abs();
        // Least significant digit first: the one after the point, then those before it.
        let mut digits = [0_u64; 6];
        digits[0] = part * (base / Self::ONE.unsigned_abs());
        let mut count = 1;
        while whole > 0 {
            digits[count] = whole % base;
            whole /= base;
            count += 1;
        }
        let used = &digits[..count];
        let first = used.iter().rposition(|digit| *digit != 0);
        let last = used.iter().position(|digit| *digit != 0);
        let (significant, weight) = match (first, last) {
            (Some(first), Some(last)) => (&used[last..=first], first),
            _ => (&used[..0], 1),
        };
        let small = |number: usize| u16::try_from(number).unwrap_or_default();
        out.extend_from_slice(&small(significant.len()).to_be_bytes());
        out.extend_from_slice(&(small(weight).wrapping_sub(1)).to_be_bytes());
        let sign = if self.units < 0 { NEGATIVE } else { POSITIVE };
        out.extend_from_slice(&sign.to_be_bytes());
        out.extend_from_slice(&[0, S.to_be_bytes()[3]]);
        for digit in significant.iter().rev() {
            let [.., high, low] = digit.to_be_bytes();
            out.extend_from_slice(&[high, low]);
        }
    }
}

impl<const P: u32, const S: u32> std::ops::Neg for Decimal<P, S> {
    type Output = Self;

    /// Always possible: the range is the same on both sides of zero.
    fn neg(self) -> Self {
        Self { units: -self.units }
    }
}

impl<const P: u32, const S: u32> fmt::Display for Decimal<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = Self::ONE.unsigned_abs();
        let (whole, part) = (self.units.unsigned_abs() / one, self.units.unsigned_abs() % one);
        let sign = if self.units < 0 { "-" } else { "" };
        let width = usize::try_from(S).unwrap_or_default();
        write!(f, "{sign}{whole}.{part:0width$}")
    }
}

impl<const P: u32, const S: u32> fmt::Debug for Decimal<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const P: u32, const S: u32> FromStr for Decimal<P, S> {
    type Err = InvalidValue;

    /// Reads `-123.45`: at most S digits after the point, no exponent; nothing is rounded.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let wrong = || InvalidValue::new(format!("not a number of at most {P} digits, {S} after the point"));
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let scale = usize::try_from(S).map_err(|_overflow| wrong())?;
        let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(part) || part.len() > scale {
            return Err(wrong());
        }
        let units: i64 = format!("{whole}{part:0<scale$}").parse().map_err(|_overflow| wrong())?;
        Self::from_units(if digits.len() < text.len() { -units } else { units })
    }
}

impl<const P: u32, const S: u32> serde::Serialize for Decimal<P, S> {
    /// As a string: most JSON readers convert a number to a float.
    fn serialize<T: serde::Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        serializer.collect_str(self)
    }
}

impl<const P: u32, const S: u32> ToSql<sql_types::Fixed<P, S>, Sqlite> for Decimal<P, S> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        <i64 as ToSql<BigInt, Sqlite>>::to_sql(&self.units, out)
    }
}

impl<const P: u32, const S: u32> FromSql<sql_types::Fixed<P, S>, Sqlite> for Decimal<P, S> {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let units = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        Ok(Self::from_units(units)?)
    }
}

impl<const P: u32, const S: u32> ToSql<sql_types::Fixed<P, S>, Pg> for Decimal<P, S> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let mut bytes = Vec::with_capacity(20);
        self.write_numeric(&mut bytes);
        out.write_all(&bytes)?;
        Ok(IsNull::No)
    }
}

impl<const P: u32, const S: u32> FromSql<sql_types::Fixed<P, S>, Pg> for Decimal<P, S> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::read_numeric(value.as_bytes())?)
    }
}

on_both_backends!([const P: u32, const S: u32] sql_types::Fixed<P, S>, sql_types::Fixed::<P, S> => Decimal<P, S>);

impl<const P: u32, const S: u32> BinaryField for Decimal<P, S> {
    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        self.write_numeric(out);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn binary_form_is_read_back(units in -99_999_999_999_999_i64..=99_999_999_999_999) {
            let value = Decimal::<14, 4>::from_units(units).expect("in range");
            let mut bytes = Vec::new();
            value.write_numeric(&mut bytes);
            prop_assert_eq!(Decimal::<14, 4>::read_numeric(&bytes), Ok(value));
        }

        #[test]
        fn text_form_is_read_back(units in -99_999_i64..=99_999) {
            let value = Rate::from_units(units).expect("in range");
            prop_assert_eq!(value.to_string().parse(), Ok(value));
        }

        #[test]
        fn a_sum_less_one_part_is_the_other(a in -99_999_i64..=99_999, b in -99_999_i64..=99_999) {
            let (a, b) = (Rate::from_units(a).expect("in range"), Rate::from_units(b).expect("in range"));
            match a.checked_add(b) {
                Ok(sum) => {
                    prop_assert_eq!(sum.checked_sub(b), Ok(a));
                    prop_assert_eq!((-a).checked_sub(b), Ok(-sum));
                }
                Err(_too_many_digits) => prop_assert!((a.units + b.units).abs() > 99_999),
            }
        }

        #[test]
        fn rounding_is_off_by_half_a_unit_at_most(parts in -99_999_999_999_999_999_i128..=99_999_999_999_999_999) {
            let rounded = i128::from(Money::from_finer::<3>(parts).expect("in range").units);
            let error = parts - rounded * 1000;
            prop_assert!(error.abs() <= 500);
            // At exactly half, the result is farther from zero than the exact value.
            prop_assert!(error.abs() < 500 || error.signum() != parts.signum());
        }
    }

    #[test]
    fn half_a_unit_is_rounded_away_from_zero() {
        for (parts, units) in [(0, 0), (49, 0), (50, 1), (149, 1), (150, 2), (-49, 0), (-50, -1), (-150, -2)]
        {
            assert_eq!(Money::from_finer::<2>(parts).map(Money::units), Ok(units), "{parts}");
        }
        for parts in [-1, 0, 1] {
            assert_eq!(Money::from_finer::<0>(parts).map(|money| i128::from(money.units)), Ok(parts));
        }
    }

    #[test]
    fn what_has_too_many_digits_is_refused() {
        let cent = Money { units: 1 };
        assert!(Money::MAX.checked_add(cent).is_err());
        assert!(Money::MIN.checked_sub(cent).is_err());
        assert_eq!(Money::MAX.checked_add(-cent).and_then(|most| most.checked_add(cent)), Ok(Money::MAX));
        // 999.994 is rounded down and fits, 999.995 is rounded up and does not.
        assert_eq!(Rate::from_finer::<1>(999_994), Ok(Rate::MAX));
        assert!(Rate::from_finer::<1>(999_995).is_err());
        assert!(Money::from_finer::<1>(i128::MAX).is_err());
        assert!(Money::from_finer::<1>(i128::MIN).is_err());
    }

    #[test]
    fn what_would_be_rounded_is_refused() {
        assert!("1.005".parse::<Money>().is_err());
        assert!("1e3".parse::<Money>().is_err());
        assert!("1000.00".parse::<Rate>().is_err());
        assert_eq!("-0.5".parse::<Money>().map(Money::units), Ok(-50));
    }
}
