//! `app sql adapt`

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;

use super::known::{Known, KnownArgs};
use crate::cli::failure::{CommandFailure, OrFail as _, Refusal};
use crate::cli::{interrupt, output};
use crate::config::Config;
use databases::error::ExitStatus;
use databases::open::{Access, open_sqlite_file};
use import::adapt::{AdaptError, AdaptOptions, Adapted, Parameter, adapt_with, statements};
use import::queries::{Checked, Checker};
use import::translate::Relations;

/// Translate SQL statements from SQLite to PostgreSQL.
///
/// Reads the statements from the argument, from a file, or from standard input, and writes the translation to standard
/// output. Placeholders (`?`, `?1`, `:name`, `@name`, `$name`) become `$1`, `$2` and so on. With --source the tables are
/// known, and a statement has the result that SQLite gives: booleans, dates, JSON, affinities and collations are translated by
/// what each column was and what it became. Without it, what is assumed is printed on standard error. Exits with 0, with 2
/// if a construct has no equivalent in PostgreSQL, which the message names; with --check also with 30 if a result differs,
/// and with 40 if a statement could not be checked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app sql adapt \"SELECT ifnull(name, ?) FROM users WHERE id = :id\"
  app sql adapt --source shop.db \"SELECT id FROM users WHERE active = 1\"
  app sql adapt --source shop.db --postgres postgresql://localhost/shop --file queries.sql --check
  app sql adapt --conflict id \"INSERT OR REPLACE INTO users (id, name) VALUES (?, ?)\"
  app sql adapt --json < queries.sql")]
pub(in crate::cli) struct Args {
    /// The SQL statements. Default: standard input.
    #[arg(conflicts_with = "file")]
    sql: Option<String>,
    /// Read the statements from this file, and translate those after one that has no equivalent too.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    #[command(flatten)]
    known: KnownArgs,
    /// With --source and --postgres: run each statement on a copy of the source and, with its translation, on the target, which
    /// was imported from it, and compare rows, their order where ORDER BY defines it, and the changed table. Both are rolled
    /// back; sequences of the target may advance.
    #[arg(long, requires = "source", requires = "postgres")]
    check: bool,
    /// The columns of the key that identifies the row INSERT OR REPLACE replaces, separated by commas. Default: the keys of
    /// the table, if it is known; otherwise INSERT OR REPLACE is not translated.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    conflict: Option<Vec<String>>,
    /// Print each statement with its parameters and notes as JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// A statement of the JSON output.
#[derive(Default, serde::Serialize)]
struct Statement {
    /// The translation; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    sql: Option<String>,
    /// For `$1`, `$2` and so on: the number or the name in the source.
    parameters: Vec<String>,
    /// What is assumed, and where the result may differ.
    notes: Vec<String>,
    /// Why there is no translation.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// With `--check`.
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<CheckOutput>,
}

/// What `--check` found.
#[derive(serde::Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
enum CheckOutput {
    Same,
    Different { difference: String },
    NotChecked { reason: &'static str },
}

pub(super) fn run(args: Args, config: &Config) -> Result<ExitStatus, CommandFailure> {
    // Only reading a source takes long.
    let stop = if args.known.is_given() { interrupt::watch()? } else { Arc::default() };
    let sql = match (args.sql, &args.file) {
        (Some(sql), _) => sql,
        (None, Some(path)) => read_file(path)?,
        (None, None) => read_input()?,
    };
    let folder = match args.check {
        true => Some(
            tempfile::tempdir()
                .or_fail(ExitStatus::SourceFailed, "create a directory for a copy of the source")?,
        ),
        false => None,
    };
    let copy = folder.as_ref().map(|folder| folder.path().join("source.db"));
    let mut known = args.known.read(config, copy.clone(), &stop)?;
    let mut target = known.as_mut().and_then(|known| known.target.take());
    let tables = known.as_ref().map(Known::tables);
    let mut checker = match (&copy, &mut target, &tables, &known) {
        (Some(copy), Some(target), Some(tables), Some(known)) => Some(Checker {
            source: open_sqlite_file(copy, Access::Write)?,
            encoding: known.survey.schema.encoding,
            target,
            tables,
        }),
        _ => None,
    };
    let options = AdaptOptions {
        conflict_target: args.conflict,
        relations: tables.as_ref().map(|tables| -> &dyn Relations { tables }),
        ..AdaptOptions::default()
    };
    let texts = statements(&sql).map_err(|error| refusal(&error, None))?;
    let mut all = Vec::new();
    for (number, text) in (1..).zip(&texts) {
        match adapt_with(text, &options) {
            Ok(adapted) => {
                let checked = checker.as_mut().map(|checker| checker.check(text, &adapted)).transpose();
                let checked = checked.or_fail(ExitStatus::TargetFailed, "check a statement")?;
                all.push(translated(adapted, checked));
            }
            // One statement at a time is an error of the command.
            Err(error) if args.file.is_none() => return Err(refusal(&error, None).into()),
            Err(error) => {
                let error = refusal(&error, Some((number, text))).text;
                all.push(Statement { error: Some(error), ..Statement::default() });
            }
        }
    }
    if args.json {
        output::json(&all)?;
    } else {
        all.iter().for_each(print);
    }
    Ok(status(&all))
}

fn status(all: &[Statement]) -> ExitStatus {
    let any = |test: fn(&Statement) -> bool| all.iter().any(test);
    match () {
        () if any(|one| matches!(one.check, Some(CheckOutput::Different { .. }))) => ExitStatus::Different,
        () if any(|one| one.error.is_some()) => ExitStatus::Usage,
        () if any(|one| matches!(one.check, Some(CheckOutput::NotChecked { .. }))) => ExitStatus::Incomplete,
        () => ExitStatus::Done,
    }
}

fn print(statement: &Statement) {
    if let Some(sql) = &statement.sql {
        output::say_sql(&format!("{};", sql.trim()));
    }
    for (number, parameter) in (1..).zip(&statement.parameters) {
        output::note(format!("  ${number} was {parameter}"));
    }
    for note in &statement.notes {
        output::note(format!("note: {note}"));
    }
    if let Some(error) = &statement.error {
        output::note(format!("error: {error}"));
    }
    match &statement.check {
        None => {}
        Some(CheckOutput::Same) => output::note_verdict(true, "check: the same on both sides"),
        Some(CheckOutput::Different { difference }) => {
            output::note_verdict(false, format!("check: different: {difference}"))
        }
        Some(CheckOutput::NotChecked { reason }) => output::note(format!("check: not checked: {reason}")),
    }
}

fn translated(adapted: Adapted, checked: Option<Checked>) -> Statement {
    Statement {
        sql: Some(adapted.sql),
        parameters: adapted.parameters.iter().map(show).collect(),
        notes: adapted.notes,
        error: None,
        check: checked.map(|checked| match checked {
            Checked::Same => CheckOutput::Same,
            Checked::Different(difference) => CheckOutput::Different { difference },
            Checked::NotChecked(reason) => CheckOutput::NotChecked { reason },
        }),
    }
}

/// Why there is no translation; of several statements, with its number and the beginning of its text.
fn refusal(error: &AdaptError, of_several: Option<(usize, &str)>) -> Refusal {
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    let place = of_several.map(|(number, text)| {
        let text: Vec<&str> = text.split_whitespace().collect();
        let start: String = text.join(" ").chars().take(60).collect();
        format!("statement {number} (`{start}`): ")
    });
    Refusal {
        text: format!("{}{error}: {}", place.unwrap_or_default(), causes.join(": ")),
        status: ExitStatus::Usage,
        hint: "write this part for PostgreSQL manually".to_owned(),
    }
}

fn read_file(path: &std::path::Path) -> Result<String, Refusal> {
    std::fs::read_to_string(path).map_err(|error| Refusal {
        text: format!("read the statements from `{}`: {error}", path.display()),
        status: ExitStatus::Usage,
        hint: "specify a file with SQL statements in UTF-8".to_owned(),
    })
}

fn read_input() -> Result<String, Refusal> {
    let mut sql = String::new();
    std::io::stdin().read_to_string(&mut sql).map(|_| sql).map_err(|error| Refusal {
        text: format!("read the statements from standard input: {error}"),
        status: ExitStatus::Usage,
        hint: "pass them as an argument, or as UTF-8 on standard input".to_owned(),
    })
}

fn show(parameter: &Parameter) -> String {
    parameter.name.clone().unwrap_or_else(|| format!("?{}", parameter.number))
}
