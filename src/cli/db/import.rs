//! `app db import`

use databases::error::ExitStatus;
use import::planner::{ImportPlanner, PlannerOptions};
use import::report::{Assessment, TextOptions, text};

use super::choices::{self, Choices};
use super::flags::{CopyCommand, CopyFlags};
use crate::cli::color::Stream;
use crate::cli::{interrupt, output};
use crate::config::Config;

/// Bring any SQLite database into PostgreSQL: convert its schema, copy every row, and prove it.
///
/// Reads one snapshot of the file, which is never changed, and does all of `app db assess` first. Makes the tables,
/// copies, builds keys, indexes and foreign keys, and compares every value of every row. A row that cannot go in is set
/// aside with every value and the reason; a constraint, index or view that cannot be is named. Running it again
/// continues a run that was killed. Exits with 0 only when everything of the source is in the target and verified, and
/// with 40 when it is all but what was named.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db import legacy.db                        into DATABASE_URL, when that is PostgreSQL
  app db import legacy.db --dry-run              what would happen
  app db import legacy.db --schema legacy --config decisions.toml
  app db import legacy.db --data-only            into tables that the application's own migrations made

The target is DATABASE_URL when that is PostgreSQL. Keep its password there or in .env: arguments are seen by all
users of a machine.")]
pub(crate) struct Args {
    /// The SQLite file.
    file: String,
    /// The target. Default: DATABASE_URL, when it is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    #[command(flatten)]
    choices: Choices,
    /// Copy rows only, into tables that are there: names are matched, types are those of the target.
    #[arg(long)]
    data_only: bool,
    /// With --data-only: empty the tables of the target first. Asks.
    #[arg(long, requires = "data_only")]
    clear: bool,
    #[command(flatten)]
    pub(super) flags: CopyFlags,
}

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let stop = interrupt::watch()?;
    let decisions = args.choices.decisions()?;
    let source = choices::source(&args.file)?;
    let target = super::target(args.postgres.as_deref(), config)?;
    let progress = args.flags.progress.display();
    let command = CopyCommand {
        source: &source,
        target: &target,
        verify_only: false,
        hint: "correct these rows in the target, or make its tables anew with `app db import --restart`",
        stop: &stop,
        progress: &progress,
    };
    let survey = |of_survey| progress.show_survey(of_survey);
    let assessed = |assessment: &Assessment| {
        progress.end();
        let options = TextOptions { width: 100, colour: Stream::Error.has_colors(), all: false };
        output::note_styled(text(assessment, options).trim_end());
    };
    let options =
        PlannerOptions { data_only: args.data_only, clear: args.clear, restart: args.flags.restart };
    let mut planner = ImportPlanner::new(decisions, options, &survey, &assessed);
    args.flags.run(&mut planner, &command)
}
