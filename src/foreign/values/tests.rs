//! What fits and what does not, type by type, and what holds for all of them.

use proptest::prelude::*;

use super::SourceValue::{Blob, BrokenText, Integer, Null, Real, Text};
use super::*;
use crate::foreign::types::{DateForm, InstantForm, UuidForm};

const MONEY: TargetType = TargetType::Numeric { precision: 6, scale: 2 };
const TIMESTAMP: TargetType = TargetType::Timestamp(InstantForm::Iso);
const TIMESTAMPTZ: TargetType = TargetType::TimestampTz(InstantForm::Iso);

const TYPES: [TargetType; 37] = [
    TargetType::SmallInt,
    TargetType::Integer,
    TargetType::BigInt,
    TargetType::Real,
    TargetType::Double,
    MONEY,
    TargetType::Numeric { precision: 2, scale: 4 },
    TargetType::Numeric { precision: 30, scale: 10 },
    TargetType::AnyNumeric,
    TargetType::Boolean,
    TargetType::Text,
    TargetType::Varchar(3),
    TargetType::Char(3),
    TargetType::Citext,
    TargetType::Bytea,
    TargetType::Uuid(UuidForm::Hyphenated),
    TargetType::Uuid(UuidForm::Simple),
    TargetType::Uuid(UuidForm::Bytes),
    TargetType::Date(DateForm::Iso),
    TargetType::Date(DateForm::Midnight),
    TargetType::Date(DateForm::Milliseconds),
    TargetType::Time,
    TIMESTAMP,
    TargetType::Timestamp(InstantForm::Seconds),
    TargetType::Timestamp(InstantForm::Milliseconds),
    TargetType::Timestamp(InstantForm::Microseconds),
    TargetType::Timestamp(InstantForm::JulianDay),
    TIMESTAMPTZ,
    TargetType::TimestampTz(InstantForm::Seconds),
    TargetType::TimestampTz(InstantForm::Milliseconds),
    TargetType::TimestampTz(InstantForm::Microseconds),
    TargetType::TimestampTz(InstantForm::JulianDay),
    TargetType::Json,
    TargetType::Jsonb,
    TargetType::DoubleArray,
    TargetType::Varchar(0),
    TargetType::Char(1),
];

fn encoded(value: SourceValue<'_>, to: TargetType, misfit: Misfit) -> Result<Vec<u8>, Unfit> {
    let mut out = b"before".to_vec();
    let outcome = encode(value, to, misfit, &mut out);
    assert!(out.starts_with(b"before"));
    let field = out.split_off(6);
    assert!(outcome.is_ok() || field.is_empty());
    outcome.map(|()| field)
}

/// The value without its length, which is checked.
fn body(field: &[u8]) -> &[u8] {
    let (length, body) = field.split_first_chunk::<4>().expect("a length");
    assert_eq!(i32::try_from(body.len()), Ok(i32::from_be_bytes(*length)));
    body
}

fn shown(value: SourceValue<'_>, to: TargetType) -> Result<String, Unfit> {
    let field = encoded(value, to, Misfit::Reject)?;
    Ok(show_target(body(&field), to).expect("well-formed"))
}

fn assert_shown(to: TargetType, values: &[(SourceValue<'_>, &str)]) {
    for (value, expected) in values {
        assert_eq!(shown(*value, to).as_deref(), Ok(*expected), "{value:?} as {to:?}");
    }
}

fn assert_unfit(to: TargetType, unfit: Unfit, values: &[SourceValue<'_>]) {
    for value in values {
        assert_eq!(shown(*value, to), Err(unfit), "{value:?} as {to:?}");
        assert_eq!(check(*value, to), Err(unfit), "{value:?} as {to:?}");
    }
}

#[test]
fn null_is_null_in_every_type() {
    for to in TYPES {
        assert_eq!(encoded(Null, to, Misfit::Reject), Ok(vec![0xff; 4]), "{to:?}");
        assert_eq!(check(Null, to), Ok(()));
    }
}

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
        encoded(Integer(-2), TargetType::Integer, Misfit::Reject),
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
    let field = encoded(Text("-12345.6700"), TargetType::AnyNumeric, Misfit::Reject).expect("a number");
    // SELECT numeric_send(-12345.6700)
    assert_eq!(body(&field), [0, 3, 0, 1, 0x40, 0, 0, 4, 0, 1, 9, 41, 26, 44]);
    let field = encoded(Text("-0.00"), TargetType::AnyNumeric, Misfit::Reject).expect("a number");
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
        encoded(Text("10000.5"), TargetType::Numeric { precision: 9, scale: 2 }, Misfit::Reject)
    );
    let zero = [0, 1, 0, 3, 0x40, 0, 0, 2, 0, 0];
    let mut out = Vec::new();
    assert!(canonical(&zero, MONEY, &mut out));
    assert_eq!(Ok(out), encoded(Integer(0), MONEY, Misfit::Reject));
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

#[test]
fn text_is_neither_trimmed_nor_padded_nor_cut() {
    assert_shown(
        TargetType::Text,
        &[
            (Text(""), ""),
            (Text(" ü\n "), " ü\n "),
            (Integer(-5), "-5"),
            (Real(1.0), "1.0"),
            (Real(1e-5), "1.0e-05"),
            (Real(f64::NEG_INFINITY), "-Inf"),
        ],
    );
    assert_unfit(TargetType::Text, Unfit::HasNul, &[Text("a\0b"), Text("\0")]);
    assert_unfit(TargetType::Text, Unfit::BrokenText, &[BrokenText(b"\xff")]);
    assert_unfit(TargetType::Text, Unfit::WrongClass, &[Blob(b"a")]);
    assert_shown(TargetType::Varchar(3), &[(Text("äöü"), "äöü"), (Text("  "), "  "), (Real(1.5), "1.5")]);
    assert_unfit(TargetType::Varchar(3), Unfit::TooLong, &[Text("abc "), Integer(1000), Real(10.0)]);
    assert_shown(TargetType::Char(3), &[(Text("äöü"), "äöü"), (Text("  x"), "  x")]);
    assert_unfit(TargetType::Char(3), Unfit::TooShort, &[Text("ab"), Text("")]);
    assert_unfit(TargetType::Char(3), Unfit::TooLong, &[Text("abc ")]);
    assert_unfit(TargetType::Char(3), Unfit::TrailingSpace, &[Text("ab "), Text("   ")]);
}

#[test]
fn bytes_are_blobs_unless_decided_otherwise() {
    assert_shown(TargetType::Bytea, &[(Blob(b"\x00\xff"), "\\x00ff"), (Blob(b""), "\\x")]);
    assert_unfit(TargetType::Bytea, Unfit::WrongClass, &[Text("a"), Integer(1), Real(1.0)]);
    assert_unfit(TargetType::Bytea, Unfit::BrokenText, &[BrokenText(b"\xff")]);
    for (value, bytes) in [
        (Text("a\0"), &b"a\0"[..]),
        (BrokenText(b"\xff"), b"\xff"),
        (Integer(-1), b"-1"),
        (Real(0.5), b"0.5"),
        (Blob(b"x"), b"x"),
    ] {
        let field = encoded(value, TargetType::Bytea, Misfit::Bytes).expect("bytes");
        assert_eq!(body(&field), bytes);
    }
    // Elsewhere the decision changes nothing.
    assert_eq!(encoded(BrokenText(b"\xff"), TargetType::Text, Misfit::Bytes), Err(Unfit::BrokenText));
}

#[test]
fn uuids_are_in_one_form() {
    let uuid = "0123abcd-4567-89ef-0123-456789abcdef";
    let simple = "0123abcd456789ef0123456789abcdef";
    let bytes: Vec<u8> = (1..=16).collect();
    let [hyphenated, plain, blob] =
        [UuidForm::Hyphenated, UuidForm::Simple, UuidForm::Bytes].map(TargetType::Uuid);
    assert_shown(hyphenated, &[(Text(uuid), uuid)]);
    assert_shown(plain, &[(Text(simple), uuid)]);
    assert_shown(blob, &[(Blob(&bytes), "01020304-0506-0708-090a-0b0c0d0e0f10")]);
    let unfit = [
        Text(simple),
        Text("0123ABCD-4567-89ef-0123-456789abcdef"),
        Text("{0123abcd-4567-89ef-0123-456789abcdef}"),
        Text("0123abcd-4567-89ef-0123-456789abcdeg"),
        Text("0123abcd-456789-ef-0123-456789abcdef"),
        Text(""),
        Text("0123abcd-4567-89ef-0123-456789abcdef "),
        Text("0123abcd-4567-89ef-0123-456789abcdé"),
    ];
    assert_unfit(hyphenated, Unfit::NotAUuid, &unfit);
    assert_unfit(plain, Unfit::NotAUuid, &[Text(uuid), Text("0123ABCD456789ef0123456789abcdef")]);
    assert_unfit(blob, Unfit::NotAUuid, &[Blob(b"short"), Blob(b"")]);
    assert_unfit(blob, Unfit::WrongClass, &[Text("0123456789abcdef")]);
    assert_unfit(plain, Unfit::WrongClass, &[Blob(simple.as_bytes()), Integer(0)]);
}

#[test]
fn dates_are_days_of_the_calendar() {
    let [iso, midnight, milliseconds] =
        [DateForm::Iso, DateForm::Midnight, DateForm::Milliseconds].map(TargetType::Date);
    assert_shown(
        iso,
        &[
            (Text("2024-02-29"), "2024-02-29"),
            (Text("0001-01-01"), "0001-01-01"),
            (Text("9999-12-31"), "9999-12-31"),
        ],
    );
    let unfit = [
        "",
        "0000-00-00",
        "0000-01-01",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-13-01",
        "2024-00-01",
        "2024-1-1",
        "24-01-01",
        "10000-01-01",
        "20240101",
        "2024-01-01 ",
        " 2024-01-01",
        "2024-01-01T00:00:00",
        "now",
        "today",
        "infinity",
        "J2460312",
        "1/2/2024",
        "-001-01-01",
        "+024-01-01",
        "２０２４-01-01",
        "2024-01-01 BC",
    ];
    assert_unfit(iso, Unfit::NotADate, &unfit.map(Text));
    assert_unfit(iso, Unfit::WrongClass, &[Integer(2024), Real(1.0), Blob(b"2024-01-01")]);
    assert_shown(
        midnight,
        &[(Text("2024-05-31 00:00:00"), "2024-05-31"), (Text("2024-05-31T00:00:00.000000000"), "2024-05-31")],
    );
    assert_unfit(
        midnight,
        Unfit::NotMidnight,
        &[Text("2024-05-31 12:00:00"), Text("2024-05-31 00:00:00.000001")],
    );
    let unfit = [
        "2024-05-31",
        "2024-05-31 00:00",
        "2024-05-31 24:00:00",
        "2024-05-31 00:00:00Z",
        "2024-05-31  00:00:00",
        "2024-05-31 00:00:00.",
    ];
    assert_unfit(midnight, Unfit::NotADate, &unfit.map(Text));
    assert_shown(
        milliseconds,
        &[
            (Integer(0), "1970-01-01"),
            (Integer(-86_400_000), "1969-12-31"),
            (Integer(951_782_400_000), "2000-02-29"),
            (Integer(-210_866_803_200_000), "4714-11-24 BC"),
        ],
    );
    assert_unfit(milliseconds, Unfit::NotMidnight, &[Integer(1), Integer(i64::MAX)]);
    assert_unfit(
        milliseconds,
        Unfit::OutOfRange,
        &[Integer(-210_866_889_600_000), Integer(86_400_000 * 99_999_999_999)],
    );
    assert_unfit(milliseconds, Unfit::WrongClass, &[Text("0"), Real(0.0)]);
}

#[test]
fn times_are_of_one_day() {
    assert_shown(
        TargetType::Time,
        &[
            (Text("12:00"), "12:00:00"),
            (Text("23:59:59.999999"), "23:59:59.999999"),
            (Text("00:00:00.5"), "00:00:00.5"),
            (Text("01:02:03.1234560000000"), "01:02:03.123456"),
        ],
    );
    let unfit = [
        "24:00",
        "24:00:00",
        "12:60",
        "12:00:60",
        "23:59:60",
        "1:00",
        "12",
        "12:00:00.",
        "12:00:00.1234567",
        "12:00:00.9999999",
        "12:00 ",
        "12:00:00Z",
        "12:00:00+02",
        "12:00 PM",
        "",
        "now",
        "allballs",
        "-1:00",
        "12:00.5",
    ];
    assert_unfit(TargetType::Time, Unfit::NotATime, &unfit.map(Text));
    assert_unfit(TargetType::Time, Unfit::WrongClass, &[Integer(0), Real(0.5)]);
}

#[test]
fn timestamps_have_no_offset() {
    assert_shown(
        TIMESTAMP,
        &[
            (Text("2024-05-31 12:00"), "2024-05-31 12:00:00"),
            (Text("2024-05-31T12:00:01.25"), "2024-05-31 12:00:01.25"),
            (Text("0001-01-01 00:00:00"), "0001-01-01 00:00:00"),
            (Text("9999-12-31 23:59:59.999999000"), "9999-12-31 23:59:59.999999"),
        ],
    );
    let offsets = ["2024-05-31 12:00Z", "2024-05-31T12:00:00+02:00", "2024-05-31 12:00:00.5-0330"];
    assert_unfit(TIMESTAMP, Unfit::HasOffset, &offsets.map(Text));
    let unfit = [
        "2024-05-31",
        "",
        "now",
        "today",
        "infinity",
        "-infinity",
        "epoch",
        "J2460312",
        "1/2/2024 12:00",
        "2024-05-31 ",
        "2024-05-31  12:00",
        "2024-05-31t12:00",
        "2024-05-31 24:00",
        "2024-05-31 12:00:60",
        "2024-02-30 12:00",
        "0000-00-00 00:00:00",
        "2024-05-31 12:00 ",
        "2024-05-31 12:00:00 UTC",
        "2024-05-31 12:00:00z",
        "2024-05-31 12:00:00.1234567",
        "2024-05-31_12:00",
        "20240531T120000",
        "2024-05-31 12:00:00.",
    ];
    assert_unfit(TIMESTAMP, Unfit::NotAnInstant, &unfit.map(Text));
    assert_unfit(TIMESTAMP, Unfit::WrongClass, &[Integer(2025), Real(1.0), Blob(b"")]);
}

#[test]
fn timestamps_with_time_zone_are_instants() {
    assert_shown(
        TIMESTAMPTZ,
        &[
            (Text("2024-05-31 12:00Z"), "2024-05-31 12:00:00 UTC"),
            (Text("2024-05-31T12:00:00+02:00"), "2024-05-31 10:00:00 UTC"),
            (Text("2024-05-31 12:00:00.5-0330"), "2024-05-31 15:30:00.5 UTC"),
            (Text("2024-05-31 12:00:00+14"), "2024-05-30 22:00:00 UTC"),
            (Text("2024-05-31 12:00:00-00:00"), "2024-05-31 12:00:00 UTC"),
            (Text("0001-01-01 00:00:00+15:59"), "0001-12-31 08:01:00 UTC BC"),
            (Text("9999-12-31 23:59:59-15:59"), "10000-01-01 15:58:59 UTC"),
        ],
    );
    assert_unfit(TIMESTAMPTZ, Unfit::NoOffset, &["2024-05-31 12:00", "2024-05-31T12:00:00.5"].map(Text));
    let unfit = [
        "2024-05-31 12:00+16:00",
        "2024-05-31 12:00+2:00",
        "2024-05-31 12:00+02:60",
        "2024-05-31 12:00 +02:00",
        "2024-05-31 12:00+02:00:00",
        "2024-05-31 12:00+020",
        "2024-05-31 12:00+",
        "2024-05-31 12:00ZZ",
        "2024-05-31 12:00 Europe/Berlin",
        "2024-05-31Z",
        "2024-05-31 12:00\u{2212}02:00",
        "2024-05-31 12:00+0260",
    ];
    assert_unfit(TIMESTAMPTZ, Unfit::NotAnInstant, &unfit.map(Text));
}

#[test]
fn epochs_are_counted_exactly() {
    use InstantForm::{JulianDay, Microseconds, Milliseconds, Seconds};
    let stamp = TargetType::Timestamp;
    assert_shown(
        stamp(Seconds),
        &[
            (Integer(0), "1970-01-01 00:00:00"),
            (Integer(-1), "1969-12-31 23:59:59"),
            (Real(1_717_171_717.25), "2024-05-31 16:08:37.25"),
            (Real(1_717_171_717.123_456), "2024-05-31 16:08:37.123456"),
            (Real(-0.000_001), "1969-12-31 23:59:59.999999"),
            (Integer(-210_866_803_200), "4714-11-24 00:00:00 BC"),
            (Integer(9_224_318_015_999), "294276-12-31 23:59:59"),
        ],
    );
    assert_unfit(
        stamp(Seconds),
        Unfit::Inexact,
        &[Real(1_717_171_717.123_456_7), Real(1e-7), Real(-1e-300), Real(-0.0)],
    );
    assert_unfit(
        stamp(Seconds),
        Unfit::OutOfRange,
        &[
            Integer(9_224_318_016_000),
            Integer(-210_866_803_201),
            Integer(i64::MAX),
            Integer(i64::MIN),
            Real(1e18),
            Real(1e300),
        ],
    );
    assert_unfit(stamp(Seconds), Unfit::Infinite, &[Real(f64::INFINITY)]);
    assert_unfit(stamp(Seconds), Unfit::WrongClass, &[Text("0"), Blob(b"")]);
    assert_shown(stamp(Milliseconds), &[(Integer(1_717_171_717_001), "2024-05-31 16:08:37.001")]);
    assert_shown(stamp(Microseconds), &[(Integer(-1), "1969-12-31 23:59:59.999999")]);
    assert_unfit(stamp(Milliseconds), Unfit::OutOfRange, &[Integer(i64::MAX), Integer(i64::MIN)]);
    assert_unfit(
        stamp(Microseconds),
        Unfit::OutOfRange,
        &[Integer(i64::MIN), Integer(-210_866_803_200_000_001)],
    );
    assert_unfit(stamp(Milliseconds), Unfit::WrongClass, &[Real(1.0), Text("1")]);
    assert_shown(
        stamp(JulianDay),
        &[
            (Real(2_451_544.5), "2000-01-01 00:00:00"),
            (Integer(2_451_545), "2000-01-01 12:00:00"),
            (Real(0.0), "4714-11-24 12:00:00 BC"),
            // SELECT julianday('2024-05-31 16:08:37.001')
            (Real(2_460_462.172_650_474_6), "2024-05-31 16:08:37.001"),
        ],
    );
    assert_unfit(stamp(JulianDay), Unfit::Inexact, &[Real(2_460_462.172_650_47)]);
    assert_unfit(
        stamp(JulianDay),
        Unfit::OutOfRange,
        &[Real(-1.0), Integer(5_373_485), Real(5_373_484.5), Integer(i64::MAX)],
    );
    assert_unfit(stamp(JulianDay), Unfit::WrongClass, &[Text("2460462.5")]);
    assert_shown(TargetType::TimestampTz(Seconds), &[(Integer(0), "1970-01-01 00:00:00 UTC")]);
}

#[test]
fn json_is_that_of_its_standard() {
    let good = [
        "null",
        " true ",
        "\"\"",
        "-0.0e-1",
        "1E+2",
        "[]",
        "{ }",
        "[1, [2], {\"a\":{}}]",
        r#"{"a":1,"a":2}"#,
        r#""\u0000\ud800\"\\\/\b\f\n\r\t""#,
        "\t\n\r 1",
        "\"\u{7f}\u{2028}\"",
        "1e999999999999999999999",
    ];
    assert_shown(TargetType::Json, &good.map(|text| (Text(text), text)));
    let bad = [
        "",
        " ",
        "nul",
        "True",
        "NaN",
        "Infinity",
        "01",
        "-",
        "-01",
        "1.",
        ".5",
        "+1",
        "1e",
        "0x1",
        "'a'",
        "{a:1}",
        "[1,]",
        "[,]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "[",
        "{",
        "]",
        "}",
        "[}",
        "{]",
        "[1}",
        "{\"a\":1]",
        "1 2",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u123\"",
        "\"a\nb\"",
        "\"\0\"",
        "[1]//",
        "/**/1",
        "\u{feff}1",
        "\u{a0}1",
        "[1],",
        "null0",
        "truefalse",
        ":",
        ",",
        "{\"a\":1:2}",
        "[\"a\":1]",
    ];
    assert_unfit(TargetType::Json, Unfit::NotJson, &bad.map(Text));
    assert_unfit(TargetType::Jsonb, Unfit::NotJson, &bad.map(Text));
    assert_unfit(TargetType::Json, Unfit::WrongClass, &[Integer(1), Real(1.0), Blob(b"{}")]);
}

#[test]
fn json_is_not_nested_without_end() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    for to in [TargetType::Json, TargetType::Jsonb] {
        for fits in [nested(128), objects(128)] {
            assert_eq!(shown(Text(&fits), to), Ok(fits));
        }
        assert_unfit(
            to,
            Unfit::TooDeep,
            &[Text(&nested(129)), Text(&objects(129)), Text(&"[".repeat(1_000_000))],
        );
    }
}

#[test]
fn jsonb_is_in_one_form() {
    assert_shown(
        TargetType::Jsonb,
        &[
            (Text(r#" { "b" : 1e2 , "a" : [ 0.10, -0.0 ] } "#), r#"{"a":[0.1,0],"b":100}"#),
            (
                Text(r#"{"aa":1,"a b":2,"a":3,"":4,"é":5,"\u0061\u0062":6}"#),
                r#"{"":4,"a":3,"a b":2,"aa":1,"ab":6,"é":5}"#,
            ),
            (Text(r#""\ud83d\ude00\/\u0001\n\u00e9\"""#), r#""😀/\u0001\né\"""#),
            (Text("12345678901234567890.50"), "12345678901234567890.5"),
            (
                Text("[1e300,25e-50,1E-3,-12.50,1e39,1e40,100e-3]"),
                "[1e+300,25e-50,0.001,-12.5,1000000000000000000000000000000000000000,1e+40,0.1]",
            ),
            (Text(r#"{"$serde_json::private::Number":"1"}"#), r#"{"$serde_json::private::Number":"1"}"#),
            (Text(r#"[{"b":{"d":1,"c":2},"a":3},[]]"#), r#"[{"a":3,"b":{"c":2,"d":1}},[]]"#),
        ],
    );
    assert_unfit(TargetType::Jsonb, Unfit::HasNul, &[Text(r#"["\u0000"]"#), Text(r#"{"\u0000":1}"#)]);
    let lone = [
        r#""\ud800""#,
        r#""\ud800x""#,
        r#""\udc00""#,
        r#""\ud800\ud800""#,
        r#""\ud800\n""#,
        r#"{"\udfff":1}"#,
    ];
    assert_unfit(TargetType::Jsonb, Unfit::LoneSurrogate, &lone.map(Text));
    let twice =
        [r#"{"a":1,"a":1}"#, r#"{"b":1,"a":2,"b":1}"#, r#"[{"a":1,"\u0061":1}]"#, r#"{"x":{"":1,"":2}}"#];
    assert_unfit(TargetType::Jsonb, Unfit::DuplicateKey, &twice.map(Text));
    assert_unfit(
        TargetType::Jsonb,
        Unfit::OutOfRange,
        &[Text("1e131072"), Text("[1e-16384]"), Text("1e99999999999999999999")],
    );
    assert_shown(
        TargetType::Jsonb,
        &[(Text("1e131071"), "1e+131071"), (Text("0e99999999999999999999"), "0")],
    );
    let many = format!("[{}1]", "1,".repeat(10_000_000));
    let wide = format!("[{}1]", "1e131071,".repeat(2_100));
    assert_unfit(TargetType::Jsonb, Unfit::TooLong, &[Text(&many), Text(&wide)]);
}

#[test]
fn arrays_hold_numbers_that_are_exact() {
    assert_shown(
        TargetType::DoubleArray,
        &[
            (Text("[]"), "{}"),
            (Text(" [ 1 , -0.5, 1e23, 0.10, 100e-2, -0.0 ] "), "{1.0,-0.5,1e23,0.1,1.0,-0.0}"),
            (
                Text("[1.7976931348623157e308,5e-324,9007199254740992]"),
                "{1.7976931348623157e308,5e-324,9007199254740992.0}",
            ),
        ],
    );
    let inexact = ["[9007199254740993]", "[0.1000000000000000055]", "[1e-400]", "[0.30000000000000001]"];
    assert_unfit(TargetType::DoubleArray, Unfit::Inexact, &inexact.map(Text));
    assert_unfit(TargetType::DoubleArray, Unfit::OutOfRange, &[Text("[1e400]"), Text("[-1e999999999999]")]);
    let not = ["1", "{}", "null", "[null]", "[\"1\"]", "[[1]]", "[true]"];
    assert_unfit(TargetType::DoubleArray, Unfit::NotAnArray, &not.map(Text));
    assert_unfit(TargetType::DoubleArray, Unfit::NotJson, &["", "[1,]", "[NaN]", "[1]x", "[01]"].map(Text));
    assert_unfit(TargetType::DoubleArray, Unfit::WrongClass, &[Blob(b"[1]"), Integer(1)]);
}

#[test]
fn decisions_are_followed_where_a_value_does_not_fit() {
    assert_eq!(encoded(Text("x"), TargetType::Integer, Misfit::Null), Ok(vec![0xff; 4]));
    assert_eq!(encoded(BrokenText(b"\xff"), TargetType::Text, Misfit::Null), Ok(vec![0xff; 4]));
    assert_eq!(encoded(Text("[1,2,1e400]"), TargetType::DoubleArray, Misfit::Null), Ok(vec![0xff; 4]));
    assert_eq!(encoded(Integer(1), TargetType::SmallInt, Misfit::Null), Ok(vec![0, 0, 0, 2, 0, 1]));
    let removed = encoded(Text("a\0b\0"), TargetType::Varchar(2), Misfit::RemoveNul);
    assert_eq!(removed, Ok(vec![0, 0, 0, 2, b'a', b'b']));
    assert_eq!(encoded(Text("abc\0"), TargetType::Varchar(2), Misfit::RemoveNul), Err(Unfit::TooLong));
    assert_eq!(encoded(BrokenText(b"\xff\0"), TargetType::Text, Misfit::RemoveNul), Err(Unfit::BrokenText));
}

#[test]
fn malformed_values_of_a_server_are_told_from_others() {
    let malformed: [(TargetType, &[u8]); 15] = [
        (TargetType::Integer, b"123"),
        (TargetType::Boolean, b"\x02"),
        (TargetType::Text, b"\xff"),
        (TargetType::Uuid(UuidForm::Simple), b"short"),
        (TargetType::Date(DateForm::Iso), b""),
        (TIMESTAMP, b"1234567"),
        (TargetType::Jsonb, b"\x02{}"),
        (TargetType::Jsonb, b""),
        (MONEY, b""),
        (MONEY, b"\x00\x01\x00\x00\x00\x00\x00\x00"),
        (MONEY, b"\x00\x01\x00\x00\x00\x00\x00\x00\x27\x10"),
        (MONEY, b"\x00\x00\x00\x00\x12\x34\x00\x00"),
        (
            TargetType::DoubleArray,
            b"\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x02\xbd\xff\xff\xff\xff\x00\x00\x00\x01",
        ),
        (TargetType::DoubleArray, b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\xbc"),
        (TargetType::DoubleArray, b"\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x02\xbd"),
    ];
    for (of, bytes) in malformed {
        let mut out = vec![7];
        assert!(!canonical(bytes, of, &mut out), "{of:?} {bytes:?}");
        assert_eq!(out, [7]);
        assert_eq!(show_target(bytes, of), None, "{of:?} {bytes:?}");
    }
    assert!(!canonical(b"\x01{", TargetType::Jsonb, &mut Vec::new()));
}

#[test]
fn what_a_server_alone_can_hold_is_shown() {
    let nan = [0, 0, 0, 0, 0xc0, 0, 0, 0];
    assert_eq!(show_target(&nan, MONEY).as_deref(), Some("NaN"));
    assert_eq!(show_target(&i64::MAX.to_be_bytes(), TIMESTAMPTZ).as_deref(), Some("infinity"));
    assert_eq!(
        show_target(&i32::MIN.to_be_bytes(), TargetType::Date(DateForm::Iso)).as_deref(),
        Some("-infinity")
    );
    let midnight = 86_400_000_000_i64.to_be_bytes();
    assert_eq!(show_target(&midnight, TargetType::Time).as_deref(), Some("24:00:00"));
}

/// A value of any class, of its own data.
#[derive(Clone, Debug)]
enum Owned {
    Integer(i64),
    Real(f64),
    Text(String),
    Broken(Vec<u8>),
    Blob(Vec<u8>),
}

impl Owned {
    fn value(&self) -> SourceValue<'_> {
        match self {
            Self::Integer(number) => Integer(*number),
            Self::Real(number) => Real(*number),
            Self::Text(text) => Text(text),
            Self::Broken(bytes) => BrokenText(bytes),
            Self::Blob(bytes) => Blob(bytes),
        }
    }
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?",
        r#""([a-c]|\\n|\\u00[0-9a-f]{2}|\\ud83d\\ude0[0-9]|é){0,4}""#,
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let key = r#""([ab]|\\u006[1-9]|\\"){0,2}""#;
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|all| format!("[{}]", all.join(" ,"))),
            prop::collection::vec((key, inner), 0..5).prop_map(|all| {
                let members: Vec<_> = all.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,6}",
        "\\PC{3}",
        "-?[0-9]{1,6}(\\.[0-9]{1,6})?(e-?[0-9]{1,3})?",
        "[0-9]{4}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,8})?)?(Z|[+-][01][0-9](:?[0-9]{2})?)?)?",
        "[0-9]{4}-0[1-9]-0[1-9]T00:00:00(\\.0{1,9})?",
        "[0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,8})?)?",
        "[0-9a-f]{32}",
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "(true|FALSE)",
        prop::collection::vec(-1e6_f64..1e6, 0..4).prop_map(|all| format!("{all:?}")),
        json(),
    ]
}

fn any_value() -> impl Strategy<Value = Owned> {
    prop_oneof![
        (any::<i64>(), 0_u32..64).prop_map(|(number, shift)| Owned::Integer(number >> shift)),
        (-100_000_i64..100_000).prop_map(|days| Owned::Integer(days * 86_400_000)),
        any::<f64>().prop_filter("SQLite has no NaN", |number| !number.is_nan()).prop_map(Owned::Real),
        any::<f32>()
            .prop_filter("SQLite has no NaN", |number| !number.is_nan())
            .prop_map(|n| Owned::Real(f64::from(n))),
        any::<i32>().prop_map(|number| Owned::Real(f64::from(number))),
        any::<u32>().prop_map(|number| Owned::Real(f64::from(number) / 1000.0)),
        any::<u32>()
            .prop_map(|number| Owned::Real((211_813_444_800_000.0 + f64::from(number)) / 86_400_000.0)),
        any_text().prop_map(Owned::Text),
        any_text().prop_map(Owned::Text),
        any_text().prop_map(Owned::Text),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Owned::Broken),
        prop::collection::vec(any::<u8>(), 16).prop_map(Owned::Blob),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Owned::Blob),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn check_decides_as_encode_does_and_what_fits_is_canonical(owned in any_value()) {
        let value = owned.value();
        for to in TYPES {
            let field = encoded(value, to, Misfit::Reject);
            prop_assert_eq!(check(value, to).err(), field.clone().err(), "{:?}", to);
            for misfit in [Misfit::Null, Misfit::Bytes, Misfit::RemoveNul] {
                let decided = encoded(value, to, misfit);
                if field.is_ok() {
                    prop_assert_eq!(&decided, &field);
                } else if misfit == Misfit::Null {
                    prop_assert_eq!(decided, Ok(vec![0xff; 4]));
                }
            }
            let Ok(field) = field else { continue };
            let mut back = Vec::new();
            prop_assert!(canonical(body(&field), to, &mut back), "{:?}", to);
            prop_assert_eq!(&back, &field, "{:?}", to);
            prop_assert!(show_target(body(&field), to).is_some());
        }
    }

    #[test]
    fn bytes_of_a_server_are_shown_or_refused(bytes in prop::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 0..40)) {
        for of in TYPES {
            let mut out = Vec::new();
            let is_well_formed = canonical(&bytes, of, &mut out);
            prop_assert!(!is_well_formed || of == TargetType::Time || show_target(&bytes, of).is_some(), "{:?}", of);
            if is_well_formed {
                let mut again = Vec::new();
                prop_assert!(canonical(body(&out), of, &mut again));
                prop_assert_eq!(again, out);
            }
        }
    }

    #[test]
    fn numerics_read_as_they_were_written(
        text in "(-?[1-9][0-9]{0,30}(\\.[0-9]{1,30})?|-?0\\.[0-9]{0,12}[1-9][0-9]{0,3})",
    ) {
        prop_assert_eq!(shown(Text(&text), TargetType::AnyNumeric), Ok(text.clone()));
        let wide = TargetType::Numeric { precision: 100, scale: 40 };
        let limited = shown(Text(&text), wide).expect("it fits");
        prop_assert_eq!(limited.trim_end_matches('0').trim_end_matches('.'),
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text });
    }

    #[test]
    fn reals_are_the_numerics_of_their_shortest_form(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
        let shown = shown(Real(number), TargetType::AnyNumeric);
        if number.to_bits() != (-0.0_f64).to_bits() {
            prop_assert_eq!(shown, Ok(number.to_string()));
        }
    }

    #[test]
    fn jsonb_agrees_with_another_reader(text in json()) {
        let Ok(shown) = shown(Text(&text), TargetType::Jsonb) else { return Ok(()) };
        let ours: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        let theirs: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        prop_assert!(same(&ours, &theirs), "{} {}", ours, theirs);
        prop_assert_eq!(ours.to_string(), shown);
    }

    #[test]
    fn json_is_what_another_reader_takes(text in prop_oneof![json(), "[\\[\\]{}:,\"0-9.eE+\\-truefalsn \\\\]{0,8}"]) {
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(check(Text(&text), TargetType::Json).is_ok(), theirs, "{}", text);
    }

    #[test]
    fn microseconds_come_back_from_seconds_and_julian_days(micros in -60_000_000_000_000_000_i64..8_000_000_000_000_000) {
        let seconds: f64 = format!("{micros}e-6").parse().expect("a number");
        let by_count = encoded(Integer(micros), TargetType::Timestamp(InstantForm::Microseconds), Misfit::Reject);
        if seconds.abs() < 8_589_934_592.0 {
            prop_assert_eq!(encoded(Real(seconds), TargetType::Timestamp(InstantForm::Seconds), Misfit::Reject), by_count);
        }
        let milliseconds = micros / 1000;
        let julian = real::from_whole(milliseconds + 210_866_760_000_000).expect("exact") / 86_400_000.0;
        prop_assert_eq!(
            encoded(Real(julian), TargetType::Timestamp(InstantForm::JulianDay), Misfit::Reject),
            encoded(Integer(milliseconds), TargetType::Timestamp(InstantForm::Milliseconds), Misfit::Reject)
        );
    }
}

/// Whether two values of JSON are equal, numbers as decimals.
fn same(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (a, b) {
        (Number(a), Number(b)) => {
            let (a, b) = (decimal::Decimal::parse(a.as_str()), decimal::Decimal::parse(b.as_str()));
            a.expect("number").equals(&b.expect("number"))
        }
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Object(a), Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        _ => a == b,
    }
}
