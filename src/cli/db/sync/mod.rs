//! `app db sync`

mod metrics;
mod show;

use std::net::SocketAddr;
use std::time::Duration;

use self::metrics::SyncMetrics;
use self::show::Show;
use super::choices::{self, Choices};
use super::copy_report::Terminal;
use crate::cli::failure::{CommandFailure, Refusal};
use crate::cli::progress::ProgressArgs;
use crate::cli::{hints, interrupt, output};
use crate::config::Config;
use crate::registry::application;
use databases::error::ExitStatus;
use databases::migrations::identity;
use databases::open::{Access, open_sqlite};
use databases::url::{PostgresUrl, SqlitePath};
use import::decisions::{Decisions, OrphanPolicy};
use import::planner::{ImportPlanner, PlannerOptions};
use sync::{FirstCopy, SyncError, SyncSettings, detach, plan_capture, recapture, status_of, sync};
use transfer::plan::{OnError, Options};
use transfer::run::{ApplicationPlanner, CallerError, Confirmation, RunSettings};

/// Keep PostgreSQL at a recent state of a SQLite file while others go on writing to the file
///
/// Adds a change log and triggers to the file, copies what is missing, and compares every value of every row. Then applies
/// every change that any program commits, as it is committed, until Ctrl-C: the target always has a state that the source
/// really had. Run it again to go on, also after a kill. Foreign keys of the target are not in force meanwhile; --detach
/// removes everything from the file and puts them back.
///
/// Exits with 0 when both sides are equal and verified (--once), 10 when the source or the target cannot be followed as they
/// are, 20 or 21 when the source or the target fails, 30 when the comparison found differences, 40 when rows were rejected, and
/// 50 after Ctrl-C.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db sync                                   from DB_PATH or ./backoffice.db to DATABASE_URL
  app db sync --sqlite shop.db --dry-run        print what is added to the file
  app db sync --sqlite shop.db                  a file of any application: it is imported first
  app db sync --sqlite shop.db --once           apply what is missing, compare, and end
  app db sync --sqlite shop.db --status
  app db sync --sqlite shop.db --detach

The target is DATABASE_URL if that is PostgreSQL. Keep its password there or in .env: all users of a machine can read
arguments.")]
pub(crate) struct Args {
    /// The source. A file of another application is imported first. Default: the SQLite file the settings name (see
    /// `app config`).
    #[arg(long, value_name = "PATH")]
    sqlite: Option<String>,
    /// The source, as a database of another application, whatever it is.
    #[arg(long, value_name = "FILE", conflicts_with = "sqlite")]
    import: Option<String>,
    /// The target. Default: DATABASE_URL, if that is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    #[command(flatten)]
    choices: Choices,
    /// Apply what is missing, compare every value, and end: with 0 if both sides are equal.
    #[arg(long)]
    once: bool,
    /// Print where the sync stands, and change nothing.
    #[arg(long, conflicts_with_all = ["once", "detach", "recapture", "dry_run"])]
    status: bool,
    /// Remove the change log and its triggers from the source, and put the foreign keys of the target back. Changes that
    /// are not applied yet are not in the target. With --yes also where the source is followed by another target, which does
    /// not exist any more.
    #[arg(long, conflicts_with_all = ["once", "recapture", "dry_run"])]
    detach: bool,
    /// Capture these tables of the source anew, separated by commas, after their definitions were changed. The next sync
    /// replaces their rows.
    #[arg(long, value_name = "A,B", value_delimiter = ',', conflicts_with = "dry_run")]
    recapture: Vec<String>,
    /// Print the statements that would be executed in the source, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// What happens with a row that cannot be inserted: `stop` ends the sync, `skip` rejects the row with the reason.
    /// Default: skip for a file of another application, else stop.
    #[arg(long, value_name = "WHAT")]
    on_error: Option<OnErrorArg>,
    /// Compare both sides again and again while changes are applied, with this pause between: 30m, 1h. Default: never.
    #[arg(long, value_name = "TIME", value_parser = parse_duration, conflicts_with = "once")]
    verify_every: Option<Duration>,
    /// The number of connections that copy and compare in parallel. Default: the number of processors, at most 4.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    jobs: Option<u8>,
    /// Serve Prometheus metrics at /metrics of this address while changes are applied. They need no password: use an
    /// address that only the monitoring reaches. Default: no metrics.
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["once", "status", "detach", "dry_run"])]
    metrics: Option<SocketAddr>,
    /// Print where values differ, without the values.
    #[arg(long)]
    no_values: bool,
    /// Confirm without a prompt: the loss of rows of the target; with --detach, the removal of a change log that another
    /// target follows.
    #[arg(long)]
    yes: bool,
    /// Print the report as JSON; everything else goes to standard error, where following prints one object a second.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub(in crate::cli::db) progress: ProgressArgs,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum OnErrorArg {
    Stop,
    Skip,
}

/// A number with a unit: `90s`, `30m`, `1h`.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a time: write 90s, 30m or 1h");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return Err(wrong()),
    };
    let number: u64 = text.trim_end_matches(unit).parse().map_err(|_error| wrong())?;
    let seconds = number.checked_mul(seconds).filter(|seconds| *seconds > 0).ok_or_else(wrong)?;
    Ok(Duration::from_secs(seconds))
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let stop = interrupt::watch()?;
    let (source, target) = args.sides(config)?;
    let decisions = args.choices.decisions()?;
    let is_foreign = args.import.is_some() || !is_of_the_application(&source)?;
    let schema = decisions.schema.clone();
    let progress = args.progress.display();
    let terminal = Terminal::new(&source, &target, args.json, &progress);
    let show = Show::new(args.json, args.metrics.map(SyncMetrics::serve).transpose()?);
    let confirm = |confirmation: &Confirmation<'_>| {
        let question = match confirmation {
            Confirmation::LoseRows(_) => "Rows of the target named above are lost.",
            Confirmation::OverwriteRows(_) => {
                "The tables of the target that differ are replaced by those of the source: what was changed there is lost."
            }
        };
        super::agree(question, args.yes).map_err(|refusal| -> CallerError { Box::new(refusal) })
    };
    let on_error = match (args.on_error, is_foreign) {
        (Some(OnErrorArg::Stop), _) | (None, false) => OnError::Stop,
        (Some(OnErrorArg::Skip), _) | (None, true) => OnError::Skip,
    };
    let settings = SyncSettings {
        run: RunSettings {
            jobs: super::jobs(args.jobs),
            show_values: !args.no_values,
            confirm: &confirm,
            stop: &stop,
            words: &hints::words,
            observer: &terminal,
            ..RunSettings::new(&source, &target)
        },
        application,
        schema: if is_foreign { Some(schema.as_deref().unwrap_or("public")) } else { None },
        once: args.once,
        on_error,
        verify_every: args.verify_every,
        observer: &show,
    };
    if args.status {
        return show::status(&status_of(&settings)?, args.json);
    }
    if args.detach {
        return show::detached(&detach(&settings, args.yes)?, args.json);
    }
    if !args.recapture.is_empty() {
        recapture(&settings, &args.recapture)?;
        output::note(format!("captured anew: {}", args.recapture.join(", ")));
    }
    let survey = |of_survey| progress.show_survey(of_survey);
    match is_foreign {
        true => {
            refuse_orphan_policy(&decisions)?;
            let assessed = |_: &import::report::Assessment| progress.end();
            let options = PlannerOptions::default();
            args.sync(&mut ImportPlanner::new(decisions, options, &survey, &assessed), &settings)
        }
        false => {
            let options = Options { on_error, ..Options::default() };
            args.sync(&mut ApplicationPlanner { application: application(), options }, &settings)
        }
    }
}

impl Args {
    fn sides(&self, config: &Config) -> Result<(SqlitePath, PostgresUrl), CommandFailure> {
        match &self.import {
            Some(file) => Ok((choices::source(file)?, super::target(self.postgres.as_deref(), config)?)),
            None => super::sides(self.sqlite.as_deref(), self.postgres.as_deref(), config),
        }
    }

    fn sync(
        &self,
        planner: &mut dyn FirstCopy,
        settings: &SyncSettings<'_>,
    ) -> Result<ExitStatus, CommandFailure> {
        if self.dry_run {
            let mut source = open_sqlite(settings.run.source, Access::Read)?;
            return show::plan(&plan_capture(&mut source, planner)?, self.json);
        }
        let (report, outcome) = sync(planner, settings);
        if self.json {
            output::json(&report)?;
        }
        show::end(&report, &outcome);
        Ok(outcome?)
    }
}

/// Whether the file is a database of the application.
fn is_of_the_application(path: &SqlitePath) -> Result<bool, CommandFailure> {
    let mut source = open_sqlite(path, Access::Read)?;
    let found =
        identity(&mut source).map_err(|source| SyncError::UseSource { what: "read the identity", source })?;
    Ok(found.is_some())
}

/// A value that becomes NULL, or a row that is rejected, because another row is missing changes with that other row: no
/// change of its own is logged then.
fn refuse_orphan_policy(decisions: &Decisions) -> Result<(), Refusal> {
    match decisions.orphans {
        OrphanPolicy::NotValid | OrphanPolicy::Stop => Ok(()),
        OrphanPolicy::Null | OrphanPolicy::Quarantine => Err(Refusal {
            text: "a sync cannot have --orphans null or quarantine: whether a row refers to a missing row changes without it"
                .to_owned(),
            status: ExitStatus::Configuration,
            hint: "use --orphans not-valid, which copies these rows".to_owned(),
        }),
    }
}
