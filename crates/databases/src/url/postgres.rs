//! A parsed PostgreSQL URL.

use std::fmt;
use std::net::IpAddr;

use super::escape::encode;
use super::hosts::{is_ipv6, pair_hosts};
use super::{Secret, SslMode, UrlError};

/// The default port of PostgreSQL.
const DEFAULT_PORT: u16 = 5432;

/// Parameters of libpq, besides the password, that are themselves secret.
const SECRET_PARAMETERS: [&str; 4] =
    ["oauth_client_secret", "scram_client_key", "scram_server_key", "sslpassword"];

/// The URL of a PostgreSQL database. Printing it is safe: the password is shown as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    pub(super) hosts: Vec<(String, Option<u16>)>,
    pub(super) user: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) database: Option<String>,
    pub(super) params: Vec<(String, String)>,
}

/// The parts of a URL, not percent-encoded.
#[derive(Clone, Debug, Default)]
pub struct PostgresParts {
    /// A host name, an address, the directory of a Unix socket, or several of these separated by commas.
    pub host: String,
    /// The port, the same on every host; `None` is 5432.
    pub port: Option<u16>,
    /// The database.
    pub database: Option<String>,
    /// The role.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// The TLS mode; `None` is the default of libpq.
    pub sslmode: Option<SslMode>,
}

impl PostgresUrl {
    /// Builds the URL from its parts.
    ///
    /// # Errors
    ///
    /// A NUL character in any part, port 0, or a host that is a URL.
    pub fn from_parts(parts: PostgresParts) -> Result<Self, UrlError> {
        let PostgresParts { host, port, database, user, password, sslmode } = parts;
        let password_text = password.as_ref().map(Secret::expose);
        let texts = [Some(host.as_str()), database.as_deref(), user.as_deref(), password_text];
        if texts.iter().flatten().any(|text| text.contains('\0')) {
            return Err(UrlError::Nul);
        }
        if host.contains("://") {
            return Err(UrlError::HostIsUrl);
        }
        if port == Some(0) {
            return Err(UrlError::Port);
        }
        Ok(Self {
            hosts: pair_hosts(host.split(',').map(str::to_owned).collect(), &[port])?,
            user: user.filter(|user| !user.is_empty()),
            password: password.filter(|password| !password.expose().is_empty()),
            database: database.filter(|database| !database.is_empty()),
            params: sslmode
                .map(|mode| ("sslmode".to_owned(), mode.as_str().to_owned()))
                .into_iter()
                .collect(),
        })
    }

    /// The first host: a name, an address, or the directory of a Unix socket. `None` is the default of libpq.
    pub fn host(&self) -> Option<&str> {
        let (host, _) = self.hosts.first()?;
        Some(host.as_str()).filter(|host| !host.is_empty())
    }

    /// Every host with its port, in the order of connection attempts; an empty name is the default of libpq.
    pub fn hosts(&self) -> &[(String, Option<u16>)] {
        &self.hosts
    }

    /// The port of the first host; default 5432.
    pub fn port(&self) -> u16 {
        self.ports().first().copied().unwrap_or(DEFAULT_PORT)
    }

    /// The port of every host, default 5432; one port if there is no host.
    pub fn ports(&self) -> Vec<u16> {
        match self.hosts.as_slice() {
            [] => vec![DEFAULT_PORT],
            hosts => hosts.iter().map(|(_, port)| port.unwrap_or(DEFAULT_PORT)).collect(),
        }
    }

    /// The role; `None` is the default of libpq.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The password, if the URL has one.
    pub fn password(&self) -> Option<&Secret> {
        self.password.as_ref()
    }

    /// The database; `None` is the default of libpq, the name of the role.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The TLS mode; `None` is the default of libpq, `prefer`.
    pub fn sslmode(&self) -> Option<SslMode> {
        self.param("sslmode").and_then(SslMode::parse)
    }

    /// The value of another parameter of libpq, if the URL has it.
    pub fn param(&self, name: &str) -> Option<&str> {
        let (_, value) = self.params.iter().find(|(n, _)| n == name)?;
        Some(value)
    }

    /// Whether every host is this machine: a Unix socket, a loopback address, or `localhost`. A `service` may name any.
    pub fn is_local(&self) -> bool {
        let is_local = |host: &str| match host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_name) => {
                host.is_empty() || host.starts_with(['/', '@']) || host.eq_ignore_ascii_case("localhost")
            }
        };
        // libpq connects to `hostaddr` and not to the host.
        match (self.param("hostaddr"), self.param("service")) {
            (Some(addresses), _) => addresses.split(',').all(is_local),
            (None, Some(_)) => false,
            (None, None) => self.hosts.iter().all(|(host, _)| is_local(host)),
        }
    }

    /// The same server and role, another database.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        Self { database: Some(database.to_owned()), ..self.clone() }
    }

    /// The connection string for libpq (`keyword='value' ...`), **including the password**: use it to open a
    /// connection and for nothing else. `defaults` are keywords and values for what the URL does not set.
    ///
    /// Host and port are always written, so that `PGHOST`, `PGHOSTADDR`, `PGSERVICE` and `PGPORT` cannot contradict
    /// [`is_local`](Self::is_local) and [`port`](Self::port); only a `service` of the URL keeps its own. An empty host is the
    /// default of libpq, a Unix socket.
    pub fn to_conninfo(&self, defaults: &[(&str, &str)]) -> String {
        let keeps_port = self.param("service").is_some() && self.hosts.iter().all(|(_, port)| port.is_none());
        let hosts: Vec<&str> = self.hosts.iter().map(|(host, _)| host.as_str()).collect();
        let host_list = hosts.join(",");
        let ports: Vec<String> = self.ports().iter().map(u16::to_string).collect();
        let port_list = ports.join(",");
        let mut settings = Vec::new();
        let names_service = self.param("service").is_some();
        settings.extend((!names_service || !host_list.is_empty()).then_some(("host", host_list.as_str())));
        let has_address = names_service || self.param("hostaddr").is_some();
        settings.extend((!has_address).then_some(("hostaddr", "")));
        settings.extend((!keeps_port).then_some(("port", port_list.as_str())));
        settings.extend(self.user().map(|user| ("user", user)));
        settings.extend(self.password().map(|secret| ("password", secret.expose())));
        settings.extend(self.database().map(|database| ("dbname", database)));
        settings.extend(self.params.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        for (name, value) in defaults {
            if !settings.iter().any(|(set, _)| set == name) {
                settings.push((*name, *value));
            }
        }
        let quote = |(name, value): &(&str, &str)| {
            format!("{name}='{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
        };
        settings.iter().map(quote).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for PostgresUrl {
    /// Writes the URL with `***` for the password and for other secret parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = &self.user {
            write!(f, "{}", encode(user))?;
        }
        if let Some(password) = &self.password {
            write!(f, ":{password}")?;
        }
        if self.user.is_some() || self.password.is_some() {
            f.write_str("@")?;
        }
        for (index, (host, port)) in self.hosts.iter().enumerate() {
            f.write_str(if index > 0 { "," } else { "" })?;
            if is_ipv6(host) {
                write!(f, "[{}]", host.replace('%', "%25"))?;
            } else {
                write!(f, "{}", encode(host))?;
            }
            if let Some(port) = port {
                write!(f, ":{port}")?;
            }
        }
        if let Some(database) = &self.database {
            write!(f, "/{}", encode(database))?;
        }
        for (index, (name, value)) in self.params.iter().enumerate() {
            write!(f, "{}{name}=", if index > 0 { '&' } else { '?' })?;
            if SECRET_PARAMETERS.contains(&name.as_str()) {
                f.write_str("***")?;
            } else {
                write!(f, "{}", encode(value))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({self})")
    }
}
