//! `app db copy-from-sqlite`

use super::flags::{CopyCommand, CopyFlags};
use crate::cli::interrupt;
use crate::config::Config;
use crate::registry::application;
use databases::error::ExitStatus;
use transfer::copy::{Existing, OnError, Options};
use transfer::run::ApplicationPlanner;

/// Copy every row of the SQLite database into PostgreSQL, and prove it.
///
/// Reads one snapshot of the source, which is never changed. Checks first and plans; takes the keys and indexes of
/// empty tables down and copies, several parts at once, keys kept; puts them back and checks them; continues the
/// sequences; and compares every value of every row. Rows that are already in the target stay as they are: running it
/// again continues a run that was killed, at its last checkpoint, and changes nothing after one that was not. Exits
/// with 0 only when everything is in the target and verified.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db copy-from-sqlite --dry-run             what would happen
  app db copy-from-sqlite                       from DB_PATH or ./backoffice.db to DATABASE_URL
  app db copy-from-sqlite --sqlite old.db --tables organizations,users
  app db copy-from-sqlite --verify-only --json  compare both sides, print a report

The target is DATABASE_URL when that is PostgreSQL. Keep its password there or in .env: arguments are seen by all
users of a machine.")]
pub(crate) struct Args {
    /// The source. Default: the SQLite file the settings name (see `app config`).
    #[arg(long, value_name = "PATH")]
    sqlite: Option<String>,
    /// The target. Default: DATABASE_URL, when it is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Empty the selected tables of the target first, and no others. Asks.
    #[arg(long, conflicts_with_all = ["append", "force_recreate"])]
    clear: bool,
    /// Keep rows of the target that did not come from this source, and add to them.
    #[arg(long, conflicts_with = "force_recreate")]
    append: bool,
    /// Write nothing: only compare both sides. `app db verify` does the same and more.
    #[arg(long, conflicts_with_all = ["clear", "force_recreate", "dry_run", "backup"])]
    verify_only: bool,
    /// Drop the target's tables and make them anew first. Asks.
    #[arg(long, conflicts_with = "tables")]
    force_recreate: bool,
    /// Only these tables, separated by commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    tables: Vec<String>,
    /// What is done about a row that cannot go in: `stop`, or `skip` to set it aside with the reason.
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

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitStatus> {
    let stop = interrupt::watch()?;
    let (source, target) = super::sides(args.sqlite.as_deref(), args.postgres.as_deref(), config)?;
    let command = CopyCommand {
        source: &source,
        target: &target,
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
