//! Dates, times and instants.

use super::*;
use crate::types::DateForm;

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
    assert_unfit(
        TargetType::Time,
        Unfit::FractionTooLong,
        &[Text("12:00:00.1234567"), Text("12:00:00.9999999")],
    );
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
        "2024-05-31_12:00",
        "20240531T120000",
        "2024-05-31 12:00:00.",
    ];
    assert_unfit(TIMESTAMP, Unfit::NotAnInstant, &unfit.map(Text));
    assert_unfit(TIMESTAMP, Unfit::FractionTooLong, &[Text("2024-05-31 12:00:00.1234567")]);
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
        "2024-05-31 12:00  +02:00",
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
