//! Errors of database URLs.

use crate::error::{ExitStatus, Explain};
use crate::hint::Hint;

const POSTGRES_FORM: &str = "write postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters in \
     the password percent-encoded (@ is %40, : is %3A, / is %2F, ? is %3F, # is %23, % is %25)";

const SQLITE_FORM: &str = "write a path such as ./app.db, or sqlite:app.db, or sqlite:////srv/app.db";

/// Why a string is not a database URL.
///
/// No variant may contain a part of the input that could belong to a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// The string is empty.
    #[error("the database URL is empty")]
    Empty,
    /// A NUL character, plain or as `%00`.
    #[error("the database URL contains a NUL character")]
    Nul,
    /// An unsupported scheme; `None` when the text does not look like a scheme.
    #[error("the database URL has an unknown scheme{}", shown(.scheme.as_ref()))]
    UnknownScheme {
        /// The text before `://`, in lower case.
        scheme: Option<String>,
    },
    /// A PostgreSQL URL where the path of a SQLite file is required.
    #[error("expected the path of a SQLite file, got a PostgreSQL URL")]
    NotSqlite,
    /// The path of a file where a PostgreSQL URL is required.
    #[error("expected a PostgreSQL URL, got the path of a SQLite file")]
    NotPostgres,
    /// Quotation marks around the URL, as some readers of `.env` files keep them.
    #[error("the database URL is enclosed in quotation marks")]
    Quoted,
    /// `postgres:` without `//`.
    #[error("the PostgreSQL URL has no `//` after its scheme")]
    MissingSlashes,
    /// A PostgreSQL address that would otherwise be taken for the name of a file.
    #[error("the database URL looks like one of PostgreSQL, but does not begin with `postgresql://`")]
    MissingScheme,
    /// `:memory:`.
    #[error("SQLite in-memory databases are not supported")]
    InMemory,
    /// SQLite's own `file:` URI.
    #[error("SQLite's `file:` URIs are not supported")]
    FileUri,
    /// `?mode=ro` and the like on a `sqlite:` URL.
    #[error("the `sqlite:` URL has parameters after `?`, which are not supported")]
    SqliteParameters,
    /// A line feed or the like in the path of a SQLite file.
    #[error("the path of the SQLite database contains a control character")]
    PathControl,
    /// A `%` that does not begin an escape.
    #[error("the {part} in the URL contains a `%` that is not followed by two hexadecimal digits")]
    BadEscape {
        /// Which part of the URL.
        part: &'static str,
    },
    /// Escapes that do not decode to UTF-8.
    #[error("the {part} in the URL does not decode to UTF-8")]
    NotUtf8 {
        /// Which part of the URL.
        part: &'static str,
    },
    /// A space, a line feed or the like.
    #[error("the database URL contains a space, a line break or a control character")]
    Whitespace,
    /// More than one `@`: it is ambiguous which one ends the password.
    #[error("the PostgreSQL URL contains an `@` that makes the end of the password ambiguous")]
    AmbiguousAt,
    /// An invalid port.
    #[error("the port in the PostgreSQL URL is not a number from 1 to 65535")]
    Port,
    /// Lists of different length, which libpq rejects.
    #[error("the PostgreSQL URL has {host_count} hosts and {port_count} ports")]
    PortCount {
        /// How many hosts.
        host_count: usize,
        /// How many ports.
        port_count: usize,
    },
    /// `[...]` around something other than an IPv6 address, or an IPv6 address without brackets.
    #[error("the PostgreSQL URL has an IPv6 address that is invalid or not in brackets")]
    Ipv6,
    /// An escaped comma: libpq would split the host there.
    #[error("the host in the PostgreSQL URL contains a comma")]
    HostComma,
    /// A URL where a host is expected.
    #[error("the host is a URL instead of a host name")]
    HostIsUrl,
    /// A parameter without `=`.
    #[error("the PostgreSQL URL has a parameter without `=`")]
    ParameterForm,
    /// A parameter unknown to libpq; `None` when its name may be part of a password.
    #[error("the PostgreSQL URL has a parameter unknown to libpq{}", shown(.name.as_ref()))]
    UnknownParameter {
        /// The name of the parameter.
        name: Option<String>,
    },
    /// An `sslmode` unknown to libpq.
    #[error("the `sslmode` in the PostgreSQL URL is not a mode of libpq")]
    SslMode,
}

fn shown(name: Option<&String>) -> String {
    name.map(|name| format!(": `{name}`")).unwrap_or_default()
}

impl Explain for UrlError {
    fn exit_status(&self) -> ExitStatus {
        ExitStatus::Configuration
    }

    fn hint(&self) -> Option<Hint> {
        let advice = match self {
            Self::HostIsUrl => return Some(Hint::UseUrlSetting),
            Self::Empty | Self::Nul => format!("for SQLite {SQLITE_FORM}; for PostgreSQL {POSTGRES_FORM}"),
            Self::UnknownScheme { scheme } => match scheme.as_deref().and_then(|s| s.split_once('+')) {
                Some((backend, driver)) if matches!(backend, "postgres" | "postgresql" | "sqlite") => {
                    format!("remove `+{driver}`, the name of a Python driver: begin with `{backend}:`")
                }
                _ => format!("for PostgreSQL {POSTGRES_FORM}; for SQLite {SQLITE_FORM}"),
            },
            Self::MissingScheme => {
                format!("{POSTGRES_FORM}; if it is a SQLite file, put `sqlite:` before its path")
            }
            Self::NotPostgres => POSTGRES_FORM.to_owned(),
            Self::NotSqlite => SQLITE_FORM.to_owned(),
            Self::Quoted => {
                "remove the quotation marks: not every reader of `.env` files strips them".to_owned()
            }
            Self::InMemory => {
                format!("{SQLITE_FORM}: each connection to an in-memory database would have its own data")
            }
            Self::FileUri => {
                format!("{SQLITE_FORM}; for a file whose name begins with `file:`, write ./file:...")
            }
            Self::SqliteParameters => {
                "remove the part from `?` on; write a question mark in the file name as %3F".to_owned()
            }
            Self::PathControl => "remove it (often a line break at the end)".to_owned(),
            Self::Whitespace => {
                "remove it (often a line break at the end), or percent-encode it (a space is %20)".to_owned()
            }
            Self::UnknownParameter { .. } => {
                "remove it: it is misspelt, or a setting of another driver (`pgbouncer`, `schema` and \
                 `connection_limit` belong to Prisma); settings of the server go into \
                 options=-c%20NAME%3DVALUE"
                    .to_owned()
            }
            Self::SslMode => format!("write one of {}", super::SslMode::WORDS.join(", ")),
            Self::Port => format!("{POSTGRES_FORM}; put an IPv6 address in brackets"),
            Self::PortCount { .. } => "specify one port for all hosts, or one for each".to_owned(),
            Self::Ipv6 => "write postgresql://USER:PASSWORD@[2001:db8::1]:5432/DATABASE".to_owned(),
            Self::HostComma => "separate hosts by plain commas: HOST1:5432,HOST2:5432".to_owned(),
            Self::ParameterForm => "write ?NAME=VALUE&NAME=VALUE, with `&` in a value as %26".to_owned(),
            Self::BadEscape { part: "path" } | Self::NotUtf8 { part: "path" } => {
                "write a `%` after `sqlite:` as %25, or omit `sqlite:`".to_owned()
            }
            Self::MissingSlashes | Self::BadEscape { .. } | Self::NotUtf8 { .. } | Self::AmbiguousAt => {
                POSTGRES_FORM.to_owned()
            }
        };
        Some(advice.into())
    }
}
