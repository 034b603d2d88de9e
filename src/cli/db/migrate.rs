//! `app db migrate`

use crate::cli::failure::CommandFailure;
use crate::cli::output;
use crate::config::Config;
use crate::migrations::MIGRATIONS;
use databases::error::ExitStatus;
use databases::migrations::{self, ChangedPolicy};
use databases::open::Access;

/// Apply pending migrations to the configured database
///
/// Each migration runs in its own transaction; when one fails, those before it remain applied. Exits with 0 when the
/// migrations are applied, 2 when `--to` names none, 10 when applied ones are changed or unknown, when a sync has attached
/// its change log, or when rows violate a constraint of a migration, 21 when the database fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db migrate --dry-run                 print the SQL that would run
  app db migrate --to 20250303090000       up to and including this version (or its title)")]
pub(crate) struct Args {
    /// Last migration to apply: version or title [default: the newest]
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    /// Print the SQL and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Record the new checksums of migrations whose files changed after they were applied
    #[arg(long)]
    accept_changed: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let changed = if args.accept_changed { ChangedPolicy::Accept } else { ChangedPolicy::Refuse };
    if args.dry_run {
        return dry_run(config, args.to.as_deref(), changed);
    }
    let mut connection = super::connect(config, Access::Write)?;
    let mut applied = 0;
    migrations::apply(&mut connection, &MIGRATIONS, args.to.as_deref(), changed, &mut |migration| {
        applied += 1;
        output::say(format!("applied {migration}"));
    })?;
    if applied == 0 {
        output::say("no migration is pending");
    }
    Ok(ExitStatus::Done)
}

/// Prints the SQL of the migrations that would be applied.
pub(super) fn dry_run(
    config: &Config,
    to: Option<&str>,
    changed: ChangedPolicy,
) -> Result<ExitStatus, CommandFailure> {
    let mut connection = super::connect(config, Access::Read)?;
    let plan = migrations::plan_apply(&mut connection, &MIGRATIONS, to, changed)?;
    super::show_sql(&plan, |migration| migration.up);
    Ok(ExitStatus::Done)
}
