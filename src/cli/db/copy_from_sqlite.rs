//! `app db copy-from-sqlite`

use super::flags::{CopyCommand, CopyFlags};
use crate::cli::failure::CommandFailure;
use crate::cli::interrupt;
use crate::config::Config;
use crate::registry::application;
use databases::error::ExitStatus;
use transfer::plan::{Existing, OnError, Options};
use transfer::run::ApplicationPlanner;

/// Copy every row of the SQLite database to PostgreSQL and verify every value
///
/// Reads one snapshot of the source, which is never changed. Checks both sides and plans; drops the keys and indexes of
/// empty tables, copies several parts in parallel with their primary keys, recreates and checks what was dropped;
/// advances the sequences; and compares every value of every row. Rows that are in the target already are not changed.
/// Run it again to continue a run that was killed, at its last checkpoint; after a complete run it changes nothing.
/// Exits with 0 only when everything is in the target and verified.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db copy-from-sqlite --dry-run             what would happen
  app db copy-from-sqlite                       from DB_PATH or ./backoffice.db to DATABASE_URL
  app db copy-from-sqlite --sqlite old.db --tables organizations,users
  app db copy-from-sqlite --verify-only --json  compare both sides, print a report

The target is DATABASE_URL if that is PostgreSQL. Keep its password there or in .env: all users of a machine can read
arguments.")]
pub(crate) struct Args {
    /// The source. Default: the SQLite file the settings name (see `app config`).
    #[arg(long, value_name = "PATH")]
    sqlite: Option<String>,
    /// The target. Default: DATABASE_URL, if that is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Empty the selected tables of the target first, and no others. Asks for confirmation.
    #[arg(long, conflicts_with_all = ["append", "force_recreate"])]
    clear: bool,
    /// Keep rows of the target that did not come from this source, and insert beside them.
    #[arg(long, conflicts_with = "force_recreate")]
    append: bool,
    /// Compare both sides and write nothing. `app db verify` does the same and more.
    #[arg(long, conflicts_with_all = ["clear", "force_recreate", "dry_run", "backup"])]
    verify_only: bool,
    /// Drop the target's tables and create them again first. Asks for confirmation.
    #[arg(long, conflicts_with = "tables")]
    force_recreate: bool,
    /// Only these tables, separated by commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    tables: Vec<String>,
    /// What happens with a row that cannot be inserted: `stop` ends the run, `skip` rejects the row with the reason.
    #[arg(long, value_name = "WHAT", default_value = "stop")]
    on_error: OnErrorArg,
    #[command(flatten)]
    pub(super) flags: CopyFlags,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum OnErrorArg {
    Stop,
    Skip,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let stop = interrupt::watch()?;
    let (source, target) = super::sides(args.sqlite.as_deref(), args.postgres.as_deref(), config)?;
    let command = CopyCommand {
        source: &source,
        target: &target,
        config_file: None,
        verify_only: args.verify_only,
        hint: super::verify::HINT,
        stop: &stop,
        progress: &args.flags.progress.display(),
    };
    args.flags.run(&mut ApplicationPlanner { application: application(), options: args.options() }, &command)
}

impl Args {
    fn options(&self) -> Options {
        Options {
            tables: self.tables.clone(),
            existing: match (self.clear, self.append) {
                (true, _) => Existing::Clear,
                (_, true) => Existing::Append,
                _ => Existing::Refuse,
            },
            recreate: self.force_recreate,
            restart: self.flags.restart,
            on_error: match self.on_error {
                OnErrorArg::Stop => OnError::Stop,
                OnErrorArg::Skip => OnError::Skip,
            },
            verify_only: self.verify_only,
        }
    }
}
