//! `app serve`

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::HeaderValue;

use super::color::Stream;
use super::failure::{CommandFailure, OrFail as _, Refusal};
use super::{log, output};
#[cfg(all(target_os = "linux", target_env = "gnu"))]
use crate::config::allocator_settings;
use crate::config::{Config, Environment, LogFormat, MetricsAccess, Registration, ServerSettings};
use crate::migrations::MIGRATIONS;
use crate::server::auth::keys::SigningKeys;
use crate::server::auth::password::Cost;
use crate::server::listen::{Pace, Serving, serve};
use crate::server::tls::TlsConfig;
use crate::server::{self, AppState, AppStateParts, SignInParts, layers, metrics};
use databases::error::ExitStatus;
use databases::failure::Failure;
use databases::health::{NotReady, ready};
use databases::migrations::{self, ChangedPolicy};
use databases::observe::QueryLog;
use databases::open::{Access, Purpose, open};
use databases::url::{DatabaseUrl, Secret};
use transfer::values::Instant;

/// Serve the application over HTTP from the configured database.
///
/// Reads settings from flags, the environment and .env. A SQLite file that does not exist is created with its tables.
/// While a PostgreSQL server is not available, requests and GET /health/ready get 503. The API reference is at
/// /api/docs. `app user create-admin` creates the first user.
///
/// Ctrl-C or SIGTERM stops accepting connections, finishes the requests in progress and exits with 0. Exits with 3 for
/// invalid settings or a port in use, 10 when the schema is not up to date, 21 when the database cannot be opened.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app serve                          serve ./backoffice.db on 127.0.0.1:8000
  app serve --port 0                 listen on any free port
  app serve --host 0.0.0.0           accept other machines; use a TLS proxy, or set TLS_CERT and TLS_KEY
  DATABASE_URL=postgresql://localhost/app app serve")]
pub(super) struct Args {
    /// IP address to listen on. Default: HOST, or 127.0.0.1.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) host: Option<IpAddr>,
    /// TCP port to listen on; 0 selects any free port. Default: PORT, or 8000.
    #[arg(long, value_name = "PORT")]
    pub(super) port: Option<u16>,
}

/// Open connections per concurrent request: most connections are idle.
const CONNECTIONS_A_REQUEST: usize = 4;
/// Maximum size of all large responses that wait for their clients: eight whole pages.
const UNSENT_BYTES: usize = 64 << 20;
/// How long blocking threads may take to finish at shutdown.
const PATIENCE_AT_END: Duration = Duration::from_secs(2);

pub(super) fn run(_args: &Args, config: &Config, verbose: u8) -> Result<ExitStatus, CommandFailure> {
    let settings = config.server.settings();
    let level = if verbose > 0 { super::level_of(verbose) } else { settings.log.level };
    log::start(settings.log.format, level, Stream::Error.has_colors());
    set_allocator();
    let url = &config.database.value;
    let keys = signing_keys(config, &settings)?;
    let tls = match &settings.tls {
        Some(files) => Some(
            TlsConfig::from_pem(&files.cert, &files.key)
                .map_err(|error| CommandFailure::with_status(ExitStatus::Configuration, error))?,
        ),
        None => None,
    };
    let is_ready = prepare(url, settings.log.format)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .or_fail(ExitStatus::Unexpected, "start the runtime")?;
    runtime.block_on(async {
        // First of all: a signal must find its handler, and a port in use must fail before a connection is opened.
        let stop = ended()?;
        let listener = tokio::net::TcpListener::bind(settings.address)
            .await
            .map_err(|error| port_refused(&settings, &error))?;
        let address = listener.local_addr().or_fail(ExitStatus::Unexpected, "read the local address")?;
        let app = AppState::new(parts(config, &settings, keys, is_ready)?);
        let watching = tokio::spawn({
            let app = app.clone();
            async move { app.watch().await }
        });
        let scheme = if tls.is_some() { "https" } else { "http" };
        output::say(format!("serving {url} at {scheme}://{address}"));
        if !is_ready {
            note(settings.log.format, "waiting for the database; until it is available, requests get 503");
        }
        let described = format!("API reference: {scheme}://{address}/api/docs; press Ctrl-C to stop");
        note(settings.log.format, &described);
        let serving = Serving {
            connections: settings.max_concurrent_requests.saturating_mul(CONNECTIONS_A_REQUEST),
            // Behind a proxy all connections are of the proxy, which limits those of its clients.
            connections_of_one: (!settings.trust_proxy).then_some(settings.max_connections_per_address),
            grace: settings.shutdown_grace,
            patience: settings.client_timeout,
            pace: Pace::over(settings.client_timeout),
            tls,
        };
        let outcome = serve(listener, wrapped(&app, &settings), serving, stop).await;
        watching.abort();
        app.close();
        if outcome.cut_off > 0 {
            let said = format!(
                "closed {} connections whose requests did not finish within SHUTDOWN_GRACE",
                outcome.cut_off
            );
            note(settings.log.format, &said);
        }
        Ok::<_, CommandFailure>(())
    })?;
    // A blocking thread that still runs would race with the clean-up at exit. The wait is bounded, because a database that
    // does not respond would block it forever; the database rolls the transaction back.
    runtime.shutdown_timeout(PATIENCE_AT_END);
    note(settings.log.format, "stopped");
    Ok(ExitStatus::Done)
}

/// Executes this program again, in this process, with settings of glibc's allocator, which reads them at the start only.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn set_allocator() {
    use std::os::unix::process::CommandExt as _;

    let Some(settings) = allocator_settings() else { return };
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    let error = match std::env::current_exe() {
        // Returns only when it fails.
        Ok(program) => std::process::Command::new(program).arg0(name).args(arguments).envs(settings).exec(),
        Err(error) => error,
    };
    tracing::warn!(%error, "the allocator keeps its defaults: memory of large requests may not be given back");
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn set_allocator() {}

/// Prints a status message for the operator; with a JSON log it is a line of the log, so that every line is JSON.
fn note(format: LogFormat, text: &str) {
    match format {
        LogFormat::Text => output::note(text),
        LogFormat::Json => tracing::info!("{text}"),
    }
}

/// The router with its layers, and the metrics.
fn wrapped(app: &AppState, settings: &ServerSettings) -> axum::Router {
    let readers = match &settings.metrics {
        MetricsAccess::Loopback => metrics::Readers::Loopback { trust_proxy: settings.trust_proxy },
        MetricsAccess::Token(token) => metrics::Readers::WithToken(token.expose().into()),
        MetricsAccess::Open => metrics::Readers::All,
    };
    let metrics = metrics::endpoint(app.metrics(), readers, server::problem_response);
    let router = server::router(app.clone()).route("/metrics", metrics);
    let origins =
        settings.cors_origins.iter().filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok());
    layers::wrap(
        router,
        layers::LayerSettings {
            metrics: app.metrics(),
            problem: server::problem_response,
            cors_origins: origins.collect(),
            body_limit: settings.max_body_bytes,
            timeout: settings.request_timeout,
            concurrency: settings.max_concurrent_requests,
            unsent: UNSENT_BYTES,
            // Behind a proxy all clients have its address.
            unsent_of_one: if settings.trust_proxy { UNSENT_BYTES } else { UNSENT_BYTES / 2 },
            has_tls: settings.tls.is_some(),
        },
    )
}

fn parts(
    config: &Config,
    settings: &ServerSettings,
    keys: SigningKeys,
    is_ready: bool,
) -> Result<AppStateParts, CommandFailure> {
    let sign_in = &settings.sign_in;
    Ok(AppStateParts {
        url: config.database.value.clone(),
        pool: config.pool.settings(),
        pooler: settings.postgres.pooler,
        replica: settings.postgres.replica.clone().map(|url| (url, settings.postgres.replica_max_lag)),
        query_log: QueryLog { all: settings.log.queries, slow: settings.log.slow_query },
        is_ready,
        sign_in: SignInParts {
            keys,
            access_lifetime: sign_in.access_token_lifetime,
            refresh_lifetime: sign_in.refresh_token_lifetime,
            is_registration_open: sign_in.registration == Registration::Open,
            attempts: NonZeroU32::new(sign_in.attempts)
                .ok_or_else(|| CommandFailure::unexpected(anyhow::anyhow!("use SIGN_IN_ATTEMPTS")))?,
            cost: Cost::STANDARD,
        },
        trust_proxy: settings.trust_proxy,
        clock: Instant::now,
    })
}

/// The keys that sign tokens. Without SECRET_KEY, development uses a random key: its tokens end with the process.
fn signing_keys(config: &Config, settings: &ServerSettings) -> Result<SigningKeys, CommandFailure> {
    let environment: Environment = config.environment.value;
    let algorithm = settings.sign_in.algorithm;
    match config.server.secret_for(environment)? {
        Some(secret) => {
            let previous = settings.sign_in.previous_keys.iter().map(Secret::expose);
            SigningKeys::new(algorithm, secret.expose(), previous).map_err(|error| {
                Refusal {
                    text: format!("SECRET_KEY or SECRET_KEY_PREVIOUS cannot be used: {error}"),
                    status: ExitStatus::Configuration,
                    hint: "generate a key with `openssl rand -hex 32`".to_owned(),
                }
                .into()
            })
        }
        None => {
            note(
                settings.log.format,
                "SECRET_KEY is not set: using a random key; all tokens become invalid at the next restart",
            );
            SigningKeys::random(algorithm).or_fail(ExitStatus::Unexpected, "generate a signing key")
        }
    }
}

fn port_refused(settings: &ServerSettings, error: &std::io::Error) -> Refusal {
    Refusal {
        text: format!(
            "could not listen on port {} of {}: {error}",
            settings.address.port(),
            settings.address.ip()
        ),
        status: ExitStatus::Configuration,
        hint: "choose another port with --port; 0 selects any free port".to_owned(),
    }
}

/// Whether the database is ready. Only a new SQLite file gets its tables here: an existing database is never migrated by
/// `serve`. `false` when the server may become available later.
fn prepare(url: &DatabaseUrl, format: LogFormat) -> Result<bool, CommandFailure> {
    if matches!(url, DatabaseUrl::Sqlite(path) if !path.path().exists()) {
        note(format, &format!("creating {url}"));
        let mut connection = open(url, Access::Create, Purpose::Serve)?;
        migrations::apply(&mut connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {})?;
        migrations::ensure_identity(&mut connection)?;
    }
    match ready(url, &MIGRATIONS) {
        Ok(()) => Ok(true),
        Err(NotReady::Open(error)) if may_come(error.failure()) => Ok(false),
        Err(NotReady::Open(error)) => Err(error.into()),
        Err(NotReady::Migrations(error)) => Err(error.into()),
        Err(error @ NotReady::Empty) => Err(Refusal {
            text: error.to_string(),
            status: ExitStatus::Blocked,
            hint: "run `app db setup` to create them; `app config` shows the database".to_owned(),
        }
        .into()),
        Err(error @ NotReady::NotUpToDate { .. }) => Err(Refusal {
            text: error.to_string(),
            status: ExitStatus::Blocked,
            hint: "run `app db setup` to apply the pending migrations; `app db status` lists them".to_owned(),
        }
        .into()),
    }
}

/// Whether the database may become available later without a change of settings.
fn may_come(failure: Failure) -> bool {
    failure.is_transient()
        || matches!(
            failure,
            Failure::Refused | Failure::HostUnknown | Failure::Timeout | Failure::TooManyConnections
        )
}

/// Completes at Ctrl-C or, on Unix, SIGTERM. The handlers are installed by the call itself.
fn ended() -> Result<impl Future<Output = ()> + Send + 'static, CommandFailure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate =
            signal(SignalKind::terminate()).or_fail(ExitStatus::Unexpected, "watch for SIGTERM")?;
        let mut interrupt =
            signal(SignalKind::interrupt()).or_fail(ExitStatus::Unexpected, "watch for Ctrl-C")?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
