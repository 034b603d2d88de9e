//! What can be wrong with the address of a database.

use crate::error::{ExitStatus, Explain};

const POSTGRES_FORM: &str = "write postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters in \
     the password percent-encoded (@ is %40, : is %3A, / is %2F, ? is %3F, # is %23, % is %25)";

const SQLITE_FORM: &str = "write a path such as ./app.db, or sqlite:app.db, or sqlite:////srv/app.db";

/// Why a text is not the address of a database.
///
/// No variant holds a piece of the input that could belong to a password, and none may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Nothing was given.
    #[error("the database address is empty")]
    Empty,
    /// A NUL character, plain or as `%00`.
    #[error("the database address holds a NUL character")]
    Nul,
    /// Another scheme than ours; `None` when what stands there does not look like one.
    #[error("the database address has an unknown scheme{}", shown(.scheme.as_ref()))]
    UnknownScheme {
        /// What stands before `://`, in lower case.
        scheme: Option<String>,
    },
    /// A PostgreSQL URL where only the path of a file will do.
    #[error("a PostgreSQL URL stands where the path of a SQLite file belongs")]
    NotSqlite,
    /// The path of a file where only PostgreSQL will do.
    #[error("the path of a SQLite file stands where a PostgreSQL URL belongs")]
    NotPostgres,
    /// Quotation marks around the whole, as some readers of `.env` files leave them.
    #[error("the database address stands in quotation marks")]
    Quoted,
    /// `postgres:` without `//`.
    #[error("the PostgreSQL URL lacks the `//` after its scheme")]
    MissingSlashes,
    /// A PostgreSQL address that would otherwise pass for the name of a file.
    #[error("the database address looks like one of PostgreSQL, but does not begin with `postgresql://`")]
    MissingScheme,
    /// `:memory:`.
    #[error("a SQLite database in memory cannot be used")]
    InMemory,
    /// SQLite's own `file:` URI.
    #[error("SQLite's `file:` addresses are not understood")]
    FileUri,
    /// `?mode=ro` and the like on a `sqlite:` URL.
    #[error("the `sqlite:` URL has parameters after `?`, and there are none to set")]
    SqliteParameters,
    /// A line feed or the like in the path of a SQLite file.
    #[error("the path of the SQLite database holds a control character")]
    PathControl,
    /// A `%` that does not begin an escape.
    #[error("the {part} in the URL has a `%` that is not followed by two hexadecimal digits")]
    BadEscape {
        /// Which part of the URL.
        part: &'static str,
    },
    /// Escapes that decode to other bytes than UTF-8.
    #[error("the {part} in the URL is not UTF-8 once decoded")]
    NotUtf8 {
        /// Which part of the URL.
        part: &'static str,
    },
    /// A space, a line feed or the like.
    #[error("the database URL holds a space, a line break or a control character")]
    Whitespace,
    /// An `@` beyond the one that ends the password: which one does is anybody's guess.
    #[error("the PostgreSQL URL has an `@` in a place that leaves open where the password ends")]
    AmbiguousAt,
    /// A port that is no port.
    #[error("the port in the PostgreSQL URL is not a number from 1 to 65535")]
    Port,
    /// Lists of different length, as libpq would refuse them.
    #[error("the PostgreSQL URL names {host_count} hosts and {port_count} ports")]
    PortCount {
        /// How many hosts.
        host_count: usize,
        /// How many ports.
        port_count: usize,
    },
    /// `[...]` around something else than an IPv6 address, or an IPv6 address without them.
    #[error("the PostgreSQL URL has an IPv6 address that is malformed or not in brackets")]
    Ipv6,
    /// A comma that was escaped: libpq would split the host there.
    #[error("the host in the PostgreSQL URL holds a comma")]
    HostComma,
    /// A whole URL where a host belongs.
    #[error("the host is a URL, where the name of a host belongs")]
    HostIsUrl,
    /// A parameter without `=`.
    #[error("the PostgreSQL URL has a parameter without `=`")]
    ParameterForm,
    /// A parameter libpq does not have; `None` when its name may be part of a password.
    #[error("the PostgreSQL URL has a parameter that libpq does not have{}", shown(.name.as_ref()))]
    UnknownParameter {
        /// The name of the parameter.
        name: Option<String>,
    },
    /// An `sslmode` libpq does not have.
    #[error("the `sslmode` in the PostgreSQL URL is none of libpq's")]
    SslMode,
}

fn shown(name: Option<&String>) -> String {
    name.map(|name| format!(": `{name}`")).unwrap_or_default()
}

impl Explain for UrlError {
    fn exit_status(&self) -> ExitStatus {
        ExitStatus::Configuration
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Empty | Self::Nul => format!("for SQLite {SQLITE_FORM}; for PostgreSQL {POSTGRES_FORM}"),
            Self::UnknownScheme { scheme } => match scheme.as_deref().and_then(|s| s.split_once('+')) {
                Some((backend, driver)) if matches!(backend, "postgres" | "postgresql" | "sqlite") => {
                    format!("leave out `+{driver}`, the name of a Python driver: begin with `{backend}:`")
                }
                _ => format!("for PostgreSQL {POSTGRES_FORM}; for SQLite {SQLITE_FORM}"),
            },
            Self::MissingScheme => {
                format!("{POSTGRES_FORM}; if it is a SQLite file, put `sqlite:` before its path")
            }
            Self::NotPostgres => POSTGRES_FORM.to_owned(),
            Self::NotSqlite => SQLITE_FORM.to_owned(),
            Self::Quoted => {
                "leave out the quotation marks: not every reader of `.env` files takes them off".to_owned()
            }
            Self::InMemory => {
                format!("{SQLITE_FORM}: in memory each connection would have a database of its own")
            }
            Self::FileUri => format!("{SQLITE_FORM}; a file whose name begins so is ./file:..."),
            Self::SqliteParameters => {
                "leave out the part from `?` on; a question mark in the name of the file is %3F".to_owned()
            }
            Self::PathControl => "remove it; often it is a line break at the end".to_owned(),
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
            Self::Port => format!("{POSTGRES_FORM}; an IPv6 address stands in brackets"),
            Self::PortCount { .. } => "give one port for all hosts, or one for each".to_owned(),
            Self::Ipv6 => "write postgresql://USER:PASSWORD@[2001:db8::1]:5432/DATABASE".to_owned(),
            Self::HostComma => "separate hosts by plain commas: HOST1:5432,HOST2:5432".to_owned(),
            Self::HostIsUrl => "put the URL into DATABASE_URL".to_owned(),
            Self::ParameterForm => "write ?NAME=VALUE&NAME=VALUE, with `&` in a value as %26".to_owned(),
            Self::BadEscape { part: "path" } | Self::NotUtf8 { part: "path" } => {
                "write a `%` after `sqlite:` as %25, or leave `sqlite:` out".to_owned()
            }
            Self::MissingSlashes | Self::BadEscape { .. } | Self::NotUtf8 { .. } | Self::AmbiguousAt => {
                POSTGRES_FORM.to_owned()
            }
        })
    }
}
