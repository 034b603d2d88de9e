//! What can be chosen about a database that is not ours: by a file, and by flags that go before it.

use std::path::{Path, PathBuf};

use crate::cli::explain::Refusal;
use databases::error::ExitStatus;
use databases::url::SqlitePath;
use import::decisions::{Decisions, Integers, NoCase, Orphans};

/// The choices.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Choices {
    /// A TOML file with what is decided about types, names, tables and policies: `app db convert --write-config` writes
    /// one.
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// The schema of PostgreSQL that the tables go into. Default: public.
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// Integers: `auto` as declared and wider where a value needs it, `bigint` always, or `declared` and no wider.
    #[arg(long, value_name = "WHICH")]
    integers: Option<IntegersArg>,
    /// Rows that refer to rows that do not exist: `not-valid` copies them and leaves the foreign key NOT VALID,
    /// `quarantine` sets them aside, `null` clears the reference, `stop` copies nothing. Default: not-valid.
    #[arg(long, value_name = "WHAT")]
    orphans: Option<OrphansArg>,
    /// Uniqueness without regard to case (NOCASE): by an `index` on an expression, or by the type `citext`.
    #[arg(long, value_name = "HOW")]
    nocase: Option<NoCaseArg>,
    /// Make an index for full-text search on the table that a full-text table (FTS) names as its content.
    #[arg(long)]
    full_text: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum IntegersArg {
    Auto,
    Bigint,
    Declared,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum OrphansArg {
    Stop,
    Quarantine,
    NotValid,
    Null,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum NoCaseArg {
    Index,
    Citext,
}

impl Choices {
    /// What is decided: by flags, else by the file.
    ///
    /// # Errors
    /// When the file cannot be read or understood.
    pub(super) fn decisions(&self) -> anyhow::Result<Decisions> {
        let mut decisions = match &self.config {
            Some(path) => Decisions::parse(&read(path)?)?,
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
                OrphansArg::Stop => Orphans::Stop,
                OrphansArg::Quarantine => Orphans::Quarantine,
                OrphansArg::NotValid => Orphans::NotValid,
                OrphansArg::Null => Orphans::Null,
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
        text: format!("read the decisions in `{}`: {error}", path.display()),
        status: ExitStatus::Configuration,
        hint: "write one with `app db convert FILE --write-config PATH`".to_owned(),
    })
}

/// The file that a command is about.
pub(super) fn source(file: &str) -> anyhow::Result<SqlitePath> {
    Ok(SqlitePath::parse(file)?)
}
