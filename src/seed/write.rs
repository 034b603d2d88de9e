//! Writes the rows: one transaction, table by table.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::SqlQuery;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::SeedError;
use super::context::Context;
use super::plan::{SeedOptions, SeedPlan};
use super::steps::{STEPS, Seeded};
use databases::connection::AnyConnection;
use transfer::model::write_tuple;
use transfer::table::{COPY_HEADER, COPY_TRAILER, Key};

/// Bytes per COPY to PostgreSQL.
const BATCH_SIZE_BYTES: usize = 4 << 20;
/// Rows between two progress reports on SQLite.
const REPORT_EVERY: u64 = 5_000;
/// The gap between the greatest key and the next one, as after deletions.
const DELETED_KEYS: i64 = 10;

/// The progress of seeding.
#[derive(Clone, Copy, Debug)]
pub struct SeedProgress {
    /// The table being written.
    pub table: &'static str,
    /// Rows written, over all tables.
    pub written: u64,
    /// Rows to write, over all tables.
    pub total: u64,
}

/// The result of seeding.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SeedReport {
    /// The tables in foreign-key order with their row counts.
    pub rows: Vec<(&'static str, u64)>,
}

/// Counts rows and reports progress.
pub(super) struct SeedTally<'a> {
    written: u64,
    total: u64,
    progress: &'a mut dyn FnMut(SeedProgress),
}

impl SeedTally<'_> {
    fn add(&mut self, table: &'static str, rows: u64) {
        self.written += rows;
        (self.progress)(SeedProgress { table, written: self.written, total: self.total });
    }
}

/// Fills the empty tables with generated rows.
///
/// # Errors
/// When a table is not empty, or the database fails. No rows are written then.
pub fn seed(
    connection: &mut AnyConnection,
    options: SeedOptions,
    progress: &mut dyn FnMut(SeedProgress),
) -> Result<SeedReport, SeedError> {
    let plan = SeedPlan::new(options);
    let mut tally = SeedTally { written: 0, total: options.rows, progress };
    match connection {
        AnyConnection::Sqlite(connection) => with_larger_cache(connection, |connection| {
            connection.immediate_transaction(|connection| {
                refuse_filled(|query| query.get_result(connection))?;
                // Tasks refer to tasks that are inserted later. The pragma ends with the transaction.
                connection.batch_execute("PRAGMA defer_foreign_keys = ON")?;
                STEPS.iter().try_for_each(|step| (step.write_sqlite)(connection, &plan, &mut tally))
            })
        }),
        AnyConnection::Postgres(connection) => connection.transaction(|connection| {
            refuse_filled(|query| query.get_result(connection))?;
            connection.batch_execute("SET CONSTRAINTS ALL DEFERRED")?;
            STEPS.iter().try_for_each(|step| (step.write_postgres)(connection, &plan, &mut tally))
        }),
    }?;
    let rows = STEPS.iter().map(|step| (step.table, (step.row_count)(&plan)));
    Ok(SeedReport { rows: rows.collect() })
}

/// A query result with one number.
#[derive(QueryableByName)]
pub(super) struct QueryNumber {
    #[diesel(sql_type = BigInt)]
    pub(super) number: i64,
}

/// Runs `write` with a larger page cache than the default of 2 MiB: random index inserts would evict and reread
/// pages.
fn with_larger_cache<T>(
    connection: &mut SqliteConnection,
    write: impl FnOnce(&mut SqliteConnection) -> Result<T, SeedError>,
) -> Result<T, SeedError> {
    let before: QueryNumber =
        sql_query("SELECT cache_size AS number FROM pragma_cache_size").get_result(connection)?;
    connection.batch_execute("PRAGMA cache_size = -131072")?;
    let written = write(connection);
    connection.batch_execute(&format!("PRAGMA cache_size = {}", before.number))?;
    written
}

fn refuse_filled(mut ask: impl FnMut(SqlQuery) -> QueryResult<QueryNumber>) -> Result<(), SeedError> {
    for table in STEPS.iter().map(|step| step.table) {
        let query = format!("SELECT count(*) AS number FROM (SELECT 1 FROM {table} LIMIT 1) AS first_row");
        let first = ask(sql_query(query)).map_err(|source| SeedError::Look { table, source })?;
        if first.number > 0 {
            return Err(SeedError::Filled { table });
        }
    }
    Ok(())
}

/// Generates the rows of a table.
pub(super) fn rows<R: Seeded>(plan: &SeedPlan) -> impl Iterator<Item = Result<R, SeedError>> {
    (0..plan.of::<R>().row_count()).map(|index| {
        R::row(&mut Context::new::<R>(plan, index)).map_err(|source| SeedError::Make {
            table: R::TABLE,
            index,
            source,
        })
    })
}

/// Inserts the rows of a table into SQLite with one prepared statement.
pub(super) fn to_sqlite<R: Seeded>(
    connection: &mut SqliteConnection,
    plan: &SeedPlan,
    tally: &mut SeedTally<'_>,
) -> Result<(), SeedError> {
    let table = R::TABLE;
    let mut last = None;
    let mut unreported = 0;
    for row in rows::<R>(plan) {
        let row = row?;
        row.insert_sqlite(connection).map_err(|source| SeedError::Write { table, source })?;
        last = Some(row.table_key());
        unreported += 1;
        if unreported == REPORT_EVERY {
            tally.add(table, unreported);
            unreported = 0;
        }
    }
    tally.add(table, unreported);
    if let Some(Key::Integer(last)) = last {
        sql_query("UPDATE sqlite_sequence SET seq = ? WHERE name = ?")
            .bind::<BigInt, _>(last + DELETED_KEYS)
            .bind::<Text, _>(table)
            .execute(connection)
            .map_err(|source| SeedError::Sequence { table, source })?;
    }
    Ok(())
}

/// Copies the rows of a table to PostgreSQL.
pub(super) fn to_postgres<R: Seeded>(
    connection: &mut PgConnection,
    plan: &SeedPlan,
    tally: &mut SeedTally<'_>,
) -> Result<(), SeedError> {
    let table = R::TABLE;
    let mut last = None;
    let mut batch = COPY_HEADER.to_vec();
    let mut row_count = 0;
    let mut rows = rows::<R>(plan).peekable();
    while let Some(row) = rows.next() {
        let row = row?;
        write_tuple(&row, &mut batch).map_err(|source| SeedError::Encode { table, source })?;
        last = Some(row.table_key());
        row_count += 1;
        if batch.len() >= BATCH_SIZE_BYTES || rows.peek().is_none() {
            batch.extend_from_slice(&COPY_TRAILER);
            R::copy_in(connection, &batch).map_err(|source| SeedError::Write { table, source })?;
            batch.truncate(COPY_HEADER.len());
            tally.add(table, row_count);
            row_count = 0;
        }
    }
    if let Some(Key::Integer(last)) = last {
        sql_query("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)")
            .bind::<Text, _>(table)
            .bind::<BigInt, _>(last + DELETED_KEYS)
            .execute(connection)
            .map_err(|source| SeedError::Sequence { table, source })?;
    }
    Ok(())
}
