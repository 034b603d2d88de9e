//! Errors in the settings.

use std::io;
use std::path::PathBuf;

use super::key_strength::MIN_KEY_BITS;
use super::sign_in::MIN_KEY_BYTES;
use super::{Environment, Origin};
use databases::error::{ExitStatus, Explain};
use databases::hint::Hint;
use databases::url::UrlError;

const ORIGIN_FORM: &str = "https://app.example.org or http://localhost:5173, separated by commas, without a path \
     and without a slash at the end";

const KEY_FORM: &str = "set SECRET_KEY to at least 32 random bytes without a comma, as `openssl rand -hex 32` \
     makes them; the same on every server, and kept secret";

/// Why the settings are invalid. No variant contains a password or key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// An invalid database URL.
    #[error("could not use {}", place(.name, .origin))]
    Address {
        /// The flag or variable.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
        /// The cause.
        source: UrlError,
    },
    /// An invalid value.
    #[error("{} is `{value}`, not {expected}", place(.name, .origin))]
    InvalidValue {
        /// The variable.
        name: &'static str,
        /// The value; variables of this kind are not secret.
        value: String,
        /// Where it is set.
        origin: Origin,
        /// The valid values.
        expected: String,
    },
    /// A part that contradicts `DATABASE_URL`.
    #[error("{} {value}, but {} {url_value}", place(.name, .origin), place("DATABASE_URL", .url_origin))]
    Contradiction {
        /// The part.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
        /// A verb phrase with its value; for a password, only that it is set.
        value: String,
        /// Where `DATABASE_URL` is set.
        url_origin: Origin,
        /// A verb phrase with the value in the URL.
        url_value: String,
    },
    /// A PostgreSQL part without `DB_TYPE` and `DATABASE_URL`.
    #[error("{} is set, but neither `DB_TYPE` nor `DATABASE_URL` is", place(.name, .origin))]
    TypeMissing {
        /// The part.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
    },
    /// `DB_TYPE=postgresql` without required parts.
    #[error("`DB_TYPE` is postgresql, but `{}` not set", .names.join("` and `"))]
    PartsMissing {
        /// The missing parts.
        names: Vec<&'static str>,
    },
    /// `DB_POOL_MIN` above `DB_POOL_MAX`.
    #[error("`DB_POOL_MIN` is {min} ({min_origin}), above `DB_POOL_MAX`, which is {max} ({max_origin})")]
    PoolBounds {
        /// `DB_POOL_MIN`.
        min: u32,
        /// Where it is set.
        min_origin: Origin,
        /// `DB_POOL_MAX`.
        max: u32,
        /// Where it is set.
        max_origin: Origin,
    },
    /// A replica with a SQLite database.
    #[error("{} is set, but the database is `{database}`", place("DATABASE_REPLICA_URL", .origin))]
    ReplicaOfSqlite {
        /// Where the replica is set.
        origin: Origin,
        /// The database URL with the password masked.
        database: String,
    },
    /// One of `TLS_CERT` and `TLS_KEY` without the other.
    #[error("{} is set, but `{missing}` is not", place(.name, .origin))]
    TlsIncomplete {
        /// The one that is set.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
        /// The missing one.
        missing: &'static str,
    },
    /// The contents of a PEM file instead of its path; not shown, because it may be a private key.
    #[error("{} is the contents of a PEM file, not its path", place(.name, .origin))]
    PemInsteadOfPath {
        /// The variable.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
    },
    /// `CORS_ORIGINS=*`.
    #[error("{} is `*`, which would allow every origin", place("CORS_ORIGINS", .origin))]
    EveryOrigin {
        /// Where it is set.
        origin: Origin,
    },
    /// An invalid entry of `CORS_ORIGINS`.
    #[error("{} contains `{entry}`, which is not an origin", place("CORS_ORIGINS", .origin))]
    NoWebOrigin {
        /// Where it is set.
        origin: Origin,
        /// The entry; masked if it may contain a password.
        entry: String,
    },
    /// A key that is too short. It is not shown.
    #[error("{} has a key of {length} bytes: at least {MIN_KEY_BYTES} are required", place(.name, .origin))]
    KeyTooShort {
        /// The variable.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
        /// Length of the key in bytes.
        length: usize,
    },
    /// A key that could not be an entry of `SECRET_KEY_PREVIOUS`. It is not shown.
    #[error("{} contains a comma, which separates keys in `SECRET_KEY_PREVIOUS`", place("SECRET_KEY", .origin))]
    KeyComma {
        /// Where it is set.
        origin: Origin,
    },
    /// No `SECRET_KEY` although the environment requires it.
    #[error("`SECRET_KEY` is not set, but ENVIRONMENT={environment} requires it")]
    SecretMissing {
        /// The deployment environment.
        environment: Environment,
    },
    /// A key that is easy to guess although it is long enough. It is not shown.
    #[error(
        "{} has an estimated entropy of {bits} bits, but ENVIRONMENT={environment} requires {MIN_KEY_BITS}",
        place("SECRET_KEY", .origin)
    )]
    KeyWeak {
        /// Where it is set.
        origin: Origin,
        /// The estimate.
        bits: u32,
        /// The deployment environment.
        environment: Environment,
    },
    /// A token for metrics that are open.
    #[error("{} is set, but {} is true", place("METRICS_TOKEN", .origin), place("METRICS_OPEN", .open_origin))]
    MetricsOpenWithToken {
        /// Where the token is set.
        origin: Origin,
        /// Where `METRICS_OPEN` is set.
        open_origin: Origin,
    },
    /// A token that cannot be sent in a header. It is not shown.
    #[error("{} is empty, or contains a character that is not allowed in a bearer token", place(.name, .origin))]
    TokenUnsendable {
        /// The variable.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
    },
    /// A variable that is not UTF-8.
    #[error("`{name}` in the environment is not UTF-8")]
    NotUnicode {
        /// The variable.
        name: &'static str,
    },
    /// A `.env` that cannot be read.
    #[error("could not read `{}`", .path.display())]
    ReadDotEnv {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A `.env` that is not UTF-8.
    #[error("`{}` is not UTF-8 text", .path.display())]
    DotEnvNotText {
        /// The file.
        path: PathBuf,
    },
    /// An invalid line of `.env`; not shown, because it may contain a password.
    #[error("line {line} of `{}` is not NAME=value", .path.display())]
    MalformedDotEnv {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: usize,
    },
    /// A quoted value that continues on the next line.
    #[error("the value of `{name}` in `{}` spans more than one line", .path.display())]
    DotEnvLineBreak {
        /// The variable.
        name: String,
        /// The file.
        path: PathBuf,
    },
}

/// The setting and its origin, as the subject of a sentence.
fn place(name: &str, origin: &Origin) -> String {
    match origin {
        Origin::Flag | Origin::Default => format!("`{name}`"),
        Origin::Environment | Origin::DotEnv(_) => format!("`{name}` in {origin}"),
    }
}

impl Explain for ConfigError {
    fn exit_status(&self) -> ExitStatus {
        ExitStatus::Configuration
    }

    fn hint(&self) -> Option<Hint> {
        let advice = match self {
            Self::Address { source, .. } => return source.hint(),
            Self::InvalidValue { name, expected, .. } => format!("set `{name}` to {expected}, or remove it"),
            Self::Contradiction { name, .. } => {
                format!("remove `{name}` to use `DATABASE_URL`, or remove `DATABASE_URL` to use the parts")
            }
            Self::TypeMissing { .. } => {
                "set DB_TYPE=postgresql to use the parts, or remove them to use SQLite".to_owned()
            }
            Self::PartsMissing { names } => {
                format!("set {}, or put all into DATABASE_URL", names.join(" and "))
            }
            Self::PoolBounds { max, .. } => {
                format!("set DB_POOL_MIN to {max} or less, or raise DB_POOL_MAX")
            }
            Self::ReplicaOfSqlite { .. } => {
                "remove DATABASE_REPLICA_URL, or set DATABASE_URL to the PostgreSQL database it is a replica of"
                    .to_owned()
            }
            Self::TlsIncomplete { name, missing, .. } => {
                format!("set `{missing}` as well, to the path of a PEM file, or remove `{name}` to serve without TLS")
            }
            Self::PemInsteadOfPath { name, .. } => {
                format!("write it to a file, and set `{name}` to the path of that file, such as /etc/backoffice/server.pem")
            }
            Self::EveryOrigin { .. } => format!("list the allowed origins: {ORIGIN_FORM}"),
            Self::NoWebOrigin { .. } => format!("write {ORIGIN_FORM}; or remove it to disable CORS"),
            Self::KeyTooShort { name, .. } => match *name {
                "SECRET_KEY" => KEY_FORM.to_owned(),
                name => {
                    format!("separate the keys in `{name}` with single commas, each as it was in `SECRET_KEY`")
                }
            },
            Self::KeyComma { .. } | Self::SecretMissing { .. } | Self::KeyWeak { .. } => KEY_FORM.to_owned(),
            Self::MetricsOpenWithToken { .. } => {
                "remove METRICS_OPEN to require the token, or remove METRICS_TOKEN".to_owned()
            }
            Self::TokenUnsendable { name, .. } => {
                format!("set `{name}` to printable ASCII without spaces, for example from `openssl rand -hex 32`")
            }
            Self::NotUnicode { name } => format!("set `{name}` again, in UTF-8"),
            Self::ReadDotEnv { .. } => "grant this user read permission, or remove the file".to_owned(),
            Self::DotEnvNotText { .. } => "save it as UTF-8".to_owned(),
            Self::MalformedDotEnv { .. } => {
                "write NAME='value': a value with spaces, #, $, \\ or quotes needs the \
                 single quotes, and a single quote in it is written '\\''"
                    .to_owned()
            }
            Self::DotEnvLineBreak { .. } => {
                "close the quote on the line that opens it; write a backslash at the end \
                 of a value after the closing quote, doubled: 'value'\\\\"
                    .to_owned()
            }
        };
        Some(advice.into())
    }
}
