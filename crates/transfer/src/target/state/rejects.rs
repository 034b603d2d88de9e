//! Rejects: rows that are refused, recorded with the reason.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use serde::Serialize;

use crate::error::TransferError;
use crate::table::Key;
use crate::target::Target;

/// A row of the source that is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, QueryableByName)]
pub struct Reject {
    /// The table.
    #[diesel(sql_type = Text)]
    pub table_name: String,
    /// The key of the row.
    #[diesel(sql_type = Text)]
    pub key: String,
    /// The refused column, where that is known.
    #[diesel(sql_type = Nullable<Text>)]
    pub column_name: Option<String>,
    /// The storage class of its value in SQLite.
    #[diesel(sql_type = Nullable<Text>)]
    pub storage_class: Option<String>,
    /// Its value; where no single column is refused, the whole row as a JSON object. Bytes, and text that is not UTF-8 or
    /// holds NUL, stand as `X'...'`.
    #[diesel(sql_type = Nullable<Text>)]
    pub value: Option<String>,
    /// Why it is refused.
    #[diesel(sql_type = Text)]
    pub reason: String,
}

/// A filter for rejects.
#[derive(Clone, Debug, Default)]
pub struct RejectFilter {
    /// Only these of one table.
    pub table: Option<String>,
    /// Only these of one source.
    pub source_id: Option<String>,
}

impl Reject {
    /// The rejects of the target, by table and key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(target: &mut Target, filter: &RejectFilter) -> QueryResult<Vec<Self>> {
        if !target.has_records()? {
            return Ok(Vec::new());
        }
        let query = "SELECT table_name, key, column_name, storage_class, value, reason FROM {records}rejects
            WHERE table_name = coalesce($1, table_name) AND source_id = coalesce($2, source_id) ORDER BY id";
        target
            .on_records(query)?
            .bind::<Nullable<Text>, _>(&filter.table)
            .bind::<Nullable<Text>, _>(&filter.source_id)
            .load(target.postgres())
    }

    /// Writes the reject, in place of an earlier one of the same row.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save(&self, target: &mut Target, source_id: &str, run: &str) -> QueryResult<()> {
        let query = "INSERT INTO {records}rejects
                (run_id, source_id, table_name, key, column_name, storage_class, value, reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (source_id, table_name, key) DO UPDATE SET run_id = excluded.run_id,
                column_name = excluded.column_name, storage_class = excluded.storage_class,
                value = excluded.value, reason = excluded.reason, rejected_at = now()";
        target
            .on_records(query)?
            .bind::<Text, _>(run)
            .bind::<Text, _>(source_id)
            .bind::<Text, _>(&self.table_name)
            .bind::<Text, _>(&self.key)
            .bind::<Nullable<Text>, _>(&self.column_name)
            .bind::<Nullable<Text>, _>(&self.storage_class)
            .bind::<Nullable<Text>, _>(&self.value)
            .bind::<Text, _>(&self.reason)
            .execute(target.postgres())?;
        Ok(())
    }

    /// Deletes the reject of a row that is in the target now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget(target: &mut Target, source_id: &str, table: &str, key: &str) -> QueryResult<()> {
        let query = target.on_records(
            "DELETE FROM {records}rejects WHERE source_id = $1 AND table_name = $2 AND key = $3",
        )?;
        query
            .bind::<Text, _>(source_id)
            .bind::<Text, _>(table)
            .bind::<Text, _>(key)
            .execute(target.postgres())?;
        Ok(())
    }

    /// Deletes the rejects of a table that is emptied or created again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_table(target: &mut Target, table: &str) -> QueryResult<()> {
        let query = target.on_records("DELETE FROM {records}rejects WHERE table_name = $1")?;
        query.bind::<Text, _>(table).execute(target.postgres())?;
        Ok(())
    }
}

/// The keys of rejected rows of this source, by table.
///
/// # Errors
/// When the target fails.
pub fn rejected_keys(
    target: &mut Target,
    source_id: &str,
) -> Result<BTreeMap<String, BTreeSet<Key>>, TransferError> {
    let filter = RejectFilter { table: None, source_id: Some(source_id.to_owned()) };
    let rejects = target
        .in_transaction(|target| Reject::load(target, &filter))
        .map_err(|source| TransferError::UseTarget { what: "read the rejects", source })?;
    let mut keys: BTreeMap<String, BTreeSet<Key>> = BTreeMap::new();
    for reject in rejects {
        keys.entry(reject.table_name).or_default().extend(Key::parse(&reject.key));
    }
    Ok(keys)
}
