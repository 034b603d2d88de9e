//! `app db import`

use super::choices::{self, Choices};
use super::flags::{CopyCommand, CopyFlags};
use crate::cli::color::Stream;
use crate::cli::failure::CommandFailure;
use crate::cli::{interrupt, output};
use crate::config::Config;
use databases::error::ExitStatus;
use import::planner::{ImportPlanner, PlannerOptions};
use import::report::{Assessment, NextSteps, TextOptions, text};

/// Import any SQLite database into PostgreSQL and verify every value
///
/// Reads one snapshot of the file, which is never changed, and runs `app db assess` first. Creates the tables, copies the
/// rows, creates keys, indexes and foreign keys, and compares every value of every row. A row that cannot be inserted is
/// rejected with its values and the reason; a constraint, index or view that PostgreSQL refuses is skipped and reported.
/// Run it again to continue a run that was killed. Exits with 0 only when everything of the source is in the target and
/// verified, and with 40 when rows were rejected or objects skipped.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db import legacy.db                        into DATABASE_URL, if that is PostgreSQL
  app db import legacy.db --dry-run              print the plan
  app db import legacy.db --schema legacy --config decisions.toml
  app db import legacy.db --data-only            into tables that the application's migrations created

The target is DATABASE_URL if that is PostgreSQL. Keep its password there or in .env: all users of a machine can read
arguments.")]
pub(crate) struct Args {
    /// The SQLite file.
    file: String,
    /// The target. Default: DATABASE_URL, if that is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    #[command(flatten)]
    choices: Choices,
    /// Copy rows only, into existing tables: names are matched, types are those of the target.
    #[arg(long)]
    data_only: bool,
    /// With --data-only: empty the tables of the target first. Asks for confirmation.
    #[arg(long, requires = "data_only")]
    clear: bool,
    /// With --data-only: refresh the materialized views of the schema at the end. Default: they are named.
    #[arg(long, requires = "data_only")]
    refresh_views: bool,
    /// Only these tables of the source, separated by commas. With --data-only also those of a migration tool, which are
    /// otherwise never changed. Default: all others.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    tables: Vec<String>,
    #[command(flatten)]
    pub(super) flags: CopyFlags,
}

/// The assessment within an import, which goes on by itself.
const STEPS: NextSteps = NextSteps { assess: None, import: None, ..super::assess::STEPS };

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let stop = interrupt::watch()?;
    let mut decisions = args.choices.decisions()?;
    if !args.tables.is_empty() {
        decisions.only = args.tables.clone();
    }
    let source = choices::source(&args.file)?;
    let target = super::target(args.postgres.as_deref(), config)?;
    let progress = args.flags.progress.display();
    let command = CopyCommand {
        source: &source,
        target: &target,
        config_file: args.choices.config_file(),
        verify_only: false,
        hint: "correct these rows in the target, or create its tables again with `app db import --restart`",
        stop: &stop,
        progress: &progress,
    };
    let survey = |of_survey| progress.show_survey(of_survey);
    let assessed = |assessment: &Assessment| {
        progress.end();
        let options = TextOptions { width: 100, colour: Stream::Error.has_colors(), all: false };
        output::note_styled(text(assessment, &STEPS, options).trim_end());
    };
    let options = PlannerOptions {
        data_only: args.data_only,
        clear: args.clear,
        refresh_views: args.refresh_views,
        restart: args.flags.restart,
        compares_only: false,
    };
    let mut planner = ImportPlanner::new(decisions, options, &survey, &assessed);
    args.flags.run(&mut planner, &command)
}
