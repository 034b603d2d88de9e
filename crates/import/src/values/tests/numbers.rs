//! Numbers and booleans.

use super::*;

#[test]
fn integers_are_kept_or_refused() {
    assert_shown(TargetType::SmallInt, &[(Integer(-32_768), "-32768"), (Real(3.0), "3")]);
    assert_shown(
        TargetType::BigInt,
        &[(Integer(i64::MIN), "-9223372036854775808"), (Real(-1e18), "-1000000000000000000")],
    );
    assert_unfit(TargetType::SmallInt, Unfit::OutOfRange, &[Integer(32_768), Real(1e5)]);
    assert_unfit(TargetType::Integer, Unfit::OutOfRange, &[Integer(3_000_000_000), Integer(-2_147_483_649)]);
    assert_unfit(TargetType::Integer, Unfit::Inexact, &[Real(0.5), Real(-0.0)]);
    assert_unfit(TargetType::BigInt, Unfit::OutOfRange, &[Real(9_223_372_036_854_775_808.0)]);
    assert_unfit(TargetType::BigInt, Unfit::Infinite, &[Real(f64::INFINITY)]);
    assert_unfit(TargetType::Integer, Unfit::WrongClass, &[Text("1"), Text(""), Blob(b"1")]);
    assert_eq!(
        encoded(Integer(-2), TargetType::Integer, OnIncompatible::Reject),
        Ok(vec![0, 0, 0, 4, 255, 255, 255, 254])
    );
}

#[test]
fn doubles_are_kept_bit_by_bit() {
    let values =
        [(Real(-0.0), "-0.0"), (Real(f64::INFINITY), "inf"), (Real(5e-324), "5e-324"), (Integer(7), "7.0")];
    assert_shown(TargetType::Double, &values);
    assert_unfit(TargetType::Double, Unfit::WrongClass, &[Text("1.5"), Blob(b"")]);
}

#[test]
fn numerics_are_never_rounded() {
    assert_shown(
        MONEY,
        &[
            (Integer(0), "0.00"),
            (Integer(-1234), "-1234.00"),
            (Real(1234.5), "1234.50"),
            (Real(0.07), "0.07"),
            (Text("1.50000"), "1.50"),
            (Text("-0.01"), "-0.01"),
            (Text("12e-2"), "0.12"),
            (Text("0e999999999999999999999"), "0.00"),
            (Text("0e-999999999999999999999"), "0.00"),
            (Text("-0"), "0.00"),
            (Text("9999.99"), "9999.99"),
        ],
    );
    let unfit = [
        Integer(10_000),
        Real(0.001),
        Real(1e300),
        Text("1.005"),
        Text("10000"),
        Text("1e4"),
        Text("1e-3"),
        Text("1e99999999999999999999"),
        Real(9_999.995),
    ];
    assert_unfit(MONEY, Unfit::OutOfRange, &unfit);
    assert_unfit(
        MONEY,
        Unfit::NotANumber,
        &[Text("NaN"), Text("Infinity"), Text(""), Text(" 1"), Text("1,5"), Text("0x1")],
    );
    assert_unfit(MONEY, Unfit::Infinite, &[Real(f64::NEG_INFINITY)]);
    assert_unfit(MONEY, Unfit::Inexact, &[Real(-0.0)]);
    assert_unfit(MONEY, Unfit::WrongClass, &[Blob(b"1")]);
    // A scale above the precision: at most 0.0099.
    let small = TargetType::Numeric { precision: 2, scale: 4 };
    assert_shown(small, &[(Text("0.0099"), "0.0099"), (Integer(0), "0.0000")]);
    assert_unfit(small, Unfit::OutOfRange, &[Text("0.01"), Integer(1)]);
}

#[test]
fn numerics_without_limits_keep_their_digits() {
    let long = format!("-{}.{}", "123456789".repeat(14_563), "0012345678900".repeat(1260));
    let largest = format!("1{}", "0".repeat(131_071));
    let smallest = format!("0.{}1", "0".repeat(16_382));
    assert_shown(
        TargetType::AnyNumeric,
        &[
            (Text("1.50"), "1.50"),
            (Text("-10000"), "-10000"),
            (Text("0.00"), "0.00"),
            (Text("1.50e1"), "15.0"),
            (Text("1.5e3"), "1500"),
            (Text("1e-5"), "0.00001"),
            (Text("100000000.00000001"), "100000000.00000001"),
            (Integer(i64::MIN), "-9223372036854775808"),
            (Real(0.1), "0.1"),
            (Real(3.0), "3"),
            (Real(1e22), "10000000000000000000000"),
            (Real(1.5e-7), "0.00000015"),
            (Text(&long), &long),
            (Text("1e131071"), &largest),
            (Text("1e-16383"), &smallest),
        ],
    );
    let unfit = [Text("1e131072"), Text("1e-16384"), Text("0e-16384"), Text("-1e999999999999999999999")];
    assert_unfit(TargetType::AnyNumeric, Unfit::OutOfRange, &unfit);
}

#[test]
fn the_bytes_of_numerics_are_those_of_the_server() {
    let field =
        encoded(Text("-12345.6700"), TargetType::AnyNumeric, OnIncompatible::Reject).expect("a number");
    // SELECT numeric_send(-12345.6700)
    assert_eq!(body(&field), [0, 3, 0, 1, 0x40, 0, 0, 4, 0, 1, 9, 41, 26, 44]);
    let field = encoded(Text("-0.00"), TargetType::AnyNumeric, OnIncompatible::Reject).expect("a number");
    assert_eq!(body(&field), [0, 0, 0, 0, 0, 0, 0, 2]);
}

#[test]
fn numerics_of_a_server_are_normalised() {
    let mut out = Vec::new();
    // 0000 0001 0000 . 5000 0000, of scale 1.
    let sent = [0, 5, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0x13, 0x88, 0, 0];
    assert!(canonical(&sent, MONEY, &mut out));
    assert_eq!(
        Ok(out),
        encoded(Text("10000.5"), TargetType::Numeric { precision: 9, scale: 2 }, OnIncompatible::Reject)
    );
    let zero = [0, 1, 0, 3, 0x40, 0, 0, 2, 0, 0];
    let mut out = Vec::new();
    assert!(canonical(&zero, MONEY, &mut out));
    assert_eq!(Ok(out), encoded(Integer(0), MONEY, OnIncompatible::Reject));
}

#[test]
fn booleans_are_zero_and_one_and_two_words() {
    assert_shown(
        TargetType::Boolean,
        &[
            (Integer(0), "false"),
            (Integer(1), "true"),
            (Real(0.0), "false"),
            (Real(1.0), "true"),
            (Text("TRUE"), "true"),
            (Text("False"), "false"),
        ],
    );
    let unfit = [
        Integer(2),
        Integer(-1),
        Real(0.5),
        Real(-0.0),
        Text("t"),
        Text("1"),
        Text("yes"),
        Text(""),
        Text("true "),
    ];
    assert_unfit(TargetType::Boolean, Unfit::NotABoolean, &unfit);
    assert_unfit(TargetType::Boolean, Unfit::WrongClass, &[Blob(b"\x01")]);
}
