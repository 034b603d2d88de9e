//! `app db copy-from-sqlite`

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant as Clock;

use super::copy_report::{self, Report, Stages};
use super::verify::Sides;
use crate::cli::explain::explain;
use crate::cli::{interrupt, output};
use crate::config::Config;
use crate::copy::{
    self, CopyError, Existing, OnError, Options, Plan, RejectFile, RunLock, RunState, SchemaPlan, Settings,
    Source, SourceOptions, Stage, Target, begin_stage, continue_sequences, end_run, preflight, select_tables,
};
use crate::db::url::{PostgresUrl, SqlitePath};
use crate::error::ExitStatus;
use crate::verify::{OnlyInTarget, VerifyOptions};

/// Copy every row of the SQLite database into PostgreSQL, and prove it.
///
/// Reads one snapshot of the source, which is never changed. Checks first and plans; takes the keys and indexes of
/// empty tables down and copies, several parts at once, keys kept; puts them back and checks them; continues the
/// sequences; and compares every value of every row. Rows that are already in the target stay as they are: running it
/// again continues a run that was killed, at its last checkpoint, and changes nothing after one that was not. Exits
/// with 0 only when everything is in the target and verified.
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
    /// Write nothing: only compare both sides. `app db verify` does the same and more.
    #[arg(long, conflicts_with_all = ["clear", "force_recreate", "dry_run"])]
    verify_only: bool,
    /// Drop the target's tables and make them anew first. Asks.
    #[arg(long, conflicts_with = "tables")]
    force_recreate: bool,
    /// Only these tables, separated by commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    tables: Vec<String>,
    /// Begin anew where a run did not reach its end, instead of continuing it: the tables it began are emptied. Asks.
    #[arg(long)]
    restart: bool,
    /// Do all of it in one transaction of one connection: the target changes only when everything is verified.
    #[arg(long)]
    single_transaction: bool,
    /// Connections that work at the same time. Default: as many as this machine has processors, at most 4.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    jobs: Option<u8>,
    /// What is done about a row that cannot go in: `stop`, or `skip` to set it aside with the reason.
    #[arg(long, value_name = "WHAT", default_value = "stop")]
    on_error: OnErrorArg,
    /// With `--on-error skip`: end the run when more rows than this cannot go in.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    max_rejects: Option<i64>,
    /// The file for rows that are set aside. Default: rejects-ID.jsonl in this folder, with the id of the run.
    #[arg(long, value_name = "PATH")]
    rejects_file: Option<PathBuf>,
    /// Also write the report to this file, as JSON.
    #[arg(long, value_name = "PATH")]
    report: Option<PathBuf>,
    /// Tell where values differ, not what they are.
    #[arg(long)]
    no_values: bool,
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

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum OnErrorArg {
    Stop,
    Skip,
}

impl Args {
    fn jobs(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(4);
        self.jobs.map_or(cores, usize::from)
    }
}

pub(super) fn run(args: Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let began = Clock::now();
    let stop = interrupt::watch()?;
    if let Some(path) = &args.report {
        // Before anything is done that it would have to tell.
        output::touch_file(path)?;
    }
    let (source, target) = super::sides(args.sqlite.as_deref(), args.postgres.as_deref(), config)?;
    let id = uuid::Uuid::now_v7().to_string();
    let mut report = Report::new(id, source.to_string(), target.to_string(), args.dry_run);
    let stages = Mutex::new(Stages::new());
    let mut work = Work { args: &args, stop: &stop, stages: &stages, report: &mut report };
    let mut opened = None;
    let outcome = work.open_and_act(&source, &target, &mut opened);
    let times = std::mem::replace(&mut *work.stages(), Stages::new()).into_times();
    report.stages = times;
    report.elapsed_ms = began.elapsed().as_millis();
    let status = match &outcome {
        Ok(status) => *status,
        Err(error) => {
            report.error = Some(format!("{error:#}"));
            explain(error).0
        }
    };
    report.exit_code = status.code();
    if report.is_begun {
        write_end(&report, status, &target, opened);
    }
    if let Some(path) = &args.report {
        let written = output::write_file(path, &report);
        if let (Err(error), Err(_)) = (&written, &outcome) {
            // What the run came to is the error that counts.
            output::note(format!("warning: {error:#}"));
        } else {
            written?;
        }
    }
    if args.json {
        output::json(&report)?;
    }
    outcome
}

/// Writes down in the target how the run ended; the connection may be lost.
fn write_end(report: &Report, status: ExitStatus, url: &PostgresUrl, opened: Option<Target>) {
    let state = match (status, &report.error) {
        (ExitStatus::Interrupted, _) => RunState::Interrupted,
        (_, Some(_)) => RunState::Failed,
        (_, None) => RunState::Completed,
    };
    let write = |target: &mut Target| {
        let text = serde_json::to_string(report)?;
        end_run(target, &report.run_id, state, status.code(), report.error.as_deref(), &text)?;
        anyhow::Ok(())
    };
    let written = opened.and_then(|mut target| write(&mut target).ok());
    let written = written.map_or_else(|| write(&mut Target::open(url)?), Ok);
    if let Err(error) = written {
        output::note(format!(
            "warning: the end of the run could not be written down in the target: {error:#}"
        ));
    }
}

/// What the parts of the command share.
struct Work<'a> {
    args: &'a Args,
    stop: &'a AtomicBool,
    stages: &'a Mutex<Stages>,
    report: &'a mut Report,
}

/// A run in one transaction came to something else than it should: an error, because that is what undoes it.
#[derive(Debug, thiserror::Error)]
#[error("undone: the target is as it was before")]
struct Undone(ExitStatus);

impl Work<'_> {
    fn stages(&self) -> std::sync::MutexGuard<'_, Stages> {
        self.stages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_and_act(
        &mut self,
        source: &SqlitePath,
        target: &PostgresUrl,
        opened: &mut Option<Target>,
    ) -> anyhow::Result<ExitStatus> {
        self.stages().begin(Stage::Preflight, 0);
        let args = self.args;
        let source_options = SourceOptions {
            // One for each worker, and one to look rows up with.
            reader_count: args.jobs() + 1,
            temp_dir: args.temp_dir.clone(),
            backup: args.backup.clone(),
            stop: Some(self.stop),
        };
        let mut source = Source::open(source, &source_options)?;
        copy_report::show_snapshot(source.snapshot());
        self.report.snapshot = Some(source.snapshot().clone());
        let target = opened.insert(Target::open(target)?);
        let options = Options {
            tables: args.tables.clone(),
            existing: match (args.clear, args.append) {
                (true, _) => Existing::Clear,
                (_, true) => Existing::Append,
                _ => Existing::Refuse,
            },
            recreate: args.force_recreate,
            restart: args.restart,
            on_error: match args.on_error {
                OnErrorArg::Stop => OnError::Stop,
                OnErrorArg::Skip => OnError::Skip,
            },
            verify_only: args.verify_only,
        };
        let lock = match args.dry_run || args.verify_only {
            true => None,
            false => Some(RunLock::take(target)?),
        };
        let mut plan = preflight(&mut source, target, &options, self.stop)?;
        self.go_on()?;
        copy_report::show_plan(&plan, &self.report.source, &self.report.target);
        self.report.take_plan(&plan, args.verify_only);
        if !plan.blockers().is_empty() {
            if args.dry_run && !args.json {
                copy_report::show_dry_run(&plan);
            }
            output::note("nothing was written");
            return Ok(ExitStatus::Blocked);
        }
        if args.dry_run {
            if !args.json {
                copy_report::show_dry_run(&plan);
            }
            return Ok(ExitStatus::Done);
        }
        let Some(mut lock) = lock else { return self.verify(&mut source, target) };
        agree(&plan, args.yes)?;
        self.go_on()?;
        if !args.single_transaction {
            return self.act(&mut plan, &mut source, target, &mut lock);
        }
        let outcome = target.in_transaction(|target| {
            let status = self.act(&mut plan, &mut source, target, &mut lock)?;
            match status {
                ExitStatus::Done | ExitStatus::Incomplete => {
                    self.report.exit_code = status.code();
                    let report = serde_json::to_string(&self.report)?;
                    let (id, code) = (&self.report.run_id, status.code());
                    end_run(target, id, RunState::Completed, code, None, &report)?;
                    Ok(status)
                }
                status => Err(anyhow::Error::from(Undone(status))),
            }
        });
        // Also when it ended early: nothing of it is in the target.
        self.report.is_begun = false;
        self.report.undone = outcome.is_err();
        match outcome {
            Err(error) => match error.downcast::<Undone>() {
                Ok(undone) => {
                    output::note(undone.to_string());
                    Ok(undone.0)
                }
                Err(error) => Err(error),
            },
            done => done,
        }
    }

    /// Everything after the plan.
    fn act(
        &mut self,
        plan: &mut Plan,
        source: &mut Source,
        target: &mut Target,
        lock: &mut RunLock,
    ) -> anyhow::Result<ExitStatus> {
        self.copy_rows(plan, source, target, lock)?;
        let tables = select_tables(&self.args.tables)?;
        self.begin(target, Stage::Sequences, 0)?;
        self.report.sequences_continued += continue_sequences(source, target, &tables)?;
        copy::forget_settled(target, &self.report.source_id)?;
        let total = self.report.tables.iter().map(|table| table.total).sum();
        begin_stage(target, &self.report.run_id, Stage::Verify, total)?;
        let status = self.verify(source, target)?;
        self.begin(target, Stage::Finish, 0)?;
        copy::finish(target, plan, self.args.jobs(), self.stop)?;
        self.stages().end();
        let change = source.change()?;
        copy_report::show_change(change, source.wal_size_bytes());
        self.report.source_change = Some(change);
        self.report.wal_size_bytes = source.wal_size_bytes();
        let rejected: i64 = self.report.tables.iter().map(|table| table.rejected).sum();
        match status {
            ExitStatus::Done if rejected > 0 => Ok(ExitStatus::Incomplete),
            status => Ok(status),
        }
    }

    fn begin(&mut self, target: &mut Target, stage: Stage, row_count: i64) -> Result<(), CopyError> {
        self.stages().begin(stage, row_count);
        begin_stage(target, &self.report.run_id, stage, row_count)
    }

    fn copy_rows(
        &mut self,
        plan: &mut Plan,
        source: &mut Source,
        target: &mut Target,
        lock: &mut RunLock,
    ) -> anyhow::Result<()> {
        let args = self.args;
        let jobs = args.jobs();
        let id = self.report.run_id.clone();
        let file = args.rejects_file.clone().unwrap_or_else(|| copy::reject_file_name(&id));
        let settings = Settings { jobs, rejects: RejectFile::new(file, args.max_rejects) };
        self.stages().begin(Stage::Prepare, 0);
        self.report.is_begun = true;
        copy::prepare(source, target, plan, &id, jobs, self.stop)?;
        // The application may write to the target from now on: its keys must not be ours.
        let tables = select_tables(&args.tables)?;
        self.report.sequences_continued = continue_sequences(source, target, &tables)?;
        self.begin(target, Stage::Copy, plan.missing())?;
        let progress = |event| self.stages.lock().unwrap_or_else(PoisonError::into_inner).show(event);
        let (reports, outcome) = copy::run(source, target, lock, plan, &id, &settings, self.stop, &progress);
        self.stages().end();
        self.report.tables = reports;
        if settings.rejects.is_used() {
            self.report.rejects_file = Some(settings.rejects.path().display().to_string());
        }
        if !args.json {
            copy_report::show_tables(&self.report.tables);
        }
        if let Some(file) = &self.report.rejects_file {
            output::note(format!("rows that could not go in are in {file}; see also `app db rejects list`"));
        }
        outcome?;
        let copied: i64 = self.report.tables.iter().map(|table| table.copied).sum();
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

    fn verify(&mut self, source: &mut Source, target: &mut Target) -> anyhow::Result<ExitStatus> {
        let args = self.args;
        let options = VerifyOptions {
            only_in_target: if args.append { OnlyInTarget::Kept } else { OnlyInTarget::Different },
            show_values: !args.no_values,
            ..VerifyOptions::default()
        };
        let mut sides = Sides {
            source,
            target,
            source_id: &self.report.source_id,
            names: &args.tables,
            stop: self.stop,
            json: args.json,
        };
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        let (verification, status) = sides.compare(options, self.report.planned_rows, &mut stages)?;
        drop(stages);
        self.report.verification = Some(verification);
        Ok(status)
    }

    /// Ends here when the user asked for it, before anything more is done.
    fn go_on(&self) -> Result<(), CopyError> {
        if self.stop.load(Ordering::Relaxed) { Err(CopyError::Interrupted) } else { Ok(()) }
    }
}

fn agree(plan: &Plan, yes: bool) -> anyhow::Result<()> {
    let recreated = matches!(&plan.schema, SchemaPlan::Recreate { losses } if !losses.is_empty());
    if recreated || !plan.cleared().is_empty() {
        super::agree("Rows of the target named above are lost.", yes)?;
    }
    Ok(())
}
