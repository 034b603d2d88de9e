//! The path of a SQLite file.

use std::fmt;
use std::path::{Component, Path};

use super::UrlError;
use super::escape::decode;
use super::scheme::{is_postgres, split_scheme};

/// The path of a SQLite file; never empty, never `:memory:`, always UTF-8, and never a string that SQLite or Diesel
/// would parse as a URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlitePath(String);

impl SqlitePath {
    /// Parses `sqlite:PATH`, `sqlite://PATH`, `sqlite:///PATH` (as in SQLAlchemy: the path begins after the third
    /// slash, so an absolute one has four), all percent-decoded, or a bare path, which is not decoded.
    ///
    /// # Errors
    ///
    /// [`UrlError`] for an empty path, `:memory:`, parameters, control characters, another scheme, and for a
    /// PostgreSQL URL without its scheme: it would create a file with the password in its name.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let is_sqlite = |prefix: &str| prefix.eq_ignore_ascii_case("sqlite:");
        if let Some(rest) = text.get(..7).filter(|p| is_sqlite(p)).and(text.get(7..)) {
            if rest.contains('?') {
                return Err(UrlError::SqliteParameters);
            }
            let path = match rest.strip_prefix("//") {
                Some(rest) => rest.strip_prefix('/').unwrap_or(rest),
                None => rest,
            };
            return Self::new(decode(path, "path")?);
        }
        refuse_other_addresses(text)?;
        Self::new(text.to_owned())
    }

    fn new(path: String) -> Result<Self, UrlError> {
        if path.is_empty() {
            return Err(UrlError::Empty);
        }
        if path.contains('\0') {
            return Err(UrlError::Nul);
        }
        if path == ":memory:" {
            return Err(UrlError::InMemory);
        }
        if path.contains(char::is_control) {
            return Err(UrlError::PathControl);
        }
        // A name that begins with `file:` is a URI for SQLite, and one with `sqlite://` for Diesel.
        let is_uri = path.starts_with("file:") || path.starts_with("sqlite:");
        Ok(Self(if is_uri { format!("./{path}") } else { path }))
    }

    /// The path, relative to the working directory unless absolute.
    pub fn path(&self) -> &Path {
        Path::new(&self.0)
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both paths are equal except for `.` components; the file system is not accessed.
    pub fn is_same(&self, other: &Self) -> bool {
        let names = |path: &Self| -> Vec<_> {
            let components = path.path().components();
            components.filter(|c| *c != Component::CurDir).map(|c| c.as_os_str().to_owned()).collect()
        };
        names(self) == names(other)
    }
}

/// Rejects what is a URL of another database and would be a file name by mistake.
fn refuse_other_addresses(text: &str) -> Result<(), UrlError> {
    let is_quoted = |mark| text.len() > 1 && text.starts_with(mark) && text.ends_with(mark);
    if is_quoted('"') || is_quoted('\'') {
        return Err(UrlError::Quoted);
    }
    let lower = text.trim_start().to_ascii_lowercase();
    let (scheme, rest) = lower.split_once(':').unwrap_or(("", ""));
    if is_postgres(scheme) || scheme == "sqlite" {
        return Err(match rest.strip_prefix("//") {
            _ if text.starts_with(char::is_whitespace) => UrlError::Whitespace,
            Some(_) => UrlError::NotSqlite,
            None => UrlError::MissingSlashes,
        });
    }
    if lower.starts_with("file:") {
        return Err(UrlError::FileUri);
    }
    if let Some((scheme, _)) = split_scheme(text) {
        let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let is_plausible = begins && scheme.len() <= 32 && scheme.chars().all(is_scheme);
        return Err(UrlError::UnknownScheme { scheme: is_plausible.then_some(scheme) });
    }
    if text.starts_with(['/', '.']) {
        return Ok(());
    }
    let lost_scheme = rest.contains('@');
    let key_value = ["host=", "hostaddr=", "user=", "dbname=", "service="];
    let is_conninfo = lower.contains("password=") || key_value.iter().any(|k| lower.starts_with(k));
    if lost_scheme || is_conninfo {
        return Err(UrlError::MissingScheme);
    }
    Ok(())
}

impl fmt::Display for SqlitePath {
    /// Writes `sqlite:PATH`, which reads back as the same path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.replace('%', "%25").replace('?', "%3F");
        let slashes = if path.starts_with("//") { "///" } else { "" };
        write!(f, "sqlite:{slashes}{path}")
    }
}
