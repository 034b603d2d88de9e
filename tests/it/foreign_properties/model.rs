//! The expected value in the target: determined by the type of its column in the target, independent of the program.

use chrono::{NaiveDate, NaiveTime, Timelike as _};

use super::database::Value;

/// The expected value in the target.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expected {
    Null,
    Exactly(String),
    /// The text of this number.
    NumberText(f64),
    Decimal(String),
    Json(serde_json::Value),
    /// One of these numbers of microseconds: it depends on the unit, which is the same for the whole column.
    Micros([Option<i128>; 4]),
    /// Its row is rejected.
    Refused,
}

/// Whether a column of UUIDs is one of 16 bytes: its other values are then refused, and otherwise its BLOBs, because no
/// type has both.
pub(super) fn has_uuids_of_bytes<'v>(values: impl Iterator<Item = &'v Value>) -> bool {
    let values: Vec<&Value> = values.filter(|value| **value != Value::Null).collect();
    let of_bytes = values.iter().filter(|value| matches!(value, Value::Blob(bytes) if bytes.len() == 16));
    of_bytes.count() * 2 > values.len()
}

/// The expected value of `value` in a column of this type; `as_bytes` if all values are stored as bytes.
pub(super) fn expected(value: &Value, of: &str, as_bytes: bool) -> Expected {
    use Expected::{Decimal, Exactly, Json, Micros, NumberText, Refused};
    if *value == Value::Null {
        return Expected::Null;
    }
    let found = match (of.split('(').next().unwrap_or(of), value) {
        ("integer" | "bigint" | "smallint", Value::Integer(number)) => Some(Exactly(number.to_string())),
        ("integer" | "bigint" | "smallint", Value::Real(number)) => {
            (number.fract() == 0.0 && number.abs() < 1e15 && number.to_bits() != (-0.0_f64).to_bits())
                .then(|| Exactly(format!("{number:.0}")))
        }
        ("double precision", Value::Real(number)) => Some(NumberText(*number)),
        ("double precision", Value::Integer(number)) => {
            let real: f64 = number.to_string().parse().expect("number");
            (format!("{real:.0}") == number.to_string()).then_some(NumberText(real))
        }
        ("numeric", Value::Integer(number)) => decimal(&number.to_string()).map(Decimal),
        ("numeric", Value::Real(number))
            if number.is_finite() && number.to_bits() != (-0.0_f64).to_bits() =>
        {
            decimal(&format!("{number}")).map(Decimal)
        }
        ("numeric", Value::Text(text)) => decimal(text).map(Decimal),
        ("boolean", Value::Integer(0)) => Some(Exactly("false".to_owned())),
        ("boolean", Value::Integer(1)) => Some(Exactly("true".to_owned())),
        ("boolean", Value::Text(word)) if ["true", "false"].contains(&word.to_ascii_lowercase().as_str()) => {
            Some(Exactly(word.to_ascii_lowercase()))
        }
        ("text" | "character varying", Value::Text(text)) => {
            (!text.contains('\0')).then(|| Exactly(text.clone()))
        }
        ("text" | "character varying", Value::Integer(number)) => Some(Exactly(number.to_string())),
        ("text" | "character varying", Value::Real(number)) => Some(NumberText(*number)),
        ("bytea", Value::Blob(bytes)) => Some(Exactly(hex(bytes))),
        ("bytea", Value::Text(text)) if as_bytes => Some(Exactly(hex(text.as_bytes()))),
        ("bytea", Value::Broken(bytes)) if as_bytes => Some(Exactly(hex(bytes))),
        ("uuid", Value::Blob(bytes)) => (bytes.len() == 16).then(|| Exactly(hex(bytes))),
        ("uuid", Value::Text(text)) => uuid(text).map(Exactly),
        ("json", Value::Text(text)) => {
            serde_json::from_str::<serde::de::IgnoredAny>(text).ok().map(|_| Exactly(text.clone()))
        }
        ("jsonb", Value::Text(text)) => json(text).map(Json),
        // SQLite converted a text to a number: the column has affinity NUMERIC.
        ("json" | "jsonb", Value::Integer(number)) => json(&number.to_string()).map(Json),
        ("json" | "jsonb", Value::Real(number)) if number.is_finite() => json(&format!("{number}")).map(Json),
        ("date", Value::Text(text)) => moment(text)
            .filter(|moment| moment.offset.is_none() && moment.time.is_none_or(|time| time == NaiveTime::MIN))
            .map(|moment| Exactly(days(moment.day).to_string())),
        ("date", Value::Integer(number)) => {
            (number % 86_400_000 == 0).then(|| Exactly((number / 86_400_000).to_string()))
        }
        ("time without time zone", Value::Text(text)) => {
            clock(text).map(|time| Exactly(micros_of_day(time).to_string()))
        }
        ("timestamp without time zone" | "timestamp with time zone", Value::Text(text)) => moment(text)
            .filter(|moment| moment.time.is_some() && moment.offset.is_some() == of.contains("with time"))
            .map(|moment| Micros([Some(moment.micros()); 4])),
        ("timestamp without time zone" | "timestamp with time zone", Value::Integer(number)) => {
            let number = i128::from(*number);
            Some(Micros([Some(number * 1_000_000), Some(number * 1000), Some(number), None]))
        }
        ("timestamp without time zone" | "timestamp with time zone", Value::Real(day)) => {
            let millis = (day - 2_440_587.5) * 86_400_000.0;
            let micros =
                decimal(&format!("{:.0}", millis.round())).and_then(|text| text.parse::<i128>().ok());
            micros.map(|millis| Micros([None, None, None, Some(millis * 1000)]))
        }
        _ => None,
    };
    found.unwrap_or(Refused)
}

impl Expected {
    /// Whether the target has the expected value. `unit` is that of the instants in the column.
    pub(super) fn is_met(&self, found: Option<&str>, unit: usize, is_bytes: bool) -> bool {
        let Some(found) = found else { return *self == Self::Null };
        match self {
            Self::Null | Self::Refused => false,
            Self::Exactly(text) => found == text,
            Self::NumberText(number) => {
                let text = if is_bytes { unhex(found) } else { found.to_owned() };
                text.parse::<f64>().is_ok_and(|found| found.to_bits() == number.to_bits())
            }
            Self::Decimal(text) => decimal(found).as_ref() == Some(text),
            Self::Json(value) => json(found).as_ref() == Some(value),
            Self::Micros(units) => units[unit].is_some_and(|micros| found == micros.to_string()),
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> String {
    let bytes: Option<Vec<u8>> = (0..text.len() / 2)
        .map(|place| u8::from_str_radix(&text[2 * place..2 * place + 2], 16).ok())
        .collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A decimal number in canonical form: digits without leading or trailing zeros, and an exponent.
fn decimal(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut exponent = exponent.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()?;
    let mut digits = digits.trim_start_matches('0').to_owned();
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    while digits.ends_with('0') {
        digits.pop();
        exponent += 1;
    }
    match usize::try_from(exponent) {
        Ok(zeros @ 0..400) => Some(format!("{sign}{digits}{}", "0".repeat(zeros))),
        _ => Some(format!("{sign}{digits}e{exponent}")),
    }
}

fn uuid(text: &str) -> Option<String> {
    let is_hyphenated =
        text.len() == 36 && [8, 13, 18, 23].iter().all(|place| text.as_bytes()[*place] == b'-');
    let digits = if is_hyphenated { text.replace('-', "") } else { text.to_owned() };
    let is_lower = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (digits.len() == 32 && is_lower).then_some(digits)
}

/// JSON as a tree with decimal numbers in canonical form; `None` if a key is duplicated.
fn json(text: &str) -> Option<serde_json::Value> {
    fn plain(value: serde_json::Value) -> Option<serde_json::Value> {
        use serde_json::Value::{Array, Number, Object, String};
        Some(match value {
            Number(number) => serde_json::json!({"number": decimal(&number.to_string())?}),
            Array(items) => Array(items.into_iter().map(plain).collect::<Option<_>>()?),
            Object(members) => {
                let members =
                    members.into_iter().map(|(key, value)| Some((format!("k{key}"), plain(value)?)));
                Object(members.collect::<Option<_>>()?)
            }
            String(text) if text.contains('\0') => return None,
            other => other,
        })
    }
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    // The generator's only object with a duplicate key.
    if text.contains("{\"a\":1,\"a\":2}") || text.contains("e400000") {
        return None;
    }
    plain(value)
}

struct Moment {
    day: NaiveDate,
    time: Option<NaiveTime>,
    offset: Option<i64>,
}

impl Moment {
    fn micros(&self) -> i128 {
        let time = self.time.map_or(0, micros_of_day);
        i128::from(days(self.day)) * 86_400_000_000 + i128::from(time)
            - i128::from(self.offset.unwrap_or(0)) * 60_000_000
    }
}

fn days(day: NaiveDate) -> i64 {
    (day - NaiveDate::from_ymd_opt(1970, 1, 1).expect("day")).num_days()
}

fn micros_of_day(time: NaiveTime) -> i64 {
    i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(time.nanosecond() / 1000)
}

/// `2024-05-31`, optionally with a time after a space or T, and an offset.
fn moment(text: &str) -> Option<Moment> {
    let (day, rest) = text.split_at_checked(10)?;
    let bytes = day.as_bytes();
    let is_form = bytes.iter().enumerate().all(|(place, byte)| match place {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let year: i32 = day[..4].parse().ok().filter(|year| *year > 0 && is_form)?;
    let day = NaiveDate::from_ymd_opt(year, day[5..7].parse().ok()?, day[8..].parse().ok()?)?;
    if rest.is_empty() {
        return Some(Moment { day, time: None, offset: None });
    }
    let rest = rest.strip_prefix([' ', 'T'])?;
    let (time, offset) = match rest.find(['Z', '+', '-']) {
        None => (rest, None),
        Some(place) => (&rest[..place], Some(&rest[place..])),
    };
    let offset = match offset {
        None => None,
        Some("Z") => Some(0),
        Some(offset) => {
            let (hours, minutes) =
                offset[1..].split_once(':').filter(|(h, m)| h.len() == 2 && m.len() == 2)?;
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            Some(if offset.starts_with('-') { -minutes } else { minutes })
        }
    };
    Some(Moment { day, time: Some(clock(time)?), offset })
}

/// `12:34`, optionally with seconds, and at most six digits of a fraction.
fn clock(text: &str) -> Option<NaiveTime> {
    let mut parts = text.split(':');
    let two = |text: Option<&str>| text.filter(|text| text.len() == 2)?.parse::<u32>().ok();
    let (hour, minute) = (two(parts.next())?, two(parts.next())?);
    let (seconds, fraction) = match parts.next() {
        None => ("00", ""),
        Some(seconds) => seconds.split_once('.').unwrap_or((seconds, "")),
    };
    if parts.next().is_some() || fraction.len() > 6 {
        return None;
    }
    let micros = format!("{fraction:0<6}").parse().ok()?;
    NaiveTime::from_hms_micro_opt(hour, minute, two(Some(seconds))?, micros)
}
