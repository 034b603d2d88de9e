//! JSON: `jsonb`; on SQLite its text.
//!
//! Stored in one canonical form, so that equal values are equal texts: sorted keys, numbers as in
//! [`json_number`](super::json_number). What either backend cannot return unchanged is rejected on both: NUL in a
//! string, an unpaired surrogate, a duplicate key in an object, a number outside PostgreSQL's `numeric`.
//!
//! Kept as text: as a tree of values, an array of numbers takes thirty times as much memory.

use std::io::Write as _;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sqlite::{Sqlite, SqliteValue};
use serde_json::Value;
use serde_json::value::RawValue;

use super::json_extent::json_extent;
use super::json_number::{canonical_number, is_canonical};
use super::text::read_sqlite_text;
use super::{BinaryField, InvalidValue, Unencodable, on_both_backends, sql_types};

/// A JSON value in canonical form.
#[derive(Clone, Debug, serde::Serialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Json)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Json {}

/// The most bytes of a JSON column, as PostgreSQL prints it.
const MOST_PRINTED_BYTES: i64 = 1024 * 1024;
/// The version byte that precedes the text in `jsonb`'s binary form (`jsonb_recv`).
const JSONB_VERSION: u8 = 1;

impl Json {
    /// The value in canonical form.
    ///
    /// # Errors
    /// When a string or key contains NUL, or a number is outside PostgreSQL's `numeric`.
    pub fn new(mut value: Value) -> Result<Self, InvalidValue> {
        canonicalize(&mut value)?;
        let raw = serde_json::value::to_raw_value(&value);
        raw.map(Self).map_err(|error| InvalidValue::new(format!("invalid JSON: {error}")))
    }

    /// Parses JSON text.
    ///
    /// # Errors
    /// When it is not JSON, an object has a duplicate key, or as [`new`](Self::new).
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        Self::new(Self::parse_value(text)?)
    }

    /// Parses JSON text, not into the canonical form.
    ///
    /// # Errors
    /// When it is not JSON, or an object has a duplicate key.
    pub fn parse_value(text: &str) -> Result<Value, InvalidValue> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| InvalidValue::new(format!("invalid JSON: {error}")))?;
        if names_a_key_twice(text, &value) {
            return Err(InvalidValue::new("an object of the JSON has a duplicate key"));
        }
        Ok(value)
    }

    /// The canonical text.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// The value.
    ///
    /// # Errors
    /// When it cannot be parsed: not for a value that was parsed.
    pub fn value(&self) -> Result<Value, InvalidValue> {
        serde_json::from_str(self.text()).map_err(|error| InvalidValue::new(format!("invalid JSON: {error}")))
    }
}

/// Whether an object within this text has a duplicate key: `value`, which was parsed from it, has only the last of
/// several equal keys.
fn names_a_key_twice(text: &str, value: &Value) -> bool {
    // A colon outside of strings follows each key.
    count_keys(value) != count_colons(text)
}

fn canonicalize(value: &mut Value) -> Result<(), InvalidValue> {
    let refuse_nul = |text: &str| {
        if text.contains('\0') {
            return Err(InvalidValue::new(
                "a string of the JSON contains NUL (\\u0000), which PostgreSQL cannot store",
            ));
        }
        Ok(())
    };
    match value {
        Value::Null | Value::Bool(_) => Ok(()),
        Value::String(text) => refuse_nul(text),
        Value::Number(number) => {
            if !is_canonical(number.as_str()) {
                *number = canonical_number(number.as_str())?;
            }
            Ok(())
        }
        Value::Array(elements) => elements.iter_mut().try_for_each(canonicalize),
        Value::Object(members) => members.iter_mut().try_for_each(|(key, member)| {
            refuse_nul(key)?;
            canonicalize(member)
        }),
    }
}

fn count_keys(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Number(_) => 0,
        Value::Array(elements) => elements.iter().map(count_keys).sum(),
        Value::Object(members) => members.len() + members.values().map(count_keys).sum::<usize>(),
    }
}

/// Counts colons outside of strings; `text` is JSON.
fn count_colons(text: &str) -> usize {
    let (mut inside, mut escaped, mut count) = (false, false, 0);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b':' if !inside => count += 1,
            _ => {}
        }
    }
    count
}

impl Json {
    /// Whether PostgreSQL prints it in more than [`MOST_PRINTED_BYTES`], which its columns refuse.
    fn is_too_long(&self) -> Result<bool, InvalidValue> {
        let text = self.text();
        // PostgreSQL adds at most a space to each byte, and writes exponents out.
        let has_exponent = text.as_bytes().windows(2).any(|pair| matches!(pair, [b'e', b'+' | b'-']));
        let is_short = i64::try_from(text.len()).is_ok_and(|length| length <= MOST_PRINTED_BYTES / 2);
        if is_short && !has_exponent {
            return Ok(false);
        }
        Ok(json_extent(&self.value()?)?.bytes > MOST_PRINTED_BYTES)
    }
}

impl ToSql<sql_types::Json, Sqlite> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        // A check of SQLite cannot measure this, and a copy could not write it to PostgreSQL.
        if self.is_too_long()? {
            return Err(InvalidValue::new("the JSON is longer than 1 MiB as PostgreSQL prints it").into());
        }
        out.set_value(self.text().to_owned());
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::Json, Sqlite> for Json {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self::parse(&read_sqlite_text(value)?)?)
    }
}

impl ToSql<sql_types::Json, Pg> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[JSONB_VERSION])?;
        out.write_all(self.text().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::Json, Pg> for Json {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes().split_first() {
            Some((&JSONB_VERSION, text)) => Ok(Self::parse(std::str::from_utf8(text)?)?),
            _ => Err(InvalidValue::new("jsonb of an unknown version").into()),
        }
    }
}

on_both_backends!(sql_types::Json, sql_types::Json => Json);

impl BinaryField for Json {
    fn show(&self) -> String {
        self.text().to_owned()
    }

    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        out.push(JSONB_VERSION);
        out.extend_from_slice(self.text().as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_texts() {
        let a = Json::parse(r#"{"b": 1e2, "a": 0.10, "c": 12345678901234567890.5}"#).expect("JSON");
        let b = Json::parse(r#"{"a":1e-1,"b":100.0,"c":12345678901234567890.50}"#).expect("JSON");
        assert_eq!(a, b);
        assert_eq!(a.text(), r#"{"a":0.1,"b":100,"c":12345678901234567890.5}"#);
    }

    #[test]
    fn what_one_backend_cannot_keep_is_refused() {
        for text in
            [r#"{"a":1,"a":2}"#, r#"["\u0000"]"#, r#""\ud800""#, r#"{"\u0000":1}"#, "1e200000", "{", "[1,]"]
        {
            assert!(Json::parse(text).is_err(), "{text}");
        }
        assert!(Json::parse(r#"{"a:b":":\":","c":{"a:b":[]}}"#).is_ok());
    }
}
