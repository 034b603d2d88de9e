//! `app config`

use super::failure::CommandFailure;
use super::output;
use crate::config::Config;
use databases::error::ExitStatus;

/// Show the effective settings and the origin of each.
///
/// Reads flags, the environment and .env; writes nothing. Passwords and keys are masked. Exits with 3 for invalid settings.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  DATABASE_URL=sqlite:app.db app config")]
pub(super) struct Args {
    /// Print an array of objects with `setting`, `value` and `origin` as JSON. Default: text.
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct SettingLine {
    setting: &'static str,
    value: String,
    origin: String,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let rows = config.describe();
    if args.json {
        let rows: Vec<SettingLine> =
            rows.into_iter().map(|(setting, value, origin)| SettingLine { setting, value, origin }).collect();
        output::json(&rows)?;
        return Ok(ExitStatus::Done);
    }
    let width = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    for (name, value, origin) in rows {
        output::say(format!("{name:<width$}  {value}  ({origin})"));
    }
    Ok(ExitStatus::Done)
}
