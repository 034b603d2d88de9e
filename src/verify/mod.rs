//! Verifying: every value of every row of both sides, compared.
//!
//! Both sides are read anew, in key order and as typed values, brought into the same binary form, and compared
//! byte for byte. Nothing is sorted or kept in memory, so tables of any size are compared in the same memory.

mod compare;
mod structure;

use std::sync::atomic::AtomicBool;

use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use serde::Serialize;

use crate::copy::{CopyError, Event, SequenceState, Source, Target, sequence_states};
use crate::table::{Key, Table};

/// What verification found.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// Table by table.
    pub tables: Vec<TableVerification>,
    /// Rows that refer to rows that do not exist, by foreign key.
    pub orphans: Vec<Orphans>,
    /// Sequences that would give out a key again.
    pub sequences_behind: Vec<SequenceState>,
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
    /// Nobody looked.
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
    /// Rows of the target that the source does not have and that may be there (`--append`).
    pub kept_rows: i64,
    /// How many differences there are.
    pub difference_count: i64,
    /// The first of them.
    pub differences: Vec<Difference>,
    /// Why it could not be verified.
    pub error: Option<String>,
    /// The side that could not be read.
    pub failed_side: Option<Side>,
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
    /// A value is not the same.
    Value {
        /// The row's key.
        key: Key,
        /// The column.
        column: &'static str,
    },
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

/// What is thought of rows that only the target has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnlyInTarget {
    /// They are differences.
    Different,
    /// They were there before, or came since, and may.
    Kept,
}

impl Verification {
    /// Whether nothing at all differs.
    pub fn is_equal(&self) -> bool {
        self.tables.iter().all(|table| table.verdict == Verdict::Verified)
            && self.orphans.is_empty()
            && self.sequences_behind.is_empty()
            && self.structure.is_empty()
    }

    /// The side that could not be read to its end, if that is all that is wrong: nothing is known to differ.
    pub fn unreadable(&self) -> Option<Side> {
        let differs = self.count(Verdict::Different) > 0
            || !(self.orphans.is_empty() && self.sequences_behind.is_empty() && self.structure.is_empty());
        self.tables.iter().find_map(|table| table.failed_side).filter(|_| !differs)
    }

    /// The tables of this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.tables.iter().filter(|table| table.verdict == verdict).count()
    }

    /// Rows of verified tables that were compared.
    pub fn verified_rows(&self) -> i64 {
        let verified = self.tables.iter().filter(|table| table.verdict == Verdict::Verified);
        verified.map(|table| table.source_rows).sum()
    }
}

/// Compares `tables` of both sides, and the structure of the target. Writes nothing.
///
/// # Errors
/// When the target's catalog or sequences cannot be read, or the user interrupts. A table that cannot be read is
/// no error: it is told in its verdict.
pub fn verify(
    source: &mut Source,
    target: &mut Target,
    tables: &[&'static dyn Table],
    only_in_target: OnlyInTarget,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
) -> Result<Verification, CopyError> {
    let failed = |what| move |source| CopyError::UseTarget { what, source };
    let snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    AnsiTransactionManager::begin_transaction_sql(target.postgres(), snapshot)
        .map_err(failed("take a snapshot"))?;
    let outcome = (|| {
        let tables_compared = tables
            .iter()
            .map(|table| compare::compare(*table, source, target, only_in_target, stop, progress))
            .collect::<Result<_, _>>()?;
        let sequences = sequence_states(source, target, tables)?;
        Ok(Verification {
            tables: tables_compared,
            orphans: structure::orphans(target, tables)?,
            sequences_behind: sequences.into_iter().filter(SequenceState::is_behind).collect(),
            structure: structure::differences(target)?,
        })
    })();
    // The transaction only read: however it ends, nothing is lost.
    if let Err(error) = AnsiTransactionManager::rollback_transaction(target.postgres()) {
        tracing::debug!(%error, "end the snapshot of the target");
    }
    outcome
}
