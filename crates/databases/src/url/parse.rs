//! Parsing of PostgreSQL URLs as in libpq, but stricter where libpq would guess.
//!
//! libpq ends the password at the first `@`, or takes it for a port when a `/` comes first. Here the whole URL may
//! contain at most one unescaped `@`, before any `/` or `?`: then no error and no printed URL can contain a part of a
//! password that was not percent-encoded.

use super::escape::decode;
use super::hosts::{pair_hosts, read_host, read_port};
use super::{PostgresUrl, Secret, SslMode, UrlError};

/// The connection parameters of libpq 18 but for host, port, user, password and dbname.
const PARAMETERS: [&str; 45] = [
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "oauth_client_id",
    "oauth_client_secret",
    "oauth_issuer",
    "oauth_scope",
    "options",
    "passfile",
    "replication",
    "require_auth",
    "requirepeer",
    "scram_client_key",
    "scram_server_key",
    "service",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslkeylogfile",
    "sslmode",
    "sslnegotiation",
    "sslpassword",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
];

/// The parts parsed so far; hosts and ports are paired at the end, because parameters replace them.
#[derive(Default)]
struct UrlParts {
    hosts: Vec<String>,
    ports: Vec<Option<u16>>,
    user: String,
    password: String,
    database: String,
    params: Vec<(String, String)>,
}

/// Parses the text after `postgresql://`.
pub(super) fn parse(rest: &str) -> Result<PostgresUrl, UrlError> {
    if rest.contains('\0') {
        return Err(UrlError::Nul);
    }
    if rest.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(UrlError::Whitespace);
    }
    let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if tail.contains('@') || authority.matches('@').count() > 1 {
        return Err(UrlError::AmbiguousAt);
    }
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let (userinfo, host_list) = authority.split_once('@').unwrap_or(("", authority));
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));

    let mut found = UrlParts {
        user: decode(user, "user name")?,
        password: decode(password, "password")?,
        database: decode(path.strip_prefix('/').unwrap_or(path), "database name")?,
        ..UrlParts::default()
    };
    for item in host_list.split(',') {
        let (host, port) = read_host(item)?;
        found.hosts.push(host);
        found.ports.push(port);
    }
    let mut after_secret = false;
    for item in query.split('&').filter(|item| !item.is_empty()) {
        let (name, value) = item.split_once('=').ok_or(UrlError::ParameterForm)?;
        let name = decode(name, "name of a parameter")?;
        let value = decode(value, "value of a parameter")?;
        let is_secret = name.contains("password") || name.contains("secret");
        found.set(name, value, after_secret)?;
        after_secret |= is_secret;
    }

    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(PostgresUrl {
        hosts: pair_hosts(found.hosts, &found.ports)?,
        user: some(found.user),
        password: some(found.password).map(Secret::new),
        database: some(found.database),
        params: found.params,
    })
}

impl UrlParts {
    /// Applies one parameter; as in libpq the last one of a name wins, also over the URL's own parts.
    fn set(&mut self, name: String, value: String, after_secret: bool) -> Result<(), UrlError> {
        let (name, value) = match (name.as_str(), value.as_str()) {
            ("ssl", "true") => ("sslmode".to_owned(), "require".to_owned()),
            _ => (name, value),
        };
        match name.as_str() {
            "user" => self.user = value,
            "password" => self.password = value,
            "dbname" => self.database = value,
            "host" => self.hosts = value.split(',').map(str::to_owned).collect(),
            "port" => self.ports = value.split(',').map(read_port).collect::<Result<_, _>>()?,
            "sslmode" if SslMode::parse(&value).is_none() => return Err(UrlError::SslMode),
            known if PARAMETERS.contains(&known) => {
                self.params.retain(|(set, _)| *set != name);
                self.params.push((name, value));
            }
            unknown => {
                // After a password the name may be the rest of the password, after an `&` that was not encoded.
                let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
                let is_safe = !after_secret && unknown.len() <= 40 && unknown.chars().all(is_word);
                return Err(UrlError::UnknownParameter { name: is_safe.then_some(name) });
            }
        }
        Ok(())
    }
}
