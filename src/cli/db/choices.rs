//! Options for the conversion of a database of another application: a configuration file, and flags that override it.

use std::path::{Path, PathBuf};

use crate::cli::failure::{CommandFailure, Refusal};
use databases::error::ExitStatus;
use databases::url::SqlitePath;
use import::decisions::{Decisions, Incompatible, Integers, NoCase, OrphanPolicy};
use import::survey::SurveyError;

/// The options.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub(in crate::cli) struct Choices {
    /// Read types, names, skipped tables and policies from this TOML file; `app db convert --write-config` writes
    /// one. Default: no file.
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Override one setting of the configuration file by a line of TOML, such as
    /// `tables.orders.columns.created.form = "iso-utc"`. Can be repeated. Default: none.
    #[arg(long, value_name = "LINE")]
    set: Vec<String>,
    /// The PostgreSQL schema for the tables. Default: public.
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// Types for integers: `auto` uses the declared type, and a wider one where a value needs it; `bigint` always
    /// uses bigint; `declared` rejects rows with values outside the declared type. Default: auto.
    #[arg(long, value_name = "WHICH")]
    integers: Option<IntegersArg>,
    /// Values that force a wider type than the other values of their column: `widen` gives the column the wider type,
    /// up to text, and copies every value; `reject` keeps the type, if at least half of the values have it, and rejects
    /// these rows. Default: widen.
    #[arg(long, value_name = "WHAT")]
    incompatible: Option<IncompatibleArg>,
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
enum IncompatibleArg {
    Widen,
    Reject,
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
        let text = self.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let mut decisions = Decisions::parse_with(&text, &self.set).map_err(SurveyError::Decisions)?;
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
        if let Some(incompatible) = self.incompatible {
            decisions.incompatible = match incompatible {
                IncompatibleArg::Widen => Incompatible::Widen,
                IncompatibleArg::Reject => Incompatible::Reject,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use import::decisions::Decisions;

    use crate::cli::App;

    /// The places of the configuration file, around a setting.
    const PLACES: [(&str, &str); 3] = [("", ""), ("[tables.t]\n", ""), ("[tables.t.columns]\nc = { ", " }")];

    /// Whether the configuration file, and so `--set`, accepts the setting somewhere.
    fn is_setting(setting: &str) -> bool {
        PLACES.iter().any(|(before, after)| Decisions::parse(&format!("{before}{setting}{after}")).is_ok())
    }

    /// Whether a command accepts the option, with its value.
    fn is_option(words: &[&str]) -> bool {
        let mut root = App::command();
        root.build();
        ["import", "convert"].iter().any(|name| {
            let command =
                root.find_subcommand("db").and_then(|db| db.find_subcommand(name)).expect("a command");
            let of_name = |long: &str| {
                command.get_arguments().find(|argument| argument.get_long() == long.strip_prefix("--"))
            };
            let Some(argument) = words.first().and_then(|word| of_name(word)) else { return false };
            match words {
                [_, value] => {
                    let possible = argument.get_possible_values();
                    possible.iter().any(|known| known.get_name() == *value)
                }
                _ => words.len() == 1,
            }
        })
    }

    #[test]
    fn every_decision_that_a_rule_names_can_be_taken() {
        let (mut settings, mut options) = (0, 0);
        for rule in import::rules::all() {
            for span in
                [rule.by_default, rule.change].iter().flat_map(|text| text.split('`').skip(1).step_by(2))
            {
                if span.starts_with("--") {
                    let words: Vec<&str> = span.split_whitespace().collect();
                    assert!(is_option(&words), "{}: `{span}` is no option of the import", rule.id);
                    options += 1;
                } else if span.contains(" = ") {
                    assert!(is_setting(span), "{}: `{span}` is no setting", rule.id);
                    settings += 1;
                }
            }
        }
        assert!(settings > 30 && options > 10, "{settings} settings and {options} options were found");
        assert!(!is_setting("bogus = 1") && !is_option(&["--bogus"]) && !is_option(&["--orphans", "bogus"]));
    }
}
