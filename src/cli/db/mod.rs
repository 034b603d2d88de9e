//! `app db ...`

mod assess;
pub(super) mod choices;
mod convert;
mod copy_from_sqlite;
mod copy_report;
mod flags;
mod forget;
mod health;
mod import;
mod migrate;
mod outcome;
mod redo;
mod rejects;
mod restore;
mod rollback;
mod runs;
mod seed;
mod setup;
mod status;
mod sync;
mod verify;
mod verify_report;

use clap::Subcommand;

use super::failure::{CommandFailure, Refusal};
use super::output;
use super::progress::ProgressForm;
use crate::config::Config;
use databases::connection::AnyConnection;
use databases::error::ExitStatus;
use databases::migrations::{Loss, Migration};
use databases::open::{Access, OpenError, Purpose, open};
use databases::url::{DatabaseUrl, PostgresUrl, SqlitePath};
use transfer::error::TransferError;
use transfer::run::default_jobs;
use transfer::target::Target;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Setup(setup::Args),
    Status(status::Args),
    Migrate(migrate::Args),
    Rollback(rollback::Args),
    Redo(redo::Args),
    Seed(seed::Args),
    CopyFromSqlite(copy_from_sqlite::Args),
    Assess(assess::Args),
    Convert(convert::Args),
    Import(import::Args),
    Rejects(rejects::Args),
    Restore(restore::Args),
    Runs(runs::Args),
    Forget(forget::Args),
    Verify(verify::Args),
    Health(health::Args),
    Sync(sync::Args),
}

impl Command {
    /// The form in which it shows progress.
    pub(super) fn progress(&self) -> ProgressForm {
        match self {
            Self::Seed(args) => args.progress.form,
            Self::CopyFromSqlite(args) => args.flags.progress.form,
            Self::Assess(args) => args.progress.form,
            Self::Convert(args) => args.progress.form,
            Self::Import(args) => args.flags.progress.form,
            Self::Rejects(args) => args.progress(),
            Self::Restore(args) => args.progress.form,
            Self::Verify(args) => args.progress.form,
            Self::Sync(args) => args.progress.form,
            Self::Setup(_)
            | Self::Status(_)
            | Self::Migrate(_)
            | Self::Rollback(_)
            | Self::Redo(_)
            | Self::Runs(_)
            | Self::Forget(_)
            | Self::Health(_) => ProgressForm::None,
        }
    }

    pub(super) fn run(self, config: &Config) -> Result<ExitStatus, CommandFailure> {
        match self {
            Self::Setup(args) => setup::run(&args, config),
            Self::Status(args) => status::run(&args, config),
            Self::Migrate(args) => migrate::run(&args, config),
            Self::Rollback(args) => rollback::run(&args, config),
            Self::Redo(args) => redo::run(&args, config),
            Self::Seed(args) => seed::run(&args, config),
            Self::CopyFromSqlite(args) => copy_from_sqlite::run(&args, config),
            Self::Assess(args) => assess::run(&args),
            Self::Convert(args) => convert::run(&args),
            Self::Import(args) => import::run(&args, config),
            Self::Rejects(args) => rejects::run(&args, config),
            Self::Restore(args) => restore::run(&args, config),
            Self::Runs(args) => runs::run(&args, config),
            Self::Forget(args) => forget::run(&args, config),
            Self::Verify(args) => verify::run(&args, config),
            Self::Health(args) => health::run(&args, config),
            Self::Sync(args) => sync::run(&args, config),
        }
    }
}

/// The number of concurrent connections: as requested; by default the number of processors, at most 4.
fn jobs(requested: Option<u8>) -> usize {
    requested.map_or_else(default_jobs, usize::from)
}

/// Opens the configured database, which must exist.
fn connect(config: &Config, access: Access) -> Result<AnyConnection, OpenError> {
    open(&config.database.value, access, Purpose::Move)
}

/// The source and the target: from the arguments, else from the settings.
fn sides(
    sqlite: Option<&str>,
    postgres: Option<&str>,
    config: &Config,
) -> Result<(SqlitePath, PostgresUrl), CommandFailure> {
    let source = match sqlite {
        Some(path) => SqlitePath::parse(path)?,
        None => config.sqlite_source.value.clone(),
    };
    Ok((source, target(postgres, config)?))
}

/// Connects to the target, and uses the named schema.
fn open_target(url: &PostgresUrl, schema: Option<&str>) -> Result<Target, TransferError> {
    match schema {
        Some(schema) => Target::open_in(url, schema),
        None => Target::open(url),
    }
}

/// Prints the SQL of a dry run, up or down.
fn show_sql(migrations: &[&Migration], sql: fn(&Migration) -> &'static str) {
    for migration in migrations {
        output::sql(&migration.to_string(), sql(migration));
    }
    output::note(format!("dry run: nothing was changed; {} migrations would run", migrations.len()));
}

/// Succeeds when no rows would be deleted or the deletion is confirmed.
fn agree_to_losses(losses: &[Loss], yes: bool) -> Result<(), CommandFailure> {
    if losses.is_empty() {
        return Ok(());
    }
    output::note("rows that would be deleted, or lose the values of a column:");
    for loss in losses {
        output::note(format!("  {loss}: {}", output::count(loss.row_count)));
    }
    Ok(agree("These rows cannot be recovered.", yes)?)
}

/// The question before a repair.
const OVERWRITE: &str = "Rows of the target that are missing or differ are written from the source.";

/// Succeeds when `yes` is given or the user confirms.
fn agree(question: &str, yes: bool) -> Result<(), Refusal> {
    let refusal = |text: &str| Refusal {
        text: text.to_owned(),
        status: ExitStatus::Blocked,
        hint: "add --yes to confirm without a prompt".to_owned(),
    };
    match yes.then_some(true).or_else(|| output::ask(question)) {
        Some(true) => Ok(()),
        Some(false) => Err(refusal("not confirmed; nothing was changed")),
        None => Err(refusal(
            "this requires confirmation, and there is no terminal to prompt on; nothing was changed",
        )),
    }
}

/// The target: from the argument, else from the settings.
pub(super) fn target(postgres: Option<&str>, config: &Config) -> Result<PostgresUrl, CommandFailure> {
    let target = match postgres {
        Some(url) => DatabaseUrl::parse(url)?,
        None => config.database.value.clone(),
    };
    match target {
        DatabaseUrl::Postgres(target) => Ok(target),
        DatabaseUrl::Sqlite(path) => Err(Refusal {
            text: format!("the target is {path}, which is not PostgreSQL"),
            status: ExitStatus::Configuration,
            hint: "set DATABASE_URL to a postgresql:// URL (for example in .env), or specify --postgres URL"
                .to_owned(),
        }
        .into()),
    }
}
