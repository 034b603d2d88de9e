//! What is captured of a file.

use super::objects::SchemaObject;

/// A table of the file whose changes are logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturedTable {
    /// Its number: `t` in the log, unless it is skipped.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// What is logged.
    pub kind: CaptureKind,
}

/// What is logged of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaptureKind {
    /// Keys of these columns, in the order of `k1`, `k2`, ...
    Keyed {
        /// The columns.
        columns: Vec<String>,
    },
    /// Images of these columns, in the order of `c1`, `c2`, ...
    Images {
        /// The columns.
        columns: Vec<String>,
    },
    /// Only that it was changed, as table 0: its rows are not followed.
    Skipped,
}

impl CaptureKind {
    /// The number of key columns.
    pub(super) fn key_width(&self) -> usize {
        match self {
            Self::Keyed { columns } => columns.len(),
            Self::Images { .. } | Self::Skipped => 0,
        }
    }

    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Keyed { .. } => "keyed",
            Self::Images { .. } => "images",
            Self::Skipped => "skipped",
        }
    }

    pub(super) fn columns(&self) -> &[String] {
        match self {
            Self::Keyed { columns } | Self::Images { columns } => columns,
            Self::Skipped => &[],
        }
    }
}

/// The capture of a file, as it is recorded in the file.
#[derive(Clone, Debug)]
pub struct Capture {
    /// All tables that have triggers, by their numbers.
    pub tables: Vec<CapturedTable>,
    /// The schema version when the objects were recorded.
    pub(super) version: i64,
    /// The schema of the file when the tables were captured, including the objects of capture.
    pub(super) objects: Vec<SchemaObject>,
}

impl Capture {
    /// The tables whose rows are followed.
    pub fn followed(&self) -> impl Iterator<Item = &CapturedTable> {
        self.tables.iter().filter(|table| table.kind != CaptureKind::Skipped)
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&CapturedTable> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }
}
