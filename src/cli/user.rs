//! `app user`: manage users from the command line.

use std::io::{IsTerminal as _, Read as _};

use super::failure::{CommandFailure, OrFail as _, Refusal};
use super::output;
use crate::config::Config;
use crate::server::{AddAdminError, NewAdmin, add_admin};
use databases::error::ExitStatus;
use databases::open::{Access, Purpose, open};
use transfer::values::Instant;

/// Manage users.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    CreateAdmin(CreateAdmin),
}

impl Command {
    pub(super) fn run(self, config: &Config) -> Result<ExitStatus, CommandFailure> {
        match self {
            Self::CreateAdmin(args) => create_admin(&args, config),
        }
    }
}

/// Create an administrator who can sign in and invite other users.
///
/// With --organization, creates the organization and its owner; without it, creates a staff user, who operates the
/// installation and has no access to the data of organizations. Reads the password from the first line of standard input
/// (10 to 256 characters), which keeps it out of process lists and shell history. Writes to the configured database.
///
/// Exits with 2 when the e-mail address, a name or the password is rejected, or the e-mail address exists; 3 for invalid
/// settings; 21 when the database cannot be opened.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  app user create-admin --email ada@example.org --organization 'Example & Sons'
  app user create-admin --email ops@example.org < password.txt")]
pub(super) struct CreateAdmin {
    /// E-mail address of the user, used to sign in.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Name of the organization to create, with the user as its owner. Default: none, a staff user.
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,
    /// First name of the user.
    #[arg(long, value_name = "NAME", default_value = "Admin")]
    first_name: String,
    /// Last name of the user.
    #[arg(long, value_name = "NAME", default_value = "")]
    last_name: String,
}

fn create_admin(args: &CreateAdmin, config: &Config) -> Result<ExitStatus, CommandFailure> {
    let url = &config.database.value;
    let mut connection = open(url, Access::Write, Purpose::Serve)?;
    let admin = NewAdmin {
        email: args.email.clone(),
        password: read_password()?,
        name: (args.first_name.clone(), args.last_name.clone()),
        organization: args.organization.clone(),
    };
    let user = add_admin(&mut connection, &admin, Instant::now()).map_err(|error| match error {
        AddAdminError::Write(_) => CommandFailure::with_status(ExitStatus::TargetFailed, error),
        AddAdminError::Hash(_) => CommandFailure::unexpected(error),
        refused => Refusal {
            text: refused.to_string(),
            status: ExitStatus::Usage,
            hint: "see `app user create-admin --help`".to_owned(),
        }
        .into(),
    })?;
    let what = match &args.organization {
        Some(organization) => format!("owner of {organization}"),
        None => "staff".to_owned(),
    };
    output::say(format!("created user {} ({what})", user.email.as_str()));
    Ok(ExitStatus::Done)
}

/// The first line of standard input.
fn read_password() -> Result<String, CommandFailure> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        output::note("password (echoed while you type; can also be piped to standard input):");
        let mut line = String::new();
        input.read_line(&mut line).or_fail(ExitStatus::Usage, "read the password")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let mut text = String::new();
    // A password has at most 256 characters.
    (&mut input).take(4096).read_to_string(&mut text).or_fail(ExitStatus::Usage, "read the password")?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
