//! The settings of the process: raw values are recorded in [`Inputs`] and resolved into [`Config`].
//!
//! This is the only module that reads the environment. Precedence: flag, environment, `.env`, default; every setting
//! records its origin. Contradictory settings are an error. Passwords and keys never appear in `Debug`, in
//! [`Config::describe`] or in an error.

mod color;
mod database;
mod error;
mod inputs;
mod key_strength;
mod log;
mod pool;
mod postgres;
mod read;
mod server;
mod sign_in;
#[cfg(test)]
mod tests;
mod tls;
mod web_origin;

use std::fmt;
use std::path::PathBuf;

use clap::ColorChoice;

use databases::url::{DatabaseUrl, Secret, SqlitePath};

pub use color::{color_choice, has_colors};
pub use error::ConfigError;
pub use inputs::{DotEnv, Flags, Inputs, VARIABLES, allocator_settings};
pub use log::{LogConfig, LogFormat, LogSettings};
pub use pool::{Environment, PoolConfig};
pub use postgres::{Postgres, PostgresSettings};
pub use server::{MetricsAccess, ServerConfig, ServerSettings};
pub use sign_in::{Algorithm, Registration, SignInConfig, SignInSettings};
pub use tls::{Tls, TlsFiles};
pub use web_origin::WebOrigin;

/// All resolved settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The database, which determines the backend.
    pub database: Setting<DatabaseUrl>,
    /// The default source of a copy: the database, if it is SQLite; otherwise `DB_PATH`, the file of a `DATABASE_URL`
    /// that `--database-url` overrides, or the default.
    pub sqlite_source: Setting<SqlitePath>,
    /// The deployment environment, which determines the defaults of the pool.
    pub environment: Setting<Environment>,
    /// The connection pool.
    pub pool: PoolConfig,
    /// The server.
    pub server: ServerConfig,
    /// Whether output has colors.
    pub color: Setting<ColorChoice>,
}

impl Config {
    /// Resolves the settings. A pure function of its inputs.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for an invalid, missing or contradictory value.
    pub fn resolve(inputs: &Inputs) -> Result<Self, ConfigError> {
        let environment = Environment::resolve(inputs)?;
        let (database, sqlite_source) = database::resolve(inputs)?;
        Ok(Self {
            pool: PoolConfig::resolve(inputs, environment.value)?,
            server: ServerConfig::resolve(inputs, &database)?,
            database,
            sqlite_source,
            environment,
            color: color::resolve(inputs),
        })
    }

    /// All settings as name, value and origin, in the order of `.env.example`, with secrets masked.
    pub fn describe(&self) -> Vec<Row> {
        let pool = &self.pool;
        let mut rows = vec![
            row("database", &self.database, self.database.value.to_string()),
            row("SQLite source", &self.sqlite_source, self.sqlite_source.value.to_string()),
            row("environment", &self.environment, self.environment.value.to_string()),
            row("pool, most connections", &pool.max, pool.max.value.to_string()),
            row("pool, idle connections kept", &pool.min_idle, pool.min_idle.value.to_string()),
            row("pool, wait for a connection", &pool.acquire_timeout, milliseconds(&pool.acquire_timeout)),
            row("pool, idle until closed", &pool.idle_timeout, milliseconds(&pool.idle_timeout)),
        ];
        rows.extend(self.server.describe());
        rows.push(row("colors", &self.color, self.color.value.to_string()));
        rows
    }
}

/// A setting for display: name, value, origin.
pub type Row = (&'static str, String, String);

fn row<T>(name: &'static str, setting: &Setting<T>, shown: String) -> Row {
    let by = setting.name;
    let origin = match &setting.origin {
        Origin::Default => format!("default (set {by})"),
        Origin::Flag => by.to_owned(),
        origin => format!("{by} in {origin}"),
    };
    (name, shown, origin)
}

fn milliseconds(setting: &Setting<std::time::Duration>) -> String {
    format!("{} ms", setting.value.as_millis())
}

/// The display form of a secret.
fn set_or_not(setting: &Setting<Option<Secret>>) -> String {
    if setting.value.is_some() { "set" } else { "not set" }.to_owned()
}

/// A value with its origin and the name of its flag or variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Its origin.
    pub origin: Origin,
    /// The flag or variable that determines the value.
    pub name: &'static str,
}

impl<T> Setting<T> {
    fn by_default(name: &'static str, value: T) -> Self {
        Self { value, origin: Origin::Default, name }
    }

    fn with<U>(&self, value: U) -> Setting<U> {
        Setting { value, origin: self.origin.clone(), name: self.name }
    }
}

/// The origin of a value, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    Flag,
    /// In the environment of the process.
    Environment,
    /// In the `.env` file at this path.
    DotEnv(PathBuf),
    /// The default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("the command line"),
            Self::Environment => f.write_str("the environment"),
            Self::DotEnv(path) => path.display().fmt(f),
            Self::Default => f.write_str("the defaults"),
        }
    }
}
