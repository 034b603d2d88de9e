//! `app db restore`

use super::target;
use crate::cli::failure::CommandFailure;
use crate::cli::progress::ProgressArgs;
use crate::cli::{interrupt, output};
use crate::config::Config;
use databases::error::ExitStatus;
use transfer::run::{self, RestoreSettings};

/// Recreate the keys and indexes that an unfinished copy dropped
///
/// Recreates primary keys, foreign keys and indexes in the target, with the rows it has; the copy, run again, does the same
/// when it has copied all rows. What PostgreSQL refuses, because of the rows, is named with the reason and stays stored; the
/// others are recreated. Exits with 40 if one is refused.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db restore            in the target that DATABASE_URL names")]
pub(crate) struct Args {
    /// The target. Default: DATABASE_URL, if that is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// The schema of the target, as given to `app db import --schema`. Default: the first of search_path.
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let stop = interrupt::watch()?;
    let url = target(args.postgres.as_deref(), config)?;
    let restored = run::restore(&RestoreSettings {
        target: &url,
        schema: args.schema.as_deref(),
        stop: &stop,
        observer: &args.progress.display(),
    })?;
    output::say(match restored.count {
        0 => "no dropped definitions".to_owned(),
        1 => "recreated 1 definition".to_owned(),
        count => format!("recreated {count} definitions"),
    });
    for object in &restored.refused {
        output::say(format!(
            "{} {} of {} is refused: {}",
            object.kind, object.name, object.table_name, object.reason
        ));
    }
    if restored.refused.is_empty() {
        return Ok(ExitStatus::Done);
    }
    output::note("hint: correct these rows, then run `app db restore` again");
    Ok(ExitStatus::Incomplete)
}
