//! Database URLs, parsed once and passed on as a type.
//!
//! The scheme alone decides the backend. `Display`, `Debug` and errors never contain the password:
//! [`PostgresUrl::to_conninfo`] and [`Secret::expose`] are the only ways to it. Nothing here opens a connection or
//! reads the environment.

mod error;
mod escape;
mod hosts;
mod parse;
mod postgres;
mod scheme;
mod secret;
mod sqlite;
mod ssl_mode;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

pub use error::UrlError;
pub use postgres::{PostgresParts, PostgresUrl};
pub use secret::Secret;
pub use sqlite::SqlitePath;
pub use ssl_mode::SslMode;

use scheme::{is_postgres, split_scheme};

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
