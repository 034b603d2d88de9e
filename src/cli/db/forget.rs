//! `app db forget`

use super::{agree, target};
use crate::cli::failure::CommandFailure;
use crate::cli::output;
use crate::config::Config;
use databases::error::ExitStatus;
use transfer::run::{self, CallerError, ForgetSettings, Records};

/// Delete the records of runs from the target
///
/// Each copy and import records its runs, checkpoints, rejected rows and skipped objects in the target, in the schema
/// `__backoffice_<schema>`. When the move is finished they are no longer needed. Deletes nothing else. Without them,
/// `app db verify` reports rejected rows and skipped objects as differences, and `app db runs` is empty.
///
/// Exits with 0, 10 while they are needed (an unfinished run, dropped indexes, rejected rows) or when it is not confirmed,
/// 21 when the target fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db forget            asks first
  app db forget --yes --schema shop")]
pub(crate) struct Args {
    /// Target database [default: DATABASE_URL]
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Schema that `app db import --schema` wrote to
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// Delete the records of rejected rows as well
    #[arg(long)]
    with_rejects: bool,
    /// Confirm without a prompt
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let url = target(args.postgres.as_deref(), config)?;
    let confirm = |records: &Records| {
        output::note(format!("records of {url}: {}", described(records)));
        agree("These records cannot be recovered.", args.yes)
            .map_err(|refusal| -> CallerError { Box::new(refusal) })
    };
    let records = run::forget(&ForgetSettings {
        target: &url,
        schema: args.schema.as_deref(),
        with_rejects: args.with_rejects,
        confirm: &confirm,
    })?;
    output::say(match records {
        None => "no records of runs".to_owned(),
        Some(records) => format!("deleted {}", described(&records)),
    });
    Ok(ExitStatus::Done)
}

fn described(records: &Records) -> String {
    let Records { run_count, reject_count, skipped_count } = records;
    let counted = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    [
        counted(*run_count, "run"),
        counted(*reject_count, "rejected row"),
        counted(*skipped_count, "skipped object"),
    ]
    .join(", ")
}
