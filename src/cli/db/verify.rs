//! `app db verify`

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use super::copy_report::Terminal;
use super::outcome;
use crate::cli::failure::CommandFailure;
use crate::cli::progress::ProgressArgs;
use crate::cli::{hints, interrupt, output};
use crate::config::Config;
use crate::registry::application;
use databases::error::ExitStatus;
use transfer::run::{CallerError, CompareSettings, compare};
use transfer::verify::{Depth, VerifyOptions};

/// Compare the SQLite database with the PostgreSQL database, value by value.
///
/// Reads one snapshot of each side and writes to neither: a role that may only SELECT suffices. Every value of every
/// row is compared; of a difference, table, key, column and both values are printed. Also checked: foreign keys,
/// indexes and checks of the target, and whether its sequences go on after the highest key. Exits with 0 when nothing
/// differs, and with 30 when something does.
///
/// Only a comparison of everything verifies: with --counts and --sample, tables without a difference are "not verified".
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db verify                                 every value of DB_PATH or ./backoffice.db and of DATABASE_URL
  app db verify --counts                        only how many rows there are: quick, and no proof
  app db verify --sample 1000                   1000 rows of each table
  app db verify --tables users,tasks --no-values --json > report.json
  app db verify --repair                        copy the rows that are missing or differ; asks first

The target is DATABASE_URL if that is PostgreSQL. Keep its password there or in .env: all users of a machine can read
arguments.")]
pub(crate) struct Args {
    /// The source. Default: the SQLite file the settings name (see `app config`).
    #[arg(long, value_name = "PATH")]
    sqlite: Option<String>,
    /// The target. Default: DATABASE_URL, if that is PostgreSQL.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Compare only how many rows there are.
    #[arg(long, conflicts_with_all = ["sample", "full", "repair"])]
    counts: bool,
    /// Compare N rows of each table, spread over its keys; smaller tables whole.
    #[arg(long, value_name = "N", conflicts_with_all = ["full", "repair"], value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
    /// Compare the rows an earlier sample compared: the seed of its report.
    #[arg(long, value_name = "S", requires = "sample")]
    seed: Option<u64>,
    /// Compare every value of every row. This is the default.
    #[arg(long)]
    full: bool,
    /// Only these tables, separated by commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    tables: Vec<String>,
    /// Copy rows that are missing or differ from the source into the target, then compare again. Rows that only the
    /// target has are never deleted. Asks for confirmation.
    #[arg(long)]
    repair: bool,
    /// Print where values differ, without the values.
    #[arg(long)]
    no_values: bool,
    /// Name so many differences of a table; all are counted.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Confirm overwriting rows of the target without a prompt.
    #[arg(long, requires = "repair")]
    yes: bool,
    /// Print the report as JSON; everything else goes to standard error.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let stop = interrupt::watch()?;
    let (source, target) = super::sides(args.sqlite.as_deref(), args.postgres.as_deref(), config)?;
    let (report, outcome) = compare(&CompareSettings {
        application: &application(),
        source: &source,
        target: &target,
        tables: args.tables.clone(),
        options: args.options(),
        repair: args.repair,
        confirm: &|_| {
            super::agree(super::OVERWRITE, args.yes).map_err(|refusal| -> CallerError { Box::new(refusal) })
        },
        stop: &stop,
        words: &hints::words,
        observer: &Terminal::new(&source, &target, args.json, &args.progress.display()),
    });
    if let Ok(ExitStatus::Blocked) = outcome {
        output::note("nothing was compared");
    }
    if args.json {
        output::json(&report)?;
    }
    if outcome.is_ok() {
        outcome::note_comparison(&report, HINT);
    }
    Ok(outcome?)
}

impl Args {
    fn options(&self) -> VerifyOptions {
        let depth = match (self.counts, self.sample) {
            (true, _) => Depth::Counts,
            (false, Some(rows)) => Depth::Sample(rows),
            (false, None) => Depth::Full,
        };
        // 32 bits: a JSON reader keeps every digit.
        let random = || RandomState::new().build_hasher().finish() >> 32;
        VerifyOptions {
            depth,
            show_values: !self.no_values,
            limit: self.limit,
            seed: self.seed.unwrap_or_else(random),
            ..VerifyOptions::default()
        }
    }
}

/// What to do about differences of the application's tables.
pub(super) const HINT: &str = "copy the rows that differ with `app db verify --repair`, or their tables again with `app db copy-from-sqlite --clear --tables`";
