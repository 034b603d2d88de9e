//! `app db convert`

use std::path::PathBuf;

use super::choices::{self, Choices};
use crate::cli::failure::{CommandFailure, OrFail as _};
use crate::cli::output_files::{OutputFiles, OutputKind, write_folder};
use crate::cli::progress::ProgressArgs;
use crate::cli::{interrupt, output};
use databases::error::ExitStatus;
use import::diesel_project::{self, Backend, ProjectOptions};
use import::finding::Weight;
use import::{ddl, survey};
use transfer::source::{Source, SourceOptions};

/// Convert the schema of any SQLite database to PostgreSQL.
///
/// Reads the schema and every value, because types are chosen from both. Writes the statements to standard output or
/// to a file, and copies no rows. Objects that are skipped and values that are incompatible are reported on standard
/// error; `app db assess` shows the details. Exits with 0, or with 40 if there are such findings.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app db convert legacy.db --output schema.sql
  app db convert legacy.db --write-config decisions.toml   write every choice, edit it, and run
  app db convert legacy.db --config decisions.toml
  app db convert legacy.db --diesel ./project              write migrations, schema.rs and models for Diesel")]
pub(crate) struct Args {
    /// The SQLite file.
    file: String,
    #[command(flatten)]
    choices: Choices,
    /// Write the statements to this file. Default: standard output.
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Write all choices to this file, as a configuration file for `--config`. Default: no file.
    #[arg(long, value_name = "PATH")]
    write_config: Option<PathBuf>,
    /// With --output or --write-config: replace a file that this program did not write, or a configuration file.
    #[arg(long)]
    force: bool,
    /// Write a Diesel project (migrations for both backends, `schema.rs`, models) to this directory, which must be
    /// empty or not exist. Default: no project.
    #[arg(long, value_name = "DIR")]
    diesel: Option<PathBuf>,
    /// The name of that project and of its migration.
    #[arg(long, value_name = "NAME", default_value = "legacy", requires = "diesel")]
    name: String,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CommandFailure> {
    let stop = interrupt::watch()?;
    let decisions = args.choices.decisions()?;
    let options =
        SourceOptions { reader_count: super::jobs(None), stop: Some(&stop), ..SourceOptions::default() };
    let path = choices::source(&args.file)?;
    let mut files = OutputFiles::reading(args.force, &path, args.choices.config_file());
    let mut open = |option, path: &Option<PathBuf>, kind| {
        path.as_ref().map(|path| files.open(option, path, kind)).transpose()
    };
    let config_file = open("--write-config", &args.write_config, OutputKind::Decisions)?;
    let schema_file = open("--output", &args.output, OutputKind::Sql)?;
    let mut source = Source::open(&path, &options)?;
    let progress = args.progress.display();
    let survey = survey::survey(&mut source, &decisions, None, &stop, &|read| progress.show_survey(read))?;
    progress.end();
    if let Some(file) = config_file {
        file.write(&decisions.write(&survey.schema, &survey.conversion))?;
    }
    if let Some(folder) = &args.diesel {
        let options = ProjectOptions {
            name: args.name.clone(),
            stamp: "00000000000001".to_owned(),
            backend: Backend::Both,
        };
        let files = diesel_project::files(&survey.schema, &survey.conversion, &survey.statements, &options)
            .or_fail(ExitStatus::Unexpected, "create the project")?;
        write_folder(folder, &files)?;
        output::note(format!("wrote {} files to {}", files.len(), folder.display()));
    }
    let statements = ddl::render(&survey.statements);
    match schema_file {
        Some(file) => file.write(&statements)?,
        None if args.diesel.is_none() && args.write_config.is_none() => {
            output::say_sql(statements.trim_end())
        }
        None => {}
    }
    let mut decision_count = 0;
    for finding in survey.findings.iter().filter(|finding| finding.rule.weight >= Weight::Decision) {
        let object: Vec<&str> =
            [finding.table.as_deref(), finding.object.as_deref()].into_iter().flatten().collect();
        output::note(format!("{}: {}: {}", finding.rule.id, object.join("."), finding.text));
        decision_count += 1;
    }
    if decision_count == 0 {
        return Ok(ExitStatus::Done);
    }
    output::note(format!(
        "{decision_count} findings need a decision\nhint: `app db assess` shows the default of each, and how to change it"
    ));
    Ok(ExitStatus::Incomplete)
}
