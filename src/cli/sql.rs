//! `app sql ...`

use std::io::Read as _;

use clap::Subcommand;

use super::failure::{CommandFailure, Refusal};
use super::output;
use databases::error::ExitStatus;
use import::adapt::{AdaptOptions, Parameter, adapt_each};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Adapt(Args),
}

/// Translate SQL statements from SQLite to PostgreSQL.
///
/// Reads the statements from the argument, or from standard input, and writes the translation to standard output.
/// Placeholders (`?`, `?1`, `:name`, `@name`, `$name`) become `$1`, `$2` and so on. Exits with 0, or with 2 if a
/// construct has no equivalent in PostgreSQL; the message names it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app sql adapt \"SELECT ifnull(name, ?) FROM users WHERE id = :id\"
  app sql adapt --conflict id \"INSERT OR REPLACE INTO users (id, name) VALUES (?, ?)\"
  app sql adapt --json < queries.sql")]
pub(super) struct Args {
    /// The SQL statements. Default: standard input.
    sql: Option<String>,
    /// The columns of the key that identifies the row INSERT OR REPLACE replaces, separated by commas. Default: none,
    /// and INSERT OR REPLACE is not translated.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    conflict: Option<Vec<String>>,
    /// Print each statement with its parameters as JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// A statement of the JSON output.
#[derive(serde::Serialize)]
struct Statement {
    sql: String,
    /// For `$1`, `$2` and so on: the number or the name in the source.
    parameters: Vec<String>,
}

impl Command {
    pub(super) fn run(self) -> Result<ExitStatus, CommandFailure> {
        match self {
            Self::Adapt(args) => adapt(args),
        }
    }
}

fn adapt(args: Args) -> Result<ExitStatus, CommandFailure> {
    let sql = match args.sql {
        Some(sql) => sql,
        None => read_input()?,
    };
    let options = AdaptOptions { conflict_target: args.conflict, ..AdaptOptions::default() };
    let adapted = adapt_each(&sql, &options).map_err(|error| {
        let causes = std::iter::successors(std::error::Error::source(&error), |error| error.source());
        let causes: Vec<String> = causes.map(ToString::to_string).collect();
        Refusal {
            text: format!("{error}: {}", causes.join(": ")),
            status: ExitStatus::Usage,
            hint: "write this part for PostgreSQL manually".to_owned(),
        }
    })?;
    let statements: Vec<Statement> = adapted
        .into_iter()
        .map(|adapted| Statement {
            sql: adapted.sql,
            parameters: adapted.parameters.iter().map(show).collect(),
        })
        .collect();
    if args.json {
        output::json(&statements)?;
    } else {
        for statement in &statements {
            output::say_sql(&format!("{};", statement.sql.trim()));
            for (number, parameter) in (1..).zip(&statement.parameters) {
                output::note(format!("  ${number} was {parameter}"));
            }
        }
    }
    Ok(ExitStatus::Done)
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
