//! `app db import`

use std::time::Instant as Clock;

use anyhow::Context as _;

use super::carry_out::{Flags, Planner, Subject, Work, carry_out};
use super::choices::{self, Choices};
use super::copy_report;
use crate::cli::color::Stream;
use crate::cli::{interrupt, output};
use crate::config::Config;
use databases::catalog::Catalog;
use databases::error::ExitStatus;
use databases::url::PostgresUrl;
use import::decisions::{Decisions, Orphans};
use import::import::{Import, ImportOptions, cleared, import};
use import::report::{TextOptions, text};
use import::{assess, existing, survey};
use transfer::copy::{CopyError, Plan, Source, Target, assemble};
use transfer::verify::OnlyInTarget;

/// The schema when none is chosen.
const DEFAULT_SCHEMA: &str = "public";

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
    flags: Flags,
}

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let stop = interrupt::watch()?;
    let decisions = args.choices.decisions()?;
    let source = choices::source(&args.file)?;
    let target = super::target(args.postgres.as_deref(), config)?;
    carry_out(&mut Importer { args, decisions }, &args.flags, &stop, &source, &target)
}

struct Importer<'a> {
    args: &'a Args,
    decisions: Decisions,
}

impl Importer<'_> {
    fn schema(&self) -> &str {
        self.decisions.schema.as_deref().unwrap_or(DEFAULT_SCHEMA)
    }
}

impl Planner for Importer<'_> {
    fn writes(&self) -> bool {
        !self.args.flags.dry_run
    }

    fn open_target(&self, url: &PostgresUrl) -> Result<Target, CopyError> {
        Target::open_in(url, self.schema())
    }

    fn plan(
        &mut self,
        work: &mut Work<'_>,
        source: &mut Source,
        target: &mut Target,
    ) -> anyhow::Result<Result<(Plan, Subject), ExitStatus>> {
        let began = Clock::now();
        let args = self.args;
        let existing = match args.data_only {
            true => Some(existing::read(target, self.schema())?),
            false => None,
        };
        let reading = output::Reading::new("assess");
        let progress = |progress| reading.show(progress);
        let survey = survey::survey(source, &self.decisions, existing.as_deref(), work.stop, &progress)?;
        reading.finish();
        let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let size_bytes = source.snapshot().size_bytes;
        let assessment = assess::assessment(&survey, work.report.source.clone(), size_bytes, elapsed_ms);
        let options = TextOptions { width: 100, colour: Stream::Error.has_colors(), all: false };
        output::note_styled(text(&assessment, options).trim_end());
        let options = ImportOptions {
            orphans: self.decisions.orphans,
            data_only: args.data_only,
            restart: args.flags.restart,
            clear: args.clear,
        };
        let Import { given, compared, request } = import(&survey, options);
        let plan = assemble(source, target, given, &request, work.stop)?;
        work.go_on()?;
        copy_report::show_plan(&plan, &work.report.source, &work.report.target);
        work.report.take_plan(&plan, false);
        work.report.assessment = Some(serde_json::to_value(&assessment)?);
        if !plan.blockers().is_empty() {
            output::note("nothing was written");
            return Ok(Err(ExitStatus::Blocked));
        }
        if args.flags.dry_run {
            if !args.flags.json {
                copy_report::show_dry_run(&plan);
            }
            return Ok(Err(ExitStatus::Done));
        }
        let subject = Subject {
            tables: plan.tables.iter().map(|plan| plan.table).collect(),
            compared,
            expected: Catalog::default(),
            only_in_target: OnlyInTarget::Different,
            objects: survey
                .statements
                .iter()
                .map(|statement| statement.table.clone())
                .chain(survey.conversion.tables.iter().map(|table| table.target.clone()))
                .collect(),
            is_partial: survey.is_partial(),
            cleared: match self.decisions.orphans {
                Orphans::Null => cleared(&survey, source).context("read the values that are cleared")?,
                Orphans::NotValid | Orphans::Quarantine | Orphans::Stop => Vec::new(),
            },
            hint: "correct these rows in the target, or make its tables anew with `app db import --restart`",
        };
        Ok(Ok((plan, subject)))
    }
}
