//! What a run tells while it works.

/// An ordered step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Looking for what stands in the way.
    Preflight,
    /// Making the schema, emptying tables.
    Prepare,
    /// Copying rows.
    Copy,
    /// Putting keys back and checking them; indexes are built while other tables are copied.
    Constraints,
    /// Continuing the sequences.
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

    /// What is being done, in words.
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

/// Something that happened in a run.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A stage begins, in which so many rows will be gone through.
    Stage {
        /// Which one.
        stage: Stage,
        /// Rows it will go through; 0 when they do not matter.
        row_count: i64,
    },
    /// So many more rows of a table are done.
    Rows {
        /// The table.
        table: &'static str,
        /// How many.
        row_count: i64,
    },
    /// An index is built, or a key is checked.
    Done,
}
