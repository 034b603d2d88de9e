//! Database URLs, parsed once and passed on as a type.
//!
//! The scheme alone decides the backend. `Display`, `Debug` and errors never contain the password:
//! [`PostgresUrl::to_conninfo`] and [`Secret::expose`] are the only ways to it. Nothing here opens a connection or
//! reads the environment.

mod error;
mod parse;
mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode};

pub use error::UrlError;
pub use postgres::{PostgresParts, PostgresUrl, SslMode};
pub use sqlite::SqlitePath;

/// The URL of a database, which decides the backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file: `sqlite:PATH`, `sqlite:///PATH` or a bare path.
    Sqlite(SqlitePath),
    /// A PostgreSQL database: `postgres://` or `postgresql://`.
    Postgres(PostgresUrl),
}

impl DatabaseUrl {
    /// Parses any of the accepted forms.
    ///
    /// # Errors
    ///
    /// [`UrlError`] for input that is neither a PostgreSQL URL nor the path of a SQLite file. Its text contains
    /// no part of the input that could be a password.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        match split_scheme(text) {
            Some((scheme, rest)) if is_postgres(&scheme) => parse::parse(rest).map(Self::Postgres),
            _ => SqlitePath::parse(text).map(Self::Sqlite),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        Self::parse(text)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.fmt(f),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

/// A secret string: `Debug` and `Display` write `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps the string.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The string itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The scheme in lower case and the text after `://`; `None` if there is no `://`.
fn split_scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    Some((scheme.to_ascii_lowercase(), rest))
}

fn is_postgres(scheme: &str) -> bool {
    matches!(scheme, "postgres" | "postgresql")
}

/// All characters but the unreserved ones (RFC 3986): letters, digits and `-._~`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encode(text: &str) -> PercentEncode<'_> {
    percent_encoding::utf8_percent_encode(text, ESCAPED)
}

/// Decodes `%XX` strictly: the `percent-encoding` crate passes an invalid escape through unchanged.
fn decode(text: &str, part: &'static str) -> Result<String, UrlError> {
    let is_escape = |rest: &str| {
        let mut digits = rest.bytes().take(2).filter(u8::is_ascii_hexdigit);
        digits.next().is_some() && digits.next().is_some()
    };
    if !text.split('%').skip(1).all(is_escape) {
        return Err(UrlError::BadEscape { part });
    }
    let decoded =
        percent_encoding::percent_decode_str(text).decode_utf8().ok().ok_or(UrlError::NotUtf8 { part })?;
    if decoded.contains('\0') {
        return Err(UrlError::Nul);
    }
    Ok(decoded.into_owned())
}
