//! What the caller calls the steps that follow an assessment.

use super::names::shell_word;

/// In a command: the path of the source.
const FILE: &str = "FILE";

/// The commands and options of the caller that a report names. `FILE` in a command is replaced by the source, as a word
/// of the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextSteps {
    /// The command that wrote the report, without arguments.
    pub command: &'static str,
    /// Assesses `FILE`; `None` if the report suggests no command, because its own goes on.
    pub assess: Option<&'static str>,
    /// Imports `FILE`; `None` as above.
    pub import: Option<&'static str>,
    /// Writes the configuration file.
    pub write_config: &'static str,
    /// The option that lists all findings and tables.
    pub list_all: &'static str,
}

/// A command with the path of the source.
pub(super) fn on_source(command: &str, source: &str) -> String {
    command.replacen(FILE, &shell_word(source), 1)
}
