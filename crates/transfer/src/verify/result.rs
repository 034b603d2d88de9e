//! What verification found, as data.

use std::collections::BTreeMap;

use serde::Serialize;

use super::not_in_force::NotInForce;
use super::options::Depth;
use crate::table::{Key, KeyRange};
use crate::target::SequenceState;

/// What verification found.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// How much was compared.
    pub depth: Depth,
    /// The seed of the sample; `null` where there is no sample.
    pub seed: Option<u64>,
    /// Table by table.
    pub tables: Vec<TableVerification>,
    /// Rows that refer to rows that do not exist, by foreign key.
    pub orphans: Vec<Orphans>,
    /// Sequences that would generate a key that exists.
    pub sequences_behind: Vec<SequenceState>,
    /// Constraints and indexes that are not in force, without those that were not before the run.
    pub not_in_force: Vec<NotInForce>,
    /// Constraints and indexes that are not in force, as before the run: they are no difference.
    pub not_in_force_before: Vec<NotInForce>,
    /// Where the target's tables, keys, checks and indexes differ from those of the migrations.
    pub structure: Vec<String>,
}

/// The verdict of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TableVerdict {
    /// Every value of every row is the same.
    Verified,
    /// At least one value differs.
    Different,
    /// One side could not be read to its end.
    CouldNotBeVerified,
    /// No difference was found, and not every value was compared.
    NotVerified,
}

impl TableVerdict {
    /// The verdict as text.
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
    pub table: String,
    /// Its verdict.
    pub verdict: TableVerdict,
    /// Rows of the source.
    pub source_rows: i64,
    /// Rows of the target.
    pub target_rows: i64,
    /// Rows of the source of which every value was compared.
    pub compared_rows: i64,
    /// Rows of the target that the source does not have, and that are kept (`--append`).
    pub kept_rows: i64,
    /// Rejected rows of the source that the target does not have.
    pub rejected_rows: i64,
    /// The number of differences.
    pub difference_count: i64,
    /// The first differences.
    pub differences: Vec<Difference>,
    /// Names of rows whose key the user does not know, by that key.
    pub names: BTreeMap<String, String>,
    /// The oldest and the newest instant in the source, of all columns together.
    pub source_instants: Option<Instants>,
    /// The oldest and the newest instant in the target.
    pub target_instants: Option<Instants>,
    /// Bytes of the table and its indexes in the source.
    pub source_size_bytes: Option<i64>,
    /// Bytes of the table and its indexes in the target.
    pub target_size_bytes: Option<i64>,
    /// Why it could not be verified.
    pub error: Option<String>,
    /// The side that could not be read.
    pub failed_side: Option<Side>,
    /// The key ranges with differences.
    #[serde(skip)]
    pub(super) ranges: Vec<KeyRange>,
}

/// What was repaired in a table.
#[derive(Clone, Debug, Serialize)]
pub struct TableRepair {
    /// The table.
    pub table: String,
    /// Rows that were missing.
    pub inserted_rows: i64,
    /// Rows that were different.
    pub updated_rows: i64,
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

/// One difference.
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
    /// The target has another row with the same key.
    Doubled {
        /// The key.
        key: Key,
    },
    /// A value differs.
    Value {
        /// The row's key.
        key: Key,
        /// The column.
        column: String,
        /// The value in the source as text; `None` where values are not shown.
        source: Option<String>,
        /// The value in the target as text.
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
    /// The number of rows.
    pub row_count: i64,
    /// Whether the run reported the foreign key as not in force: then they are no difference.
    pub is_reported: bool,
}

impl Verification {
    /// Whether every value of every row is equal, and keys, sequences and structure are as expected.
    pub fn is_equal(&self) -> bool {
        self.tables.iter().all(|table| table.verdict == TableVerdict::Verified) && self.is_sound()
    }

    /// Whether anything is known to differ.
    pub fn differs(&self) -> bool {
        self.count(TableVerdict::Different) > 0 || !self.is_sound()
    }

    /// The side that could not be read to its end, if no difference is known.
    pub fn unreadable(&self) -> Option<Side> {
        self.tables.iter().find_map(|table| table.failed_side).filter(|_| !self.differs())
    }

    /// Whether a repair could change anything.
    pub fn is_repairable(&self) -> bool {
        self.tables.iter().any(|table| !table.ranges.is_empty()) || !self.sequences_behind.is_empty()
    }

    /// The tables of this verdict.
    pub fn count(&self, verdict: TableVerdict) -> usize {
        self.tables.iter().filter(|table| table.verdict == verdict).count()
    }

    /// Rows of verified tables that were compared.
    pub fn verified_rows(&self) -> i64 {
        let verified = self.tables.iter().filter(|table| table.verdict == TableVerdict::Verified);
        verified.map(|table| table.compared_rows).sum()
    }

    /// Foreign keys, sequences, constraints, indexes.
    fn is_sound(&self) -> bool {
        self.orphans.iter().all(|orphans| orphans.is_reported)
            && self.sequences_behind.is_empty()
            && self.not_in_force.iter().all(|found| found.is_reported)
            && self.structure.is_empty()
    }
}

impl TableVerification {
    /// Nothing was compared yet.
    pub(super) fn new(table: &str) -> Self {
        Self {
            table: table.to_owned(),
            verdict: TableVerdict::NotVerified,
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
