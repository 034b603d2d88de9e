//! `app db rollback`

use crate::cli::output;
use crate::config::Config;
use crate::migrations::MIGRATIONS;
use databases::error::ExitStatus;
use databases::migrations::{self, Extent};
use databases::open::Access;

/// Take back migrations of the configured database, newest first.
///
/// What would be lost with them is told first, and asked about.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db rollback                          the newest
  app db rollback --steps 2 --dry-run      print the SQL for the two newest
  app db rollback --to 20250203090000      all after this one
  app db rollback --all --yes              everything, without being asked")]
pub(crate) struct Args {
    /// How many migrations to take back.
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with_all = ["to", "all"])]
    steps: usize,
    /// The migration to go back to, which stays applied: version or title.
    #[arg(long, value_name = "VERSION", conflicts_with = "all")]
    to: Option<String>,
    /// Take back every migration.
    #[arg(long)]
    all: bool,
    /// Print the SQL and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Agree to losing rows without being asked.
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
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
            output::note(format!("would be lost: {} rows of {}", output::count(loss.row_count), loss.table));
        }
        return Ok(ExitStatus::Done);
    }
    if steps.is_empty() {
        output::say("nothing is to be taken back");
        return Ok(ExitStatus::Done);
    }
    super::agree_to_losses(&losses, args.yes)?;
    migrations::revert(&mut connection, &MIGRATIONS, &extent, !losses.is_empty(), &mut |migration| {
        output::say(format!("took back {migration}"));
    })?;
    Ok(ExitStatus::Done)
}
