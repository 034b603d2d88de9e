//! `app db health`

use std::time::Instant as Clock;

use crate::cli::failure::CommandFailure;
use crate::cli::output;
use crate::config::Config;
use crate::migrations::MIGRATIONS;
use databases::error::ExitStatus;
use databases::health::check;
use databases::open::Access;

/// Check the connection, latency and migrations of the database
///
/// Reads the configured database and writes nothing. Exits with 0 when it is reachable and all migrations are applied,
/// 11 when migrations are pending, changed or unknown, 21 when the database fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  app db health --json")]
pub(crate) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let began = Clock::now();
    let mut connection = super::connect(config, Access::Read)?;
    let connect_ms = began.elapsed().as_millis();
    let health = check(&mut connection, &MIGRATIONS, None)?;
    if args.json {
        output::json(&health)?;
    } else {
        let counts = health.migrations;
        output::say(format!("status      {}", health.status));
        output::say(format!("database    {} ({})", config.database.value, health.backend));
        output::say(format!("latency     {:.2} ms, after {connect_ms} ms to connect", health.latency_ms));
        output::say(format!(
            "migrations  {} applied, {} pending, {} changed, {} unknown",
            counts.applied, counts.pending, counts.changed, counts.unknown
        ));
    }
    if !health.is_ok() {
        output::note("see `app db status`; apply pending migrations with `app db setup`");
        return Ok(ExitStatus::Warned);
    }
    Ok(ExitStatus::Done)
}
