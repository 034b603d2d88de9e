//! The source: one snapshot of a SQLite file, opened so that nothing can change it.

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::error::CopyError;
use crate::db::connection::AnyConnection;
use crate::db::open::{Access, open_sqlite};
use crate::db::url::SqlitePath;
use crate::table::Key;

/// A SQLite database in one read transaction: whatever others write meanwhile is not seen.
pub struct Source {
    path: SqlitePath,
    connection: AnyConnection,
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

#[derive(QueryableByName)]
struct Check {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

#[derive(QueryableByName)]
struct Orphan {
    #[diesel(sql_type = Text)]
    parent: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Source {
    /// Opens the file and takes the snapshot.
    ///
    /// # Errors
    /// When it does not exist, is no SQLite database, or cannot be read.
    pub fn open(path: &SqlitePath) -> Result<Self, CopyError> {
        let mut connection = open_sqlite(path, Access::Read).map_err(CopyError::OpenSource)?;
        // SQLite (lang_transaction.html): a deferred transaction begins with its first statement.
        AnsiTransactionManager::begin_transaction(&mut connection)
            .and_then(|()| connection.batch_execute("SELECT count(*) FROM sqlite_schema"))
            .map_err(|source| CopyError::ReadSource { what: "take a snapshot", source })?;
        Ok(Self { path: path.clone(), connection: AnyConnection::Sqlite(connection) })
    }

    /// The file.
    pub fn path(&self) -> &SqlitePath {
        &self.path
    }

    /// The connection, for what reads either backend.
    pub fn any(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }

    /// The connection inside the snapshot.
    ///
    /// # Panics
    /// Never: a source is made with a SQLite connection.
    pub fn sqlite(&mut self) -> &mut SqliteConnection {
        match &mut self.connection {
            AnyConnection::Sqlite(connection) => connection,
            AnyConnection::Postgres(_) => unreachable!("a source is a SQLite database"),
        }
    }

    /// What `PRAGMA integrity_check` finds wrong with the file.
    ///
    /// Not the quick one: it counts the entries of an index and does not look where they point, and rows are read
    /// through the index of their key.
    ///
    /// # Errors
    /// When the check itself fails.
    pub fn damage(&mut self) -> QueryResult<Vec<String>> {
        // Not as a table-valued function: that takes a number for the name of a table.
        let found: Vec<Check> = diesel::sql_query("PRAGMA integrity_check(20)").load(self.sqlite())?;
        Ok(found.into_iter().map(|row| row.integrity_check).filter(|words| words != "ok").collect())
    }

    /// The text encoding of the file.
    ///
    /// # Errors
    /// When the database fails.
    pub fn encoding(&mut self) -> QueryResult<String> {
        let query = diesel::sql_query("SELECT encoding AS words FROM pragma_encoding()");
        Ok(query.get_result::<Words>(self.sqlite())?.words)
    }

    /// How many rows of `table` do not meet one of `conditions`, which are this program's own SQL, and the keys of
    /// the first few.
    ///
    /// # Errors
    /// When the database fails.
    pub fn violations(&mut self, table: &str, conditions: &[String]) -> QueryResult<(i64, Vec<String>)> {
        if conditions.is_empty() {
            return Ok((0, Vec::new()));
        }
        // As SQLite itself has it: a condition that is NULL is met.
        let broken = format!("FROM \"{table}\" WHERE NOT (({}))", conditions.join(") AND ("));
        let count = diesel::sql_query(format!("SELECT count(*) AS number {broken}"));
        let row_count = count.get_result::<Number>(self.sqlite())?.number.unwrap_or(0);
        if row_count == 0 {
            return Ok((0, Vec::new()));
        }
        let keys =
            diesel::sql_query(format!("SELECT CAST(id AS TEXT) AS words {broken} ORDER BY id LIMIT 5"));
        let keys: Vec<Words> = keys.load(self.sqlite())?;
        Ok((row_count, keys.into_iter().map(|row| row.words).collect()))
    }

    /// How many rows of `table` refer to a missing row of which table.
    ///
    /// # Errors
    /// When the database fails.
    pub fn orphans(&mut self, table: &str) -> QueryResult<Vec<(String, i64)>> {
        let query = "SELECT parent, count(*) AS count FROM pragma_foreign_key_check(?) GROUP BY parent";
        let found: Vec<Orphan> = diesel::sql_query(query).bind::<Text, _>(table).load(self.sqlite())?;
        Ok(found.into_iter().map(|row| (row.parent, row.count)).collect())
    }

    /// The number of rows of `table`, a name of the registry.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count(&mut self, table: &str) -> QueryResult<i64> {
        let query = diesel::sql_query(format!("SELECT count(*) AS number FROM \"{table}\""));
        Ok(query.get_result::<Number>(self.sqlite())?.number.unwrap_or(0))
    }

    /// The key of `table` that comes after so many others, as it is stored.
    ///
    /// # Errors
    /// When the database fails.
    pub fn key_at(&mut self, table: &str, place: i64) -> QueryResult<Option<Key>> {
        let query = format!("SELECT CAST(id AS TEXT) AS words FROM \"{table}\" ORDER BY id LIMIT 1 OFFSET ?");
        let query = diesel::sql_query(query).bind::<BigInt, _>(place);
        let found: Option<Words> = query.get_result(self.sqlite()).optional()?;
        Ok(found.and_then(|row| Key::parse(&row.words)))
    }

    /// A further connection that sees the same snapshot, where there is one left.
    pub fn take_reader(&mut self) -> Option<SqliteConnection> {
        None
    }

    /// The highest key that `table` ever gave out, deleted ones too; `None` when it gives none out or has not yet.
    ///
    /// # Errors
    /// When the database fails.
    pub fn highest_key(&mut self, table: &str) -> QueryResult<Option<i64>> {
        let query = diesel::sql_query("SELECT max(seq) AS number FROM sqlite_sequence WHERE name = ?");
        Ok(query.bind::<Text, _>(table).get_result::<Number>(self.sqlite())?.number)
    }
}
