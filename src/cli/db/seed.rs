//! `app db seed`

use std::time::Instant as Clock;

use crate::cli::failure::CommandFailure;
use crate::cli::output;
use crate::cli::progress::ProgressArgs;
use crate::config::Config;
use crate::seed::{SeedOptions, seed};
use databases::error::ExitStatus;
use databases::open::Access;

/// Insert generated rows, the same for the same seed
///
/// All tables, referentially intact, with texts of many scripts, nulls, empty strings and the extremes of every
/// type among them. The tables must be empty. Exits with 0, 10 when a table contains rows, 21 when the database fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  app db seed --rows 1000000 --seed 7")]
pub(crate) struct Args {
    /// Rows over all tables.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    rows: u64,
    /// The seed: another seed generates other rows.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let began = Clock::now();
    let mut connection = super::connect(config, Access::Write)?;
    let display = args.progress.display();
    display.begin("seed", i64::try_from(args.rows).unwrap_or(i64::MAX));
    let mut written = 0;
    let options = SeedOptions { rows: args.rows, seed: args.seed };
    let report = seed(&mut connection, options, &mut |progress| {
        let row_count = i64::try_from(progress.written - written).unwrap_or(i64::MAX);
        display.advance(progress.table, row_count);
        written = progress.written;
    });
    display.end();
    let report = report?;
    let rows: Vec<Vec<String>> =
        report.rows.iter().map(|(table, rows)| vec![(*table).to_owned(), rows.to_string()]).collect();
    output::table(&["table", "rows"], &rows);
    let total: u64 = report.rows.iter().map(|(_, rows)| rows).sum();
    let elapsed = output::seconds(began.elapsed().as_millis());
    output::say(format!("wrote {total} rows into {} in {elapsed} s", config.database.value));
    Ok(ExitStatus::Done)
}
