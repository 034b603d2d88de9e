//! The command line: a file per command, each with its arguments and what it does.

mod color;
mod config;
mod db;
mod failure;
pub(crate) mod hints;
mod interrupt;
mod log;
mod organization;
mod output;
mod output_files;
mod progress;
mod serve;
mod sql;
mod sql_text;
mod user;

use std::ffi::OsString;

use clap::{ArgAction, ColorChoice, Parser, Subcommand};

use self::color::Stream;
use self::failure::CommandFailure;
use self::progress::ProgressForm;
use crate::config::{Config, Flags, Inputs, LogFormat, color_choice};
use databases::error::{ExitStatus, may_be_secret};
use databases::terminal::escape;

/// A back-office application on SQLite or PostgreSQL, and the move of a database from SQLite to PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "app", version, max_term_width = 100, after_long_help = AFTER_HELP)]
pub struct App {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  app serve                       serve ./backoffice.db, which is created if it does not exist
  app user create-admin           create the first user
  app db setup                    create or update the configured database
  app db copy-from-sqlite         copy the SQLite file to the PostgreSQL of DATABASE_URL
  app db verify                   compare every value of both
  app db assess legacy.db         assess the import of another application's SQLite file
  app db import legacy.db         import it into the PostgreSQL of DATABASE_URL

Exit codes:
  0 success       1 a bug         2 usage          3 configuration   10 blocked, nothing written
  11 warnings     20 the source   21 the target    30 differences    40 incomplete   50 interrupted

Settings come from flags, the environment and .env, in this order; `app config` shows them.";

#[derive(Debug, clap::Args)]
struct Global {
    /// The database: a path, sqlite:PATH, or a postgresql:// URL. Overrides the environment; keep passwords there.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Log more: -v for information, -vv for every step. Default: warnings.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// When output has colors: always, never or auto. Default: auto, which follows CLICOLOR_FORCE, NO_COLOR and CLICOLOR,
    /// and without them the terminal.
    #[arg(long, global = true, value_name = "WHEN", hide_possible_values = true)]
    color: Option<ColorChoice>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Set up, migrate, seed, copy, verify and import databases.
    #[command(subcommand)]
    Db(db::Command),
    /// Translate SQL statements from SQLite to PostgreSQL.
    #[command(subcommand)]
    Sql(sql::Command),
    /// Create the first user.
    #[command(subcommand)]
    User(user::Command),
    /// Export organizations.
    #[command(subcommand)]
    Organization(organization::Command),
    Serve(serve::Args),
    Config(config::Args),
}

/// What clap reports instead of a command: help, or what is wrong with the command line.
#[derive(Debug)]
pub struct UsageError {
    error: clap::Error,
    color: Option<ColorChoice>,
    /// Whether an argument, which clap may repeat, has characters that are escaped.
    is_hostile: bool,
}

/// Reads the command line.
///
/// # Errors
/// When it cannot be understood, or help is asked for.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<App, UsageError> {
    let arguments: Vec<OsString> = arguments.collect();
    App::try_parse_from(&arguments).map_err(|error| {
        let texts: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
        UsageError {
            error: mask(error, &arguments),
            color: color_flag(texts.iter().map(|text| &**text)),
            is_hostile: texts.iter().any(|text| escape(text) != *text),
        }
    })
}

/// The value of `--color`, where the command line could not be understood as a whole.
fn color_flag<'a>(mut arguments: impl Iterator<Item = &'a str>) -> Option<ColorChoice> {
    let mut found = None;
    while let Some(argument) = arguments.next().filter(|argument| *argument != "--") {
        let value = match argument.strip_prefix("--color") {
            Some("") => arguments.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        found = value.and_then(|value| value.parse().ok()).or(found);
    }
    found
}

/// The error without what may be a URL with a password in it: clap repeats arguments it does not know.
fn mask(error: clap::Error, arguments: &[OsString]) -> clap::Error {
    if !error.use_stderr() {
        return error;
    }
    let texts = arguments.iter().skip(1).filter_map(|argument| argument.to_str());
    // Of `--flag=value` only the value: the flag's name is what the user needs to see.
    let values = texts.filter_map(|text| match text.starts_with("--") {
        true => text.split_once('=').map(|(_, value)| value),
        false => Some(text),
    });
    let mut secrets: Vec<&str> = values.filter(|text| may_be_secret(text)).collect();
    if secrets.is_empty() {
        return error;
    }
    // The longest first, so that no piece of one stays when another is part of it.
    secrets.sort_by_key(|text| std::cmp::Reverse(text.len()));
    let text = secrets.iter().fold(error.render().to_string(), |text, secret| text.replace(secret, "***"));
    let text = text.strip_prefix("error: ").map(str::to_owned).unwrap_or(text);
    clap::Error::raw(error.kind(), text)
}

/// Shows what clap has to say: help, or what is wrong with the command line.
pub fn show_usage(usage: &UsageError) -> ExitStatus {
    color::decide(color_choice(usage.color));
    let text = usage.error.render();
    let (plain, styled) = (text.to_string(), text.ansi().to_string());
    match (usage.error.use_stderr(), usage.is_hostile) {
        // clap's own colors cannot be distinguished from control sequences of an argument.
        (true, true) => output::note(plain.trim_end()),
        (false, true) => output::say(plain.trim_end()),
        (true, false) if Stream::Error.has_colors() => output::note_styled(styled.trim_end()),
        (true, false) => output::note(plain.trim_end()),
        (false, false) if Stream::Output.has_colors() => output::say_styled(styled.trim_end()),
        (false, false) => output::say(plain.trim_end()),
    }
    if usage.error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Done }
}

/// Runs a command and shows its error, if it has one.
pub fn run(app: App) -> ExitStatus {
    color::decide(color_choice(app.global.color));
    output::escape_panics();
    let verbose = app.global.verbose;
    let has_events = matches!(&app.command, Command::Db(command) if command.progress() == ProgressForm::Json);
    if has_events {
        output::begin_events();
    }
    // The server has settings of its own for its log.
    if !matches!(app.command, Command::Serve(_)) {
        let format = if has_events { LogFormat::Json } else { LogFormat::Text };
        log::start(format, level_of(verbose), Stream::Error.has_colors());
    }
    let database_given = app.global.database_url.is_some();
    let status = match dispatch(app, verbose) {
        Ok(status) => {
            if has_events {
                progress::show_end(status);
            }
            status
        }
        Err(failure) => {
            // A hint typed as it stands must not reach another database.
            let hint = failure.hint().map(|hint| match database_given && hint.contains("`app db") {
                true if !hint.contains("--database-url") => format!("{hint} (with the same --database-url)"),
                _ => hint,
            });
            match has_events {
                true => progress::show_error(&failure, hint.as_deref()),
                false => output::note(failure.render(hint.as_deref())),
            }
            failure.status()
        }
    };
    if status == ExitStatus::Done && output::is_lost() {
        output::note("error: the result could not be written to standard output");
        return ExitStatus::Unexpected;
    }
    status
}

fn dispatch(app: App, verbose: u8) -> Result<ExitStatus, CommandFailure> {
    let mut flags =
        Flags { database_url: app.global.database_url, color: app.global.color, ..Flags::default() };
    if let Command::Serve(args) = &app.command {
        flags.host = args.host;
        flags.port = args.port;
    }
    let config = Config::resolve(&Inputs::from_process(flags)?)?;
    match app.command {
        Command::Db(command) => command.run(&config),
        Command::Sql(command) => command.run(&config),
        Command::User(command) => command.run(&config),
        Command::Organization(command) => command.run(&config),
        Command::Serve(args) => serve::run(&args, &config, verbose),
        Command::Config(args) => config::run(&args, &config),
    }
}

/// The level of the log without settings: warnings, more with `-v`.
fn level_of(verbose: u8) -> tracing::Level {
    match verbose {
        0 => tracing::Level::WARN,
        1 => tracing::Level::INFO,
        _ => tracing::Level::TRACE,
    }
}
