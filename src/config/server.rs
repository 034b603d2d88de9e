//! Settings of `app serve`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::key_strength::{MIN_KEY_BITS, bits_of};
use super::log::{LogConfig, LogSettings};
use super::postgres::{Postgres, PostgresSettings};
use super::sign_in::{SignInConfig, SignInSettings};
use super::tls::{Tls, TlsFiles};
use super::web_origin::{self, WebOrigin};
use super::{ConfigError, Environment, Inputs, Origin, Row, Setting, milliseconds, row, set_or_not};
use databases::url::{DatabaseUrl, Secret};

/// By default, only local connections are accepted.
const DEFAULT_HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The default port.
const DEFAULT_PORT: u16 = 8000;

/// The least default of `MAX_CONNECTIONS_PER_ADDRESS`: a browser opens six, and monitoring some.
const FEWEST_CONNECTIONS: usize = 16;

/// The settings of the server, with origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// Pooler and replica.
    pub postgres: Postgres,
    /// `HOST`: the address to listen on.
    pub host: Setting<IpAddr>,
    /// `PORT`: the port to listen on; 0 selects any free port.
    pub port: Setting<u16>,
    /// Certificate and key files.
    pub tls: Tls,
    /// `TRUST_PROXY`: whether the last entry of `X-Forwarded-For` is the client's address.
    pub trust_proxy: Setting<bool>,
    /// `CORS_ORIGINS`: allowed CORS origins; empty disables CORS.
    pub cors_origins: Setting<Vec<WebOrigin>>,
    /// `REQUEST_TIMEOUT`.
    pub request_timeout: Setting<Duration>,
    /// `MAX_BODY_BYTES`.
    pub max_body_bytes: Setting<usize>,
    /// `CLIENT_TIMEOUT`: how long the server waits for a client.
    pub client_timeout: Setting<Duration>,
    /// `MAX_CONCURRENT_REQUESTS`.
    pub max_concurrent_requests: Setting<usize>,
    /// `MAX_CONNECTIONS_PER_ADDRESS`.
    pub max_connections_per_address: Setting<usize>,
    /// `SHUTDOWN_GRACE`: how long shutdown waits for requests in progress.
    pub shutdown_grace: Setting<Duration>,
    /// Keys, tokens and registration.
    pub sign_in: SignInConfig,
    /// The log.
    pub log: LogConfig,
    /// `METRICS_TOKEN`: the bearer token required by `/metrics`.
    pub metrics_token: Setting<Option<Secret>>,
    /// `METRICS_OPEN`: whether `/metrics` is open to every client.
    pub metrics_open: Setting<bool>,
}

/// The settings of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSettings {
    /// Pooler and replica.
    pub postgres: PostgresSettings,
    /// Address and port to listen on; port 0 selects any free port.
    pub address: SocketAddr,
    /// Certificate and key files; `None` is plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Whether the last entry of `X-Forwarded-For` is the client's address.
    pub trust_proxy: bool,
    /// Allowed CORS origins; empty disables CORS.
    pub cors_origins: Vec<WebOrigin>,
    /// Timeout of a request; never zero.
    pub request_timeout: Duration,
    /// Maximum size of a request body in bytes.
    pub max_body_bytes: usize,
    /// How long the server waits for a client; never zero.
    pub client_timeout: Duration,
    /// Maximum number of concurrent requests; at least 1.
    pub max_concurrent_requests: usize,
    /// Maximum number of open connections of one address; at least 1.
    pub max_connections_per_address: usize,
    /// How long shutdown waits for requests in progress.
    pub shutdown_grace: Duration,
    /// Tokens and registration.
    pub sign_in: SignInSettings,
    /// The log.
    pub log: LogSettings,
    /// Who may read `/metrics`.
    pub metrics: MetricsAccess,
}

/// Who may read `/metrics`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricsAccess {
    /// Clients on this machine; the default.
    Loopback,
    /// Clients with this bearer token.
    Token(Secret),
    /// Every client.
    Open,
}

impl ServerConfig {
    pub(super) fn resolve(inputs: &Inputs, database: &Setting<DatabaseUrl>) -> Result<Self, ConfigError> {
        let host = match inputs.flags.host {
            Some(value) => Setting { value, origin: Origin::Flag, name: "--host" },
            None => inputs
                .parse("HOST", "an IP address such as 127.0.0.1, 0.0.0.0 or ::1", |text| text.parse().ok())?
                .unwrap_or(Setting::by_default("HOST", DEFAULT_HOST)),
        };
        let port = match inputs.flags.port {
            Some(value) => Setting { value, origin: Origin::Flag, name: "--port" },
            None => inputs.number("PORT", 0..=u16::MAX, DEFAULT_PORT)?,
        };
        let max_concurrent_requests = inputs.number("MAX_CONCURRENT_REQUESTS", 1..=100_000, 512)?;
        let metrics_token = metrics_token(inputs)?;
        let metrics_open = inputs.switch("METRICS_OPEN")?;
        if metrics_open.value && metrics_token.value.is_some() {
            let (origin, open_origin) = (metrics_token.origin, metrics_open.origin);
            return Err(ConfigError::MetricsOpenWithToken { origin, open_origin });
        }
        Ok(Self {
            postgres: Postgres::resolve(inputs, database)?,
            host,
            port,
            tls: Tls::resolve(inputs)?,
            trust_proxy: inputs.switch("TRUST_PROXY")?,
            cors_origins: web_origin::resolve(inputs)?,
            request_timeout: inputs.milliseconds("REQUEST_TIMEOUT", 1, Duration::from_secs(30))?,
            max_body_bytes: inputs.number("MAX_BODY_BYTES", 1024..=104_857_600, 1_048_576)?,
            client_timeout: inputs.milliseconds("CLIENT_TIMEOUT", 1, Duration::from_secs(10))?,
            // One address cannot take all concurrent requests.
            max_connections_per_address: inputs.number(
                "MAX_CONNECTIONS_PER_ADDRESS",
                1..=400_000,
                (max_concurrent_requests.value / 2).max(FEWEST_CONNECTIONS),
            )?,
            max_concurrent_requests,
            shutdown_grace: inputs.milliseconds("SHUTDOWN_GRACE", 0, Duration::from_secs(10))?,
            sign_in: SignInConfig::resolve(inputs)?,
            log: LogConfig::resolve(inputs)?,
            metrics_token,
            metrics_open,
        })
    }

    /// The signing key. Optional in development.
    ///
    /// # Errors
    ///
    /// [`ConfigError::SecretMissing`] in environments where tokens must survive a restart or be valid in several
    /// processes, and [`ConfigError::KeyWeak`] there if the key is easy to guess.
    pub fn secret_for(&self, environment: Environment) -> Result<Option<&Secret>, ConfigError> {
        let setting = &self.sign_in.secret_key;
        match (&setting.value, environment) {
            (Some(key), Environment::Development) => Ok(Some(key)),
            (Some(key), Environment::Production | Environment::Serverless) => match bits_of(key.expose()) {
                MIN_KEY_BITS.. => Ok(Some(key)),
                bits => Err(ConfigError::KeyWeak { origin: setting.origin.clone(), bits, environment }),
            },
            (None, Environment::Development) => Ok(None),
            (None, Environment::Production | Environment::Serverless) => {
                Err(ConfigError::SecretMissing { environment })
            }
        }
    }

    /// The values without origins.
    pub fn settings(&self) -> ServerSettings {
        ServerSettings {
            postgres: self.postgres.settings(),
            address: SocketAddr::new(self.host.value, self.port.value),
            tls: self.tls.files(),
            trust_proxy: self.trust_proxy.value,
            cors_origins: self.cors_origins.value.clone(),
            request_timeout: self.request_timeout.value,
            max_body_bytes: self.max_body_bytes.value,
            client_timeout: self.client_timeout.value,
            max_concurrent_requests: self.max_concurrent_requests.value,
            max_connections_per_address: self.max_connections_per_address.value,
            shutdown_grace: self.shutdown_grace.value,
            sign_in: self.sign_in.settings(),
            log: self.log.settings(),
            metrics: match (&self.metrics_token.value, self.metrics_open.value) {
                (Some(token), _) => MetricsAccess::Token(token.clone()),
                (None, true) => MetricsAccess::Open,
                (None, false) => MetricsAccess::Loopback,
            },
        }
    }

    pub(super) fn describe(&self) -> Vec<Row> {
        let origins: Vec<&str> = self.cors_origins.value.iter().map(WebOrigin::as_str).collect();
        let origins = if origins.is_empty() { "none".to_owned() } else { origins.join(", ") };
        let place = vec![
            row("host", &self.host, self.host.value.to_string()),
            row("port", &self.port, self.port.value.to_string()),
        ];
        let requests = vec![
            row("proxy trusted", &self.trust_proxy, self.trust_proxy.value.to_string()),
            row("origins that may call", &self.cors_origins, origins),
            row("request, longest", &self.request_timeout, milliseconds(&self.request_timeout)),
            row("request, most bytes", &self.max_body_bytes, self.max_body_bytes.value.to_string()),
            row(
                "requests at a time",
                &self.max_concurrent_requests,
                self.max_concurrent_requests.value.to_string(),
            ),
            row(
                "connections of an address",
                &self.max_connections_per_address,
                self.max_connections_per_address.value.to_string(),
            ),
            row("client, longest wait", &self.client_timeout, milliseconds(&self.client_timeout)),
            row("grace at the end", &self.shutdown_grace, milliseconds(&self.shutdown_grace)),
        ];
        let metrics = [
            row("metrics token", &self.metrics_token, set_or_not(&self.metrics_token)),
            row("metrics open to all", &self.metrics_open, self.metrics_open.value.to_string()),
        ];
        let groups = [
            self.postgres.describe(),
            place,
            self.tls.describe(),
            requests,
            self.sign_in.describe(),
            self.log.describe(),
        ];
        groups.into_iter().flatten().chain(metrics).collect()
    }
}

fn metrics_token(inputs: &Inputs) -> Result<Setting<Option<Secret>>, ConfigError> {
    let name = "METRICS_TOKEN";
    let Some(typed) = inputs.secret(name) else {
        return Ok(Setting::by_default(name, None));
    };
    let token = typed.value.expose();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ConfigError::TokenUnsendable { name, origin: typed.origin });
    }
    Ok(typed.with(Some(typed.value.clone())))
}
