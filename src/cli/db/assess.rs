//! `app db assess`

use std::path::PathBuf;
use std::time::Instant as Clock;

use super::choices::{self, Choices};
use crate::cli::color::Stream;
use crate::cli::failure::CommandFailure;
use crate::cli::output_files::{OutputFiles, OutputKind};
use crate::cli::progress::ProgressArgs;
use crate::cli::{interrupt, output};
use databases::error::ExitStatus;
use import::report::{Grade, NextSteps, TextOptions, html, text};
use import::{assess, survey};
use transfer::source::{Source, SourceOptions};

/// Assess any SQLite database for an import into PostgreSQL.
///
/// Reads the schema and every value in one snapshot, and writes nothing but the file of --html. Prints a grade: A no
/// decisions needed, B types or objects differ from their declaration, C objects are skipped or rows are rejected
/// unless configured otherwise, D the import is not possible. Each finding shows its rule (docs/rules.md), table and
/// object, the number of rows, the first keys, the default behavior, and how to change it. Exits with 0 for grade A,
/// 11 for B and C, 10 for D.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db assess legacy.db                        print the grade and the findings
  app db assess legacy.db --html assessment.html the same, also as an HTML page
  app db assess legacy.db --json                 the same as JSON: docs/assessment.md")]
pub(crate) struct Args {
    /// The SQLite file.
    file: String,
    #[command(flatten)]
    choices: Choices,
    /// Also write the assessment to this file, as one self-contained HTML page. Default: no file.
    #[arg(long, value_name = "PATH")]
    html: Option<PathBuf>,
    /// With --html: replace a file that this program did not write.
    #[arg(long, requires = "html")]
    force: bool,
    /// Print all findings of each rule. Default: the first 10, and the first 100 tables.
    #[arg(long)]
    all: bool,
    /// The number of connections that read in parallel. Default: the number of processors, at most 4.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    jobs: Option<u8>,
    /// The directory for a private copy of the source, if one is needed. Default: the system's temporary directory.
    #[arg(long, value_name = "PATH")]
    temp_dir: Option<PathBuf>,
    /// Print the assessment as JSON instead of text.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

/// The commands that follow an assessment.
pub(super) const STEPS: NextSteps = NextSteps {
    command: "app db assess",
    assess: Some("app db assess FILE"),
    import: Some("app db import FILE --postgres URL"),
    write_config: "app db convert --write-config",
    list_all: "--all",
};

pub(super) fn run(args: &Args) -> Result<ExitStatus, CommandFailure> {
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
    let mut files = OutputFiles::reading(args.force, &path, args.choices.config_file());
    let page = args.html.as_ref().map(|page| files.open("--html", page, OutputKind::Page)).transpose()?;
    let mut source = Source::open(&path, &options)?;
    let progress = args.progress.display();
    let survey = survey::survey(&mut source, &decisions, None, &stop, &|read| progress.show_survey(read))?;
    progress.end();
    let size_bytes = source.snapshot().size_bytes;
    if source.snapshot().wal_was_absent && !output::has_events() {
        output::note(super::copy_report::NO_WAL);
    }
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let assessment = assess::assessment(&survey, path.to_string(), size_bytes, elapsed_ms);
    if let Some(page) = page {
        page.write(&html(&assessment, &STEPS))?;
    }
    match args.json {
        true => output::json(&assessment)?,
        false => {
            let options = TextOptions { width: 100, colour: Stream::Output.has_colors(), all: args.all };
            output::say_styled(text(&assessment, &STEPS, options).trim_end());
        }
    }
    Ok(match assessment.grade {
        Grade::A => ExitStatus::Done,
        Grade::B | Grade::C => ExitStatus::Warned,
        Grade::D => ExitStatus::Blocked,
    })
}
