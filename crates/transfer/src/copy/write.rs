//! Writing rows, and finding those that the target refuses.

use std::collections::BTreeSet;
use std::ops::Range;

use diesel::QueryResult;
use diesel::connection::SimpleConnection as _;
use diesel::result::Error;

use super::batch::Batch;
use super::judge::judge;
use crate::plan::OnError;
use crate::table::{Key, Table};
use crate::target::Target;
use databases::sqlstate::{is_hidden, is_of_row, sqlstate, with_sqlstate};

/// `data_exception`, for a failure with the message of an earlier one of rows.
const OF_ROWS: &str = "22000";

/// A row that PostgreSQL refuses, with its message.
#[derive(Debug)]
pub struct Refused {
    /// Its key.
    pub key: Key,
    /// The message.
    pub reason: String,
}

/// The result of writing a batch.
#[derive(Debug, Default)]
pub struct Written {
    /// Rows that were written.
    pub row_count: i64,
    /// Rows that were not.
    pub refused: Vec<Refused>,
    /// The messages that were found to be about rows: the same message has the same reason.
    of_rows: BTreeSet<String>,
}

/// Writes `batch` in the current transaction. Where rows may be rejected, a refused batch is halved until only the refused
/// rows are left.
///
/// # Errors
/// When PostgreSQL refuses a row and none may be rejected, or cannot go on.
pub fn write_batch(
    target: &mut Target,
    table: &dyn Table,
    batch: &mut Batch,
    on_error: OnError,
) -> QueryResult<Written> {
    let mut written = Written::default();
    match on_error {
        OnError::Stop => written.row_count = copy_in(target, table, batch)?,
        OnError::Skip => halve(target, table, batch, 0..batch.row_count(), &mut written)?,
    }
    Ok(written)
}

/// The error of an attempt to write `batch`, whose transaction is rolled back, with its SQLSTATE if the server reports it.
pub(super) fn explained(
    target: &mut Target,
    table: &dyn Table,
    batch: &mut Batch,
    on_error: OnError,
    error: Error,
) -> Error {
    match on_error {
        OnError::Stop => judge(target, table, batch, false, error),
        // That was asked for when rows were rejected.
        OnError::Skip => error,
    }
}

fn halve(
    target: &mut Target,
    table: &dyn Table,
    batch: &Batch,
    range: Range<usize>,
    written: &mut Written,
) -> QueryResult<()> {
    if range.is_empty() {
        return Ok(());
    }
    let mut slice = batch.slice(range.clone());
    let outcome = target.in_transaction(|target| {
        let row_count = copy_in(target, table, &mut slice)?;
        // A deferred constraint would refuse the rows at COMMIT, when they cannot be told apart.
        target.postgres().batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
        Ok::<_, Error>(row_count)
    });
    let error = match outcome {
        Ok(row_count) => {
            written.row_count += row_count;
            return Ok(());
        }
        Err(error) if written.of_rows.contains(&error.to_string()) => with_sqlstate(error, OF_ROWS),
        // The first failure of a batch shows whether it is of the rows, and the last one of which row.
        Err(error) if range.len() == 1 || range.len() == batch.row_count() => {
            judge(target, table, &mut slice, true, error)
        }
        Err(error) => error,
    };
    let is_of_rows = sqlstate(&error).is_some_and(is_of_row);
    if is_of_rows {
        written.of_rows.insert(error.to_string());
    }
    match batch.row(range.start) {
        _ if !is_of_rows && !is_hidden(&error) => return Err(error),
        Some((key, _)) if range.len() == 1 => match is_of_rows {
            true => written.refused.push(Refused { key, reason: reason(&error) }),
            false => return Err(error),
        },
        _ => {
            let middle = range.start + range.len() / 2;
            halve(target, table, batch, range.start..middle, written)?;
            halve(target, table, batch, middle..range.end, written)?;
        }
    }
    Ok(())
}

fn copy_in(target: &mut Target, table: &dyn Table, batch: &mut Batch) -> QueryResult<i64> {
    let sent = i64::try_from(batch.row_count()).unwrap_or(i64::MAX);
    if sent == 0 {
        return Ok(0);
    }
    let taken = table.write_target(target.postgres(), batch.stream())?;
    if i64::try_from(taken) != Ok(sent) {
        let text = format!("PostgreSQL says it took {taken} rows of {sent}");
        return Err(Error::QueryBuilderError(text.into()));
    }
    Ok(sent)
}

/// The message of PostgreSQL, with its details.
pub(super) fn reason(error: &Error) -> String {
    let Error::DatabaseError(_, information) = error else { return error.to_string() };
    match information.details() {
        Some(details) => format!("{}: {details}", information.message()),
        None => information.message().to_owned(),
    }
}
