//! `app db runs`

use clap::Subcommand;

use super::target;
use crate::cli::explain::Refusal;
use crate::cli::output;
use crate::config::Config;
use databases::error::ExitStatus;
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

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let url = target(args.postgres.as_deref(), config)?;
    let mut target = super::open_target(&url, args.schema.as_deref())?;
    target.in_snapshot(|target| {
        let runs = RunRecord::load(target)?;
        match &args.command {
            Some(Command::Show { id }) => show(target, runs, id, args.json)?,
            None if args.json => output::json(&runs)?,
            None => list(&runs),
        }
        Ok(ExitStatus::Done)
    })
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

fn show(target: &mut Target, runs: Vec<RunRecord>, id: &str, json: bool) -> anyhow::Result<()> {
    let mut found = runs.into_iter().filter(|run| run.id.starts_with(id));
    let (Some(run), None) = (found.next(), found.next()) else {
        return Err(Refusal {
            text: format!("the prefix {id} does not identify exactly one run"),
            status: ExitStatus::Usage,
            hint: "list the runs with `app db runs`".to_owned(),
        }
        .into());
    };
    let stages = run.stages(target)?;
    if json {
        let report = run.report(target)?.map(|report| serde_json::from_str(&report)).transpose()?;
        output::json(&Shown { run, stages, report })?;
        return Ok(());
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
