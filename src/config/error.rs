//! What can be wrong with the settings.

use std::io;
use std::path::PathBuf;

use super::sign_in::MIN_KEY_BYTES;
use super::{Environment, Origin};
use databases::error::{ExitStatus, Explain};
use databases::url::UrlError;

const ORIGIN_FORM: &str = "https://app.example.org or http://localhost:5173, separated by commas, without a path \
     and without a slash at the end";

const KEY_FORM: &str = "set SECRET_KEY to at least 32 random bytes without a comma, as `openssl rand -hex 32` \
     makes them; the same on every server, and kept secret";

/// Why the settings cannot be used. No variant shows a password or a key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A setting that names a database, and does not.
    #[error("could not use {}", place(.name, .origin))]
    Address {
        /// The flag or variable.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
        /// What is wrong with it.
        source: UrlError,
    },
    /// A value that cannot be understood.
    #[error("{} is `{value}`, not {expected}", place(.name, .origin))]
    InvalidValue {
        /// The variable.
        name: &'static str,
        /// What it says; the variables read this way are no secrets.
        value: String,
        /// Where it is set.
        origin: Origin,
        /// What it should say.
        expected: String,
    },
    /// A part that says other than `DATABASE_URL`.
    #[error("{} {value}, but {} {url_value}", place(.name, .origin), place("DATABASE_URL", .url_origin))]
    Contradiction {
        /// The variable beside `DATABASE_URL`.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
        /// What it says, as a verb phrase; of a password only that there is one.
        value: String,
        /// Where `DATABASE_URL` is set.
        url_origin: Origin,
        /// What the URL says about the same, as a verb phrase.
        url_value: String,
    },
    /// A part of PostgreSQL without `DB_TYPE` and without `DATABASE_URL`.
    #[error("{} is set, but neither `DB_TYPE` nor `DATABASE_URL` is", place(.name, .origin))]
    TypeMissing {
        /// The part.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
    },
    /// `DB_TYPE=postgresql` without the parts it needs.
    #[error("`DB_TYPE` is postgresql, but `{}` not set", .names.join("` and `"))]
    PartsMissing {
        /// The parts it needs.
        names: Vec<&'static str>,
    },
    /// A pool that should keep more connections than it may have.
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
    /// A replica of a SQLite file.
    #[error("{} is set, but the database is `{database}`", place("DATABASE_REPLICA_URL", .origin))]
    ReplicaOfSqlite {
        /// Where the replica is set.
        origin: Origin,
        /// The database, as it is printed.
        database: String,
    },
    /// One of `TLS_CERT` and `TLS_KEY` without the other.
    #[error("{} is set, but `{missing}` is not", place(.name, .origin))]
    TlsIncomplete {
        /// The one that is set.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
        /// The one that is not.
        missing: &'static str,
    },
    /// What stands in a PEM file, where its path belongs; it may be a private key and is not shown.
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
    /// An entry of `CORS_ORIGINS` that no browser sends.
    #[error("{} contains `{entry}`, which is not an origin", place("CORS_ORIGINS", .origin))]
    NoWebOrigin {
        /// Where it is set.
        origin: Origin,
        /// The entry; masked where it could hold a password.
        entry: String,
    },
    /// A key that can be guessed. It is not shown.
    #[error("{} has a key of {length} bytes: at least {MIN_KEY_BYTES} are required", place(.name, .origin))]
    KeyTooShort {
        /// The variable.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
        /// How many bytes the key has.
        length: usize,
    },
    /// A key that could not move to `SECRET_KEY_PREVIOUS` in one piece. It is not shown.
    #[error("{} contains a comma, which separates keys in `SECRET_KEY_PREVIOUS`", place("SECRET_KEY", .origin))]
    KeyComma {
        /// Where it is set.
        origin: Origin,
    },
    /// No key where there must be one.
    #[error("`SECRET_KEY` is not set, but ENVIRONMENT={environment} requires it")]
    SecretMissing {
        /// Where the program runs.
        environment: Environment,
    },
    /// A bearer token that no client can send. It is not shown.
    #[error("{} is empty, or contains a character that is not allowed in a bearer token", place(.name, .origin))]
    TokenUnsendable {
        /// The variable.
        name: &'static str,
        /// Where it is set.
        origin: Origin,
    },
    /// A variable of the environment that is no text.
    #[error("`{name}` in the environment is not UTF-8")]
    NotUnicode {
        /// The variable.
        name: &'static str,
    },
    /// A `.env` that is there and cannot be read.
    #[error("could not read `{}`", .path.display())]
    ReadDotEnv {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A `.env` that is no text.
    #[error("`{}` is not UTF-8 text", .path.display())]
    DotEnvNotText {
        /// The file.
        path: PathBuf,
    },
    /// A line of `.env` that cannot be understood; it may hold a password and is not shown.
    #[error("line {line} of `{}` is not NAME=value", .path.display())]
    MalformedDotEnv {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// A value of `.env` that runs on into the next line.
    #[error("the value of `{name}` in `{}` spans more than one line", .path.display())]
    DotEnvLineBreak {
        /// The variable.
        name: String,
        /// The file.
        path: PathBuf,
    },
}

/// A setting and where it is set, as a subject of a sentence.
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

    fn hint(&self) -> Option<String> {
        Some(match self {
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
            Self::KeyComma { .. } | Self::SecretMissing { .. } => KEY_FORM.to_owned(),
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
        })
    }
}
