//! What the target records of a sync: the position, and what is known of the proof.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::{Deserialize, Serialize};

use crate::error::SyncError;
use crate::position::Position;
use databases::hint::Hint;
use databases::url::SqlitePath;
use transfer::finding::Finding;
use transfer::target::Target;

/// A sync, as the target has recorded it.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub(crate) struct SyncRecord {
    /// The identity of the source, as rejects have it.
    #[diesel(sql_type = Text)]
    pub source_id: String,
    /// The source, as it was given.
    #[diesel(sql_type = Text)]
    pub source: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = BigInt)]
    stamp: i64,
    /// Entries of the log that were applied.
    #[diesel(sql_type = BigInt)]
    pub applied_changes: i64,
    /// When the last ones were, in UTC.
    #[diesel(sql_type = Nullable<Text>)]
    pub applied_at: Option<String>,
    /// The position of the last comparison that found both sides equal.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub verified_seq: Option<i64>,
    /// When that was, in UTC.
    #[diesel(sql_type = Nullable<Text>)]
    pub verified_at: Option<String>,
    #[diesel(sql_type = Text)]
    doubts: String,
    #[diesel(sql_type = Text)]
    replaced: String,
    #[diesel(sql_type = Text)]
    tables: String,
}

/// Why changes may have been missed since the last comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// What was seen.
    pub reason: String,
    /// When, in UTC.
    pub at: String,
}

const COLUMNS: &str =
    "source_id, source, seq, stamp, applied_changes, verified_seq, doubts, replaced, tables,
    to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS applied_at,
    to_char(verified_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS verified_at";

impl SyncRecord {
    /// The position up to which changes are in the target.
    pub(crate) fn position(&self) -> Position {
        Position { seq: self.seq, stamp: self.stamp }
    }

    /// Whether this is the source, by its path.
    pub(crate) fn follows(&self, source: &SqlitePath) -> bool {
        self.source == source.to_string()
    }

    /// The error where the source is another one.
    pub(crate) fn of_other_source(&self) -> SyncError {
        let text = format!("this target follows another source, {}", self.source);
        SyncError::Blocked(vec![Finding::blocker(text, Hint::DetachSync)])
    }

    /// Why changes may have been missed since the last comparison.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub(crate) fn doubts(&self) -> Result<Vec<Doubt>, SyncError> {
        parse("doubts", &self.doubts)
    }

    /// The numbers of tables that the next changes replace.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub(crate) fn replaced(&self) -> Result<Vec<i64>, SyncError> {
        parse("tables to replace", &self.replaced)
    }

    /// How tables are converted.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub(crate) fn tables<T: for<'de> Deserialize<'de>>(&self) -> Result<T, SyncError> {
        parse("tables", &self.tables)
    }

    /// The record; `None` if there is no sync.
    ///
    /// # Errors
    /// When the target fails.
    pub(crate) fn load(target: &mut Target) -> Result<Option<Self>, SyncError> {
        target.in_transaction(|target| {
            if !target.has_records()? || !target.has_record_table("sync")? {
                return Ok(None);
            }
            let query = target.on_records(&format!("SELECT {COLUMNS} FROM {{records}}sync"))?;
            Ok(query.get_result(target.postgres()).optional()?)
        })
    }

    /// Records a sync that begins at `position`, in the current transaction.
    ///
    /// # Errors
    /// When the target fails.
    pub(crate) fn begin(
        target: &mut Target,
        source_id: &str,
        source: &str,
        position: Position,
        replaced: &[i64],
        tables: &impl Serialize,
    ) -> Result<(), SyncError> {
        let query = target.on_records(
            "INSERT INTO {records}sync (source_id, source, seq, stamp, replaced, tables) VALUES ($1, $2, $3, $4, $5, $6)",
        )?;
        query
            .bind::<Text, _>(source_id)
            .bind::<Text, _>(source)
            .bind::<BigInt, _>(position.seq)
            .bind::<BigInt, _>(position.stamp)
            .bind::<Text, _>(text(replaced)?)
            .bind::<Text, _>(text(tables)?)
            .execute(target.postgres())?;
        Ok(())
    }

    /// Moves the position, in the current transaction. False if it is not at `from`, or the target does not receive under
    /// `epoch` any more.
    ///
    /// # Errors
    /// When the target fails.
    pub(crate) fn advance(
        target: &mut Target,
        epoch: i64,
        from: Position,
        upto: Position,
        entry_count: i64,
    ) -> QueryResult<bool> {
        let query = "UPDATE {records}sync SET seq = $3, stamp = $4, applied_changes = applied_changes + $5,
                applied_at = clock_timestamp(), replaced = '[]'
            WHERE seq = $1 AND stamp = $2
              AND EXISTS (SELECT FROM {records}owner WHERE state = 'receiving' AND epoch = $6 FOR SHARE)";
        let query = target.on_records(query)?;
        let moved = query
            .bind::<BigInt, _>(from.seq)
            .bind::<BigInt, _>(from.stamp)
            .bind::<BigInt, _>(upto.seq)
            .bind::<BigInt, _>(upto.stamp)
            .bind::<BigInt, _>(entry_count)
            .bind::<BigInt, _>(epoch)
            .execute(target.postgres())?;
        Ok(moved == 1)
    }

    /// Records tables to replace.
    ///
    /// # Errors
    /// When the target fails.
    pub(crate) fn replace(target: &mut Target, tables: &[i64]) -> Result<(), SyncError> {
        let tables = text(tables)?;
        target.in_transaction(|target| {
            let query = target.on_records("UPDATE {records}sync SET replaced = $1")?;
            query.bind::<Text, _>(&tables).execute(target.postgres())?;
            Ok(())
        })
    }

    /// Records a doubt.
    ///
    /// # Errors
    /// When the target fails.
    pub(crate) fn doubt(target: &mut Target, doubts: &[Doubt]) -> Result<(), SyncError> {
        let doubts = text(doubts)?;
        target.in_transaction(|target| {
            let query = target.on_records("UPDATE {records}sync SET doubts = $1")?;
            query.bind::<Text, _>(&doubts).execute(target.postgres())?;
            Ok(())
        })
    }

    /// Records that both sides were equal at a position, which ends the doubts of before.
    ///
    /// # Errors
    /// When the target fails.
    pub(crate) fn verified(target: &mut Target, seq: i64, doubts: &[Doubt]) -> Result<(), SyncError> {
        let doubts = text(doubts)?;
        target.in_transaction(|target| {
            let query =
                "UPDATE {records}sync SET verified_seq = $1, verified_at = clock_timestamp(), doubts = $2";
            let query = target.on_records(query)?;
            query.bind::<BigInt, _>(seq).bind::<Text, _>(&doubts).execute(target.postgres())?;
            Ok(())
        })
    }

    /// Deletes the record, in the current transaction.
    ///
    /// # Errors
    /// When the target fails.
    pub(crate) fn forget(target: &mut Target) -> QueryResult<()> {
        target.on_records("DELETE FROM {records}sync")?.execute(target.postgres())?;
        Ok(())
    }
}

fn parse<T: for<'de> Deserialize<'de>>(what: &str, text: &str) -> Result<T, SyncError> {
    serde_json::from_str(text).map_err(|error| {
        SyncError::Records(format!("the {what} of the sync in the target cannot be read: {error}"))
    })
}

fn text(value: &(impl Serialize + ?Sized)) -> Result<String, SyncError> {
    serde_json::to_string(value)
        .map_err(|error| SyncError::Records(format!("the state of the sync cannot be written: {error}")))
}
