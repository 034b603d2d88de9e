//! `app organization`: operate organizations from the command line.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::failure::{CommandFailure, Refusal};
use super::output;
use super::output_files::{OutputFiles, OutputKind, failed};
use crate::config::Config;
use crate::models::tenancy::Organization;
use crate::models::{OrganizationId, Record as _, of_organization};
use databases::connection::AnyConnection;
use databases::error::ExitStatus;
use databases::open::{Access, Purpose, open};
use databases::transaction::{TransactionKind, Undone, in_transaction};
use databases::url::DatabaseUrl;
use transfer::values::Instant;

/// All tables are read in one state of the database, for as long as it takes; SQLite's transactions do so by themselves.
const SNAPSHOT: &str = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; \
     SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

/// Operate organizations.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Export(Export),
}

impl Command {
    pub(super) fn run(self, config: &Config) -> Result<ExitStatus, CommandFailure> {
        match self {
            Self::Export(args) => export(&args, config),
        }
    }
}

/// Export all rows of an organization as JSON lines.
///
/// Reads one state of the configured database, also of an organization that is closed. Writes one line for each row, with
/// its table, parents before children, between a line with the organization and a line with the number of rows. Passwords,
/// sessions and encrypted settings are not exported. Only the owner of the file can read it.
///
/// Exits with 1 when the file cannot be written to its end; 2 when there is no such organization, or FILE is refused; 3 for
/// invalid settings, or a folder that cannot be written; 21 when the database cannot be read.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:
  app organization export 7 acme.jsonl")]
pub(super) struct Export {
    /// Key of the organization, as in /api/organizations.
    #[arg(value_name = "ID")]
    id: i64,
    /// File to write.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace a file that is no export.
    #[arg(long)]
    force: bool,
}

fn export(args: &Export, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let url = &config.database.value;
    let mut files = OutputFiles::of_database(args.force, url);
    let file = files.open("FILE", &args.file, OutputKind::Export)?;
    let mut connection = open(url, Access::Read, Purpose::Copy)?;
    let settings = if matches!(url, DatabaseUrl::Postgres(_)) { SNAPSHOT } else { "" };
    let id = OrganizationId(args.id);
    let mut count = 0;
    file.write_by(|out| {
        let outcome = in_transaction(&mut connection, TransactionKind::Read, settings, |connection| {
            write_rows(connection, id, out)
        });
        count = outcome.map_err(|undone| match undone {
            Undone::Before(error) => error.into_failure(id, &args.file),
            Undone::AtCommit(error) => ExportError::Database(error).into_failure(id, &args.file),
        })?;
        Ok(())
    })?;
    output::say(format!("exported {count} rows of organization {id} to {}", args.file.display()));
    Ok(ExitStatus::Done)
}

/// Why an export ended.
enum ExportError {
    Missing,
    Database(diesel::result::Error),
    File(io::Error),
}

impl From<diesel::result::Error> for ExportError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl ExportError {
    fn into_failure(self, id: OrganizationId, file: &Path) -> CommandFailure {
        match self {
            Self::Missing => Refusal {
                text: format!("there is no organization {id}"),
                status: ExitStatus::Usage,
                hint: "staff list organizations at /api/organizations; nothing was written".to_owned(),
            }
            .into(),
            Self::Database(error) => {
                let error = anyhow::Error::new(error).context("read the organization");
                CommandFailure::with_status(ExitStatus::TargetFailed, error)
            }
            Self::File(error) => failed(file, &error),
        }
    }
}

/// Writes the rows, and returns their number.
fn write_rows(
    connection: &mut AnyConnection,
    id: OrganizationId,
    out: &mut dyn Write,
) -> Result<u64, ExportError> {
    let organization = Organization::find(connection, id)?.ok_or(ExportError::Missing)?;
    let head = json!({
        "format": "backoffice-export",
        "version": 1,
        "organization_id": organization.id,
        "exported_at": Instant::now(),
    });
    writeln!(out, "{head}")?;
    let mut counts = Map::new();
    let mut sum = 0;
    for table in of_organization::exported() {
        let mut count = 0_u64;
        let mut written = Ok(());
        (table.each)(connection, id, &mut |row| {
            written = writeln!(out, "{}", json!({ "table": table.name, "row": row }));
            count += 1;
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        written?;
        sum += count;
        counts.insert(table.name.to_owned(), Value::from(count));
    }
    writeln!(out, "{}", json!({ "row_counts": counts }))?;
    Ok(sum)
}
