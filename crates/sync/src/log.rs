//! The change log of the source, as the follower reads and prunes it.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::position::Position;

/// The kinds of entries (`what`).
pub(crate) mod what {
    /// The key of a changed row.
    pub(crate) const KEY: i64 = 0;
    /// The whole table is to be read again.
    pub(crate) const MARK: i64 = 2;
}

/// The changes of one table in a part of the log.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub(crate) struct TableChanges {
    /// The number of the table; 0 for those that are not followed.
    #[diesel(sql_type = BigInt)]
    pub(crate) t: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) entry_count: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) mark_count: i64,
}

#[derive(QueryableByName)]
struct PositionRow {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = BigInt)]
    stamp: i64,
}

/// The last entry; `None` when the log is empty.
///
/// # Errors
/// When the source fails.
pub(crate) fn end(source: &mut SqliteConnection) -> QueryResult<Option<Position>> {
    at(source, "SELECT seq, stamp FROM __backoffice_changes ORDER BY seq DESC LIMIT 1")
}

/// The number of the first entry; `None` when the log is empty.
///
/// # Errors
/// When the source fails.
pub(crate) fn first(source: &mut SqliteConnection) -> QueryResult<Option<i64>> {
    let first = at(source, "SELECT seq, stamp FROM __backoffice_changes ORDER BY seq LIMIT 1")?;
    Ok(first.map(|first| first.seq))
}

/// The entry with this number.
///
/// # Errors
/// When the source fails.
pub(crate) fn entry(source: &mut SqliteConnection, seq: i64) -> QueryResult<Option<Position>> {
    at(source, &format!("SELECT seq, stamp FROM __backoffice_changes WHERE seq = {seq}"))
}

fn at(source: &mut SqliteConnection, query: &str) -> QueryResult<Option<Position>> {
    let row = diesel::sql_query(query).get_result::<PositionRow>(source).optional()?;
    Ok(row.map(|row| Position { seq: row.seq, stamp: row.stamp }))
}

/// Adds an entry of a commit that changed no followed table.
///
/// # Errors
/// When the source fails.
pub(crate) fn add_commit(source: &mut SqliteConnection) -> QueryResult<()> {
    diesel::sql_query("INSERT INTO __backoffice_changes (t, what) VALUES (0, 0)").execute(source)?;
    Ok(())
}

/// What changed after `from`, up to and including `upto`, by table.
///
/// # Errors
/// When the source fails.
pub(crate) fn changes(source: &mut SqliteConnection, from: i64, upto: i64) -> QueryResult<Vec<TableChanges>> {
    let query = format!(
        "SELECT t, count(*) AS entry_count, sum(what = {}) AS mark_count FROM __backoffice_changes
         WHERE seq > ? AND seq <= ? GROUP BY t ORDER BY t",
        what::MARK
    );
    diesel::sql_query(query).bind::<BigInt, _>(from).bind::<BigInt, _>(upto).load(source)
}

/// Deletes at most `most` entries before `seq`, each with its image; returns how many. The entry `seq` stays: numbers go
/// on after the highest.
///
/// # Errors
/// When the source fails.
pub(crate) fn prune(
    source: &mut SqliteConnection,
    image_tables: &[String],
    seq: i64,
    most: i64,
) -> QueryResult<usize> {
    source.immediate_transaction(|source| {
        let upto: Option<PositionRow> = diesel::sql_query(
            "SELECT max(seq) AS seq, 0 AS stamp FROM
                 (SELECT seq FROM __backoffice_changes WHERE seq < ? ORDER BY seq LIMIT ?) HAVING max(seq) IS NOT NULL",
        )
        .bind::<BigInt, _>(seq)
        .bind::<BigInt, _>(most)
        .get_result(source)
        .optional()?;
        let Some(PositionRow { seq: upto, .. }) = upto else { return Ok(0) };
        for table in image_tables {
            diesel::sql_query(format!("DELETE FROM {table} WHERE seq <= ?"))
                .bind::<BigInt, _>(upto)
                .execute(source)?;
        }
        diesel::sql_query("DELETE FROM __backoffice_changes WHERE seq <= ?")
            .bind::<BigInt, _>(upto)
            .execute(source)
    })
}
