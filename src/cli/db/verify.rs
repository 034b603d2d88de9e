//! `app db verify`

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as Clock;

use super::copy_report::{self, Stages};
use super::verify_report::{self, Report};
use crate::cli::explain::explain;
use crate::cli::{interrupt, output};
use crate::config::Config;
use crate::registry::APPLICATION;
use databases::catalog::Catalog;
use databases::error::ExitStatus;
use databases::url::{PostgresUrl, SqlitePath};
use transfer::copy::{
    CopyError, LeftOut, Options, Plan, RunLock, Source, SourceOptions, Stage, Target, continue_sequences,
    preflight, refuse_unfinished, rejected_keys,
};
use transfer::table::Table;
use transfer::verify::{Depth, Side, Verification, VerifyOptions, repair, verify};

/// Compare the SQLite database with the PostgreSQL database, value by value.
///
/// Reads one snapshot of each side and writes to neither: a role that may only SELECT suffices. Every value of every
/// row is compared, and where one differs, table, key, column and both values are told. Also looked at: foreign keys,
/// indexes and checks of the target, and whether its sequences go on after the highest key. Exits with 0 when nothing
/// differs, and with 30 when something does.
///
/// Only a comparison of everything verifies: with --counts and --sample, tables without a difference are "not verified".
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db verify                                 every value of DB_PATH or ./backoffice.db and of DATABASE_URL
  app db verify --counts                        only how many rows there are: quick, and no proof
  app db verify --sample 1000                   1000 rows of each table
  app db verify --tables users,tasks --no-values --json > report.json
  app db verify --repair                        copy the rows that are missing or differ; asks first

The target is DATABASE_URL when that is PostgreSQL. Keep its password there or in .env: arguments are seen by all
users of a machine.")]
pub(crate) struct Args {
    /// The source. Default: the SQLite file the settings name (see `app config`).
    #[arg(long, value_name = "PATH")]
    sqlite: Option<String>,
    /// The target. Default: DATABASE_URL, when it is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Compare only how many rows there are.
    #[arg(long, conflicts_with_all = ["sample", "full", "repair"])]
    counts: bool,
    /// Compare N rows of each table, spread over its keys; smaller tables whole.
    #[arg(long, value_name = "N", conflicts_with_all = ["full", "repair"], value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
    /// Compare the rows an earlier sample compared: the seed of its report.
    #[arg(long, value_name = "S", requires = "sample")]
    seed: Option<u64>,
    /// Compare every value of every row. This is the default.
    #[arg(long)]
    full: bool,
    /// Only these tables, separated by commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    tables: Vec<String>,
    /// Copy rows that are missing or differ from the source into the target, then compare again. Rows that only the
    /// target has are never deleted. Asks.
    #[arg(long)]
    repair: bool,
    /// Tell where values differ, not what they are.
    #[arg(long)]
    no_values: bool,
    /// Name so many differences of a table; all are counted.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Agree to overwriting rows of the target without being asked.
    #[arg(long, requires = "repair")]
    yes: bool,
    /// Print the report as JSON; everything else goes to standard error.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let began = Clock::now();
    let stop = interrupt::watch()?;
    let (source, target) = super::sides(args.sqlite.as_deref(), args.postgres.as_deref(), config)?;
    let mut report = Report::new(source.to_string(), target.to_string());
    let mut stages = Stages::new();
    let outcome = plan_and_compare(args, &source, &target, &stop, &mut stages, &mut report);
    report.stages = stages.into_times();
    report.elapsed_ms = began.elapsed().as_millis();
    let status = match &outcome {
        Ok(status) => *status,
        Err(error) => {
            report.error = Some(format!("{error:#}"));
            explain(error).0
        }
    };
    report.exit_code = status.code();
    if args.json {
        output::json(&report)?;
    }
    outcome
}

fn plan_and_compare(
    args: &Args,
    source: &SqlitePath,
    target: &PostgresUrl,
    stop: &AtomicBool,
    stages: &mut Stages,
    report: &mut Report,
) -> anyhow::Result<ExitStatus> {
    stages.begin(Stage::Preflight, 0);
    let mut source = Source::open(source, &SourceOptions { stop: Some(stop), ..SourceOptions::default() })?;
    let mut target = Target::open(target)?;
    let _lock = args.repair.then(|| RunLock::take(&target)).transpose()?;
    if args.repair {
        refuse_unfinished(&mut target)?;
    }
    let options = Options { tables: args.tables.clone(), verify_only: true, ..Options::default() };
    let plan = preflight(&mut source, &mut target, &APPLICATION, &options, stop)?;
    if stop.load(Ordering::Relaxed) {
        return Err(CopyError::Interrupted.into());
    }
    copy_report::show_plan(&plan, &report.source, &report.target);
    report.findings = plan.findings.clone();
    if !plan.blockers().is_empty() {
        output::note("nothing was compared");
        return Ok(ExitStatus::Blocked);
    }
    let sides = Sides {
        source: &mut source,
        target: &mut target,
        source_id: &plan.source_id,
        tables: &APPLICATION.select(&args.tables)?,
        expected: &APPLICATION.catalog()?,
        left_out: &[],
        hint: HINT,
        stop,
        json: args.json,
    };
    compare_and_repair(args, &plan, sides, stages, report)
}

fn compare_and_repair(
    args: &Args,
    plan: &Plan,
    mut sides: Sides<'_>,
    stages: &mut Stages,
    report: &mut Report,
) -> anyhow::Result<ExitStatus> {
    let options = args.options();
    let rows = plan.tables.iter().map(|plan| match options.depth {
        Depth::Counts => 0,
        Depth::Sample(wanted) => plan.total.min(wanted.into()),
        Depth::Full => plan.total,
    });
    let total = rows.sum();
    let (verification, status) = sides.compare(options.clone(), total, stages)?;
    if !(args.repair && verification.is_repairable()) {
        report.verification = Some(verification);
        return Ok(status);
    }
    let found = report.before_repair.insert(verification);
    super::agree("Rows of the target that are missing or differ are written from the source.", args.yes)?;
    stages.begin(Stage::Copy, 0);
    report.repaired = repair(
        sides.source,
        sides.target,
        sides.tables,
        found,
        &plan.source_id,
        &options,
        sides.stop,
        &mut |event| stages.show(event),
    )?;
    stages.begin(Stage::Sequences, 0);
    report.sequences_continued = continue_sequences(sides.source, sides.target, sides.tables)?;
    if !args.json {
        verify_report::show_repairs(&report.repaired);
    }
    let (verification, status) = sides.compare(options.clone(), total, stages)?;
    report.verification = Some(verification);
    Ok(status)
}

impl Args {
    fn options(&self) -> VerifyOptions {
        let depth = match (self.counts, self.sample) {
            (true, _) => Depth::Counts,
            (false, Some(rows)) => Depth::Sample(rows),
            (false, None) => Depth::Full,
        };
        // So short that JSON readers keep every digit.
        let random = || RandomState::new().build_hasher().finish() >> 32;
        VerifyOptions {
            depth,
            show_values: !self.no_values,
            limit: self.limit,
            seed: self.seed.unwrap_or_else(random),
            ..VerifyOptions::default()
        }
    }
}

/// What to do about differences of the application's own tables.
pub(super) const HINT: &str = "copy the rows that differ with `app db verify --repair`, or their tables anew with `app db copy-from-sqlite --clear --tables`";

/// What is compared, and who may stop it.
pub(super) struct Sides<'a> {
    pub(super) source: &'a mut Source,
    pub(super) target: &'a mut Target,
    /// The identity of the source, by which rows that were set aside are known.
    pub(super) source_id: &'a str,
    /// The tables.
    pub(super) tables: &'a [&'static dyn Table],
    /// What the target's catalog must be.
    pub(super) expected: &'a Catalog,
    /// What to do about differences.
    pub(super) hint: &'a str,
    /// Objects that are known not to hold.
    pub(super) left_out: &'a [LeftOut],
    pub(super) stop: &'a AtomicBool,
    /// Whether the result is told as JSON, later.
    pub(super) json: bool,
}

impl Sides<'_> {
    /// Compares both sides, tells the result, and says what it means for the command.
    pub(super) fn compare(
        &mut self,
        mut options: VerifyOptions,
        row_count: i64,
        stages: &mut Stages,
    ) -> Result<(Verification, ExitStatus), CopyError> {
        options.rejected = rejected_keys(self.target, self.source_id)?;
        let of = |name: &String| self.tables.iter().find(|table| table.name() == name);
        options.rejected.retain(|name, keys| of(name).is_none_or(|table| !table.leave_out(keys)));
        stages.begin(Stage::Verify, row_count);
        let progress = &mut |event| stages.show(event);
        let mut verification =
            verify(self.source, self.target, self.tables, self.expected, &options, self.stop, progress)?;
        stages.end();
        verification.not_in_force.retain(|found| {
            let is_this = |left: &LeftOut| left.table_name == found.table && left.name == found.name;
            !self.left_out.iter().any(is_this)
        });
        if !self.json {
            verify_report::show_verification(&verification);
        }
        let status = match (verification.differs(), verification.unreadable()) {
            (true, _) => ExitStatus::Different,
            (false, Some(Side::Source)) => ExitStatus::SourceFailed,
            (false, Some(Side::Target)) => ExitStatus::TargetFailed,
            (false, None) if verification.tables.iter().any(|table| table.rejected_rows > 0) => {
                ExitStatus::Incomplete
            }
            (false, None) => ExitStatus::Done,
        };
        match status {
            ExitStatus::Done => {}
            ExitStatus::Incomplete => output::note(
                "all but the rows that were set aside is equal\nhint: see `app db rejects list`; when their cause is gone, `app db rejects retry`",
            ),
            ExitStatus::Different => {
                output::note_verdict(false, format!("the two sides are NOT equal\nhint: {}", self.hint));
            }
            _ => output::note_verdict(false, "NOT everything could be verified"),
        }
        Ok((verification, status))
    }
}
