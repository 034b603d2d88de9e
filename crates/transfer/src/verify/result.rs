//! What verification found, as data.

use std::collections::BTreeMap;

use serde::Serialize;

use super::options::Depth;
use crate::copy::SequenceState;
use crate::table::{Key, KeyRange};

/// What verification found.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// How much was compared.
    pub depth: Depth,
    /// What decided which rows a sample has; `null` where there is no sample.
    pub seed: Option<u64>,
    /// Table by table.
    pub tables: Vec<TableVerification>,
    /// Rows that refer to rows that do not exist, by foreign key.
    pub orphans: Vec<Orphans>,
    /// Sequences that would give out a key again.
    pub sequences_behind: Vec<SequenceState>,
    /// Constraints and indexes that are there and do not hold.
    pub not_in_force: Vec<NotInForce>,
    /// Where the target's tables, keys, checks and indexes are not those of this program.
    pub structure: Vec<String>,
}

/// What is known of a table after verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every value of every row is the same.
    Verified,
    /// At least one value is not.
    Different,
    /// It could not be read to its end.
    CouldNotBeVerified,
    /// Nothing is known to differ, and nobody looked at every value.
    NotVerified,
}

impl Verdict {
    /// The words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Different => "different",
            Self::CouldNotBeVerified => "could not be verified",
            Self::NotVerified => "not verified",
        }
    }
}

/// What verification found in one table.
#[derive(Debug, Serialize)]
pub struct TableVerification {
    /// The table.
    pub table: &'static str,
    /// What is known.
    pub verdict: Verdict,
    /// Rows of the source.
    pub source_rows: i64,
    /// Rows of the target.
    pub target_rows: i64,
    /// Rows of the source of which every value was looked at.
    pub compared_rows: i64,
    /// Rows of the target that the source does not have and that may be there (`--append`).
    pub kept_rows: i64,
    /// Rows of the source that were set aside and that the target does not have.
    pub rejected_rows: i64,
    /// How many differences there are.
    pub difference_count: i64,
    /// The first of them.
    pub differences: Vec<Difference>,
    /// What rows are called whose key is none that a person knows, by that key.
    pub names: BTreeMap<String, String>,
    /// The oldest and the newest instant in the source, of all columns together.
    pub source_instants: Option<Instants>,
    /// The oldest and the newest instant in the target.
    pub target_instants: Option<Instants>,
    /// What the table and its indexes take in the source.
    pub source_size_bytes: Option<i64>,
    /// What the table and its indexes take in the target.
    pub target_size_bytes: Option<i64>,
    /// Why it could not be verified.
    pub error: Option<String>,
    /// The side that could not be read.
    pub failed_side: Option<Side>,
    /// Where the differences are.
    #[serde(skip)]
    pub(super) ranges: Vec<KeyRange>,
}

/// The oldest and the newest instant of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Instants {
    /// The oldest.
    pub oldest: String,
    /// The newest.
    pub newest: String,
}

/// One of the two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// SQLite.
    Source,
    /// PostgreSQL.
    Target,
}

/// One disagreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Difference {
    /// The target lacks a row.
    MissingInTarget {
        /// Its key.
        key: Key,
    },
    /// The target has a row that the source lacks.
    OnlyInTarget {
        /// Its key.
        key: Key,
    },
    /// The target has one more row with the same key.
    Doubled {
        /// The key.
        key: Key,
    },
    /// A value is not the same.
    Value {
        /// The row's key.
        key: Key,
        /// The column.
        column: &'static str,
        /// What the source has, in words; `None` where values are not shown.
        source: Option<String>,
        /// What the target has.
        target: Option<String>,
    },
}

impl Difference {
    /// The row it is about.
    pub fn key(&self) -> Key {
        match self {
            Self::MissingInTarget { key }
            | Self::OnlyInTarget { key }
            | Self::Doubled { key }
            | Self::Value { key, .. } => *key,
        }
    }
}

/// Rows of `table` whose `columns` refer to rows of `parent` that do not exist.
#[derive(Debug, Serialize)]
pub struct Orphans {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: String,
    /// The table they refer to.
    pub parent: String,
    /// How many rows.
    pub row_count: i64,
}

/// A constraint or an index of the target that is there and does not hold.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct NotInForce {
    /// The table.
    pub table: String,
    /// What it is: `foreign key`, `check`, `index`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What is wrong with it: `not valid`, `switched off`.
    pub state: String,
}

impl Verification {
    /// Whether every value of every row is known to be equal, and everything else is as it should be.
    pub fn is_equal(&self) -> bool {
        self.tables.iter().all(|table| table.verdict == Verdict::Verified) && self.is_sound()
    }

    /// Whether anything is known to differ.
    pub fn differs(&self) -> bool {
        self.count(Verdict::Different) > 0 || !self.is_sound()
    }

    /// The side that could not be read to its end, if that is all that is wrong: nothing is known to differ.
    pub fn unreadable(&self) -> Option<Side> {
        self.tables.iter().find_map(|table| table.failed_side).filter(|_| !self.differs())
    }

    /// Whether a repair could change anything.
    pub fn is_repairable(&self) -> bool {
        self.tables.iter().any(|table| !table.ranges.is_empty()) || !self.sequences_behind.is_empty()
    }

    /// The tables of this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.tables.iter().filter(|table| table.verdict == verdict).count()
    }

    /// Rows of verified tables that were compared.
    pub fn verified_rows(&self) -> i64 {
        let verified = self.tables.iter().filter(|table| table.verdict == Verdict::Verified);
        verified.map(|table| table.compared_rows).sum()
    }

    /// Foreign keys, sequences, constraints, indexes.
    fn is_sound(&self) -> bool {
        self.orphans.is_empty()
            && self.sequences_behind.is_empty()
            && self.not_in_force.is_empty()
            && self.structure.is_empty()
    }
}

impl TableVerification {
    /// Nothing is known yet.
    pub(super) fn new(table: &'static str) -> Self {
        Self {
            table,
            verdict: Verdict::NotVerified,
            source_rows: 0,
            target_rows: 0,
            compared_rows: 0,
            kept_rows: 0,
            rejected_rows: 0,
            difference_count: 0,
            differences: Vec::new(),
            names: BTreeMap::new(),
            source_instants: None,
            target_instants: None,
            source_size_bytes: None,
            target_size_bytes: None,
            error: None,
            failed_side: None,
            ranges: Vec::new(),
        }
    }
}
