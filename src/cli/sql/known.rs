//! The tables that `app sql adapt` knows: those of a SQLite file, with what the import makes of them or with those of a
//! target.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use crate::cli::db;
use crate::cli::db::choices::{self, Choices};
use crate::cli::failure::{CommandFailure, OrFail as _, Refusal};
use crate::config::Config;
use databases::error::ExitStatus;

use import::conversion::StatementKind;
use import::existing::{self, ExistingTable, TableKind};
use import::queries::{Formats, SourceTables};
use import::survey::{self, Survey};
use transfer::source::{Source, SourceOptions};
use transfer::target::Target;

/// The schema of an import without `--schema`.
const DEFAULT_SCHEMA: &str = "public";

/// Where the tables are read from.
#[derive(Debug, clap::Args)]
pub(super) struct KnownArgs {
    /// The SQLite file whose tables the statements use. Its columns, and what the import makes of them, decide the
    /// translation. Default: the tables are not known, and each assumption is printed on standard error.
    #[arg(long, value_name = "FILE")]
    source: Option<String>,
    /// With --source: use the tables of this database as they are. Default: those that `app db import` would create.
    #[arg(long, value_name = "URL", requires = "source")]
    postgres: Option<String>,
    #[command(flatten)]
    choices: Choices,
}

/// What was read.
pub(super) struct Known {
    pub(super) survey: Survey,
    /// The target, if one is given.
    pub(super) target: Option<Target>,
    formats: Formats,
    views: Vec<String>,
}

impl KnownArgs {
    /// Whether a source is given.
    pub(super) fn is_given(&self) -> bool {
        self.source.is_some()
    }

    /// Reads the tables, if a source is given; with `copy`, a private copy of the source is written there and read.
    ///
    /// # Errors
    /// When a database cannot be read, or a setting has no effect.
    pub(super) fn read(
        &self,
        config: &Config,
        copy: Option<PathBuf>,
        stop: &AtomicBool,
    ) -> Result<Option<Known>, CommandFailure> {
        let Some(file) = &self.source else {
            return match self.choices == Choices::default() {
                true => Ok(None),
                false => Err(Refusal {
                    text: "the settings of an import have no effect without --source".to_owned(),
                    status: ExitStatus::Usage,
                    hint: "add --source FILE".to_owned(),
                }
                .into()),
            };
        };
        let decisions = self.choices.decisions()?;
        let schema = decisions.schema.clone().unwrap_or_else(|| DEFAULT_SCHEMA.to_owned());
        let options =
            SourceOptions { reader_count: 1, stop: Some(stop), backup: copy, ..SourceOptions::default() };
        let mut source = Source::open(&choices::source(file)?, &options)?;
        let mut target = match &self.postgres {
            Some(url) => Some(Target::open_in(&db::target(Some(url), config)?, &schema)?),
            None => None,
        };
        let existing = match &mut target {
            Some(target) => Some(
                existing::read(target, &schema)
                    .or_fail(ExitStatus::TargetFailed, "read the tables of the target")?,
            ),
            None => None,
        };
        let survey = survey::survey(&mut source, &decisions, existing.as_deref(), stop, &|_| ())?;
        let views = match &existing {
            Some(existing) => {
                existing.iter().filter(|table| is_view(table)).map(|view| view.name.clone()).collect()
            }
            None => {
                let views =
                    survey.statements.iter().filter(|statement| statement.kind == StatementKind::View);
                views.map(|view| view.name.clone()).collect()
            }
        };
        let formats = Formats::read(source.sqlite(), &survey.schema, &survey.conversion)
            .or_fail(ExitStatus::SourceFailed, "read the formats of dates in the source")?;
        Ok(Some(Known { survey, target, formats, views }))
    }
}

fn is_view(table: &ExistingTable) -> bool {
    matches!(table.kind, TableKind::View | TableKind::MaterializedView)
}

impl Known {
    /// The tables for the translation.
    pub(super) fn tables(&self) -> SourceTables<'_> {
        SourceTables::new(&self.survey.schema, &self.survey.conversion)
            .with_views(self.views.iter().map(String::as_str))
            .with_profiles(&self.survey.profiles)
            .with_formats(self.formats.clone())
    }
}
