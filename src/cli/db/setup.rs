//! `app db setup`

use anyhow::Context as _;

use crate::cli::output;
use crate::config::Config;
use crate::migrations::MIGRATIONS;
use databases::error::ExitStatus;
use databases::migrations::{self, ChangedPolicy};
use databases::open::Access;

/// Make the configured database ready: create what is missing, apply every migration.
///
/// Changes nothing when all is there. Of several that start at once, one does the work. The PostgreSQL database
/// itself must exist; a SQLite file is created.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  app db setup --database-url sqlite:app.db")]
pub(crate) struct Args {
    /// Print the SQL and change nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
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
    migrations::ensure_identity(&mut connection).context("give the database an identity")?;
    match applied {
        0 => output::say(format!("{url} is ready; nothing was to be done")),
        _ => output::say(format!("{url} is ready")),
    }
    Ok(ExitStatus::Done)
}
