//! The error of a command, with its exit status and hint.

use std::fmt;

use super::hints;
use databases::error::{ExitStatus, Explain, render};
use databases::hint::Hint;

/// The hint of an error that nothing explains.
const BUG: &str = "this is a bug: please report it with the command line";

/// What ends a command.
///
/// `?` converts errors that know their exit status, and no others: there is no conversion from `anyhow::Error` or
/// `io::Error`, because an error without an exit status would silently exit as a bug. For the same reason this type
/// does not implement `Error`.
#[derive(Debug)]
pub(crate) struct CommandFailure {
    error: anyhow::Error,
    status: ExitStatus,
    hint: Option<Hint>,
}

impl<E: Explain + Send + Sync + 'static> From<E> for CommandFailure {
    fn from(error: E) -> Self {
        let (status, hint) = (error.exit_status(), error.hint());
        Self { error: error.into(), status, hint }
    }
}

impl CommandFailure {
    /// An error that has no exit status of its own, and is a bug.
    pub(crate) fn unexpected(error: impl Into<anyhow::Error>) -> Self {
        Self::with_status(ExitStatus::Unexpected, error)
    }

    /// An error that has no exit status of its own, and ends the command with this one.
    pub(crate) fn with_status(status: ExitStatus, error: impl Into<anyhow::Error>) -> Self {
        Self { error: error.into(), status, hint: (status == ExitStatus::Unexpected).then(|| BUG.into()) }
    }

    pub(super) fn status(&self) -> ExitStatus {
        self.status
    }

    /// The hint in the words of the application.
    pub(super) fn hint(&self) -> Option<String> {
        self.hint.as_ref().map(hints::words)
    }

    /// The error and its causes, the outermost first.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> + '_ {
        self.error.chain().map(ToString::to_string)
    }

    /// The error and its causes, a line each, then the hint.
    pub(super) fn render(&self, hint: Option<&str>) -> String {
        render(self.error.as_ref(), hint)
    }
}

/// The error and, in the alternate form, its causes on one line.
impl fmt::Display for CommandFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

/// For errors that have no exit status of their own.
pub(crate) trait OrFail<T> {
    /// The value, or a failure with this status, the error as its cause.
    fn or_fail(self, status: ExitStatus, action: impl Into<String>) -> Result<T, CommandFailure>;
}

impl<T, E: Into<anyhow::Error>> OrFail<T> for Result<T, E> {
    fn or_fail(self, status: ExitStatus, action: impl Into<String>) -> Result<T, CommandFailure> {
        self.map_err(|error| CommandFailure::with_status(status, error.into().context(action.into())))
    }
}

/// An error of the command line itself: text, exit status and hint.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(super) struct Refusal {
    pub(super) text: String,
    pub(super) status: ExitStatus,
    pub(super) hint: String,
}

impl Explain for Refusal {
    fn exit_status(&self) -> ExitStatus {
        self.status
    }

    fn hint(&self) -> Option<Hint> {
        Some(self.hint.clone().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two implementations apply to a type that converts, and the call is ambiguous: it compiles for other types only.
    trait DoesNotConvert<A> {
        fn check() {}
    }
    struct Converts;
    impl<T> DoesNotConvert<()> for T {}
    impl<T: Into<CommandFailure>> DoesNotConvert<Converts> for T {}

    #[test]
    fn an_error_without_an_exit_status_does_not_convert() {
        <std::io::Error as DoesNotConvert<_>>::check();
        <anyhow::Error as DoesNotConvert<_>>::check();
        <serde_json::Error as DoesNotConvert<_>>::check();
        <diesel::result::Error as DoesNotConvert<_>>::check();
    }

    #[test]
    fn an_error_keeps_its_status_and_hint() {
        let refusal = Refusal { text: "a".to_owned(), status: ExitStatus::Usage, hint: "b".to_owned() };
        let failure = CommandFailure::from(refusal);
        assert_eq!(failure.status(), ExitStatus::Usage);
        assert_eq!(failure.render(failure.hint().as_deref()), "error: a\nhint: b");
    }

    #[test]
    fn an_error_without_an_exit_status_is_a_bug() {
        let outcome: Result<(), std::io::Error> = Err(std::io::Error::other("b"));
        let failure = outcome.or_fail(ExitStatus::Unexpected, "a").expect_err("an error");
        assert_eq!(failure.status().code(), 1);
        let shown = failure.render(failure.hint().as_deref());
        assert_eq!(shown, format!("error: a\n  caused by: b\nhint: {BUG}"));
    }
}
