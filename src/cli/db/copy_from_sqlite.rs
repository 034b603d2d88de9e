//! `app db copy-from-sqlite`

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as Clock;

use super::copy_report::{self, Report, Stages};
use crate::cli::explain::{Refusal, explain};
use crate::cli::{interrupt, output};
use crate::config::Config;
use crate::copy::{
    self, CopyError, Existing, Options, Plan, SchemaPlan, Source, SourceOptions, Stage, Target,
    continue_sequences, preflight, select_tables,
};
use crate::db::url::{DatabaseUrl, PostgresUrl, SqlitePath};
use crate::error::ExitStatus;
use crate::verify::{OnlyInTarget, Side, verify};

/// Copy every row of the SQLite database into PostgreSQL, and prove it.
///
/// Reads one snapshot of the source, which is never changed. Checks first and plans; then copies, parents before
/// children, keys kept; continues the sequences; and compares every value of every row. Rows that are already in
/// the target stay as they are: running it again continues a run that was killed, and changes nothing after one
/// that was not. Exits with 0 only when everything is in the target and verified.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db copy-from-sqlite --dry-run             what would happen
  app db copy-from-sqlite                       from DB_PATH or ./backoffice.db to DATABASE_URL
  app db copy-from-sqlite --sqlite old.db --tables organizations,users
  app db copy-from-sqlite --verify-only --json  compare both sides, print a report

The target is DATABASE_URL when that is PostgreSQL. Keep its password there or in .env: arguments are seen by all
users of a machine.")]
pub(crate) struct Args {
    /// The source. Default: the SQLite file the settings name (see `app config`).
    #[arg(long, value_name = "PATH")]
    sqlite: Option<String>,
    /// The target. Default: DATABASE_URL, when it is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Do everything up to the first write, and tell what would happen.
    #[arg(long)]
    dry_run: bool,
    /// Empty the selected tables of the target first, and no others. Asks.
    #[arg(long, conflicts_with_all = ["append", "force_recreate"])]
    clear: bool,
    /// Keep rows of the target that did not come from this source, and add to them.
    #[arg(long, conflicts_with = "force_recreate")]
    append: bool,
    /// Write nothing: only compare both sides.
    #[arg(long, conflicts_with_all = ["clear", "force_recreate", "dry_run"])]
    verify_only: bool,
    /// Drop the target's tables and make them anew first. Asks.
    #[arg(long, conflicts_with = "tables")]
    force_recreate: bool,
    /// Only these tables, separated by commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    tables: Vec<String>,
    /// Keep a copy of the source here first, and read that. Overwrites nothing.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["dry_run", "verify_only"])]
    backup: Option<PathBuf>,
    /// The folder for a private copy of the source, where one is needed. Default: the system's temporary folder.
    #[arg(long, value_name = "PATH")]
    temp_dir: Option<PathBuf>,
    /// Agree to losing rows of the target without being asked.
    #[arg(long)]
    yes: bool,
    /// Print the report as JSON; everything else goes to standard error.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let began = Clock::now();
    let stop = interrupt::watch()?;
    let (source, target) = sides(&args, config)?;
    let mut report = Report::new(source.to_string(), target.to_string(), args.dry_run);
    let mut stages = Stages::new();
    let outcome = plan_and_act(&args, &source, &target, &stop, &mut stages, &mut report);
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

fn plan_and_act(
    args: &Args,
    source: &SqlitePath,
    target: &PostgresUrl,
    stop: &AtomicBool,
    stages: &mut Stages,
    report: &mut Report,
) -> anyhow::Result<ExitStatus> {
    stages.begin(Stage::Preflight, 0);
    let source_options = SourceOptions {
        temp_dir: args.temp_dir.clone(),
        backup: args.backup.clone(),
        stop: Some(stop),
        ..SourceOptions::default()
    };
    let mut source = Source::open(source, &source_options)?;
    copy_report::show_snapshot(source.snapshot());
    report.snapshot = Some(source.snapshot().clone());
    let mut target = Target::open(target)?;
    let options = Options {
        tables: args.tables.clone(),
        existing: match (args.clear, args.append) {
            (true, _) => Existing::Clear,
            (_, true) => Existing::Append,
            _ => Existing::Refuse,
        },
        recreate: args.force_recreate,
        verify_only: args.verify_only,
    };
    if !(args.dry_run || args.verify_only) {
        copy::take_target(&mut target)?;
    }
    let plan = preflight(&mut source, &mut target, &options)?;
    go_on(stop)?;
    copy_report::show_plan(&plan, &report.source, &report.target);
    report.take_plan(&plan, args.verify_only);
    act(args, &plan, &mut source, &mut target, stop, stages, report)
}

/// Everything after the plan.
fn act(
    args: &Args,
    plan: &Plan,
    source: &mut Source,
    target: &mut Target,
    stop: &AtomicBool,
    stages: &mut Stages,
    report: &mut Report,
) -> anyhow::Result<ExitStatus> {
    let blockers = plan.blockers();
    if !blockers.is_empty() {
        output::note("nothing was written");
        return Ok(ExitStatus::Blocked);
    }
    if args.dry_run {
        if !args.json {
            copy_report::show_dry_run(plan);
        }
        return Ok(ExitStatus::Done);
    }
    let tables = select_tables(&args.tables)?;
    if !args.verify_only {
        agree(plan, args.yes)?;
        go_on(stop)?;
        copy_rows(args, plan, source, target, stop, stages, report)?;
        stages.begin(Stage::Sequences, 0);
        report.sequences_continued = continue_sequences(source, target, &tables)?;
    }
    let total = plan.tables.iter().map(|plan| plan.total).sum();
    stages.begin(Stage::Verify, total);
    let only_in_target = if args.append { OnlyInTarget::Kept } else { OnlyInTarget::Different };
    let verification =
        verify(source, target, &tables, only_in_target, stop, &mut |event| stages.show(event))?;
    stages.end();
    if !args.json {
        copy_report::show_verification(&verification);
    }
    let status = match (verification.is_equal(), verification.unreadable()) {
        (true, _) => ExitStatus::Done,
        (false, Some(Side::Source)) => ExitStatus::SourceFailed,
        (false, Some(Side::Target)) => ExitStatus::TargetFailed,
        (false, None) => ExitStatus::Different,
    };
    match status {
        ExitStatus::Done => {}
        ExitStatus::Different => output::note(
            "the two sides are NOT equal\nhint: correct the rows named above, or copy their tables anew with --clear --tables",
        ),
        _ => output::note("NOT everything could be verified"),
    }
    report.verification = Some(verification);
    Ok(status)
}

fn copy_rows(
    args: &Args,
    plan: &Plan,
    source: &mut Source,
    target: &mut Target,
    stop: &AtomicBool,
    stages: &mut Stages,
    report: &mut Report,
) -> anyhow::Result<()> {
    let nothing_to_do = plan.missing() == 0 && plan.schema == SchemaPlan::Ready && plan.cleared().is_empty();
    if !nothing_to_do {
        stages.begin(Stage::Prepare, 0);
        copy::prepare(target, plan)?;
    }
    stages.begin(Stage::Copy, plan.missing());
    let (tables, outcome) = copy::run(source, target, plan, stop, &mut |event| stages.show(event));
    stages.end();
    report.tables = tables;
    if !args.json {
        copy_report::show_tables(&report.tables);
    }
    outcome?;
    let copied: i64 = report.tables.iter().map(|table| table.copied).sum();
    let text = match copied {
        0 => "every row is already there; nothing was changed".to_owned(),
        _ => format!("copied {}", output::rows(copied)),
    };
    if args.json {
        output::note(text)
    } else {
        output::say(text)
    }
    Ok(())
}

/// Ends here when the user asked for it, before anything more is done.
fn go_on(stop: &AtomicBool) -> Result<(), CopyError> {
    if stop.load(Ordering::Relaxed) { Err(CopyError::Interrupted) } else { Ok(()) }
}

fn agree(plan: &Plan, yes: bool) -> anyhow::Result<()> {
    let recreated = matches!(&plan.schema, SchemaPlan::Recreate { losses } if !losses.is_empty());
    if recreated || !plan.cleared().is_empty() {
        super::agree("Rows of the target named above are lost.", yes)?;
    }
    Ok(())
}

fn sides(args: &Args, config: &Config) -> anyhow::Result<(SqlitePath, PostgresUrl)> {
    let source = match &args.sqlite {
        Some(path) => SqlitePath::parse(path)?,
        None => config.sqlite_source.value.clone(),
    };
    let target = match &args.postgres {
        Some(url) => DatabaseUrl::parse(url)?,
        None => config.database.value.clone(),
    };
    match target {
        DatabaseUrl::Postgres(target) => Ok((source, target)),
        DatabaseUrl::Sqlite(path) => Err(Refusal {
            text: format!("the target is {path}, which is not PostgreSQL"),
            status: ExitStatus::Configuration,
            hint: "set DATABASE_URL to a postgresql:// URL (in .env, say), or name the target with --postgres URL"
                .to_owned(),
        }
        .into()),
    }
}
