//! `app db restore`

use super::target;
use crate::cli::progress::ProgressArgs;
use crate::cli::{interrupt, output};
use crate::config::Config;
use databases::error::ExitStatus;
use transfer::run::{self, RestoreSettings};

/// Put back the keys, foreign keys and indexes that an unfinished copy took down.
///
/// Running the copy again does this too, when the rows are in. This command is for a target that is to be used as it
/// is, with the rows it has.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db restore            in the target that DATABASE_URL names")]
pub(crate) struct Args {
    /// The target. Default: DATABASE_URL, when it is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// The schema in which `app db import --schema` worked.
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let stop = interrupt::watch()?;
    let url = target(args.postgres.as_deref(), config)?;
    let count = run::restore(&RestoreSettings {
        target: &url,
        schema: args.schema.as_deref(),
        stop: &stop,
        observer: &args.progress.display(),
    })?;
    output::say(match count {
        0 => "nothing is taken down".to_owned(),
        1 => "1 definition was put back".to_owned(),
        count => format!("{count} definitions were put back"),
    });
    Ok(ExitStatus::Done)
}
