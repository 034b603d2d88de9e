//! Deleting the rows that changed: by key, by image, or all.

use diesel::connection::SimpleConnection as _;

use super::{Stop, is_small};
use crate::collect::{Change, NumberedTable};
use crate::spool::Spool;
use databases::name::quote_name;
use transfer::copy::Batcher;
use transfer::copy_in::copy_in;
use transfer::table::Key;
use transfer::target::Target;

/// The most keys that stand in the statement itself.
pub(super) const MOST_LITERALS: u64 = 200;

/// Keys from which on the planner must know how many there are.
const ANALYZED_ROWS: u64 = 10_000;

/// The temporary tables of a transaction.
const KEYS: &str = "pg_temp.__backoffice_keys";

pub(super) fn delete(target: &mut Target, table: &NumberedTable, change: &mut Change) -> Result<(), Stop> {
    let name = target.full_name(table.followed.table().name());
    match change {
        Change::Whole => Ok(target.postgres().batch_execute(&format!("DELETE FROM {name}"))?),
        Change::Keys(keys) if keys.row_count() == 0 => Ok(()),
        Change::Images(images) if images.row_count() == 0 => Ok(()),
        Change::Keys(keys) => {
            let (columns, has_table_key) = (table.followed.key_columns(), table.followed.has_table_key());
            by_keys(target, &name, &columns, has_table_key, keys)
        }
        Change::Images(images) => {
            let columns = table.followed.table().columns().into_iter().map(str::to_owned).collect::<Vec<_>>();
            by_images(target, &name, &columns, images)
        }
    }
}

fn by_keys(
    target: &mut Target,
    name: &str,
    columns: &[String],
    has_table_key: bool,
    keys: &mut Spool,
) -> Result<(), Stop> {
    if let ([column], true, true) = (columns, has_table_key, is_small(keys))
        && let Some(literals) = integers(keys)?
    {
        let statement = format!("DELETE FROM {name} WHERE {} IN ({literals})", quote_name(column));
        return Ok(target.postgres().batch_execute(&statement)?);
    }
    fill(target, name, columns, keys)?;
    let same: Vec<String> = columns
        .iter()
        .map(|column| {
            let column = quote_name(column);
            format!("t.{column} = k.{column}")
        })
        .collect();
    let statement =
        format!("DELETE FROM {name} AS t USING {KEYS} AS k WHERE {}; DROP TABLE {KEYS}", same.join(" AND "));
    Ok(target.postgres().batch_execute(&statement)?)
}

/// The keys as SQL, where all are integers.
fn integers(keys: &mut Spool) -> Result<Option<String>, Stop> {
    let mut literals = Vec::new();
    let mut are_integers = true;
    keys.each(|key, _| {
        match key {
            Key::Integer(key) => literals.push(key.to_string()),
            Key::Uuid(_) => are_integers = false,
        }
        Ok::<_, Stop>(())
    })?;
    Ok(are_integers.then(|| literals.join(", ")))
}

/// Deletes one row for each image. Rows are compared as text: some types have no equality, and 1.0 is not 1.00.
fn by_images(target: &mut Target, name: &str, columns: &[String], images: &mut Spool) -> Result<(), Stop> {
    fill(target, name, columns, images)?;
    let list = |of: &str| {
        columns.iter().map(|column| format!("{of}.{}", quote_name(column))).collect::<Vec<_>>().join(", ")
    };
    let statement = format!(
        "DELETE FROM {name} WHERE ctid IN (
             SELECT found.ctid FROM (
                 SELECT t.ctid, ROW({})::text AS image,
                        row_number() OVER (PARTITION BY ROW({})::text) AS number FROM {name} AS t
             ) AS found
             JOIN (SELECT ROW({})::text AS image, count(*) AS wanted FROM {KEYS} AS k GROUP BY 1) AS gone
               ON gone.image = found.image AND found.number <= gone.wanted);
         DROP TABLE {KEYS}",
        list("t"),
        list("t"),
        list("k"),
    );
    Ok(target.postgres().batch_execute(&statement)?)
}

/// A temporary table with these columns of the target, filled. It is dropped in the same transaction: behind a pooler the
/// next one may have another connection.
fn fill(target: &mut Target, name: &str, columns: &[String], tuples: &mut Spool) -> Result<(), Stop> {
    let columns: Vec<String> = columns.iter().map(|column| quote_name(column)).collect();
    let columns = columns.join(", ");
    target.postgres().batch_execute(&format!(
        "CREATE TEMPORARY TABLE __backoffice_keys ON COMMIT DROP AS SELECT {columns} FROM {name} WHERE false"
    ))?;
    let mut batcher = Batcher::default();
    let mut send = |rows: &mut transfer::copy::Batch| -> Result<(), Stop> {
        copy_in(target.postgres(), KEYS, &columns, rows.stream())?;
        Ok(())
    };
    tuples.each(|key, tuple| match batcher.push(key, tuple) {
        Some(mut rows) => send(&mut rows),
        None => Ok(()),
    })?;
    if let Some(mut rows) = batcher.finish() {
        send(&mut rows)?;
    }
    if tuples.row_count() >= ANALYZED_ROWS {
        target.postgres().batch_execute(&format!("ANALYZE {KEYS}"))?;
    }
    Ok(())
}
