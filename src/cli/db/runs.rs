//! `app db runs`

use clap::Subcommand;
use diesel::QueryResult;

use super::target;
use crate::cli::failure::{CommandFailure, Refusal};
use crate::cli::output;
use crate::config::Config;
use databases::error::ExitStatus;
use transfer::error::TransferError;
use transfer::target::Target;
use transfer::target::state::{RunRecord, StageRecord};

/// List the runs that wrote to the target
///
/// Each run is recorded in the target with its stages, its result and its report. Writes nothing. Exits with 0, 2 when
/// no run or more than one has the id, 21 when the target fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db runs                  the runs, newest first
  app db runs show ID          one run with its stages
  app db runs show ID --json   the same with its report")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Target database [default: DATABASE_URL]
    #[arg(long, value_name = "URL", global = true)]
    postgres: Option<String>,
    /// Schema that `app db import --schema` wrote to
    #[arg(long, value_name = "NAME", global = true)]
    schema: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show one run
    Show {
        /// Id of the run, or a prefix of it
        id: String,
    },
}

/// A run with its stages and report.
#[derive(serde::Serialize)]
struct Shown {
    #[serde(flatten)]
    run: RunRecord,
    stages: Vec<StageRecord>,
    report: Option<serde_json::Value>,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let url = target(args.postgres.as_deref(), config)?;
    let mut target = super::open_target(&url, args.schema.as_deref())?;
    match &args.command {
        Some(Command::Show { id }) => {
            let found = target.in_snapshot(|target| read(target, id, args.json).map_err(read_failed))?;
            show(found, id, args.json)?;
        }
        None => {
            let runs = target.in_snapshot(|target| RunRecord::load(target).map_err(read_failed))?;
            if args.json { output::json(&runs)? } else { list(&runs) }
        }
    }
    Ok(ExitStatus::Done)
}

fn read_failed(source: diesel::result::Error) -> TransferError {
    TransferError::UseTarget { what: "read the recorded runs", source }
}

fn list(runs: &[RunRecord]) {
    if runs.is_empty() {
        output::say("no runs are recorded in this target");
        return;
    }
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|run| {
            let code = run.exit_code.map_or_else(String::new, |code| code.to_string());
            [&run.id, &run.began_at, &run.command, run.state.as_str(), &code].map(str::to_owned).to_vec()
        })
        .collect();
    output::table(&["id", "started", "command", "state", "exit code"], &rows);
}

/// A run with its stages and, where requested, its report.
type RunDetails = (RunRecord, Vec<StageRecord>, Option<String>);

/// The run with this id or prefix, if it is the only one.
fn read(target: &mut Target, id: &str, with_report: bool) -> QueryResult<Option<RunDetails>> {
    let mut found = RunRecord::load(target)?.into_iter().filter(|run| run.id.starts_with(id));
    let (Some(run), None) = (found.next(), found.next()) else { return Ok(None) };
    let stages = run.stages(target)?;
    let report = if with_report { run.report(target)? } else { None };
    Ok(Some((run, stages, report)))
}

fn show(found: Option<RunDetails>, id: &str, json: bool) -> Result<(), CommandFailure> {
    let Some((run, stages, report)) = found else {
        return Err(Refusal {
            text: format!("the prefix {id} does not identify exactly one run"),
            status: ExitStatus::Usage,
            hint: "list the runs with `app db runs`".to_owned(),
        }
        .into());
    };
    if json {
        let report = report.map(|report| serde_json::from_str(&report)).transpose();
        return output::json(&Shown { run, stages, report: report.map_err(CommandFailure::unexpected)? });
    }
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    output::say(format!("run:       {}", run.id));
    output::say(format!("continues: {}", or_none(&run.continues)));
    output::say(format!("command:   {} ({})", run.command, run.agreement));
    output::say(format!("source:    {}", run.source));
    output::say(format!("started:   {}", run.began_at));
    output::say(format!("finished:  {}", or_none(&run.ended_at)));
    output::say(format!("state:     {}", run.state.as_str()));
    output::say(format!(
        "exit code: {}",
        run.exit_code.map_or_else(|| "-".to_owned(), |code| code.to_string())
    ));
    if let Some(error) = &run.error {
        output::say(format!("error:     {error}"));
    }
    let rows: Vec<Vec<String>> = stages
        .iter()
        .map(|stage| {
            vec![
                stage.stage.clone(),
                output::count(stage.row_count),
                stage.began_at.clone(),
                or_none(&stage.ended_at),
            ]
        })
        .collect();
    output::table(&["stage", "rows", "started", "finished"], &rows);
    Ok(())
}
