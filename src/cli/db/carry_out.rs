//! Carrying out a run, whatever plans it: one frame for the commands that copy.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant as Clock;

use super::copy_report::{self, Report, Stages};
use super::verify::Sides;
use crate::cli::explain::explain;
use crate::cli::output;
use databases::catalog::Catalog;
use databases::error::ExitStatus;
use databases::url::{PostgresUrl, SqlitePath};
use transfer::copy::{
    self, CopyError, LeftOut, Plan, Reject, RejectFile, RunLock, RunState, SchemaPlan, Settings, Source,
    SourceOptions, Stage, Target, begin_stage, continue_sequences, end_run,
};
use transfer::table::Table;
use transfer::verify::{OnlyInTarget, VerifyOptions};

/// What every command that copies can be told.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Flags {
    /// Do everything up to the first write, and tell what would happen.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Begin anew where a run did not reach its end, instead of continuing it: the tables it began are emptied. Asks.
    #[arg(long)]
    pub(super) restart: bool,
    /// Do all of it in one transaction of one connection: the target changes only when everything is verified.
    #[arg(long)]
    pub(super) single_transaction: bool,
    /// Connections that work at the same time. Default: as many as this machine has processors, at most 4.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    jobs: Option<u8>,
    /// End the run when more rows than this cannot go in and would be set aside.
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
    #[arg(long, value_name = "PATH", conflicts_with = "dry_run")]
    pub(super) backup: Option<PathBuf>,
    /// The folder for a private copy of the source, where one is needed. Default: the system's temporary folder.
    #[arg(long, value_name = "PATH")]
    temp_dir: Option<PathBuf>,
    /// Agree to losing rows of the target without being asked.
    #[arg(long)]
    pub(super) yes: bool,
    /// Print the report as JSON; everything else goes to standard error.
    #[arg(long)]
    pub(super) json: bool,
}

impl Flags {
    pub(super) fn jobs(&self) -> usize {
        super::jobs(self.jobs)
    }

    /// How the source is opened.
    pub(super) fn source_options<'a>(&self, stop: &'a AtomicBool) -> SourceOptions<'a> {
        SourceOptions {
            // One for each worker, and one to look rows up with.
            reader_count: self.jobs() + 1,
            temp_dir: self.temp_dir.clone(),
            backup: self.backup.clone(),
            stop: Some(stop),
        }
    }
}

/// What is copied.
pub(super) struct Subject {
    /// The tables, as they are copied.
    pub(super) tables: Vec<&'static dyn Table>,
    /// The same tables, as they are compared.
    pub(super) compared: Vec<&'static dyn Table>,
    /// What the target's catalog must be.
    pub(super) expected: Catalog,
    /// What rows of the target mean that the source does not have.
    pub(super) only_in_target: OnlyInTarget,
    /// Tables and views that the run makes, to know which objects it left out.
    pub(super) objects: BTreeSet<String>,
    /// Whether something of the source is not carried, whatever becomes of its rows.
    pub(super) is_partial: bool,
    /// Values that are cleared, to be written down in the file of rejects.
    pub(super) cleared: Vec<Reject>,
    /// What to do about differences.
    pub(super) hint: &'static str,
}

/// What a command makes of its arguments: the part before the first write.
pub(super) trait Planner {
    /// Plans, tells the plan, and says what is to be copied; or how the command ends without a write.
    fn plan(
        &mut self,
        work: &mut Work<'_>,
        source: &mut Source,
        target: &mut Target,
    ) -> anyhow::Result<Result<(Plan, Subject), ExitStatus>>;

    /// Connects to the target.
    fn open_target(&self, url: &PostgresUrl) -> Result<Target, CopyError> {
        Target::open(url)
    }

    /// Whether anything may be written.
    fn writes(&self) -> bool;
}

/// Runs the command from its first connection to its report.
pub(super) fn carry_out(
    planner: &mut dyn Planner,
    flags: &Flags,
    stop: &AtomicBool,
    source: &SqlitePath,
    target: &PostgresUrl,
) -> anyhow::Result<ExitStatus> {
    let began = Clock::now();
    if let Some(path) = &flags.report {
        // Before anything is done that it would have to tell.
        output::touch_file(path)?;
    }
    let id = uuid::Uuid::now_v7().to_string();
    let mut report = Report::new(id, source.to_string(), target.to_string(), flags.dry_run);
    let stages = Mutex::new(Stages::new());
    let mut work = Work { flags, stop, stages: &stages, report: &mut report };
    let mut opened = None;
    let outcome = work.open_and_act(planner, source, target, &mut opened);
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
        write_end(&report, status, || planner.open_target(target), opened);
    }
    if let Some(path) = &flags.report {
        let written = output::write_file(path, &report);
        if let (Err(error), Err(_)) = (&written, &outcome) {
            // What the run came to is the error that counts.
            output::note(format!("warning: {error:#}"));
        } else {
            written?;
        }
    }
    if flags.json {
        output::json(&report)?;
    }
    outcome
}

/// Writes down in the target how the run ended; the connection may be lost.
fn write_end(
    report: &Report,
    status: ExitStatus,
    open: impl Fn() -> Result<Target, CopyError>,
    opened: Option<Target>,
) {
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
    let written = written.map_or_else(|| write(&mut open()?), Ok);
    if let Err(error) = written {
        output::note(format!(
            "warning: the end of the run could not be written down in the target: {error:#}"
        ));
    }
}

/// What the parts of the command share.
pub(super) struct Work<'a> {
    pub(super) flags: &'a Flags,
    pub(super) stop: &'a AtomicBool,
    stages: &'a Mutex<Stages>,
    pub(super) report: &'a mut Report,
}

/// A run in one transaction came to something else than it should: an error, because that is what undoes it.
#[derive(Debug, thiserror::Error)]
#[error("undone: the target is as it was before")]
struct Undone(ExitStatus);

impl Work<'_> {
    pub(super) fn stages(&self) -> std::sync::MutexGuard<'_, Stages> {
        self.stages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_and_act(
        &mut self,
        planner: &mut dyn Planner,
        source: &SqlitePath,
        target: &PostgresUrl,
        opened: &mut Option<Target>,
    ) -> anyhow::Result<ExitStatus> {
        self.stages().begin(Stage::Preflight, 0);
        let mut source = Source::open(source, &self.flags.source_options(self.stop))?;
        copy_report::show_snapshot(source.snapshot());
        self.report.snapshot = Some(source.snapshot().clone());
        let target = opened.insert(planner.open_target(target)?);
        let lock = match planner.writes() {
            true => Some(RunLock::take(target)?),
            false => None,
        };
        let (mut plan, subject) = match planner.plan(self, &mut source, target)? {
            Ok(planned) => planned,
            Err(status) => return Ok(status),
        };
        let Some(mut lock) = lock else { return self.verify(&subject, &mut source, target) };
        agree(&plan, self.flags.yes)?;
        self.go_on()?;
        if !self.flags.single_transaction {
            return self.act(&mut plan, &subject, &mut source, target, &mut lock);
        }
        let outcome = target.in_transaction(|target| {
            let status = self.act(&mut plan, &subject, &mut source, target, &mut lock)?;
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
        subject: &Subject,
        source: &mut Source,
        target: &mut Target,
        lock: &mut RunLock,
    ) -> anyhow::Result<ExitStatus> {
        self.copy_rows(plan, subject, source, target, lock)?;
        self.begin(target, Stage::Sequences, 0)?;
        self.report.sequences_continued += continue_sequences(source, target, &subject.tables)?;
        copy::forget_settled(target, &self.report.source_id, &subject.tables)?;
        let total = self.report.tables.iter().map(|table| table.total).sum();
        begin_stage(target, &self.report.run_id, Stage::Verify, total)?;
        let status = self.verify(subject, source, target)?;
        self.begin(target, Stage::Finish, 0)?;
        copy::finish(target, plan, self.flags.jobs(), self.stop)?;
        self.stages().end();
        let change = source.change()?;
        copy_report::show_change(change, source.wal_size_bytes());
        self.report.source_change = Some(change);
        self.report.wal_size_bytes = source.wal_size_bytes();
        let rejected: i64 = self.report.tables.iter().map(|table| table.rejected).sum();
        let is_whole = rejected == 0 && self.report.left_out.is_empty() && !subject.is_partial;
        match status {
            ExitStatus::Done if !is_whole => Ok(ExitStatus::Incomplete),
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
        subject: &Subject,
        source: &mut Source,
        target: &mut Target,
        lock: &mut RunLock,
    ) -> anyhow::Result<()> {
        let flags = self.flags;
        let jobs = flags.jobs();
        let id = self.report.run_id.clone();
        let file = flags.rejects_file.clone().unwrap_or_else(|| copy::reject_file_name(&id));
        let settings = Settings { jobs, rejects: RejectFile::new(file, flags.max_rejects) };
        if !subject.cleared.is_empty() {
            settings.rejects.append(&subject.cleared)?;
        }
        self.stages().begin(Stage::Prepare, 0);
        self.report.is_begun = true;
        copy::prepare(source, target, plan, &id, jobs, self.stop)?;
        // The application may write to the target from now on: its keys must not be ours.
        self.report.sequences_continued = continue_sequences(source, target, &subject.tables)?;
        self.begin(target, Stage::Copy, plan.missing())?;
        let progress = |event| self.stages.lock().unwrap_or_else(PoisonError::into_inner).show(event);
        let (reports, outcome) = copy::run(source, target, lock, plan, &id, &settings, self.stop, &progress);
        self.stages().end();
        self.report.tables = reports;
        if settings.rejects.is_used() {
            self.report.rejects_file = Some(settings.rejects.path().display().to_string());
        }
        if !flags.json {
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
        if flags.json {
            output::note(text)
        } else {
            output::say(text)
        }
        Ok(())
    }

    fn verify(
        &mut self,
        subject: &Subject,
        source: &mut Source,
        target: &mut Target,
    ) -> anyhow::Result<ExitStatus> {
        let flags = self.flags;
        let options = VerifyOptions {
            only_in_target: subject.only_in_target,
            show_values: !flags.no_values,
            ..VerifyOptions::default()
        };
        let left_out = left_out(target, &subject.objects)?;
        copy_report::show_left_out(&left_out);
        self.report.left_out.clone_from(&left_out);
        let mut sides = Sides {
            source,
            target,
            source_id: &self.report.source_id,
            tables: &subject.compared,
            expected: &subject.expected,
            left_out: &left_out,
            hint: subject.hint,
            stop: self.stop,
            json: flags.json,
        };
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        let (verification, status) = sides.compare(options, self.report.planned_rows, &mut stages)?;
        drop(stages);
        self.report.verification = Some(verification);
        Ok(status)
    }

    /// Ends here when the user asked for it, before anything more is done.
    pub(super) fn go_on(&self) -> Result<(), CopyError> {
        if self.stop.load(Ordering::Relaxed) { Err(CopyError::Interrupted) } else { Ok(()) }
    }
}

/// What was left out of these tables and views.
fn left_out(target: &mut Target, objects: &BTreeSet<String>) -> Result<Vec<LeftOut>, CopyError> {
    let all = target
        .in_transaction(LeftOut::load)
        .map_err(|source| CopyError::UseTarget { what: "read what was left out", source })?;
    Ok(all.into_iter().filter(|object| objects.contains(&object.table_name)).collect())
}

fn agree(plan: &Plan, yes: bool) -> anyhow::Result<()> {
    let recreated = match &plan.schema {
        SchemaPlan::Recreate { losses } => !losses.is_empty(),
        SchemaPlan::Make { anew, .. } => !anew.is_empty(),
        SchemaPlan::Ready | SchemaPlan::Create => false,
    };
    if recreated || !plan.cleared().is_empty() {
        super::agree("Rows of the target named above are lost.", yes)?;
    }
    Ok(())
}
