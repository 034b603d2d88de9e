//! `app sql ...`

mod adapt;
mod known;

use clap::Subcommand;

use super::failure::CommandFailure;
use crate::config::Config;
use databases::error::ExitStatus;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Adapt(adapt::Args),
}

impl Command {
    pub(super) fn run(self, config: &Config) -> Result<ExitStatus, CommandFailure> {
        match self {
            Self::Adapt(args) => adapt::run(args, config),
        }
    }
}
