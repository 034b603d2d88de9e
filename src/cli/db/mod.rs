//! `app db ...`

mod copy_from_sqlite;
mod copy_report;
mod health;
mod migrate;
mod redo;
mod rollback;
mod seed;
mod setup;
mod status;

use clap::Subcommand;

use super::explain::Refusal;
use super::output;
use crate::config::Config;
use crate::db::connection::AnyConnection;
use crate::db::migrations::{Loss, Migration};
use crate::db::open::{Access, OpenError, Purpose, open};
use crate::error::ExitStatus;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Setup(setup::Args),
    Status(status::Args),
    Migrate(migrate::Args),
    Rollback(rollback::Args),
    Redo(redo::Args),
    Seed(seed::Args),
    CopyFromSqlite(copy_from_sqlite::Args),
    Health(health::Args),
}

impl Command {
    pub(super) fn run(self, config: &Config) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Setup(args) => setup::run(&args, config),
            Self::Status(args) => status::run(&args, config),
            Self::Migrate(args) => migrate::run(&args, config),
            Self::Rollback(args) => rollback::run(&args, config),
            Self::Redo(args) => redo::run(&args, config),
            Self::Seed(args) => seed::run(&args, config),
            Self::CopyFromSqlite(args) => copy_from_sqlite::run(args, config),
            Self::Health(args) => health::run(&args, config),
        }
    }
}

/// Opens the configured database, which must exist.
fn connect(config: &Config, access: Access) -> Result<AnyConnection, OpenError> {
    open(&config.database.value, access, Purpose::Move)
}

/// Shows the SQL of a dry run, one way or the other.
fn show_sql(migrations: &[&Migration], sql: fn(&Migration) -> &'static str) {
    for migration in migrations {
        output::sql(&migration.to_string(), sql(migration));
    }
    output::note(format!("dry run: nothing was changed; {} migrations would run", migrations.len()));
}

/// Goes on when nothing is lost or the loss is agreed to.
fn agree_to_losses(losses: &[Loss], yes: bool) -> anyhow::Result<()> {
    if losses.is_empty() {
        return Ok(());
    }
    output::note("rows that would be lost:");
    for loss in losses {
        output::note(format!("  {}: {}", loss.table, output::count(loss.row_count)));
    }
    agree("These rows cannot be had back.", yes)
}

/// Goes on when `yes` is given or the question is answered with it.
fn agree(question: &str, yes: bool) -> anyhow::Result<()> {
    let refusal = |text: &str| Refusal {
        text: text.to_owned(),
        status: ExitStatus::Blocked,
        hint: "add --yes to agree without being asked".to_owned(),
    };
    match yes.then_some(true).or_else(|| output::ask(question)) {
        Some(true) => Ok(()),
        Some(false) => Err(refusal("not agreed to; nothing was changed").into()),
        None => {
            Err(refusal("this needs agreement, and there is no terminal to ask at; nothing was changed")
                .into())
        }
    }
}
