//! The target: a PostgreSQL database, and what it remembers of runs that wrote to it.

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};

use super::error::CopyError;
use crate::db::connection::AnyConnection;
use crate::db::open::{Purpose, open_postgres};
use crate::db::url::PostgresUrl;

/// A connection to the target.
pub struct Target {
    connection: AnyConnection,
}

/// Which rows were written from which source. It is in the schema of the application's tables, for several of these
/// may be in one database; its name begins with two underscores, by which catalogs leave it out.
const MEMORY: &str = "
    CREATE TABLE IF NOT EXISTS __backoffice_copied_tables (
        source_id text NOT NULL,
        table_name text NOT NULL,
        row_count bigint NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (source_id, table_name)
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
        Ok(Self { connection: AnyConnection::Postgres(connection) })
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
    pub fn in_transaction<T, E: From<diesel::result::Error>>(
        &mut self,
        action: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
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

    /// The number of rows of `table`, a name as SQL has it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count(&mut self, table: &str) -> QueryResult<i64> {
        let query = diesel::sql_query(format!("SELECT count(*) AS number FROM {table}"));
        Ok(query.get_result::<Number>(self.postgres())?.number.unwrap_or(0))
    }

    /// The tables outside of `selected` with a foreign key into it, in whatever schema: their names as SQL has them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn referring_tables(&mut self, selected: &[&str]) -> QueryResult<Vec<String>> {
        let query = "SELECT DISTINCT c.conrelid::regclass::text AS words
            FROM pg_catalog.pg_constraint c
            WHERE c.contype = 'f'
              AND c.confrelid = ANY (SELECT to_regclass(quote_ident(t)) FROM unnest($1) t)
              AND c.conrelid <> ALL (SELECT to_regclass(quote_ident(t)) FROM unnest($1) t)
            ORDER BY 1";
        let query = diesel::sql_query(query).bind::<Array<Text>, _>(selected);
        let found: Vec<Words> = query.load(self.postgres())?;
        Ok(found.into_iter().map(|row| row.words).collect())
    }

    /// Whether the role may create tables in the schema that is searched first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn may_create(&mut self) -> QueryResult<bool> {
        let query = "SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS yes";
        Ok(diesel::sql_query(query).get_result::<YesNo>(self.postgres())?.yes)
    }

    /// The tables among `names` that the role does not own, by itself or by a role it is in.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tables_of_others(&mut self, names: &[&str]) -> QueryResult<Vec<String>> {
        let query = "SELECT c.relname::text AS words FROM pg_catalog.pg_class c
            WHERE c.oid = ANY (SELECT to_regclass(quote_ident(t)) FROM unnest($1) t)
              AND NOT pg_has_role(c.relowner, 'USAGE')
            ORDER BY 1";
        let found: Vec<Words> =
            diesel::sql_query(query).bind::<Array<Text>, _>(names).load(self.postgres())?;
        Ok(found.into_iter().map(|row| row.words).collect())
    }

    /// Makes the memory of runs where it is missing.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn prepare_memory(&mut self) -> QueryResult<()> {
        self.postgres().batch_execute(MEMORY)
    }

    /// Whether a run from this source wrote to `table` before.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remembers(&mut self, source_id: &str, table: &str) -> QueryResult<bool> {
        let known = diesel::sql_query("SELECT to_regclass('__backoffice_copied_tables') IS NOT NULL AS yes");
        if !known.get_result::<YesNo>(self.postgres())?.yes {
            return Ok(false);
        }
        let query = "SELECT EXISTS (
                SELECT FROM __backoffice_copied_tables WHERE source_id = $1 AND table_name = $2
            ) AS yes";
        let query = diesel::sql_query(query).bind::<Text, _>(source_id).bind::<Text, _>(table);
        Ok(query.get_result::<YesNo>(self.postgres())?.yes)
    }

    /// Remembers, in the transaction that writes them, that so many more rows of `table` came from this source.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remember(&mut self, source_id: &str, table: &str, row_count: i64) -> QueryResult<()> {
        let query = "INSERT INTO __backoffice_copied_tables AS c (source_id, table_name, row_count)
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
        let query = diesel::sql_query("DELETE FROM __backoffice_copied_tables WHERE table_name = $1");
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
