//! One transaction of the application.

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::result::Error;

use super::connection::{AnyConnection, on_backend};

/// Why a transaction did not commit.
#[derive(Debug)]
pub enum Undone<E> {
    /// It was rolled back, or never began.
    Before(E),
    /// Its COMMIT failed. If the connection was lost, it may have been committed.
    AtCommit(Error),
}

/// The access of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionKind {
    /// Reads one state of the database.
    Read,
    /// Writes. On SQLite it takes the write lock at once: a transaction that upgrades later fails with
    /// `SQLITE_BUSY_SNAPSHOT` if another connection has written in between.
    Write,
}

/// Runs `work` in a transaction, and rolls back when it fails.
///
/// `settings` are statements with effect in this transaction only (`SET LOCAL`).
///
/// # Errors
/// The error of `work`, or of the database.
pub fn in_transaction<T, E: From<Error>>(
    connection: &mut AnyConnection,
    kind: TransactionKind,
    settings: &str,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, Undone<E>> {
    let begun = match connection {
        AnyConnection::Sqlite(connection) => {
            let begin = if kind == TransactionKind::Write { "BEGIN IMMEDIATE" } else { "BEGIN" };
            AnsiTransactionManager::begin_transaction_sql(connection, begin)
        }
        AnyConnection::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection),
    };
    begun.map_err(|error| Undone::Before(E::from(error)))?;
    let outcome = match settings {
        "" => work(connection),
        settings => connection.batch_execute(settings).map_err(E::from).and_then(|()| work(connection)),
    };
    match outcome {
        Ok(value) => {
            let committed = on_backend!(connection, c => AnsiTransactionManager::commit_transaction(c));
            committed.map(|()| value).map_err(Undone::AtCommit)
        }
        Err(error) => {
            // If the rollback fails, the connection is lost and the server rolls back by itself.
            if let Err(lost) = on_backend!(connection, c => AnsiTransactionManager::rollback_transaction(c)) {
                tracing::debug!(%lost, "roll back");
            }
            Err(Undone::Before(error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection};

    fn count(connection: &mut AnyConnection) -> usize {
        diesel::sql_query("DELETE FROM t").execute(connection).expect("count by deleting")
    }

    #[test]
    fn all_of_it_or_nothing() {
        let sqlite = SqliteConnection::establish(":memory:").expect("in memory");
        let mut connection = AnyConnection::Sqlite(sqlite);
        connection.batch_execute("CREATE TABLE t (a)").expect("create");
        let insert = |connection: &mut AnyConnection| connection.batch_execute("INSERT INTO t VALUES (1)");
        let done = in_transaction(&mut connection, TransactionKind::Write, "", insert);
        assert!(done.is_ok());
        let undone = in_transaction(&mut connection, TransactionKind::Write, "", |connection| {
            insert(connection)?;
            Err::<(), _>(Error::NotFound)
        });
        assert!(matches!(undone, Err(Undone::Before(Error::NotFound))));
        assert_eq!(count(&mut connection), 1);
    }
}
