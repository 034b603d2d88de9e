//! How much there is to decide before a database can be moved.

use serde::Serialize;

use crate::finding::{Finding, Weight};

/// How much there is to decide. It follows from the heaviest finding alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Grade {
    /// Nothing to decide.
    A,
    /// Reported widenings.
    B,
    /// Decisions needed.
    C,
    /// It cannot be done as it is.
    D,
}

impl Grade {
    /// The grade of a database with these findings.
    pub fn of(findings: &[Finding]) -> Self {
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

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::A => "nothing to decide",
            Self::B => "reported widenings",
            Self::C => "decisions needed",
            Self::D => "it cannot be done as it is",
        }
    }
}
