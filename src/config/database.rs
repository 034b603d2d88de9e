//! The database: from a flag, a URL, or parts that must not contradict the URL.
//!
//! `DB_PATH` does not contradict a PostgreSQL URL: it is the source of a copy.

use super::{ConfigError, Inputs, Origin, Setting};
use databases::url::{DatabaseUrl, PostgresParts, PostgresUrl, Secret, SqlitePath, SslMode, UrlError};

/// The default SQLite file.
const DEFAULT_PATH: &str = "./backoffice.db";

/// Variables that apply only to PostgreSQL.
const POSTGRES_PARTS: [&str; 6] = ["DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASS", "DB_SSL"];

/// The database, and the SQLite file for a copy.
pub(super) fn resolve(inputs: &Inputs) -> Result<(Setting<DatabaseUrl>, Setting<SqlitePath>), ConfigError> {
    let flag = inputs.flags.database_url.as_deref().map(|value| Setting {
        value,
        origin: Origin::Flag,
        name: "--database-url",
    });
    let database = match (flag, inputs.get("DATABASE_URL")) {
        (Some(flag), _) => read_url(&flag)?,
        (None, Some(url)) => {
            let url = read_url(&url)?;
            refuse_contradictions(inputs, &url)?;
            url
        }
        (None, None) => from_parts(inputs)?,
    };
    let source = match &database.value {
        DatabaseUrl::Sqlite(path) => database.with(path.clone()),
        DatabaseUrl::Postgres(_) => sqlite_path(inputs)?,
    };
    Ok((database, source))
}

fn read_url(typed: &Setting<&str>) -> Result<Setting<DatabaseUrl>, ConfigError> {
    let url = DatabaseUrl::parse(typed.value);
    Ok(typed.with(url.map_err(unusable(typed))?))
}

/// The SQLite file for a copy, or the database without a URL.
fn sqlite_path(inputs: &Inputs) -> Result<Setting<SqlitePath>, ConfigError> {
    let typed = inputs.get("DB_PATH");
    // Reached with a SQLite URL only if a flag overrides it.
    if typed.is_none()
        && let Some(url) = inputs.get("DATABASE_URL")
        && let Ok(DatabaseUrl::Sqlite(path)) = DatabaseUrl::parse(url.value)
    {
        return Ok(url.with(path));
    }
    let typed = typed.unwrap_or(Setting::by_default("DB_PATH", DEFAULT_PATH));
    let path = SqlitePath::parse(typed.value);
    Ok(typed.with(path.map_err(unusable(&typed))?))
}

/// The database described by `DB_TYPE` and the other parts; SQLite by default.
fn from_parts(inputs: &Inputs) -> Result<Setting<DatabaseUrl>, ConfigError> {
    let backend = match backend(inputs)? {
        Some(typed) if typed.value == DatabaseKind::Postgres => typed,
        Some(_) => return sqlite_file(inputs),
        None => match POSTGRES_PARTS.into_iter().find_map(|name| inputs.get(name)) {
            Some(part) => {
                return Err(ConfigError::TypeMissing { name: part.name, origin: part.origin });
            }
            None => return sqlite_file(inputs),
        },
    };
    let names: Vec<_> =
        ["DB_NAME", "DB_USER"].into_iter().filter(|name| inputs.get(name).is_none()).collect();
    if !names.is_empty() {
        return Err(ConfigError::PartsMissing { names });
    }
    let text = |name| inputs.get(name).map(|typed| typed.value.to_owned());
    let host = inputs.get("DB_HOST");
    let host = host.unwrap_or(Setting::by_default("DB_HOST", "localhost"));
    let url = PostgresUrl::from_parts(PostgresParts {
        host: host.value.to_owned(),
        port: port(inputs)?.map(|typed| typed.value),
        database: text("DB_NAME"),
        user: text("DB_USER"),
        password: text("DB_PASS").map(Secret::new),
        sslmode: ssl_mode(inputs)?.map(|typed| typed.value),
    });
    let url = url.map_err(unusable(&host))?;
    Ok(backend.with(DatabaseUrl::Postgres(url)))
}

fn sqlite_file(inputs: &Inputs) -> Result<Setting<DatabaseUrl>, ConfigError> {
    let path = sqlite_path(inputs)?;
    Ok(path.with(DatabaseUrl::Sqlite(path.value.clone())))
}

/// Compares every part with the URL. A part that the URL does not set is a contradiction, too, because the URL takes
/// precedence and the part would be ignored.
fn refuse_contradictions(inputs: &Inputs, url: &Setting<DatabaseUrl>) -> Result<(), ConfigError> {
    let url_value = || specifies(Some(&url.value.to_string()));
    if let Some(typed) = backend(inputs)?
        && typed.value != DatabaseKind::of(&url.value)
    {
        let word = inputs.get("DB_TYPE").map(|typed| typed.value);
        return Err(contradiction(&typed, word, url, url_value()));
    }
    match &url.value {
        DatabaseUrl::Sqlite(path) => {
            if let Some(part) = POSTGRES_PARTS.into_iter().find_map(|name| inputs.get(name)) {
                return Err(contradiction(&part, None, url, url_value()));
            }
            match inputs.get("DB_PATH") {
                Some(typed) if !sqlite_path(inputs)?.value.is_same(path) => {
                    Err(contradiction(&typed, Some(typed.value), url, url_value()))
                }
                _ => Ok(()),
            }
        }
        DatabaseUrl::Postgres(postgres) => refuse_other_parts(inputs, url, postgres),
    }
}

fn refuse_other_parts(
    inputs: &Inputs,
    url: &Setting<DatabaseUrl>,
    postgres: &PostgresUrl,
) -> Result<(), ConfigError> {
    let hosts: Vec<&str> = postgres.hosts().iter().map(|(host, _)| host.as_str()).collect();
    let host_list = hosts.join(",");
    let texts = [
        ("DB_HOST", Some(host_list.as_str()).filter(|list| !list.is_empty())),
        ("DB_NAME", postgres.database()),
        ("DB_USER", postgres.user()),
    ];
    for (name, text) in texts {
        let is_same = |typed: &str| match text {
            Some(text) if name == "DB_HOST" => text.eq_ignore_ascii_case(typed),
            text => text == Some(typed),
        };
        if let Some(typed) = inputs.get(name).filter(|typed| !is_same(typed.value)) {
            return Err(contradiction(&typed, Some(typed.value), url, specifies(text)));
        }
    }
    if let Some(typed) = port(inputs)?
        && let Some(other) = postgres.ports().iter().find(|port| **port != typed.value)
    {
        let text = typed.value.to_string();
        return Err(contradiction(&typed, Some(&text), url, specifies(Some(&other.to_string()))));
    }
    let password = postgres.password().map(Secret::expose);
    if let Some(typed) = inputs.get("DB_PASS").filter(|typed| password != Some(typed.value)) {
        let has = if password.is_some() { "specifies another password" } else { "specifies no password" };
        return Err(contradiction(&typed, None, url, has.to_owned()));
    }
    let mode = postgres.sslmode();
    match ssl_mode(inputs)? {
        Some(typed) if typed.value != mode.unwrap_or(SslMode::Prefer) => {
            let text = Some(typed.value.as_str());
            Err(contradiction(&typed, text, url, specifies(mode.map(SslMode::as_str))))
        }
        _ => Ok(()),
    }
}

/// A contradiction; `None` for a part whose value is secret or cannot be compared.
fn contradiction<T>(
    part: &Setting<T>,
    value: Option<&str>,
    url: &Setting<DatabaseUrl>,
    url_value: String,
) -> ConfigError {
    ConfigError::Contradiction {
        name: part.name,
        origin: part.origin.clone(),
        value: value.map_or("is set".to_owned(), |text| format!("is `{text}`")),
        url_origin: url.origin.clone(),
        url_value,
    }
}

fn specifies(text: Option<&str>) -> String {
    text.map_or("does not set it".to_owned(), |text| format!("specifies `{text}`"))
}

/// The values of `DB_TYPE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatabaseKind {
    Sqlite,
    Postgres,
}

impl DatabaseKind {
    fn of(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(_) => Self::Sqlite,
            DatabaseUrl::Postgres(_) => Self::Postgres,
        }
    }
}

fn backend(inputs: &Inputs) -> Result<Option<Setting<DatabaseKind>>, ConfigError> {
    inputs.parse("DB_TYPE", "postgresql or sqlite", |word| match word {
        "postgresql" | "postgres" => Some(DatabaseKind::Postgres),
        "sqlite" => Some(DatabaseKind::Sqlite),
        _ => None,
    })
}

fn port(inputs: &Inputs) -> Result<Option<Setting<u16>>, ConfigError> {
    inputs.parse("DB_PORT", "a number from 1 to 65535", |text| text.parse().ok().filter(|port| *port > 0))
}

fn ssl_mode(inputs: &Inputs) -> Result<Option<Setting<SslMode>>, ConfigError> {
    let expected = "true, false, disable, allow, prefer, require, verify-ca or verify-full";
    inputs.parse("DB_SSL", expected, |word| match word {
        "true" => Some(SslMode::Require),
        "false" => Some(SslMode::Disable),
        word => SslMode::parse(word),
    })
}

fn unusable<T>(typed: &Setting<T>) -> impl FnOnce(UrlError) -> ConfigError + use<T> {
    let (name, origin) = (typed.name, typed.origin.clone());
    move |source| ConfigError::Address { name, origin, source }
}
