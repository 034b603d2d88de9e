//! `app db rollback`

use crate::cli::failure::CommandFailure;
use crate::cli::output;
use crate::config::Config;
use crate::migrations::MIGRATIONS;
use databases::error::ExitStatus;
use databases::migrations::{self, Extent};
use databases::open::Access;

/// Revert migrations of the configured database, newest first
///
/// Runs the `down.sql` of each, in its own transaction. When tables that contain rows or columns that contain values would
/// be dropped, the number of rows is printed and the command asks for confirmation. Exits with 0 when the migrations are
/// reverted, 2 when `--to` names none, 10 without confirmation, when none is applied or one is unknown, when a sync has
/// attached its change log, or when rows violate a constraint of the version before, 21 when the database fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db rollback                          the newest
  app db rollback --steps 2 --dry-run      print the SQL for the two newest
  app db rollback --to 20250203090000      all after this one
  app db rollback --all --yes              every migration, without a prompt")]
pub(crate) struct Args {
    /// Number of migrations to revert
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with_all = ["to", "all"])]
    steps: usize,
    /// Revert the migrations after this one, which remains applied: version or title
    #[arg(long, value_name = "VERSION", conflicts_with = "all")]
    to: Option<String>,
    /// Revert every migration
    #[arg(long)]
    all: bool,
    /// Print the SQL and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Confirm the deletion of rows without a prompt
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let extent = match &args.to {
        Some(version) => Extent::To(version.clone()),
        None if args.all => Extent::All,
        None => Extent::Steps(args.steps),
    };
    let access = if args.dry_run { Access::Read } else { Access::Write };
    let mut connection = super::connect(config, access)?;
    let (steps, losses) = migrations::plan_revert(&mut connection, &MIGRATIONS, &extent)?;
    if args.dry_run {
        super::show_sql(&steps, |migration| migration.down);
        for loss in &losses {
            let rows = output::count(loss.row_count);
            output::note(match loss.column {
                Some(_) => format!("would be deleted: the values of {loss} in {rows} rows"),
                None => format!("would be deleted: {rows} rows of {loss}"),
            });
        }
        return Ok(ExitStatus::Done);
    }
    if steps.is_empty() {
        output::say("no migration to revert");
        return Ok(ExitStatus::Done);
    }
    super::agree_to_losses(&losses, args.yes)?;
    migrations::revert(&mut connection, &MIGRATIONS, &extent, !losses.is_empty(), &mut |migration| {
        output::say(format!("reverted {migration}"));
    })?;
    Ok(ExitStatus::Done)
}
