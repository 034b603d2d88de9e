//! Whether rows or the server are at fault, where Diesel does not pass on the SQLSTATE of a failed COPY.
//!
//! COPY from the client may not be in a block that catches errors, INSERT may. So the rows are sent again, to a table
//! without constraints, and inserted from there: the server reports the SQLSTATE of that. A value that not even the table
//! without constraints takes is at fault if the server takes twice as many bytes as `bytea`, and then refuses it again.
//! Everything is rolled back. Nothing depends on the language of messages.

use diesel::QueryResult;
use diesel::connection::SimpleConnection as _;
use diesel::result::Error;
use uuid::Uuid;

use super::batch::Batch;
use crate::copy_in::copy_in;
use crate::table::Table;
use crate::target::{Again, GONE, Target};
use databases::name::quote_name;
use databases::sqlstate::{is_hidden, is_of_server, sqlstate, with_sqlstate};

/// `data_exception`: the class of all errors of input functions.
const BAD_VALUE: &str = "22000";

/// The error that COPY of `batch` into `table` failed with, with its SQLSTATE if the server reports it for these rows.
///
/// `transaction_rollback` if the rows can be written now: then the failure was none of the rows.
pub(super) fn judge(
    target: &mut Target,
    table: &dyn Table,
    batch: &mut Batch,
    is_immediate: bool,
    error: Error,
) -> Error {
    if !is_hidden(&error) {
        return error;
    }
    let (mut verdict, message) = (None, error.to_string());
    // An error is what rolls back.
    let ended = target.in_transaction(|target| {
        target.postgres().batch_execute("SET LOCAL lock_timeout = '1s'")?;
        verdict = Trial::new(target, table, batch, &message)?.run(is_immediate)?;
        Err::<(), _>(Error::RollbackTransaction)
    });
    if let (None, Err(error)) = (&verdict, ended) {
        tracing::debug!(%error, "no SQLSTATE of refused rows");
    }
    match verdict {
        // query_canceled: the user wanted it to fail.
        Some(Verdict::Same(state)) if state == GONE && target.is_canceled(&error) => {
            with_sqlstate(error, "57014")
        }
        Some(Verdict::Same(state)) => with_sqlstate(error, &state),
        Some(Verdict::Other(error)) => error,
        None => error,
    }
}

/// What the server reports about rows.
enum Verdict {
    /// They fail with this SQLSTATE, and the message of the COPY.
    Same(String),
    /// They fail, with this error: not the one of the COPY, which may not have been theirs.
    Other(Error),
}

/// Rows that are written once more.
struct Trial<'a> {
    target: &'a mut Target,
    batch: &'a mut Batch,
    /// The message of the COPY.
    message: &'a str,
    /// The table, and another without constraints.
    names: (String, String),
    columns: Vec<String>,
}

impl<'a> Trial<'a> {
    fn new(
        target: &'a mut Target,
        table: &dyn Table,
        batch: &'a mut Batch,
        message: &'a str,
    ) -> QueryResult<Self> {
        // Of this trial alone: another worker may have one at the same time.
        let name = format!("{{records}}trial_{}", Uuid::now_v7().simple());
        let names = (target.full_name(table.name()), target.with_names(&name)?);
        let columns = table.columns().iter().map(|column| quote_name(column)).collect();
        Ok(Self { target, batch, message, names, columns })
    }

    fn run(mut self, is_immediate: bool) -> QueryResult<Option<Verdict>> {
        let all = self.columns.join(", ");
        let (name, trial) = self.names.clone();
        let typed = format!("CREATE TABLE {trial} AS SELECT {all} FROM {name} WITH NO DATA");
        if self.create(&typed).is_err() {
            return self.reported(&typed);
        }
        let Err(error) = self.write(1) else { return self.insert(&name, &trial, is_immediate) };
        if !is_hidden(&error) {
            return Ok(self.verdict(error));
        }
        let bytes: Vec<String> = self.columns.iter().map(|column| format!("{column} bytea")).collect();
        let bytes = format!("CREATE TABLE {trial} ({})", bytes.join(", "));
        if self.create(&bytes).and_then(|()| self.write(2)).is_err() {
            let fill = self.fill(&trial);
            return self.reported(&fill);
        }
        Ok(match self.create(&typed).and_then(|()| self.write(1)) {
            Ok(()) => Some(Verdict::Same(GONE.to_owned())),
            Err(again) if again.to_string() != error.to_string() => None,
            Err(again) if again.to_string() == self.message => Some(Verdict::Same(BAD_VALUE.to_owned())),
            Err(again) => Some(Verdict::Other(with_sqlstate(again, BAD_VALUE))),
        })
    }

    /// What an error with a SQLSTATE means.
    fn verdict(&self, error: Error) -> Option<Verdict> {
        let state = sqlstate(&error)?;
        match error.to_string() == self.message {
            true => Some(Verdict::Same(state.to_owned())),
            // lock_not_available, of the short wait of the trial: the COPY failed for another reason, such as a deadlock.
            false if state == "55P03" => Some(Verdict::Same(GONE.to_owned())),
            false => Some(Verdict::Other(error)),
        }
    }

    /// Creates the table without constraints, in a savepoint: what fails must not end the trial.
    fn create(&mut self, create: &str) -> QueryResult<()> {
        let create = format!("DROP TABLE IF EXISTS {}; {create}", self.names.1);
        self.target.in_transaction(|target| target.postgres().batch_execute(&create))
    }

    /// Writes the rows into the table without constraints so many times.
    fn write(&mut self, times: usize) -> QueryResult<()> {
        let (trial, columns) = (&self.names.1, self.columns.join(", "));
        let batch = &mut *self.batch;
        self.target.in_transaction(|target| {
            (0..times).try_for_each(|_| copy_in(target.postgres(), trial, &columns, batch.stream()).map(drop))
        })
    }

    /// Inserts the rows from the table without constraints.
    fn insert(self, name: &str, trial: &str, is_immediate: bool) -> QueryResult<Option<Verdict>> {
        let columns = self.columns.join(", ");
        // COPY writes the values of an identity column, INSERT if it is told to.
        let insert = format!(
            "INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {trial}{}",
            if is_immediate { "; SET CONSTRAINTS ALL IMMEDIATE" } else { "" }
        );
        Ok(match self.target.again(&insert)? {
            Again::Succeeds => Some(Verdict::Same(GONE.to_owned())),
            Again::Fails(error) => self.verdict(error),
        })
    }

    /// Statements that write as many bytes as the rows have, and more.
    fn fill(&self, trial: &str) -> String {
        /// Of one row: a page has one.
        const ROW_BYTES: usize = 7000;
        let rows = self.batch.size_bytes() / ROW_BYTES * 2 + 1;
        format!(
            "DROP TABLE IF EXISTS {trial}; CREATE TABLE {trial} (filler bytea); \
             ALTER TABLE {trial} ALTER filler SET STORAGE PLAIN; \
             INSERT INTO {trial} SELECT pg_catalog.decode(pg_catalog.repeat('00', {ROW_BYTES}), 'hex') \
             FROM pg_catalog.generate_series(1, {rows})"
        )
    }

    /// The failure of statements other than the COPY, if it is one of the server or has the same message.
    fn reported(&mut self, statements: &str) -> QueryResult<Option<Verdict>> {
        let Again::Fails(error) = self.target.again(statements)? else { return Ok(None) };
        let counts = sqlstate(&error).is_some_and(is_of_server) || error.to_string() == self.message;
        Ok(self.verdict(error).filter(|_| counts))
    }
}
