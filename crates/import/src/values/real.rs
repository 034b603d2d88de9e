//! `real` and `double precision`.

use std::fmt::Write as _;

use super::sink::{Short, Sink};
use super::{SourceValue, Unfit, integer};
use crate::types::Reading;

/// Writes a number of 64 bits: REAL unchanged, INTEGER if it is not rounded.
pub(super) fn write_double(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    out.put(&number(value)?.to_be_bytes());
    Ok(())
}

/// Writes a number of 32 bits; it is rounded only where that is decided.
pub(super) fn write_single(
    value: SourceValue<'_>,
    reading: Reading,
    out: &mut impl Sink,
) -> Result<(), Unfit> {
    let number = number(value)?;
    let mut digits = Short::default();
    write!(digits, "{number:e}").map_err(|_full| Unfit::TooLong)?;
    // The digits are closer to `number` than to any other 64-bit number, hence also than to any other 32-bit one.
    let single: f32 = digits.as_str().parse().map_err(|_form| Unfit::NotANumber)?;
    let is_rounded = reading.rounds && single.is_finite();
    if f64::from(single) != number && !is_rounded {
        return Err(if single.is_infinite() { Unfit::OutOfRange } else { Unfit::Inexact });
    }
    out.put(&single.to_be_bytes());
    Ok(())
}

fn number(value: SourceValue<'_>) -> Result<f64, Unfit> {
    match value {
        SourceValue::Real(number) => Ok(number),
        SourceValue::Integer(whole) => from_whole(whole).ok_or(Unfit::Inexact),
        _ => Err(Unfit::WrongClass),
    }
}

/// 2 to the power of 32.
const HIGH_PLACE: f64 = 4_294_967_296.0;

/// The REAL that equals an integer.
pub(super) fn from_whole(whole: i64) -> Option<f64> {
    let high = i32::try_from(whole >> 32).ok()?;
    let low = u32::try_from(whole & 0xffff_ffff).ok()?;
    // Both parts are exact, so that only the sum can be rounded.
    let number = f64::from(high) * HIGH_PLACE + f64::from(low);
    (integer::whole_real(number) == Ok(whole)).then_some(number)
}

/// Writes a REAL as SQLite does (`CAST(x AS TEXT)`, its format `%!.17g`), but with the fewest digits that read back
/// as the same number: earlier versions of SQLite lose digits, later ones write more than needed.
pub(super) fn write_text(number: f64, text: &mut Short) -> Result<(), Unfit> {
    write_layout(number, text).map_err(|_full| Unfit::TooLong)
}

fn write_layout(number: f64, text: &mut Short) -> std::fmt::Result {
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number.is_infinite() {
        return write!(text, "{sign}Inf");
    }
    let mut shortest = Short::default();
    write!(shortest, "{:e}", number.abs())?;
    let (mantissa, exponent) = shortest.as_str().split_once('e').ok_or(std::fmt::Error)?;
    let exponent: i32 = exponent.parse().map_err(|_form| std::fmt::Error)?;
    let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    match usize::try_from(exponent) {
        Ok(exponent @ 0..=16) if rest.len() > exponent => {
            write!(text, "{sign}{first}{}.{}", &rest[..exponent], &rest[exponent..])
        }
        Ok(exponent @ 0..=16) => write!(text, "{sign}{first}{rest:0<exponent$}.0"),
        _ if (-4..0).contains(&exponent) => {
            let zeros = &"000"[..usize::try_from(-exponent - 1).map_err(|_negative| std::fmt::Error)?];
            write!(text, "{sign}0.{zeros}{first}{rest}")
        }
        _ => {
            let rest = if rest.is_empty() { "0" } else { rest };
            write!(text, "{sign}{first}.{rest}e{exponent:+03}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;
    use crate::types::TargetType;
    use diesel::prelude::*;
    use diesel::sql_types;
    use proptest::prelude::*;

    #[derive(QueryableByName)]
    struct Cast {
        #[diesel(sql_type = sql_types::Text)]
        text: String,
    }

    fn cast(sqlite: &mut SqliteConnection, number: f64) -> String {
        let query = diesel::sql_query("SELECT CAST(? AS TEXT) AS text").bind::<sql_types::Double, _>(number);
        query.get_result::<Cast>(sqlite).expect("a cast").text
    }

    fn text(number: f64) -> String {
        let mut text = Short::default();
        write_text(number, &mut text).expect("short");
        text.as_str().to_owned()
    }

    #[test]
    fn reals_are_written_as_sqlite_writes_them() {
        let mut sqlite = SqliteConnection::establish(":memory:").expect("a database");
        for number in [
            0.0,
            1.0,
            -1.5,
            100_000.0,
            0.1,
            0.001,
            0.0001,
            0.000_12,
            0.000_01,
            -9.95e-5,
            123_456.789,
            1e15,
            1e16,
            1e17,
            1.25e17,
            1e22,
            1e100,
            1.5e-10,
            9_007_199_254_740_992.0,
            1.797_693_134_862_315_7e308,
            12_345_678_901_234_568.0,
            f64::INFINITY,
            f64::NEG_INFINITY,
            0.1 + 0.2,
        ] {
            assert_eq!(text(number), cast(&mut sqlite, number));
        }
        // Here SQLite writes other digits of the same number, or loses the sign.
        assert_eq!(text(1.0 / 3.0), "0.3333333333333333");
        assert_eq!(text(5e-324), "5.0e-324");
        assert_eq!(text(-0.0), "-0.0");
    }

    proptest! {
        #![proptest_config(test_seed::config(4000))]

        #[test]
        fn text_is_read_as_the_same_number(number in proptest::num::f64::ANY.prop_filter("NaN", |n| !n.is_nan())) {
            let text = text(number).replace("Inf", "inf");
            prop_assert_eq!(text.parse::<f64>().expect("a number").to_bits(), number.to_bits());
        }

        #[test]
        fn singles_fit_and_are_read_back(single in proptest::num::f32::ANY.prop_filter("NaN", |n| !n.is_nan())) {
            let mut out = Vec::new();
            write_single(SourceValue::Real(f64::from(single)), Reading::default(), &mut out).expect("exact");
            prop_assert_eq!(out, single.to_be_bytes());
        }

        #[test]
        fn integers_fit_a_double_where_sqlite_says_they_are_equal(number in any::<i64>(), shift in 0_u32..64) {
            let number = number >> shift;
            let is_exact = format!("{:.0}", number.to_string().parse::<f64>().expect("a number")) == number.to_string();
            prop_assert_eq!(check(SourceValue::Integer(number), TargetType::Double).is_ok(), is_exact);
        }
    }

    #[test]
    fn text_reads_back_as_the_number_and_is_what_sqlite_writes_unless_that_has_digits_too_many() {
        let sqlite = SqliteConnection::establish(":memory:").expect("a database");
        let sqlite = std::cell::RefCell::new(sqlite);
        let mut runner = proptest::test_runner::TestRunner::new(test_seed::config(4000));
        let numbers = (-9_999_999_999_999_i64..=9_999_999_999_999, 0_u32..40, -30_i32..5);
        let outcome = runner.run(&numbers, |(digits, cut, exponent)| {
            let number: f64 = format!("{}e{exponent}", digits >> cut).parse().expect("a number");
            let (ours, of_sqlite) = (text(number), cast(&mut sqlite.borrow_mut(), number));
            prop_assert_eq!(ours.parse::<f64>(), Ok(number));
            prop_assert!(ours == of_sqlite || ours.len() < of_sqlite.len(), "{} {}", ours, of_sqlite);
            Ok(())
        });
        outcome.expect("equal");
    }

    #[test]
    fn what_would_be_rounded_is_refused() {
        for (value, unfit) in [
            (SourceValue::Real(0.1), Unfit::Inexact),
            (SourceValue::Real(1e39), Unfit::OutOfRange),
            (SourceValue::Real(5e-324), Unfit::Inexact),
            (SourceValue::Integer(16_777_217), Unfit::Inexact),
            (SourceValue::Text("1"), Unfit::WrongClass),
        ] {
            assert_eq!(check(value, TargetType::Real), Err(unfit), "{value:?}");
        }
        let large = SourceValue::Integer(9_007_199_254_740_993);
        assert_eq!(check(large, TargetType::Double), Err(Unfit::Inexact));
        assert_eq!(check(SourceValue::Integer(i64::MAX), TargetType::Double), Err(Unfit::Inexact));
        assert_eq!(check(SourceValue::Integer(i64::MIN), TargetType::Double), Ok(()));
        assert_eq!(check(SourceValue::Real(f64::INFINITY), TargetType::Real), Ok(()));
    }
}
