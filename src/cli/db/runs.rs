//! `app db runs`

use clap::Subcommand;

use super::target;
use crate::cli::explain::Refusal;
use crate::cli::output;
use crate::config::Config;
use databases::error::ExitStatus;
use transfer::copy::{RunRecord, StageRecord, Target};

/// Show which runs wrote to the target: the audit trail.
///
/// Each run is kept in the target with its stages, its end, and its report.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db runs               the runs, newest first
  app db runs show ID       one of them, with its stages
  app db runs show ID --json   the same, with the report it ended with")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
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
    /// Show one run.
    Show {
        /// Its id, or the beginning of it.
        id: String,
    },
}

/// A run with all that is known of it.
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
        output::say("no run has written to this target");
        return;
    }
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|run| {
            let code = run.exit_code.map_or_else(String::new, |code| code.to_string());
            [&run.id, &run.began_at, &run.command, run.state.as_str(), &code].map(str::to_owned).to_vec()
        })
        .collect();
    output::table(&["id", "began", "command", "state", "exit code"], &rows);
}

fn show(target: &mut Target, runs: Vec<RunRecord>, id: &str, json: bool) -> anyhow::Result<()> {
    let mut found = runs.into_iter().filter(|run| run.id.starts_with(id));
    let (Some(run), None) = (found.next(), found.next()) else {
        return Err(Refusal {
            text: format!("there is not one run whose id begins with {id}"),
            status: ExitStatus::Usage,
            hint: "`app db runs` lists them".to_owned(),
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
    output::say(format!("began:     {}", run.began_at));
    output::say(format!("ended:     {}", or_none(&run.ended_at)));
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
    output::table(&["stage", "rows", "began", "ended"], &rows);
    Ok(())
}
