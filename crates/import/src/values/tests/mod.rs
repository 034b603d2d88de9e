//! Compatible and incompatible values by type, and properties of all types.

mod any_form;
mod documents;
mod instants;
mod numbers;
mod properties;
mod texts;

use super::SourceValue::{Blob, BrokenText, Integer, Null, Real, Text};
use super::*;
use crate::conversion::OnIncompatible;
use crate::types::{DateForm, InstantForm, IntervalForm, ReadAs, Reading, TargetType, UuidForm};

const MONEY: TargetType = TargetType::Numeric { precision: 6, scale: 2 };
const TIMESTAMP: TargetType = TargetType::Timestamp(InstantForm::Iso);
const TIMESTAMPTZ: TargetType = TargetType::TimestampTz(InstantForm::Iso);

const TYPES: [TargetType; 43] = [
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
    TargetType::Inet,
    TargetType::Cidr,
    TargetType::Interval(IntervalForm::Iso),
    TargetType::Interval(IntervalForm::Seconds),
    TargetType::Interval(IntervalForm::Milliseconds),
    TargetType::Interval(IntervalForm::Microseconds),
    TargetType::Varchar(0),
    TargetType::Char(1),
];

fn encoded(
    value: SourceValue<'_>,
    to: TargetType,
    on_incompatible: OnIncompatible,
) -> Result<Vec<u8>, Unfit> {
    let mut out = b"before".to_vec();
    let outcome = encode(value, to, on_incompatible, &mut out);
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
    let field = encoded(value, to, OnIncompatible::Reject)?;
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
        assert_eq!(encoded(Null, to, OnIncompatible::Reject), Ok(vec![0xff; 4]), "{to:?}");
        assert_eq!(check(Null, to), Ok(()));
    }
}

#[test]
fn decisions_are_followed_where_a_value_does_not_fit() {
    assert_eq!(encoded(Text("x"), TargetType::Integer, OnIncompatible::Null), Ok(vec![0xff; 4]));
    assert_eq!(encoded(BrokenText(b"\xff"), TargetType::Text, OnIncompatible::Null), Ok(vec![0xff; 4]));
    assert_eq!(
        encoded(Text("[1,2,1e400]"), TargetType::DoubleArray, OnIncompatible::Null),
        Ok(vec![0xff; 4])
    );
    assert_eq!(encoded(Integer(1), TargetType::SmallInt, OnIncompatible::Null), Ok(vec![0, 0, 0, 2, 0, 1]));
    let removed = encoded(Text("a\0b\0"), TargetType::Varchar(2), OnIncompatible::RemoveNul);
    assert_eq!(removed, Ok(vec![0, 0, 0, 2, b'a', b'b']));
    assert_eq!(
        encoded(Text("abc\0"), TargetType::Varchar(2), OnIncompatible::RemoveNul),
        Err(Unfit::TooLong)
    );
    assert_eq!(
        encoded(BrokenText(b"\xff\0"), TargetType::Text, OnIncompatible::RemoveNul),
        Err(Unfit::BrokenText)
    );
}

#[test]
fn malformed_values_of_a_server_are_distinguished_from_others() {
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
