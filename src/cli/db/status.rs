//! `app db status`

use crate::cli::failure::CommandFailure;
use crate::cli::output;
use crate::config::Config;
use crate::migrations::MIGRATIONS;
use databases::error::ExitStatus;
use databases::migrations::{self, MigrationState};
use databases::open::Access;

/// Show which migrations are applied, pending, changed or unknown
///
/// Reads the record of applied migrations and writes nothing. `changed`: the file changed after it was applied.
/// `unknown`: applied, but not part of this program. Exits with 0 when all are applied, 11 when not, 21 when the
/// database fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  app db status --json")]
pub(crate) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let mut connection = super::connect(config, Access::Read)?;
    let entries = migrations::status(&mut connection, &MIGRATIONS)?;
    if args.json {
        output::json(&entries)?;
    } else {
        for entry in &entries {
            let state = match entry.state {
                MigrationState::Applied => "applied",
                MigrationState::Pending => "pending",
                MigrationState::Changed => "changed",
                MigrationState::Unknown => "unknown",
            };
            output::say(format!("{state:<8} {entry}"));
        }
        let has = |state| entries.iter().any(|entry| entry.state == state);
        if has(MigrationState::Pending) {
            output::note("pending: apply with `app db migrate`");
        }
        if has(MigrationState::Unknown) {
            output::note("unknown: use the version of the program that applied them");
        }
        if has(MigrationState::Changed) {
            output::note("changed: record the new checksums with `app db migrate --accept-changed`");
        }
    }
    let all_applied = entries.iter().all(|entry| entry.state == MigrationState::Applied);
    Ok(if all_applied { ExitStatus::Done } else { ExitStatus::Warned })
}
