//! `app db import`

use std::error::Error;
use std::time::Instant as Clock;

use super::choices::{self, Choices};
use super::flags::{CopyCommand, CopyFlags};
use crate::cli::color::Stream;
use crate::cli::explain::Refusal;
use crate::cli::{interrupt, output};
use crate::config::Config;
use databases::catalog::Catalog;
use databases::error::ExitStatus;
use databases::url::PostgresUrl;
use import::decisions::{Decisions, Orphans};
use import::existing::ExistingError;
use import::import::{Import, ImportOptions, cleared, import};
use import::report::{TextOptions, text};
use import::survey::Survey;
use import::{assess, existing, survey};
use transfer::copy::{Control, CopyError, Plan, Source, Target, assemble};
use transfer::run::{CallerError, Planner, RunError, RunSubject};
use transfer::table::Table;
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
    flags: CopyFlags,
}

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let stop = interrupt::watch()?;
    let decisions = args.choices.decisions()?;
    let source = choices::source(&args.file)?;
    let target = super::target(args.postgres.as_deref(), config)?;
    let command = CopyCommand {
        source: &source,
        target: &target,
        verify_only: false,
        hint: "correct these rows in the target, or make its tables anew with `app db import --restart`",
        stop: &stop,
    };
    let mut importer = Importer { args, decisions, source: source.to_string(), planned: None };
    args.flags.run(&mut importer, &command)
}

/// Plans the import of a database that is not the application's.
struct Importer<'a> {
    args: &'a Args,
    decisions: Decisions,
    source: String,
    planned: Option<ImportBasis>,
}

/// What the plan was made of.
struct ImportBasis {
    survey: Survey,
    compared: Vec<&'static dyn Table>,
    assessment: serde_json::Value,
}

impl Importer<'_> {
    fn schema(&self) -> &str {
        self.decisions.schema.as_deref().unwrap_or(DEFAULT_SCHEMA)
    }
}

impl Planner for Importer<'_> {
    fn open_target(&self, url: &PostgresUrl) -> Result<Target, CopyError> {
        Target::open_in(url, self.schema())
    }

    fn plan(
        &mut self,
        source: &mut Source,
        target: &mut Target,
        control: Control<'_>,
    ) -> Result<Plan, RunError> {
        let began = Clock::now();
        let args = self.args;
        let existing = match args.data_only {
            true => Some(existing::read(target, self.schema()).map_err(of_existing)?),
            false => None,
        };
        let reading = output::Reading::new("assess");
        let progress = |progress| reading.show(progress);
        let survey = survey::survey(source, &self.decisions, existing.as_deref(), control.stop, &progress)
            .map_err(|error| -> CallerError { Box::new(error) })?;
        reading.finish();
        let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let size_bytes = source.snapshot().size_bytes;
        let assessment = assess::assessment(&survey, self.source.clone(), size_bytes, elapsed_ms);
        let options = TextOptions { width: 100, colour: Stream::Error.has_colors(), all: false };
        output::note_styled(text(&assessment, options).trim_end());
        let options = ImportOptions {
            orphans: self.decisions.orphans,
            data_only: args.data_only,
            restart: args.flags.restart,
            clear: args.clear,
        };
        let Import { given, compared, request } = import(&survey, options);
        let assessment = serde_json::to_value(&assessment)?;
        self.planned = Some(ImportBasis { survey, compared, assessment });
        Ok(assemble(source, target, given, &request, control)?)
    }

    fn subject(&mut self, plan: &Plan, source: &mut Source) -> Result<RunSubject, RunError> {
        let unplanned = || unexpected(&"nothing is planned");
        let ImportBasis { survey, compared, .. } = self.planned.as_ref().ok_or_else(unplanned)?;
        let read = |source| CopyError::ReadSource { what: "read the values that are cleared", source };
        Ok(RunSubject {
            tables: plan.tables.iter().map(|plan| plan.table).collect(),
            compared: compared.clone(),
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
                Orphans::Null => cleared(survey, source).map_err(read)?,
                Orphans::NotValid | Orphans::Quarantine | Orphans::Stop => Vec::new(),
            },
        })
    }

    fn assessment(&self) -> Option<serde_json::Value> {
        self.planned.as_ref().map(|planned| planned.assessment.clone())
    }
}

fn of_existing(error: ExistingError) -> RunError {
    match error {
        ExistingError::Read(error) => error.into(),
        ExistingError::Understand(cause) => {
            unexpected(&format!("understand the target's catalog: {}", with_causes(&cause))).into()
        }
    }
}

fn with_causes(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn unexpected(text: &impl ToString) -> CallerError {
    Box::new(Refusal {
        text: text.to_string(),
        status: ExitStatus::Unexpected,
        hint: "this is a bug: please report it with the command you typed".to_owned(),
    })
}
