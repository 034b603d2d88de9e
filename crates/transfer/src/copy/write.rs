//! Writing rows, and finding those that the target refuses.

use std::ops::Range;

use diesel::QueryResult;
use diesel::connection::SimpleConnection as _;
use diesel::result::Error;

use super::batch::Batch;
use crate::plan::OnError;
use crate::table::{Key, Table};
use crate::target::Target;
use databases::failure::Failure;

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
    let outcome = target.in_transaction(|target| {
        let row_count = copy_in(target, table, &mut batch.slice(range.clone()))?;
        // A deferred constraint would refuse the rows at COMMIT, when they cannot be told apart.
        target.postgres().batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
        Ok::<_, Error>(row_count)
    });
    match outcome {
        Ok(row_count) => written.row_count += row_count,
        Err(error) if !is_refusal(&error) => return Err(error),
        Err(error) => match batch.row(range.start) {
            Some((key, _)) if range.len() == 1 => {
                written.refused.push(Refused { key, reason: reason(&error) });
            }
            _ => {
                let middle = range.start + range.len() / 2;
                halve(target, table, batch, range.start..middle, written)?;
                halve(target, table, batch, middle..range.end, written)?;
            }
        },
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

/// Messages of a server that cannot continue, whatever the rows are. Diesel does not expose the SQLSTATE.
const NOT_OF_ROWS: [&str; 10] = [
    "canceling statement",
    "out of memory",
    "out of shared memory",
    "could not read",
    "could not write",
    "could not extend",
    "could not open",
    "could not access",
    "cache lookup failed",
    "temporary file size exceeds",
];

/// Whether the rows are refused, not the connection, the server or the role.
fn is_refusal(error: &Error) -> bool {
    let of_rows = matches!(
        Failure::of_query(error),
        Failure::DuplicateKey | Failure::ForeignKey | Failure::Check | Failure::NotNull | Failure::Other
    );
    of_rows && matches!(error, Error::DatabaseError(..)) && !is_of_the_server(error)
}

/// Whether the server cannot continue, whatever the statement is.
pub(super) fn is_of_the_server(error: &Error) -> bool {
    let Error::DatabaseError(_, information) = error else { return false };
    NOT_OF_ROWS.iter().any(|words| information.message().contains(words))
}

/// The message of PostgreSQL, with its details.
pub(super) fn reason(error: &Error) -> String {
    let Error::DatabaseError(_, information) = error else { return error.to_string() };
    match information.details() {
        Some(details) => format!("{}: {details}", information.message()),
        None => information.message().to_owned(),
    }
}
