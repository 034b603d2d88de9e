//! `app db convert`

use std::path::PathBuf;

use anyhow::Context as _;

use super::choices::{self, Choices};
use crate::cli::{interrupt, output};
use databases::error::ExitStatus;
use import::diesel_project::{self, Backend, ProjectOptions};
use import::finding::Weight;
use import::{ddl, survey};
use transfer::copy::{Source, SourceOptions};

/// Write the PostgreSQL schema of any SQLite database.
///
/// Reads the schema and every value, for types are chosen by both; writes no row. The statements go to standard output
/// or to a file; what they do not carry as it stands is told beside them, and `app db assess` tells more of it. Exits
/// with 0, or with 40 when something is not carried.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db convert legacy.db --output schema.sql
  app db convert legacy.db --write-config decisions.toml   every choice, to be changed; then
  app db convert legacy.db --config decisions.toml
  app db convert legacy.db --diesel ./project              migrations, schema.rs and models for Diesel")]
pub(crate) struct Args {
    /// The SQLite file.
    file: String,
    #[command(flatten)]
    choices: Choices,
    /// Write the statements here, and not to standard output.
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Write everything that was chosen to this file, as one that `--config` takes.
    #[arg(long, value_name = "PATH")]
    write_config: Option<PathBuf>,
    /// Write a project for Diesel into this folder, which must be empty or not there: migrations for both backends,
    /// `schema.rs`, models.
    #[arg(long, value_name = "DIR")]
    diesel: Option<PathBuf>,
    /// The name of that project and of its migration.
    #[arg(long, value_name = "NAME", default_value = "legacy", requires = "diesel")]
    name: String,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitStatus> {
    let stop = interrupt::watch()?;
    let decisions = args.choices.decisions()?;
    let options =
        SourceOptions { reader_count: super::jobs(None), stop: Some(&stop), ..SourceOptions::default() };
    let mut source = Source::open(&choices::source(&args.file)?, &options)?;
    let reading = output::Reading::new("assess");
    let survey = survey::survey(&mut source, &decisions, None, &stop, &|progress| reading.show(progress))?;
    reading.finish();
    if let Some(path) = &args.write_config {
        output::write_text(path, &decisions.write(&survey.schema, &survey.conversion))?;
    }
    if let Some(folder) = &args.diesel {
        let options = ProjectOptions {
            name: args.name.clone(),
            stamp: "00000000000001".to_owned(),
            backend: Backend::Both,
        };
        let files = diesel_project::files(&survey.schema, &survey.conversion, &survey.statements, &options)
            .context("make the project")?;
        output::write_files(folder, &files)?;
        output::note(format!("wrote {} files to {}", files.len(), folder.display()));
    }
    let statements = ddl::render(&survey.statements);
    match &args.output {
        Some(path) => output::write_text(path, &statements)?,
        None if args.diesel.is_none() && args.write_config.is_none() => {
            output::say_sql(statements.trim_end())
        }
        None => {}
    }
    let mut not_carried = 0;
    for finding in survey.findings.iter().filter(|finding| finding.rule.weight >= Weight::Decision) {
        let place: Vec<&str> =
            [finding.table.as_deref(), finding.object.as_deref()].into_iter().flatten().collect();
        output::note(format!("{}: {}: {}", finding.rule.id, place.join("."), finding.text));
        not_carried += 1;
    }
    if not_carried == 0 {
        return Ok(ExitStatus::Done);
    }
    output::note(format!(
        "{not_carried} objects or values are not carried as they stand\nhint: `app db assess` tells what happens to each, and how to have it otherwise"
    ));
    Ok(ExitStatus::Incomplete)
}
