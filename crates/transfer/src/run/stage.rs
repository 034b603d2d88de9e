//! The stages of a run.

use serde::Serialize;

/// An ordered step of a run. [`StageLog`](super::StageLog) sets them, in this order; not every run goes through all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Checking both sides and planning. Nothing is written.
    Preflight,
    /// Creating the schema, emptying tables, dropping indexes: one transaction, with which the run begins.
    Prepare,
    /// Copying rows and building indexes.
    Copy,
    /// Recreating and validating foreign keys.
    Constraints,
    /// Advancing sequences.
    Sequences,
    /// Comparing both sides.
    Verify,
    /// Gathering statistics.
    Finish,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 7] = [
        Self::Preflight,
        Self::Prepare,
        Self::Copy,
        Self::Constraints,
        Self::Sequences,
        Self::Verify,
        Self::Finish,
    ];

    /// The name of the stage.
    pub fn title(self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::Prepare => "prepare",
            Self::Copy => "copy",
            Self::Constraints => "constraints",
            Self::Sequences => "sequences",
            Self::Verify => "verify",
            Self::Finish => "finish",
        }
    }
}
