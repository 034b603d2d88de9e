//! Raw settings from flags, environment and `.env`, before they are parsed.

use std::collections::BTreeMap;
use std::env::VarError;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use clap::ColorChoice;

use super::color::COLOR_VARIABLES;
use super::{ConfigError, Origin, Setting};

/// All variables that are read, in the order of `.env.example`.
pub const VARIABLES: [&str; 45] = [
    "DATABASE_URL",
    "DB_TYPE",
    "DB_HOST",
    "DB_PORT",
    "DB_NAME",
    "DB_USER",
    "DB_PASS",
    "DB_SSL",
    "DB_PATH",
    "ENVIRONMENT",
    "DB_POOL_MAX",
    "DB_POOL_MIN",
    "DB_POOL_ACQUIRE",
    "DB_POOL_IDLE",
    "DB_POOLER",
    "DATABASE_REPLICA_URL",
    "REPLICA_MAX_LAG",
    "HOST",
    "PORT",
    "TLS_CERT",
    "TLS_KEY",
    "TRUST_PROXY",
    "CORS_ORIGINS",
    "REQUEST_TIMEOUT",
    "MAX_BODY_BYTES",
    "MAX_CONCURRENT_REQUESTS",
    "MAX_CONNECTIONS_PER_ADDRESS",
    "CLIENT_TIMEOUT",
    "SHUTDOWN_GRACE",
    "SECRET_KEY",
    "SECRET_KEY_PREVIOUS",
    "ALGORITHM",
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "REFRESH_TOKEN_EXPIRE_DAYS",
    "REGISTRATION",
    "SIGN_IN_ATTEMPTS",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "LOG_QUERIES",
    "SLOW_QUERY_MS",
    "METRICS_TOKEN",
    "METRICS_OPEN",
    "CLICOLOR_FORCE",
    "NO_COLOR",
    "CLICOLOR",
];

/// How glibc's allocator gives memory back: few arenas instead of eight for each processor, and blocks of 128 KiB or more
/// outside of them, which it does by itself only until the first is freed.
const ALLOCATOR: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "2"), ("MALLOC_MMAP_THRESHOLD_", "131072"), ("MALLOC_TRIM_THRESHOLD_", "131072")];

/// The settings of the allocator for a process that serves, unless one of them is set already.
pub fn allocator_settings() -> Option<[(&'static str, &'static str); 3]> {
    let is_set = ALLOCATOR.iter().any(|(name, _)| std::env::var_os(name).is_some());
    (!is_set).then_some(ALLOCATOR)
}

/// Settings given as flags.
#[derive(Clone, Default)]
pub struct Flags {
    /// `--database-url`: overrides all variables of the database.
    pub database_url: Option<String>,
    /// `--host`.
    pub host: Option<IpAddr>,
    /// `--port`.
    pub port: Option<u16>,
    /// `--color`.
    pub color: Option<ColorChoice>,
}

/// All raw settings. `Debug` shows names only.
#[derive(Clone, Default)]
pub struct Inputs {
    /// Flags.
    pub flags: Flags,
    /// Environment variables listed in [`VARIABLES`].
    pub environment: BTreeMap<String, String>,
    /// The `.env` file, if it exists.
    pub dotenv: Option<DotEnv>,
}

impl Inputs {
    /// Reads the environment, and `.env` from the working directory or its nearest parent that has one. The
    /// environment of the process is not modified.
    ///
    /// # Errors
    ///
    /// A variable that is not UTF-8, or a `.env` that cannot be read or parsed. A missing `.env` is not an error.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub fn from_process(flags: Flags) -> Result<Self, ConfigError> {
        let mut environment = BTreeMap::new();
        for name in VARIABLES {
            match std::env::var(name) {
                Ok(value) => environment.insert(name.to_owned(), value),
                Err(VarError::NotPresent) => None,
                // Any value of them counts.
                Err(VarError::NotUnicode(value)) if COLOR_VARIABLES.contains(&name) => {
                    environment.insert(name.to_owned(), value.to_string_lossy().into_owned())
                }
                Err(VarError::NotUnicode(_)) => return Err(ConfigError::NotUnicode { name }),
            };
        }
        let directory = std::env::current_dir()
            .map_err(|source| ConfigError::ReadDotEnv { path: PathBuf::from(".env"), source })?;
        Ok(Self { flags, environment, dotenv: DotEnv::find(&directory)? })
    }

    /// The inputs that select colors, as far as they can be read.
    pub(super) fn of_colors(flag: Option<ColorChoice>) -> Self {
        let variables = COLOR_VARIABLES.into_iter();
        let environment = variables.filter_map(|name| {
            let value = std::env::var_os(name)?;
            Some((name.to_owned(), value.to_string_lossy().into_owned()))
        });
        let directory = std::env::current_dir().ok();
        Self {
            flags: Flags { color: flag, ..Flags::default() },
            environment: environment.collect(),
            dotenv: directory.and_then(|directory| DotEnv::find(&directory).ok().flatten()),
        }
    }

    /// The value of a variable. A variable in the environment overrides the one in `.env` even if it is empty; an
    /// empty variable counts as not set.
    pub(super) fn get(&self, name: &'static str) -> Option<Setting<&str>> {
        let typed = self.environment.get(name);
        let (value, origin) = match (typed, &self.dotenv) {
            (Some(value), _) => (value, Origin::Environment),
            (None, Some(file)) => (file.values.get(name)?, Origin::DotEnv(file.path.clone())),
            (None, None) => return None,
        };
        (!value.is_empty()).then_some(Setting { value, origin, name })
    }

    /// The value of a variable, trimmed and parsed by `read`.
    pub(super) fn parse<T>(
        &self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<Setting<T>>, ConfigError> {
        let Some(typed) = self.get(name) else {
            return Ok(None);
        };
        match read(typed.value.trim()) {
            Some(value) => Ok(Some(typed.with(value))),
            None => Err(ConfigError::InvalidValue {
                name,
                value: typed.value.to_owned(),
                origin: typed.origin,
                expected: expected.to_owned(),
            }),
        }
    }
}

/// The contents of a `.env` file.
#[derive(Clone)]
pub struct DotEnv {
    /// Its path.
    pub path: PathBuf,
    /// Its variables; the first one wins if a name occurs twice.
    pub values: BTreeMap<String, String>,
}

impl DotEnv {
    /// Reads `.env` from a directory or its nearest parent that has one.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or a line that is not `NAME=value`.
    pub fn find(directory: &Path) -> Result<Option<Self>, ConfigError> {
        for directory in directory.ancestors() {
            let path = directory.join(".env");
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_file() => {
                    return match fs::read(&path) {
                        Ok(bytes) => Self::parse(path, bytes).map(Some),
                        Err(source) => Err(ConfigError::ReadDotEnv { path, source }),
                    };
                }
                // Directories named `.env` are usually Python virtual environments.
                Ok(_) => {}
                // Without search permission the file cannot be found; that is not an error.
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {}
                Err(source) => return Err(ConfigError::ReadDotEnv { path, source }),
            }
        }
        Ok(None)
    }

    /// Parses the contents of the file at `path`, which is used only in errors.
    ///
    /// # Errors
    ///
    /// A line that is not `NAME=value`, or an unclosed quote.
    pub fn parse(path: PathBuf, bytes: Vec<u8>) -> Result<Self, ConfigError> {
        let text = String::from_utf8(bytes).ok();
        let Some(text) = text.filter(|text| !text.contains('\0')) else {
            return Err(ConfigError::DotEnvNotText { path });
        };
        // dotenvy keeps a byte order mark, and rejects a last line that ends in a space without a line feed.
        let text = format!("{}\n", text.trim_start_matches('\u{feff}'));
        let Some(entries) = read_entries(&text) else {
            return Err(ConfigError::MalformedDotEnv { path, line: malformed_line(&text) });
        };
        let mut values = BTreeMap::new();
        for (name, value) in entries {
            let is_ours = VARIABLES.contains(&name.as_str());
            if value.lines().skip(1).any(is_assignment) || (is_ours && value.contains('\n')) {
                return Err(ConfigError::DotEnvLineBreak { name, path });
            }
            values.entry(name).or_insert(value);
        }
        Ok(Self { path, values })
    }
}

fn read_entries(text: &str) -> Option<Vec<(String, String)>> {
    dotenvy::from_read_iter(text.as_bytes()).map(Result::ok).collect()
}

/// The number of the first invalid line: dotenvy reports only its contents, which may be secret.
fn malformed_line(text: &str) -> usize {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_readable = |count: &usize| read_entries(&lines[..*count].concat()).is_some();
    let readable_count = (0..lines.len()).rev().find(is_readable);
    readable_count.unwrap_or_default() + 1
}

/// Whether a line inside a quoted value assigns a known variable, which means that a quote above is not closed.
fn is_assignment(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    line.split_once('=').is_some_and(|(name, _)| VARIABLES.contains(&name.trim()))
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database_url = self.database_url.as_ref().map(|_| "***");
        f.debug_struct("Flags")
            .field("database_url", &database_url)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("color", &self.color)
            .finish()
    }
}

impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inputs")
            .field("flags", &self.flags)
            .field("environment", &self.environment.keys())
            .field("dotenv", &self.dotenv)
            .finish()
    }
}

impl fmt::Debug for DotEnv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DotEnv").field("path", &self.path).field("values", &self.values.keys()).finish()
    }
}
