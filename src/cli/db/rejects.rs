//! `app db rejects`

use clap::Subcommand;

use super::{sides, target};
use crate::cli::failure::CommandFailure;
use crate::cli::progress::{ProgressArgs, ProgressForm};
use crate::cli::{interrupt, output};
use crate::config::Config;
use crate::registry::application;
use databases::error::ExitStatus;
use databases::terminal::escape_line;
use transfer::error::TransferError;
use transfer::run::{self, RetrySettings};
use transfer::target::state::{Reject, RejectFilter};

/// List rejected rows, or copy them again.
///
/// `copy-from-sqlite --on-error skip` stores rejected rows in the target and in a file. Correct them in the source, or
/// remove what blocks them in the target; then `retry` copies those that can be inserted now. To copy rejected rows of
/// `app db import` again, run that command again. Exits with 0, 20 when the source fails, 21 when the target fails, 40
/// while some remain.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db rejects list                  all, with the reasons
  app db rejects list --table tasks --json
  app db rejects retry                 exit 40 while some remain")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
    /// The target. Default: DATABASE_URL, when it is PostgreSQL.
    #[arg(long, value_name = "URL", global = true)]
    postgres: Option<String>,
    /// The schema in which `app db import --schema` worked.
    #[arg(long, value_name = "NAME", global = true)]
    schema: Option<String>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List them.
    List {
        /// Only those of this table.
        #[arg(long, value_name = "TABLE")]
        table: Option<String>,
    },
    /// Read rejected rows from the source again, and copy those that can be inserted now.
    Retry {
        /// The source. Default: the SQLite file the settings name (see `app config`).
        #[arg(long, value_name = "PATH")]
        sqlite: Option<String>,
        #[command(flatten)]
        progress: ProgressArgs,
    },
}

impl Args {
    /// The form in which the command shows progress.
    pub(super) fn progress(&self) -> ProgressForm {
        match &self.command {
            Command::List { .. } => ProgressForm::None,
            Command::Retry { progress, .. } => progress.form,
        }
    }
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    match &args.command {
        Command::List { table } => {
            let url = target(args.postgres.as_deref(), config)?;
            let mut target = super::open_target(&url, args.schema.as_deref())?;
            let filter = RejectFilter { table: table.clone(), source_id: None };
            let failed = |source| TransferError::UseTarget { what: "read the rejected rows", source };
            let rejects = target.in_snapshot(|target| Reject::load(target, &filter).map_err(failed))?;
            if args.json {
                output::json(&rejects)?
            } else {
                show(&rejects)
            }
            Ok(ExitStatus::Done)
        }
        Command::Retry { sqlite, progress } => retry(args, sqlite.as_deref(), *progress, config),
    }
}

fn retry(
    args: &Args,
    sqlite: Option<&str>,
    progress: ProgressArgs,
    config: &Config,
) -> Result<ExitStatus, CommandFailure> {
    let stop = interrupt::watch()?;
    let (source, target) = sides(sqlite, args.postgres.as_deref(), config)?;
    let report = run::retry(&RetrySettings {
        application: &application(),
        source: &source,
        target: &target,
        schema: args.schema.as_deref(),
        stop: &stop,
        observer: &progress.display(),
    })?;
    if args.json {
        output::json(&report)?;
    } else {
        show(&report.remaining);
        output::say(format!("copied {}, {} remain", report.copied, report.remaining.len()));
    }
    Ok(report.exit_status())
}

fn show(rejects: &[Reject]) {
    if rejects.is_empty() {
        output::say("no rejected rows");
    }
    for reject in rejects {
        let column = reject.column_name.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
        let line = format!("{}, key {}{column}: {}", reject.table_name, reject.key, reject.reason);
        output::say(escape_line(&line));
        if let Some(value) = &reject.value {
            let class = reject.storage_class.as_ref().map(|class| format!("{class} ")).unwrap_or_default();
            let short: String = value.chars().take(200).collect();
            let more = if short.len() < value.len() { " ..." } else { "" };
            output::say(escape_line(&format!("  {class}{short}{more}")));
        }
    }
}
