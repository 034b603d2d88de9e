//! `app db redo`

use crate::cli::failure::CommandFailure;
use crate::cli::output;
use crate::config::Config;
use crate::migrations::MIGRATIONS;
use databases::error::ExitStatus;
use databases::migrations::{self, ChangedPolicy, Extent};
use databases::open::Access;

/// Revert the newest migration and apply it again
///
/// When tables that contain rows would be dropped, the number of rows is printed and the command asks for
/// confirmation. Exits with 0 when the migration is applied again, 10 without confirmation or when a
/// sync has attached its change log, 21 when the database fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  app db redo --dry-run")]
pub(crate) struct Args {
    /// Print the SQL and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Confirm the deletion of rows without a prompt
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let access = if args.dry_run { Access::Read } else { Access::Write };
    let mut connection = super::connect(config, access)?;
    let newest = Extent::Steps(1);
    let (steps, losses) = migrations::plan_revert(&mut connection, &MIGRATIONS, &newest)?;
    if args.dry_run {
        super::show_sql(&steps, |migration| migration.down);
        super::show_sql(&steps, |migration| migration.up);
        return Ok(ExitStatus::Done);
    }
    super::agree_to_losses(&losses, args.yes)?;
    migrations::revert(&mut connection, &MIGRATIONS, &newest, !losses.is_empty(), &mut |migration| {
        output::say(format!("reverted {migration}"));
    })?;
    let version = steps.first().map(|migration| migration.version);
    migrations::apply(&mut connection, &MIGRATIONS, version, ChangedPolicy::Refuse, &mut |migration| {
        output::say(format!("applied {migration}"));
    })?;
    Ok(ExitStatus::Done)
}
