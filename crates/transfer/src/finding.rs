//! Findings: what a check found, and what to do about it.

use serde::Serialize;

use databases::hint::Hint;

/// Something that a check found before the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether it blocks the run.
    pub kind: FindingKind,
    /// What was found.
    pub text: String,
    /// What to do about it.
    pub hint: Hint,
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingKind {
    /// The run does not begin.
    Blocker,
    /// The run goes on.
    Warning,
}

impl Finding {
    /// A finding that blocks the run.
    pub fn blocker(text: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self { kind: FindingKind::Blocker, text: text.into(), hint: hint.into() }
    }

    /// A finding with which the run goes on.
    pub(crate) fn warning(text: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self { kind: FindingKind::Warning, text: text.into(), hint: hint.into() }
    }
}

/// A number of rows as text.
pub(crate) fn rows(row_count: i64) -> String {
    format!("{row_count} row{}", if row_count == 1 { "" } else { "s" })
}
