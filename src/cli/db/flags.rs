//! The flags of the commands that copy, and their common call.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::copy_report::{self, Terminal};
use super::outcome;
use crate::cli::failure::{CommandFailure, Refusal};
use crate::cli::output_files::{OutputFile, OutputFiles, OutputKind};
use crate::cli::progress::{ProgressArgs, ProgressDisplay};
use crate::cli::{hints, output};
use databases::error::ExitStatus;
use databases::url::{PostgresUrl, SqlitePath};
use transfer::run::{CallerError, Confirmation, Planner, RunReport, RunSettings, execute};

/// Flags of every command that copies.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct CopyFlags {
    /// Stop before the first write and print what would be done. Default: write.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Start an unfinished run from the beginning instead of continuing it: the tables it began are emptied. Asks for confirmation.
    #[arg(long)]
    pub(super) restart: bool,
    /// Run everything in one transaction of one connection: the target changes only if everything is verified.
    #[arg(long)]
    single_transaction: bool,
    /// The number of connections that work in parallel. Default: the number of processors, at most 4.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    jobs: Option<u8>,
    /// End the run when more than N rows are rejected. Default: no limit.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    max_rejects: Option<i64>,
    /// The file for rejected rows. Default: rejects-ID.jsonl in the current directory, with the id of the run.
    #[arg(long, value_name = "PATH")]
    rejects_file: Option<PathBuf>,
    /// Also write the report to this file, as JSON. Replaces an earlier report. Default: no file.
    #[arg(long, value_name = "PATH")]
    report: Option<PathBuf>,
    /// Replace the --report file, or append to the --rejects-file, also if this program did not write it.
    #[arg(long)]
    force: bool,
    /// Print where values differ, without the values.
    #[arg(long)]
    no_values: bool,
    /// Back up the source to this file first, and read the backup. Does not overwrite a file. Default: no backup.
    #[arg(long, value_name = "PATH", conflicts_with = "dry_run")]
    backup: Option<PathBuf>,
    /// The directory for a private copy of the source, if one is needed. Default: the system's temporary directory.
    #[arg(long, value_name = "PATH")]
    temp_dir: Option<PathBuf>,
    /// Confirm the loss of rows of the target without a prompt.
    #[arg(long)]
    yes: bool,
    /// Print the report as JSON; everything else goes to standard error.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

/// What the commands that copy do not share.
pub(super) struct CopyCommand<'a> {
    /// The SQLite file.
    pub(super) source: &'a SqlitePath,
    /// The PostgreSQL database.
    pub(super) target: &'a PostgresUrl,
    /// The configuration file of an import.
    pub(super) config_file: Option<&'a Path>,
    /// Whether both sides are only compared.
    pub(super) verify_only: bool,
    /// What to do about differences.
    pub(super) hint: &'static str,
    /// Raised by Ctrl-C.
    pub(super) stop: &'a AtomicBool,
    /// Shows its progress.
    pub(super) progress: &'a ProgressDisplay,
}

impl CopyFlags {
    /// Carries out the command and renders its report.
    pub(super) fn run(
        &self,
        planner: &mut dyn Planner,
        command: &CopyCommand<'_>,
    ) -> Result<ExitStatus, CommandFailure> {
        // Before anything is done that it would have to report.
        let report_file = self.output_files(command)?;
        let terminal = Terminal::new(command.source, command.target, self.json, command.progress);
        let confirm = |confirmation: &Confirmation<'_>| self.confirm(confirmation);
        let (report, outcome) = execute(
            planner,
            &RunSettings {
                source: command.source,
                target: command.target,
                dry_run: self.dry_run,
                verify_only: command.verify_only,
                single_transaction: self.single_transaction,
                jobs: super::jobs(self.jobs),
                max_rejects: self.max_rejects,
                rejects_file: self.rejects_file.clone(),
                show_values: !self.no_values,
                backup: self.backup.clone(),
                temp_dir: self.temp_dir.clone(),
                confirm: &confirm,
                stop: command.stop,
                words: &hints::words,
                observer: &terminal,
            },
        );
        if let Ok(status) = outcome {
            self.show_plan_only(&report, status);
        }
        let written = match report_file {
            Some(file) => file.write(&output::json_text(&report)?),
            None => Ok(()),
        };
        // A report that has no file is on standard output.
        if self.json || written.is_err() {
            output::json(&report)?;
        }
        match (written, &outcome) {
            // The error of the run is the one that counts.
            (Err(error), Err(_)) => output::note(format!("warning: {error}")),
            (written, _) => written?,
        }
        if outcome.is_ok() {
            outcome::note_run(&report, command.hint);
        }
        Ok(outcome?)
    }

    /// Refuses paths at which the command would destroy what it reads, and opens the file of the report.
    fn output_files(&self, command: &CopyCommand<'_>) -> Result<Option<OutputFile>, Refusal> {
        let mut files = OutputFiles::reading(self.force, command.source, command.config_file);
        if let Some(path) = &self.rejects_file {
            files.check("--rejects-file", path, OutputKind::Rejects)?;
        }
        if !self.dry_run && !command.verify_only {
            // A row that cannot be written to the file would end the run after hours.
            files.check_folder(
                "--rejects-file",
                self.rejects_file.as_deref().unwrap_or(Path::new("rejects.jsonl")),
            )?;
        }
        if let Some(path) = &self.backup {
            files.claim("--backup", path)?;
        }
        self.report.as_ref().map(|path| files.open("--report", path, OutputKind::Report)).transpose()
    }

    fn confirm(&self, confirmation: &Confirmation<'_>) -> Result<(), CallerError> {
        let question = match confirmation {
            Confirmation::LoseRows(_) => "Rows of the target named above are lost.",
            Confirmation::OverwriteRows(_) => super::OVERWRITE,
        };
        super::agree(question, self.yes).map_err(|refusal| -> CallerError { Box::new(refusal) })
    }

    /// Shows the result of a run that ended with its plan.
    fn show_plan_only(&self, report: &RunReport, status: ExitStatus) {
        let is_blocked = status == ExitStatus::Blocked;
        // The assessment of an import already shows what blocks it.
        let is_shown = !is_blocked || report.assessment.is_none();
        if self.dry_run && !self.json && is_shown {
            copy_report::show_dry_run(report);
        }
        if is_blocked {
            output::note("nothing was written");
        }
    }
}
