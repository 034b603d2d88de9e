//! Options for the conversion of a database of another application: a configuration file, and flags that override it.

use std::path::{Path, PathBuf};

use crate::cli::failure::{CommandFailure, Refusal};
use databases::error::ExitStatus;
use databases::url::SqlitePath;
use import::decisions::{Decisions, Integers, NoCase, OrphanPolicy};
use import::survey::SurveyError;

/// The options.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub(in crate::cli) struct Choices {
    /// Read types, names, skipped tables and policies from this TOML file; `app db convert --write-config` writes
    /// one. Default: no file.
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// The PostgreSQL schema for the tables. Default: public.
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// Types for integers: `auto` uses the declared type, and a wider one where a value needs it; `bigint` always
    /// uses bigint; `declared` rejects rows with values outside the declared type. Default: auto.
    #[arg(long, value_name = "WHICH")]
    integers: Option<IntegersArg>,
    /// Rows that reference rows that do not exist: `not-valid` copies them and leaves the foreign key NOT VALID,
    /// `quarantine` rejects them, `null` sets the reference to NULL, `stop` copies nothing. Default: not-valid.
    #[arg(long, value_name = "WHAT")]
    orphans: Option<OrphansArg>,
    /// Case-insensitive uniqueness (NOCASE): with an `index` on an expression, or with the type `citext`. Default:
    /// index.
    #[arg(long, value_name = "HOW")]
    nocase: Option<NoCaseArg>,
    /// Create a full-text search index on the content table of a full-text table (FTS). Default: full-text tables are
    /// skipped.
    #[arg(long)]
    full_text: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum IntegersArg {
    Auto,
    Bigint,
    Declared,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum OrphansArg {
    Stop,
    Quarantine,
    NotValid,
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum NoCaseArg {
    Index,
    Citext,
}

impl Choices {
    /// The configuration file, where one is given.
    pub(in crate::cli) fn config_file(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// The settings: flags override the file.
    ///
    /// # Errors
    /// When the file cannot be read or parsed.
    pub(in crate::cli) fn decisions(&self) -> Result<Decisions, CommandFailure> {
        let mut decisions = match &self.config {
            Some(path) => Decisions::parse(&read(path)?).map_err(SurveyError::Decisions)?,
            None => Decisions::default(),
        };
        if let Some(schema) = &self.schema {
            decisions.schema = Some(schema.clone());
        }
        if let Some(integers) = self.integers {
            decisions.integers = match integers {
                IntegersArg::Auto => Integers::Auto,
                IntegersArg::Bigint => Integers::Bigint,
                IntegersArg::Declared => Integers::Declared,
            };
        }
        if let Some(orphans) = self.orphans {
            decisions.orphans = match orphans {
                OrphansArg::Stop => OrphanPolicy::Stop,
                OrphansArg::Quarantine => OrphanPolicy::Quarantine,
                OrphansArg::NotValid => OrphanPolicy::NotValid,
                OrphansArg::Null => OrphanPolicy::Null,
            };
        }
        if let Some(nocase) = self.nocase {
            decisions.nocase = match nocase {
                NoCaseArg::Index => NoCase::Index,
                NoCaseArg::Citext => NoCase::Citext,
            };
        }
        decisions.full_text |= self.full_text;
        Ok(decisions)
    }
}

fn read(path: &Path) -> Result<String, Refusal> {
    std::fs::read_to_string(path).map_err(|error| Refusal {
        text: format!("read the configuration file `{}`: {error}", path.display()),
        status: ExitStatus::Configuration,
        hint: "write one with `app db convert FILE --write-config PATH`".to_owned(),
    })
}

/// The source of a command.
pub(in crate::cli) fn source(file: &str) -> Result<SqlitePath, CommandFailure> {
    Ok(SqlitePath::parse(file)?)
}
