//! Exit codes, hints, and the rendering of errors.
//!
//! Each feature has its own error type; what they share is here: the exit status of an error and its hint. This is
//! the only module that knows the numbers.

use std::error::Error;
use std::fmt::Write as _;

use crate::hint::Hint;
use crate::terminal::escape_line;

/// How a command ended. The numbers are a stable interface for scripts; README lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Success.
    Done,
    /// An unexpected error: a bug, or an output that could not be written.
    Unexpected,
    /// The command line is invalid.
    Usage,
    /// A setting is missing, invalid or contradicts another.
    Configuration,
    /// A blocker was found; nothing was written.
    Blocked,
    /// Warnings, no blockers.
    Warned,
    /// The source could not be read.
    SourceFailed,
    /// The target (or the one database in use) failed.
    TargetFailed,
    /// Verification found differences.
    Different,
    /// Finished, with rejected rows or skipped objects.
    Incomplete,
    /// Interrupted; run again to continue.
    Interrupted,
}

impl ExitStatus {
    /// Every status, in the order of its number.
    pub const ALL: [Self; 11] = [
        Self::Done,
        Self::Unexpected,
        Self::Usage,
        Self::Configuration,
        Self::Blocked,
        Self::Warned,
        Self::SourceFailed,
        Self::TargetFailed,
        Self::Different,
        Self::Incomplete,
        Self::Interrupted,
    ];

    /// The number the process exits with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::Configuration => 3,
            Self::Blocked => 10,
            Self::Warned => 11,
            Self::SourceFailed => 20,
            Self::TargetFailed => 21,
            Self::Different => 30,
            Self::Incomplete => 40,
            Self::Interrupted => 50,
        }
    }

    /// The meaning of the number, as in README.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "success",
            Self::Unexpected => "unexpected error: a bug, or an output that could not be written",
            Self::Usage => "invalid command line",
            Self::Configuration => "invalid configuration",
            Self::Blocked => "blocked before anything was written",
            Self::Warned => "warnings only",
            Self::SourceFailed => "source database failed",
            Self::TargetFailed => "target database failed",
            Self::Different => "verification found differences",
            Self::Incomplete => "finished, with rejected rows or skipped objects",
            Self::Interrupted => "interrupted; run again to continue",
        }
    }
}

/// Exit status and hint of an error.
pub trait Explain: Error {
    /// The status the process ends with.
    fn exit_status(&self) -> ExitStatus;

    /// The next step. The application words the hints that name its commands, options and settings.
    fn hint(&self) -> Option<Hint>;
}

/// Renders an error: the error and its causes, a line each, then the hint, in the words of the application.
///
/// Each text is escaped: it may come from a database, and a terminal obeys control characters.
pub fn render(error: &(dyn Error + 'static), hint: Option<&str>) -> String {
    // A line feed in a message may come from a value: what follows it must not look like a line of this program.
    let mut text = format!("error: {}", escape_line(&error.to_string()));
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, "\n  caused by: {}", escape_line(&error.to_string()));
        cause = error.source();
    }
    if let Some(hint) = hint {
        let _ = write!(text, "\nhint: {}", escape_line(hint));
    }
    text
}

/// The argument, unless it could contain a password.
pub fn mask(typed: &str) -> &str {
    if may_be_secret(typed) { "***" } else { typed }
}

/// Whether an argument could contain a password.
pub fn may_be_secret(typed: &str) -> bool {
    typed.contains("://") || typed.contains('@') || typed.to_lowercase().contains("pass")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_distinct_and_ascending() {
        let codes: Vec<u8> = ExitStatus::ALL.iter().map(|s| s.code()).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
    }

    #[test]
    fn an_error_its_causes_and_its_hint_are_escaped() {
        let hostile = "x\u{1b}[2J\u{202e}\nhint: y";
        let error = anyhow::anyhow!("cause {hostile}").context(format!("context {hostile}"));
        let shown = render(error.as_ref(), Some(hostile));
        assert_eq!(
            shown,
            "error: context x\\u{1b}[2J\\u{202e}\\nhint: y\n  caused by: cause x\\u{1b}[2J\\u{202e}\\nhint: y\nhint: x\\u{1b}[2J\\u{202e}\\nhint: y"
        );
    }
}
