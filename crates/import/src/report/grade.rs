//! The grade of a database: how many decisions an import needs.

use serde::Serialize;

use crate::finding::{ImportFinding, Weight};

/// The grade of a database. It follows from the heaviest finding alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Grade {
    /// No decisions needed.
    A,
    /// Widened types or objects.
    B,
    /// Decisions needed.
    C,
    /// The import is not possible.
    D,
}

impl Grade {
    /// The grade of a database with these findings.
    pub fn of(findings: &[ImportFinding]) -> Self {
        match findings.iter().map(|finding| finding.rule.weight).max() {
            None | Some(Weight::Note) => Self::A,
            Some(Weight::Widened) => Self::B,
            Some(Weight::Decision) => Self::C,
            Some(Weight::Impossible) => Self::D,
        }
    }

    /// Its letter.
    pub fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
            Self::D => 'D',
        }
    }

    /// Its meaning, as a short phrase.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::A => "no decisions needed",
            Self::B => "widened types or objects",
            Self::C => "decisions needed",
            Self::D => "the import is not possible",
        }
    }
}
