//! Times of day, to the microsecond. `time`; on SQLite `HH:MM:SS.ffffff`.

use std::fmt;
use std::io::Write as _;
use std::str::FromStr;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sqlite::{Sqlite, SqliteValue};

use super::{BinaryField, InvalidValue, Unencodable, on_both_backends, sql_types};

/// Microseconds since midnight, less than 24 hours.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::TimeOfDay)]
pub struct TimeOfDay(i64);

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

impl TimeOfDay {
    /// Midnight.
    pub const MIN: Self = Self(0);
    /// The last microsecond of a day.
    pub const MAX: Self = Self(DAY - 1);

    /// From microseconds since midnight.
    ///
    /// # Errors
    /// When negative, or 24 hours or more: 24:00 is a valid time in PostgreSQL, but not in SQLite.
    pub fn from_micros(micros: i64) -> Result<Self, InvalidValue> {
        if !(0..DAY).contains(&micros) {
            return Err(InvalidValue::new("time of day is not between 00:00 and 23:59:59.999999"));
        }
        Ok(Self(micros))
    }

    /// Microseconds since midnight.
    pub fn micros(self) -> i64 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / SECOND;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{hour:02}:{minute:02}:{second:02}.{:06}", self.0 % SECOND)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TimeOfDay {
    type Err = InvalidValue;

    /// Parses the stored form, `HH:MM:SS.ffffff`.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let wrong = || InvalidValue::new(format!("`{text}` is not of the form HH:MM:SS.ffffff"));
        let time = chrono::NaiveTime::parse_from_str(text, "%H:%M:%S%.6f").map_err(|_form| wrong())?;
        let since = time.signed_duration_since(chrono::NaiveTime::MIN);
        let value = Self::from_micros(since.num_microseconds().ok_or_else(wrong)?)?;
        // chrono accepts other forms (a leap second, a missing zero).
        if value.to_string() == text { Ok(value) } else { Err(wrong()) }
    }
}

impl serde::Serialize for TimeOfDay {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl ToSql<sql_types::TimeOfDay, Sqlite> for TimeOfDay {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::TimeOfDay, Sqlite> for TimeOfDay {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(value.read_text().parse()?)
    }
}

impl ToSql<sql_types::TimeOfDay, Pg> for TimeOfDay {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&self.0.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::TimeOfDay, Pg> for TimeOfDay {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_micros(i64::from_be_bytes(value.as_bytes().try_into()?))?)
    }
}

on_both_backends!(sql_types::TimeOfDay, sql_types::TimeOfDay => TimeOfDay);

impl BinaryField for TimeOfDay {
    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(())
    }
}
