//! Asking the server for the SQLSTATE of a failure that Diesel does not pass on.
//!
//! Messages are in the language of the server, and two failures with the same message on one connection have the same
//! SQLSTATE. So the server is made to fail again, in a block that reports the code, and the code is taken if the message
//! is the same. Everything is done in a transaction, or savepoint, that is rolled back.

use diesel::QueryResult;
use diesel::connection::SimpleConnection as _;
use diesel::result::Error;

use super::Target;
use crate::error::TransferError;
use databases::sqlstate::{is_hidden, reporting, sqlstate, with_sqlstate};

/// Fails with `query_canceled` as for any client that cancels a statement.
const CANCEL: &str =
    "SELECT pg_catalog.pg_cancel_backend(pg_catalog.pg_backend_pid()), pg_catalog.pg_sleep(1)";

/// `transaction_rollback`: the code for a failure that does not happen again, such as a deadlock.
pub(crate) const GONE: &str = "40000";

/// The outcome of a statement that is executed again.
pub(crate) enum Again {
    /// It succeeds.
    Succeeds,
    /// It fails, with this error.
    Fails(Error),
}

impl Target {
    /// The error with its SQLSTATE, if the last statement that failed does so again.
    pub(crate) fn diagnose(&mut self, error: Error) -> Error {
        if !is_hidden(&error) || self.is_canceled(&error) {
            return match is_hidden(&error) {
                true => with_sqlstate(error, "57014"),
                false => error,
            };
        }
        // Values of sequences are not rolled back.
        let sql = self.failed.sql_of(&error.to_string()).filter(|sql| !sql.contains("setval"));
        let Some(sql) = sql else { return error };
        match self.again(&sql) {
            Ok(Again::Fails(again)) if again.to_string() == error.to_string() => match sqlstate(&again) {
                Some(state) => with_sqlstate(error, state),
                None => error,
            },
            // With NULL for its parameters it is another statement.
            Ok(Again::Succeeds) if !sql.contains('$') => with_sqlstate(error, GONE),
            _ => error,
        }
    }

    /// As [`diagnose`](Self::diagnose), for the error of a run.
    pub(crate) fn diagnosed(&mut self, mut error: TransferError) -> TransferError {
        if let TransferError::UseTarget { source, .. }
        | TransferError::WriteBatch { source, .. }
        | TransferError::Repair { source, .. }
        | TransferError::Make { source, .. }
        | TransferError::Restore { source, .. } = &mut error
        {
            let hidden = std::mem::replace(source, Error::NotFound);
            *source = self.diagnose(hidden);
        }
        error
    }

    /// Whether the statement was canceled at a user's request.
    pub(crate) fn is_canceled(&mut self, error: &Error) -> bool {
        matches!(self.again(CANCEL), Ok(Again::Fails(canceled))
            if canceled.to_string() == error.to_string() && sqlstate(&canceled) == Some("57014"))
    }

    /// Executes `statements` so that a failure has its SQLSTATE, and rolls them back.
    ///
    /// # Errors
    /// When no transaction can begin.
    pub(crate) fn again(&mut self, statements: &str) -> QueryResult<Again> {
        let block = reporting(statements);
        let mut outcome = None;
        let ended = self.in_transaction(|target| {
            target.postgres().batch_execute("SET LOCAL lock_timeout = '1s'")?;
            outcome = Some(match target.postgres().batch_execute(&block) {
                Ok(()) => Again::Succeeds,
                Err(error) => Again::Fails(error),
            });
            Err::<(), _>(Error::RollbackTransaction)
        });
        match (outcome, ended) {
            (Some(outcome), _) => Ok(outcome),
            (None, Err(error)) => Err(error),
            (None, Ok(())) => Ok(Again::Succeeds),
        }
    }
}
