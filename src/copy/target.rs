//! The target: a PostgreSQL database, and what it remembers of runs that wrote to it.

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::error::CopyError;
use crate::db::connection::AnyConnection;
use crate::db::open::{Purpose, open_postgres};
use crate::db::url::PostgresUrl;

/// A connection to the target.
pub struct Target {
    url: PostgresUrl,
    connection: AnyConnection,
}

/// Which rows were written from which source; in a schema of its own, beside the application's tables.
///
/// Not named like a role may be: PostgreSQL's default search path begins with the schema of the role's name, and
/// the application's own tables would no longer be found first.
const MEMORY: &str = "
    CREATE SCHEMA IF NOT EXISTS _backoffice;
    CREATE TABLE IF NOT EXISTS _backoffice.copied_tables (
        source_id text NOT NULL,
        table_name text NOT NULL,
        row_count bigint NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (source_id, table_name)
    );
    CREATE TABLE IF NOT EXISTS _backoffice.unfinished_schema (
        began_at timestamptz NOT NULL DEFAULT now()
    );";

/// Only one run at a time writes to a target. The number is "backof" and a 1 in ASCII.
const RUN_LOCK: &str = "SELECT pg_try_advisory_lock(27691471563185) AS yes";

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

#[derive(QueryableByName)]
struct YesNo {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

/// Where the sequence behind a table's key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Sequence {
    /// The highest key it has given out; `None` when it has given out none.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub last: Option<i64>,
}

impl Target {
    /// Connects.
    ///
    /// # Errors
    /// When the server cannot be reached or does not let us in.
    pub fn open(url: &PostgresUrl) -> Result<Self, CopyError> {
        let connection = open_postgres(url, Purpose::Move).map_err(CopyError::OpenTarget)?;
        Ok(Self { url: url.clone(), connection: AnyConnection::Postgres(connection) })
    }

    /// Where it is.
    pub fn url(&self) -> &PostgresUrl {
        &self.url
    }

    /// The connection, for what reads either backend.
    pub fn any(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }

    /// The connection.
    ///
    /// # Panics
    /// Never: a target is made with a PostgreSQL connection.
    pub fn postgres(&mut self) -> &mut PgConnection {
        match &mut self.connection {
            AnyConnection::Postgres(connection) => connection,
            AnyConnection::Sqlite(_) => unreachable!("a target is a PostgreSQL database"),
        }
    }

    /// Keeps other runs away from this target until the connection ends; whether that could be had.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lock(&mut self) -> QueryResult<bool> {
        Ok(diesel::sql_query(RUN_LOCK).get_result::<YesNo>(self.postgres())?.yes)
    }

    /// Runs `action` in a transaction, which is undone when it fails.
    ///
    /// # Errors
    /// The error of the action, or of the transaction.
    pub fn in_transaction<T>(&mut self, action: impl FnOnce(&mut Self) -> QueryResult<T>) -> QueryResult<T> {
        AnsiTransactionManager::begin_transaction(self.postgres())?;
        match action(self) {
            Ok(value) => {
                AnsiTransactionManager::commit_transaction(self.postgres())?;
                Ok(value)
            }
            Err(error) => {
                // The action's error says more than that of a rollback on a lost connection.
                if let Err(error) = AnsiTransactionManager::rollback_transaction(self.postgres()) {
                    tracing::debug!(%error, "roll back");
                }
                Err(error)
            }
        }
    }

    /// The encoding of the database.
    ///
    /// # Errors
    /// When the database fails.
    pub fn encoding(&mut self) -> QueryResult<String> {
        let query = diesel::sql_query("SELECT current_setting('server_encoding') AS words");
        Ok(query.get_result::<Words>(self.postgres())?.words)
    }

    /// The version of the server as a number: 150004 is 15.4.
    ///
    /// # Errors
    /// When the database fails.
    pub fn version(&mut self) -> QueryResult<i64> {
        let query = diesel::sql_query("SELECT current_setting('server_version_num')::bigint AS number");
        Ok(query.get_result::<Number>(self.postgres())?.number.unwrap_or(0))
    }

    /// The number of rows of `table`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count(&mut self, table: &str) -> QueryResult<i64> {
        let table = table.replace('"', "\"\"");
        let query = diesel::sql_query(format!("SELECT count(*) AS number FROM \"{table}\""));
        Ok(query.get_result::<Number>(self.postgres())?.number.unwrap_or(0))
    }

    /// Makes the memory of runs where it is missing.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn prepare_memory(&mut self) -> QueryResult<()> {
        self.postgres().batch_execute(MEMORY)
    }

    /// Remembers that a run is making the schema.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn begin_schema(&mut self) -> QueryResult<()> {
        self.postgres().batch_execute("INSERT INTO _backoffice.unfinished_schema DEFAULT VALUES")
    }

    /// Remembers that the schema is whole.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn finish_schema(&mut self) -> QueryResult<()> {
        self.postgres().batch_execute("DELETE FROM _backoffice.unfinished_schema")
    }

    /// Whether a run ended while it made the schema.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_schema_unfinished(&mut self) -> QueryResult<bool> {
        let known = "SELECT to_regclass('_backoffice.unfinished_schema') IS NOT NULL AS yes";
        if !diesel::sql_query(known).get_result::<YesNo>(self.postgres())?.yes {
            return Ok(false);
        }
        let query = diesel::sql_query("SELECT EXISTS (SELECT FROM _backoffice.unfinished_schema) AS yes");
        Ok(query.get_result::<YesNo>(self.postgres())?.yes)
    }

    /// Whether a run from this source wrote to `table` before.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remembers(&mut self, source_id: &str, table: &str) -> QueryResult<bool> {
        let known = diesel::sql_query("SELECT to_regclass('_backoffice.copied_tables') IS NOT NULL AS yes");
        if !known.get_result::<YesNo>(self.postgres())?.yes {
            return Ok(false);
        }
        let query = "SELECT EXISTS (
                SELECT FROM _backoffice.copied_tables WHERE source_id = $1 AND table_name = $2
            ) AS yes";
        let query = diesel::sql_query(query).bind::<Text, _>(source_id).bind::<Text, _>(table);
        Ok(query.get_result::<YesNo>(self.postgres())?.yes)
    }

    /// Remembers, in the transaction that writes them, that so many more rows of `table` came from this source.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remember(&mut self, source_id: &str, table: &str, row_count: i64) -> QueryResult<()> {
        let query = "INSERT INTO _backoffice.copied_tables AS c (source_id, table_name, row_count)
            VALUES ($1, $2, $3)
            ON CONFLICT (source_id, table_name)
            DO UPDATE SET row_count = c.row_count + excluded.row_count, changed_at = now()";
        diesel::sql_query(query)
            .bind::<Text, _>(source_id)
            .bind::<Text, _>(table)
            .bind::<BigInt, _>(row_count)
            .execute(self.postgres())?;
        Ok(())
    }

    /// Forgets what any source wrote to `table`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget(&mut self, table: &str) -> QueryResult<()> {
        let query = diesel::sql_query("DELETE FROM _backoffice.copied_tables WHERE table_name = $1");
        query.bind::<Text, _>(table).execute(self.postgres())?;
        Ok(())
    }

    /// Where the sequence of `table`'s key stands; `None` when its keys come from no sequence.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sequence(&mut self, table: &str) -> QueryResult<Option<Sequence>> {
        // pg_sequence_last_value is NULL until the first key is given out (and for setval's "not called").
        let query = "SELECT pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass) AS last
            WHERE pg_get_serial_sequence($1, 'id') IS NOT NULL";
        diesel::sql_query(query)
            .bind::<Text, _>(format!("\"{table}\""))
            .get_result::<Sequence>(self.postgres())
            .optional()
    }

    /// The highest integer key in `table`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn max_key(&mut self, table: &str) -> QueryResult<Option<i64>> {
        let query = diesel::sql_query(format!("SELECT max(id) AS number FROM \"{table}\""));
        Ok(query.get_result::<Number>(self.postgres())?.number)
    }

    /// Lets the sequence of `table`'s key go on after `last`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_sequence(&mut self, table: &str, last: i64) -> QueryResult<()> {
        let query = "SELECT setval(pg_get_serial_sequence($1, 'id')::regclass, $2) AS number";
        diesel::sql_query(query)
            .bind::<Text, _>(format!("\"{table}\""))
            .bind::<BigInt, _>(last)
            .get_result::<Number>(self.postgres())?;
        Ok(())
    }
}
