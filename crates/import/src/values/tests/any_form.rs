//! Values whose type is decided: every form with one meaning is read, and nothing is guessed.

use super::*;

fn any_form(target: TargetType) -> ReadAs<'static> {
    ReadAs { target, reading: Reading { any_form: true, ..Reading::default() }, labels: &[] }
}

fn read(value: SourceValue<'_>, to: ReadAs<'_>) -> Result<String, Unfit> {
    let mut field = Vec::new();
    encode(value, to, OnIncompatible::Reject, &mut field)?;
    assert_eq!(check(value, to), Ok(()));
    let mut again = Vec::new();
    assert!(canonical(body(&field), to.target, &mut again), "{value:?}");
    assert_eq!(again, field, "{value:?} is read back as another value");
    Ok(show_target(body(&field), to.target).expect("well-formed"))
}

fn assert_read(target: TargetType, values: &[(SourceValue<'_>, Result<&str, Unfit>)]) {
    for (value, expected) in values {
        let found = read(*value, any_form(target));
        assert_eq!(found.as_deref().map_err(|unfit| *unfit), *expected, "{value:?} as {target:?}");
    }
}

#[test]
fn words_are_truth_values() {
    for word in ["t", "T", "true", "y", "YES", "on", "1"] {
        assert_read(TargetType::Boolean, &[(Text(word), Ok("true"))]);
    }
    for word in ["f", "false", "n", "No", "off", "0"] {
        assert_read(TargetType::Boolean, &[(Text(word), Ok("false"))]);
    }
    for value in [Text(""), Text("2"), Text(" t"), Text("tr"), Integer(2), Real(0.5)] {
        assert_read(TargetType::Boolean, &[(value, Err(Unfit::NotABoolean))]);
    }
    assert_unfit(TargetType::Boolean, Unfit::NotABoolean, &[Text("t"), Text("1")]);
}

#[test]
fn a_uuid_is_one_in_any_letter_case_with_or_without_hyphens_and_as_bytes() {
    let expected = Ok("5e2b8a50-1c5d-4e41-9f0a-2d7c1b6f8e01");
    let bytes = 0x5e2b_8a50_1c5d_4e41_9f0a_2d7c_1b6f_8e01_u128.to_be_bytes();
    for form in [UuidForm::Hyphenated, UuidForm::Simple, UuidForm::Bytes] {
        assert_read(
            TargetType::Uuid(form),
            &[
                (Text("5E2B8A50-1C5D-4E41-9F0A-2D7C1B6F8E01"), expected),
                (Text("5e2b8a501c5d4E419f0a2d7c1b6f8e01"), expected),
                (Text("{5E2B8A50-1C5D-4E41-9F0A-2D7C1B6F8E01}"), expected),
                (Blob(&bytes), expected),
                (Text("5E2B8A50-1C5D-4E41-9F0A-2D7C1B6F8E0"), Err(Unfit::NotAUuid)),
                (Text("5E2B8A501C5D-4E41-9F0A-2D7C1B6F8E01--"), Err(Unfit::NotAUuid)),
                (Text(""), Err(Unfit::NotAUuid)),
                (Blob(b"x"), Err(Unfit::NotAUuid)),
                (Integer(1), Err(Unfit::WrongClass)),
            ],
        );
    }
}

#[test]
fn a_date_alone_is_its_midnight_and_midnight_is_a_date() {
    assert_read(
        TIMESTAMP,
        &[
            (Text("2024-01-02"), Ok("2024-01-02 00:00:00")),
            (Text("2024-01-02T03:04"), Ok("2024-01-02 03:04:00")),
            (Text("2024-01-02 03:04:05Z"), Err(Unfit::HasOffset)),
            (Text("2024-01-02Z"), Err(Unfit::NotAnInstant)),
            (Text("2024-02-30"), Err(Unfit::NotAnInstant)),
            (Integer(1_700_000_000), Err(Unfit::WrongClass)),
        ],
    );
    assert_read(
        TargetType::Date(DateForm::Iso),
        &[
            (Text("2024-01-02 00:00:00"), Ok("2024-01-02")),
            (Text("2024-01-02T00:00"), Ok("2024-01-02")),
            (Text("2024-01-02"), Ok("2024-01-02")),
            (Text("2024-01-02 00:00:01"), Err(Unfit::NotMidnight)),
            (Text("2024-01-02 00:00:00Z"), Err(Unfit::NotADate)),
        ],
    );
    assert_unfit(TIMESTAMP, Unfit::NotAnInstant, &[Text("2024-01-02")]);
}

#[test]
fn an_offset_is_neither_assumed_nor_dropped_without_a_decision() {
    assert_read(
        TIMESTAMPTZ,
        &[
            (Text("2024-01-02 03:04:05"), Err(Unfit::NoOffset)),
            (Text("2024-01-02"), Err(Unfit::NoOffset)),
            (Text("2024-01-02 03:04:05 UTC"), Ok("2024-01-02 03:04:05 UTC")),
        ],
    );
    let utc = TargetType::TimestampTz(InstantForm::IsoUtc);
    assert_read(
        utc,
        &[
            (Text("2024-01-02 03:04:05.5"), Ok("2024-01-02 03:04:05.5 UTC")),
            (Text("2024-01-02 03:04:05+02:00"), Ok("2024-01-02 01:04:05 UTC")),
            (Text("2024-01-02"), Ok("2024-01-02 00:00:00 UTC")),
        ],
    );
    let local = TargetType::Timestamp(InstantForm::IsoUtc);
    assert_read(
        local,
        &[
            (Text("2024-01-02T03:04:05Z"), Ok("2024-01-02 03:04:05")),
            (Text("2024-01-02 03:04:05-01:00"), Ok("2024-01-02 04:04:05")),
            (Text("2024-01-02 03:04:05"), Ok("2024-01-02 03:04:05")),
        ],
    );
}

#[test]
fn digits_that_the_column_would_round_are_not_sent() {
    let column = |fraction_digits| Reading {
        any_form: true,
        fraction_digits: Some(fraction_digits),
        ..Reading::default()
    };
    let cases = [
        ("2024-01-02 03:04:05.123", 3, Ok(())),
        ("2024-01-02 03:04:05.123000", 3, Ok(())),
        ("2024-01-02 03:04:05.1234", 3, Err(Unfit::FractionTooLong)),
        ("1999-01-02 03:04:05.5", 0, Err(Unfit::FractionTooLong)),
        ("1999-01-02 03:04:05", 0, Ok(())),
    ];
    for (text, digits, expected) in cases {
        let to = ReadAs { target: TIMESTAMP, reading: column(digits), labels: &[] };
        assert_eq!(check(Text(text), to), expected, "{text} with {digits} digits");
    }
    let time = ReadAs { target: TargetType::Time, reading: column(2), labels: &[] };
    assert_eq!(check(Text("03:04:05.125"), time), Err(Unfit::FractionTooLong));
}

#[test]
fn integers_are_read_from_text_as_sqlite_prints_them() {
    for (text, expected) in [
        ("12", Ok("12")),
        ("-7", Ok("-7")),
        ("0", Ok("0")),
        ("012", Err(Unfit::NotAnInteger)),
        ("+1", Err(Unfit::NotAnInteger)),
        ("-0", Err(Unfit::NotAnInteger)),
        ("-", Err(Unfit::NotAnInteger)),
        ("", Err(Unfit::NotAnInteger)),
        ("1.0", Err(Unfit::NotAnInteger)),
        ("3000000000", Err(Unfit::OutOfRange)),
        ("99999999999999999999", Err(Unfit::OutOfRange)),
    ] {
        assert_read(TargetType::Integer, &[(Text(text), expected)]);
    }
    assert_unfit(TargetType::Integer, Unfit::WrongClass, &[Text("12")]);
}

#[test]
fn addresses_are_read_by_their_value() {
    assert_read(
        TargetType::Inet,
        &[
            (Text("192.168.1.7"), Ok("192.168.1.7")),
            (Text("192.168.1.7/24"), Ok("192.168.1.7/24")),
            (Text("192.168.1.7/32"), Ok("192.168.1.7")),
            (Text("2001:DB8::FF"), Ok("2001:db8::ff")),
            (Text("::ffff:10.0.0.1"), Ok("::ffff:10.0.0.1")),
            (Text("192.168.001.7"), Err(Unfit::NotAnAddress)),
            (Text("10.1"), Err(Unfit::NotAnAddress)),
            (Text("10.0.0.1/33"), Err(Unfit::NotAnAddress)),
            (Text("10.0.0.1/08"), Err(Unfit::NotAnAddress)),
            (Text("10.0.0.1/"), Err(Unfit::NotAnAddress)),
            (Text("fe80::1%eth0"), Err(Unfit::NotAnAddress)),
            (Text(""), Err(Unfit::NotAnAddress)),
            (Integer(3_232_235_783), Err(Unfit::WrongClass)),
        ],
    );
    assert_read(
        TargetType::Cidr,
        &[
            (Text("10.0.0.0/8"), Ok("10.0.0.0/8")),
            (Text("10.0.0.1"), Ok("10.0.0.1/32")),
            (Text("0.0.0.0/0"), Ok("0.0.0.0/0")),
            (Text("10.0.0.1/8"), Err(Unfit::NotAnAddress)),
            (Text("10.128.0.0/9"), Ok("10.128.0.0/9")),
            (Text("10.192.0.0/9"), Err(Unfit::NotAnAddress)),
        ],
    );
}

#[test]
fn durations_are_lengths_of_time() {
    assert_read(
        TargetType::Interval(IntervalForm::Iso),
        &[
            (Text("02:03:04"), Ok("02:03:04")),
            (Text("26:03:04.5"), Ok("26:03:04.5")),
            (Text("1 02:03:04"), Ok("26:03:04")),
            (Text("1 day, 2:03:04"), Ok("26:03:04")),
            (Text("-00:00:01.5"), Ok("-00:00:01.5")),
            // As Python and Django write one second before zero.
            (Text("-1 day, 23:59:59"), Ok("-00:00:01")),
            (Text("-1 23:59:59"), Ok("-00:00:01")),
            (Text("-2 days, 0:00:00"), Ok("-48:00:00")),
            (Text("P1DT2H3M4S"), Ok("26:03:04")),
            (Text("PT0.000001S"), Ok("00:00:00.000001")),
            (Text("-PT1M"), Ok("-00:01:00")),
            (Text("P2W"), Ok("336:00:00")),
            (Text("P1M"), Err(Unfit::NotADuration)),
            (Text("P1Y"), Err(Unfit::NotADuration)),
            (Text("P"), Err(Unfit::NotADuration)),
            (Text("P1DT"), Err(Unfit::NotADuration)),
            (Text("PT1.5H"), Err(Unfit::NotADuration)),
            (Text("PT1S2S"), Err(Unfit::NotADuration)),
            (Text("PT"), Err(Unfit::NotADuration)),
            (Text("5"), Err(Unfit::NotADuration)),
            (Text("1:61:00"), Err(Unfit::NotADuration)),
            (Text(""), Err(Unfit::NotADuration)),
            (Integer(5), Err(Unfit::UnitUndecided)),
        ],
    );
    for (form, shown) in [
        (IntervalForm::Seconds, "-1500:00:00"),
        (IntervalForm::Milliseconds, "-01:30:00"),
        (IntervalForm::Microseconds, "-00:00:05.4"),
    ] {
        assert_read(TargetType::Interval(form), &[(Integer(-5_400_000), Ok(shown))]);
    }
    assert_read(TargetType::Interval(IntervalForm::Seconds), &[(Integer(i64::MAX), Err(Unfit::OutOfRange))]);
    // A day of the target is the 24 hours that were sent.
    let mut day = Vec::new();
    let of_server = [0_i64.to_be_bytes().as_slice(), &1_i32.to_be_bytes(), &0_i32.to_be_bytes()].concat();
    assert!(canonical(&of_server, TargetType::Interval(IntervalForm::Iso), &mut day));
    assert_eq!(
        encoded(Text("24:00:00"), TargetType::Interval(IntervalForm::Iso), OnIncompatible::Reject),
        Ok(day)
    );
}

#[test]
fn a_time_of_day_may_have_the_date_that_rails_writes() {
    assert_read(
        TargetType::Time,
        &[
            (Text("2000-01-01 12:30:15.5"), Ok("12:30:15.5")),
            (Text("12:30"), Ok("12:30:00")),
            (Text("2000-01-02 12:30:15"), Err(Unfit::NotATime)),
        ],
    );
    assert_unfit(TargetType::Time, Unfit::NotATime, &[Text("2000-01-01 12:30:15")]);
}

#[test]
fn the_text_of_an_enum_is_one_of_its_labels() {
    let labels = ["sad".to_owned(), "1".to_owned()];
    let mood = ReadAs { labels: &labels, ..any_form(TargetType::Text) };
    assert_eq!(check(Text("sad"), mood), Ok(()));
    assert_eq!(check(Integer(1), mood), Ok(()));
    for value in [Text("Sad"), Text("sad "), Text(""), Integer(2)] {
        assert_eq!(check(value, mood), Err(Unfit::NotALabel), "{value:?}");
    }
    let mut field = Vec::new();
    assert_eq!(encode(Text("glad"), mood, OnIncompatible::Null, &mut field), Ok(()));
    assert_eq!(field, [0xff; 4]);
}

#[test]
fn digits_that_the_type_does_not_keep_are_rounded_only_by_a_decision() {
    let rounded = |target, fraction_digits| {
        let reading = Reading { any_form: true, rounds: true, fraction_digits };
        ReadAs { target, reading, labels: &[] }
    };
    let cases = [
        (TIMESTAMP, Some(6), "2024-01-02 03:04:05.1234567", "2024-01-02 03:04:05.123457"),
        (TIMESTAMP, Some(6), "2024-01-02 03:04:05.12345649", "2024-01-02 03:04:05.123456"),
        (TIMESTAMP, Some(6), "2024-12-31 23:59:59.9999999", "2025-01-01 00:00:00"),
        (TIMESTAMP, Some(3), "1999-01-02 03:04:05.1235", "1999-01-02 03:04:05.124"),
        (TargetType::Time, None, "03:04:05.0000004", "03:04:05"),
        (MONEY, None, "12.345", "12.35"),
        (MONEY, None, "-12.344999", "-12.34"),
        (MONEY, None, "9999.994", "9999.99"),
        (MONEY, None, "0.004", "0.00"),
        (MONEY, None, "0.005", "0.01"),
        (MONEY, None, "99.999", "100.00"),
        (MONEY, None, "0.0000001", "0.00"),
    ];
    for (target, digits, text, expected) in cases {
        let found = read(Text(text), rounded(target, digits));
        assert_eq!(found.as_deref(), Ok(expected), "{text}");
        let not = ReadAs {
            reading: Reading { rounds: false, ..rounded(target, digits).reading },
            ..rounded(target, digits)
        };
        assert!(check(Text(text), not).is_err(), "{text}");
    }
    assert_eq!(check(Text("9999.995"), rounded(MONEY, None)), Err(Unfit::OutOfRange));
    assert_eq!(check(Text("23:59:59.9999999"), rounded(TargetType::Time, None)), Err(Unfit::NotATime));
    assert_eq!(read(Real(0.1 + 0.2), rounded(MONEY, None)).as_deref(), Ok("0.30"));
    assert!(read(Real(0.1), rounded(TargetType::Real, None)).is_ok());
    assert_eq!(check(Real(1e300), rounded(TargetType::Real, None)), Err(Unfit::OutOfRange));
    assert_eq!(check(Real(0.1), TargetType::Real), Err(Unfit::Inexact));
    let reason = check(Text("2024-01-02 03:04:05.1234567"), any_form(TIMESTAMP));
    assert_eq!(reason, Err(Unfit::FractionTooLong));
}
