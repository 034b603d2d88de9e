//! `app serve`

use anyhow::Context as _;

use super::explain::Refusal;
use super::output;
use crate::config::Config;
use crate::db::migrations::{self, ChangedPolicy, State};
use crate::db::open::{Access, Purpose, open};
use crate::db::pool::Pool;
use crate::db::url::DatabaseUrl;
use crate::error::ExitStatus;
use crate::server::{self, AppState};
use crate::values::Instant;

/// Run the application on the configured database.
///
/// A SQLite file that does not exist is created. Sign-in is not built yet, so it listens on the loopback
/// interface only. GET /health tells whether all is well; tasks are at /api/tasks. Ctrl-C finishes the requests at
/// hand and ends.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app serve                          on ./backoffice.db, port 8000
  app serve --port 0                 on any free port
  DATABASE_URL=postgresql://localhost/app app serve")]
pub(super) struct Args {
    /// The port to listen on (0: any free one). Default: PORT, or 8000.
    #[arg(long, value_name = "PORT")]
    pub(super) port: Option<u16>,
}

pub(super) fn run(_args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let url = &config.database.value;
    prepare(url)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("start the runtime")?;
    runtime.block_on(async {
        // Before anything is opened: a signal must find somebody who listens, and a port in use no connections.
        let stop = ended()?;
        let listener =
            server::listen(config.port.value).await.map_err(|error| port_refused(config, &error))?;
        let pool = Pool::new(url.clone(), config.pool.settings())?;
        let state = AppState::new(pool.clone(), Instant::now);
        let address = listener.local_addr().context("ask for the port")?;
        output::say(format!("serving {url} at http://{address}"));
        output::note("loopback only: sign-in is not built yet. Ctrl-C ends it.");
        let outcome = server::serve(listener, state, stop).await.context("serve");
        pool.close();
        outcome
    })?;
    output::note("ended");
    Ok(ExitStatus::Done)
}

fn port_refused(config: &Config, error: &std::io::Error) -> Refusal {
    Refusal {
        text: format!("could not listen on port {}: {error}", config.port.value),
        status: ExitStatus::Configuration,
        hint: "choose another with --port, or 0 for any free one".to_owned(),
    }
}

/// A new SQLite file gets its tables; any other database must have them, for nobody asked to change it.
fn prepare(url: &DatabaseUrl) -> anyhow::Result<()> {
    let is_new = matches!(url, DatabaseUrl::Sqlite(path) if !path.path().exists());
    let mut connection = open(url, Access::Create, Purpose::Serve)?;
    if is_new {
        output::note(format!("creating {url}"));
        migrations::apply(&mut connection, None, ChangedPolicy::Refuse, &mut |_| {})?;
        migrations::ensure_identity(&mut connection).context("give the database an identity")?;
    }
    let entries = migrations::status(&mut connection)?;
    let wrong: Vec<String> =
        entries.iter().filter(|entry| entry.state != State::Applied).map(ToString::to_string).collect();
    if !wrong.is_empty() {
        return Err(Refusal {
            text: format!("the database is not up to date with this program: {}", wrong.join(", ")),
            status: ExitStatus::Blocked,
            hint: "see `app db status`; bring it up to date with `app db setup`".to_owned(),
        }
        .into());
    }
    Ok(())
}

/// Ends with Ctrl-C or, on Unix, SIGTERM; from the call on, both are waited for.
fn ended() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("watch for SIGTERM")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("watch for Ctrl-C")?;
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
