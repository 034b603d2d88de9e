//! `app`: parses the arguments, runs the command, renders the error, exits with the exit code.

use std::process::ExitCode;

use backoffice::cli;

fn main() -> ExitCode {
    let status = match cli::parse(std::env::args_os()) {
        Ok(command) => cli::run(command),
        Err(usage) => cli::show_usage(&usage),
    };
    ExitCode::from(status.code())
}
