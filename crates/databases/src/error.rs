//! Exit codes, hints, and how an error is shown.
//!
//! Each feature has its own error type; what they share is here: which exit status an error means and what
//! the user can do about it. This is the only place that knows the numbers.

use std::error::Error;
use std::fmt::Write as _;

/// How a command ended. The numbers are a promise to scripts; README lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Done, nothing to report.
    Done,
    /// Something happened that nobody thought of: a bug.
    Unexpected,
    /// The command line could not be understood.
    Usage,
    /// A setting is missing, malformed or contradicts another.
    Configuration,
    /// Something stands in the way; nothing was written.
    Blocked,
    /// Nothing stands in the way, something is worth knowing.
    Warned,
    /// The source could not be read.
    SourceFailed,
    /// The target (or the one database in use) failed.
    TargetFailed,
    /// Verification found differences.
    Different,
    /// Finished, with rejects or objects left out.
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

    /// What the number means, as README says it.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done, nothing to report",
            Self::Unexpected => "unexpected (a bug)",
            Self::Usage => "usage",
            Self::Configuration => "configuration",
            Self::Blocked => "blocked before anything was written",
            Self::Warned => "warnings only",
            Self::SourceFailed => "the source failed",
            Self::TargetFailed => "the target failed",
            Self::Different => "verification found differences",
            Self::Incomplete => "finished, with rejects or objects left out",
            Self::Interrupted => "interrupted; run again to continue",
        }
    }
}

/// What an error means to the user, beyond its text.
pub trait Explain: Error {
    /// The status the process ends with.
    fn exit_status(&self) -> ExitStatus;

    /// What to do next: one sentence with the command to type, where there is one.
    fn hint(&self) -> Option<String>;
}

/// An error as it is shown: the error and its causes, a line each, then the hint.
///
/// Control characters are escaped: texts may come out of a database, and a terminal obeys them.
pub fn render(error: &(dyn Error + 'static), hint: Option<&str>) -> String {
    let mut text = format!("error: {}", escape(&error.to_string()));
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, "\n  caused by: {}", escape(&error.to_string()));
        cause = error.source();
    }
    if let Some(hint) = hint {
        let _ = write!(text, "\nhint: {}", escape(hint));
    }
    text
}

/// What was typed, unless it could be a URL or a setting with a password in it.
pub fn mask(typed: &str) -> &str {
    if may_be_secret(typed) { "***" } else { typed }
}

/// Whether what was typed could hold a password.
pub fn may_be_secret(typed: &str) -> bool {
    typed.contains("://") || typed.contains('@') || typed.to_lowercase().contains("pass")
}

/// `text` with control characters other than line feeds made visible.
pub fn escape(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let hide = c.is_control() && c != '\n';
            let escaped = hide.then(|| c.escape_default());
            let plain = (!hide).then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
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
    fn terminal_escapes_are_made_visible() {
        assert_eq!(escape("a\x1b[31mb\nc"), "a\\u{1b}[31mb\nc");
    }
}
