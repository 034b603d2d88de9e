//! `app db status`

use crate::cli::output;
use crate::config::Config;
use crate::migrations::MIGRATIONS;
use databases::error::ExitStatus;
use databases::migrations::{self, State};
use databases::open::Access;

/// Show which migrations are applied, pending, changed since they were applied, or unknown to this program.
///
/// Exits with 0 when all are applied, else with 11.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  app db status --json")]
pub(crate) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let mut connection = super::connect(config, Access::Read)?;
    let entries = migrations::status(&mut connection, &MIGRATIONS)?;
    if args.json {
        output::json(&entries)?;
    } else {
        for entry in &entries {
            let state = match entry.state {
                State::Applied => "applied",
                State::Pending => "pending",
                State::Changed => "changed",
                State::Unknown => "unknown",
            };
            output::say(format!("{state:<8} {entry}"));
        }
        let has = |state| entries.iter().any(|entry| entry.state == state);
        if has(State::Pending) {
            output::note("apply what is pending with `app db migrate`");
        }
        if has(State::Unknown) {
            output::note("unknown to this program: run the version that applied them");
        }
        if has(State::Changed) {
            output::note("changed since applied: accept on purpose with `app db migrate --accept-changed`");
        }
    }
    let all_applied = entries.iter().all(|entry| entry.state == State::Applied);
    Ok(if all_applied { ExitStatus::Done } else { ExitStatus::Warned })
}
