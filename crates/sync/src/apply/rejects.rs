//! Rejects of a sync: recorded with the changes, and deleted when their rows change again.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use super::{ApplyContext, Stop};
use crate::collect::{Change, NumberedTable, TableBatch};
use crate::error::SyncError;
use transfer::copy::Refused;
use transfer::plan::OnError;
use transfer::target::Target;
use transfer::target::state::Reject;

/// What stands for the id of a run in the records of a sync.
pub(crate) const RUN_ID: &str = "sync";

/// Keys of one statement.
const MOST_KEYS: usize = 10_000;

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    table_name: String,
}

/// The tables of the target of which rows are rejected.
pub(crate) fn tables_with_rejects(target: &mut Target, source_id: &str) -> QueryResult<BTreeSet<String>> {
    let query = target.on_records("SELECT DISTINCT table_name FROM {records}rejects WHERE source_id = $1")?;
    let rows: Vec<NameRow> = query.bind::<Text, _>(source_id).load(target.postgres())?;
    Ok(rows.into_iter().map(|row| row.table_name).collect())
}

/// Deletes the rejects of the rows that changed.
pub(super) fn forget(
    target: &mut Target,
    context: ApplyContext<'_>,
    table: &NumberedTable,
    change: &mut TableBatch,
) -> Result<(), Stop> {
    let name = table.followed.table().name();
    let Change::Keys(keys) = &mut change.change else {
        return Ok(Reject::forget_table(target, name)?);
    };
    let mut changed = Vec::new();
    keys.each(|key, _| {
        changed.push(key.to_string());
        if changed.len() >= MOST_KEYS {
            forget_keys(target, context, name, &std::mem::take(&mut changed))?;
        }
        Ok::<_, Stop>(())
    })?;
    Ok(forget_keys(target, context, name, &changed)?)
}

fn forget_keys(
    target: &mut Target,
    context: ApplyContext<'_>,
    table: &str,
    keys: &[String],
) -> QueryResult<()> {
    let query = target.on_records(
        "DELETE FROM {records}rejects WHERE source_id = $1 AND table_name = $2 AND key = ANY ($3)",
    )?;
    query
        .bind::<Text, _>(context.source_id)
        .bind::<Text, _>(table)
        .bind::<Array<Text>, _>(keys)
        .execute(target.postgres())?;
    Ok(())
}

/// Records the rows that cannot be encoded; returns how many.
pub(super) fn save_unencodable(
    target: &mut Target,
    context: ApplyContext<'_>,
    change: &TableBatch,
) -> Result<usize, Stop> {
    if let (OnError::Stop, Some(reject)) = (context.on_error, change.unencodable.first()) {
        return Err(Stop::Error(SyncError::Unencodable {
            table: reject.table_name.clone(),
            key: reject.key.clone(),
            reason: reject.reason.clone(),
        }));
    }
    for reject in &change.unencodable {
        reject.save(target, context.source_id, RUN_ID)?;
    }
    Ok(change.unencodable.len())
}

/// Records the rows that the target refused.
pub(super) fn save_refused(
    target: &mut Target,
    context: ApplyContext<'_>,
    table: &NumberedTable,
    refused: &[Refused],
) -> Result<(), Stop> {
    for row in refused {
        let reject = Reject {
            table_name: table.followed.table().name().to_owned(),
            key: row.key.to_string(),
            column_name: None,
            storage_class: None,
            value: None,
            reason: row.reason.clone(),
        };
        reject.save(target, context.source_id, RUN_ID)?;
    }
    Ok(())
}
