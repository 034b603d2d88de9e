//! Instants: UTC to the microsecond. `timestamptz`; on SQLite `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
//!
//! Both backends store microseconds: a text with finer digits is refused, and the clock is truncated.

use std::fmt;
use std::io::Write as _;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sqlite::{Sqlite, SqliteValue};

use super::binary::EPOCH_MICROS;
use super::{BinaryField, InvalidValue, Unencodable, on_both_backends, sql_types};

/// A point in time of the years 1 to 9999, in microseconds since the Unix epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Instant)]
pub struct Instant(i64);

impl Instant {
    /// 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// The last microsecond of the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// From microseconds since the Unix epoch.
    ///
    /// # Errors
    /// When the year is not 1 to 9999.
    pub fn from_micros(micros: i64) -> Result<Self, InvalidValue> {
        if !(Self::MIN.0..=Self::MAX.0).contains(&micros) {
            return Err(InvalidValue::new("instant is outside the years 1 to 9999"));
        }
        Ok(Self(micros))
    }

    /// Microseconds since the Unix epoch.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// The time of the system clock. All other code receives an instant, so that tests can choose it.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let micros = since.map_or(0, |time| i64::try_from(time.as_micros()).unwrap_or(Self::MAX.0));
        Self(micros.min(Self::MAX.0))
    }

    fn date_time(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).expect("chrono knows the years 1 to 9999")
    }

    /// Parses the form in which instants are stored on SQLite.
    fn from_fixed_form(text: &str) -> Option<Self> {
        let bytes: &[u8; 27] = text.as_bytes().try_into().ok()?;
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (26, b'Z')];
        if marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
            return None;
        }
        let number = |range: std::ops::Range<usize>| {
            bytes[range].iter().try_fold(0_u32, |number, digit| {
                digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
            })
        };
        let year = i32::try_from(number(0..4)?).ok()?;
        let day = NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?)?;
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        let moment = day.and_hms_micro_opt(hour, minute, second, number(20..26)?)?;
        Self::from_micros(moment.and_utc().timestamp_micros()).ok()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.date_time();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.timestamp_subsec_micros()
        )
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = InvalidValue;

    /// Parses RFC 3339 with any offset. A digit finer than a microsecond must be 0: neither backend can store another.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_form| {
            InvalidValue::new("not an RFC 3339 date and time, such as 2026-01-31T12:00:00Z")
        })?;
        if at.nanosecond() >= 1_000_000_000 {
            return Err(InvalidValue::new("leap seconds cannot be stored"));
        }
        // In the text: chrono drops what is finer than a nanosecond.
        let finer =
            text.split_once('.').map_or("", |(_, fraction)| fraction).bytes().take_while(u8::is_ascii_digit);
        if finer.skip(6).any(|digit| digit != b'0') {
            return Err(InvalidValue::new("digits finer than a microsecond cannot be stored"));
        }
        Self::from_micros(at.timestamp_micros())
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl ToSql<sql_types::Instant, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::Instant, Sqlite> for Instant {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = value.read_text();
        Self::from_fixed_form(text).ok_or_else(|| {
            InvalidValue::new(format!("`{text}` is not of the form YYYY-MM-DDTHH:MM:SS.ffffffZ")).into()
        })
    }
}

impl ToSql<sql_types::Instant, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&(self.0 - EPOCH_MICROS).to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::Instant, Pg> for Instant {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let micros = i64::from_be_bytes(value.as_bytes().try_into()?);
        Ok(Self::from_micros(micros.saturating_add(EPOCH_MICROS))?)
    }
}

on_both_backends!(sql_types::Instant, sql_types::Instant => Instant);

impl BinaryField for Instant {
    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        out.extend_from_slice(&(self.0 - EPOCH_MICROS).to_be_bytes());
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
        fn stored_form_is_read_back_and_sorts(a in Instant::MIN.0..=Instant::MAX.0, b in Instant::MIN.0..=Instant::MAX.0) {
            let (a, b) = (Instant(a), Instant(b));
            prop_assert_eq!(Instant::from_fixed_form(&a.to_string()), Some(a));
            prop_assert_eq!(a.to_string().cmp(&b.to_string()), a.cmp(&b));
        }
    }

    #[test]
    fn offsets_are_turned_into_utc() {
        let at: Instant = "2026-01-31T01:00:00.1234560000000+02:00".parse().expect("RFC 3339");
        assert_eq!(at.to_string(), "2026-01-30T23:00:00.123456Z");
    }

    #[test]
    fn no_digit_of_a_second_is_cut() {
        for text in ["2026-01-31T01:00:00.1234567Z", "2026-01-31T01:00:00.0000000000001+02:00"] {
            assert!(text.parse::<Instant>().is_err(), "{text}");
        }
    }

    #[test]
    fn other_forms_are_not_the_stored_form() {
        for text in [
            "2026-01-31 01:00:00.000000Z",
            "2026-02-30T01:00:00.000000Z",
            "2026-01-31T24:00:00.000000Z",
            "0000-01-01T00:00:00.000000Z",
        ] {
            assert_eq!(Instant::from_fixed_form(text), None, "{text}");
        }
    }
}
