//! `app db setup`

use crate::cli::failure::CommandFailure;
use crate::cli::output;
use crate::config::Config;
use crate::migrations::MIGRATIONS;
use databases::error::ExitStatus;
use databases::migrations::{self, ChangedPolicy};
use databases::open::Access;

/// Create missing tables by applying every pending migration
///
/// Reads the state of the migrations and applies those that are pending. A SQLite file that does not exist is
/// created; a PostgreSQL database must exist. Without pending migrations nothing changes. Concurrent calls apply each
/// migration once. Exits with 0 when all migrations are applied, 10 when applied ones are changed or unknown, or when
/// some are pending and a sync has attached its change log, 21 when the database fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  app db setup --database-url sqlite:app.db")]
pub(crate) struct Args {
    /// Print the SQL and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let url = &config.database.value;
    if args.dry_run {
        return super::migrate::dry_run(config, None, ChangedPolicy::Refuse);
    }
    let mut connection = super::connect(config, Access::Create)?;
    let mut applied = 0;
    migrations::apply(&mut connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |migration| {
        applied += 1;
        output::say(format!("applied {migration}"));
    })?;
    migrations::ensure_identity(&mut connection)?;
    match applied {
        0 => output::say(format!("{url} is ready; no migration was pending")),
        _ => output::say(format!("{url} is ready")),
    }
    Ok(ExitStatus::Done)
}
