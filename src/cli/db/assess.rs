//! `app db assess`

use std::path::PathBuf;
use std::time::Instant as Clock;

use super::choices::{self, Choices};
use crate::cli::color::Stream;
use crate::cli::{interrupt, output};
use databases::error::ExitStatus;
use import::report::{Grade, TextOptions, html, text};
use import::{assess, survey};
use transfer::copy::{Source, SourceOptions};

/// Read any SQLite database, and tell what a move to PostgreSQL would make of it.
///
/// Reads the schema and every value, in one snapshot, and writes nothing. Grades the move: A nothing to decide, B types
/// are wider than declared, C something is not carried unless you decide otherwise, D cannot be done as it is. Each
/// finding names its rule (docs/rules.md), where, how many, the first keys, what happens by default, and how to have it
/// otherwise. Exits with 0 for grade A, 11 for B and C, 10 for D.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db assess legacy.db                        what would become of it
  app db assess legacy.db --html assessment.html the same as a page to pass on
  app db assess legacy.db --json                 for machines: docs/assessment.md")]
pub(crate) struct Args {
    /// The SQLite file.
    file: String,
    #[command(flatten)]
    choices: Choices,
    /// Also write the assessment to this file, as one HTML page.
    #[arg(long, value_name = "PATH")]
    html: Option<PathBuf>,
    /// Name every place of each finding, not the first ten.
    #[arg(long)]
    all: bool,
    /// Connections that read at the same time. Default: as many as this machine has processors, at most 4.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    jobs: Option<u8>,
    /// The folder for a private copy of the source, where one is needed. Default: the system's temporary folder.
    #[arg(long, value_name = "PATH")]
    temp_dir: Option<PathBuf>,
    /// Print the assessment as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitStatus> {
    let began = Clock::now();
    let stop = interrupt::watch()?;
    let decisions = args.choices.decisions()?;
    let options = SourceOptions {
        reader_count: super::jobs(args.jobs),
        temp_dir: args.temp_dir.clone(),
        stop: Some(&stop),
        ..SourceOptions::default()
    };
    let path = choices::source(&args.file)?;
    let mut source = Source::open(&path, &options)?;
    let reading = output::Reading::new("assess");
    let survey = survey::survey(&mut source, &decisions, None, &stop, &|progress| reading.show(progress))?;
    reading.finish();
    let size_bytes = source.snapshot().size_bytes;
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let assessment = assess::assessment(&survey, path.to_string(), size_bytes, elapsed_ms);
    if let Some(path) = &args.html {
        output::write_text(path, &html(&assessment))?;
    }
    match args.json {
        true => output::json(&assessment)?,
        false => {
            let options = TextOptions { width: 100, colour: Stream::Output.has_colors(), all: args.all };
            output::say_styled(text(&assessment, options).trim_end());
        }
    }
    Ok(match assessment.grade {
        Grade::A => ExitStatus::Done,
        Grade::B | Grade::C => ExitStatus::Warned,
        Grade::D => ExitStatus::Blocked,
    })
}
