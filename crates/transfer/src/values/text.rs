//! Text: UTF-8 without NUL.
//!
//! PostgreSQL's text cannot contain NUL, so NUL is rejected on both backends. A text column of SQLite can contain
//! bytes that are not UTF-8; Diesel would replace them when reading, so they are rejected here.

use std::ops::Deref;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types;
use diesel::sqlite::{Sqlite, SqliteValue};

use super::{BinaryField, InvalidValue, Unencodable, on_both_backends};

/// Text that both backends can store.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, AsExpression, FromSqlRow,
)]
#[diesel(sql_type = sql_types::Text)]
pub struct Text(String);

impl Text {
    /// The text.
    ///
    /// # Errors
    /// When it contains NUL.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        if text.contains('\0') {
            return Err(InvalidValue::new("text contains NUL (U+0000), which PostgreSQL cannot store"));
        }
        Ok(Self(text))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> serde::Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Reads SQLite text; fails if it is not UTF-8.
pub(super) fn read_sqlite_text(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<String> {
    let text = value.read_text();
    // Diesel has replaced invalid UTF-8 by U+FFFD; only the bytes distinguish it from a stored U+FFFD.
    if text.contains('\u{FFFD}') {
        let text = std::str::from_utf8(value.read_blob()).map_err(|error| {
            InvalidValue::new(format!("text is not valid UTF-8 at byte {}", error.valid_up_to()))
        })?;
        return Ok(text.to_owned());
    }
    Ok(text.to_owned())
}

impl FromSql<sql_types::Text, Sqlite> for Text {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self::new(read_sqlite_text(value)?)?)
    }
}

impl FromSql<sql_types::Text, Pg> for Text {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::new(<String as FromSql<sql_types::Text, Pg>>::from_sql(value)?)?)
    }
}

impl ToSql<sql_types::Text, Sqlite> for Text {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        <str as ToSql<sql_types::Text, Sqlite>>::to_sql(&self.0, out)
    }
}

impl ToSql<sql_types::Text, Pg> for Text {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <str as ToSql<sql_types::Text, Pg>>::to_sql(&self.0, out)
    }
}

on_both_backends!(sql_types::Text, sql_types::Text => Text);

impl BinaryField for Text {
    fn show(&self) -> String {
        format!("{:?}", self.0)
    }

    fn write_binary(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(())
    }
}
