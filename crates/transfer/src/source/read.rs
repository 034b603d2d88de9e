//! What is asked of the source, all of it within the snapshot.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::rows::{NumberRow, TextRow};
use crate::source::Source;
use crate::table::{Key, SourceSql, Table};
use databases::name::quote_name;
use databases::pages::FileState;
use databases::url::SqlitePath;

#[derive(QueryableByName)]
struct Sizes {
    #[diesel(sql_type = BigInt)]
    size_bytes: i64,
    #[diesel(sql_type = BigInt)]
    schema_version: i64,
}

#[derive(QueryableByName)]
struct Orphan {
    #[diesel(sql_type = Text)]
    parent: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Source {
    /// The file.
    pub fn path(&self) -> &SqlitePath {
        &self.path
    }

    /// The connection inside the snapshot.
    pub fn sqlite(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// What is wrong with the file.
    ///
    /// # Errors
    /// When the check itself fails.
    pub fn damage(&mut self) -> QueryResult<Vec<String>> {
        crate::source::damage(self.sqlite())
    }

    /// The text encoding of the file.
    ///
    /// # Errors
    /// When the database fails.
    pub fn encoding(&mut self) -> QueryResult<String> {
        let query = diesel::sql_query("SELECT encoding AS words FROM pragma_encoding()");
        Ok(query.get_result::<TextRow>(self.sqlite())?.words)
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
        let row_count = count.get_result::<NumberRow>(self.sqlite())?.number.unwrap_or(0);
        if row_count == 0 {
            return Ok((0, Vec::new()));
        }
        let keys =
            diesel::sql_query(format!("SELECT CAST(id AS TEXT) AS words {broken} ORDER BY id LIMIT 5"));
        let keys: Vec<TextRow> = keys.load(self.sqlite())?;
        Ok((row_count, keys.into_iter().map(|row| row.words).collect()))
    }

    /// The keys of all rows of `table` that do not meet one of `conditions`, which are this program's own SQL. A key
    /// that is none is left out: reading the row fails for it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn violating_keys(&mut self, table: &str, conditions: &[String]) -> QueryResult<BTreeSet<Key>> {
        let query = format!(
            "SELECT CAST(id AS TEXT) AS words FROM \"{table}\" WHERE NOT (({}))",
            conditions.join(") AND (")
        );
        let keys: Vec<TextRow> = diesel::sql_query(query).load(self.sqlite())?;
        Ok(keys.iter().filter_map(|row| Key::parse(&row.words)).collect())
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

    /// The number of rows of `table`, counted in the table itself and not in an index of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count(&mut self, table: &str) -> QueryResult<i64> {
        let query = format!("SELECT count(*) AS number FROM {} NOT INDEXED", quote_name(table));
        let query = diesel::sql_query(query);
        Ok(query.get_result::<NumberRow>(self.sqlite())?.number.unwrap_or(0))
    }

    /// The key of `table` that comes after so many others, as it is stored.
    ///
    /// # Errors
    /// When the database fails.
    pub fn key_at(&mut self, table: &dyn Table, place: i64) -> QueryResult<Option<Key>> {
        let SourceSql { from, key, .. } = table.source_sql();
        let query =
            format!("SELECT CAST({key} AS TEXT) AS words FROM {from} ORDER BY {key} LIMIT 1 OFFSET ?");
        let query = diesel::sql_query(query).bind::<BigInt, _>(place);
        let found: Option<TextRow> = query.get_result(self.sqlite()).optional()?;
        Ok(found.and_then(|row| Key::parse(&row.words)))
    }

    /// The highest key that `table` ever gave out, deleted ones too; `None` when it gives none out or has not yet.
    ///
    /// # Errors
    /// When the database fails.
    pub fn highest_key(&mut self, table: &str) -> QueryResult<Option<i64>> {
        // The table is there when one is, or was, AUTOINCREMENT.
        let made = "SELECT count(*) AS number FROM sqlite_schema WHERE name = 'sqlite_sequence'";
        if diesel::sql_query(made).get_result::<NumberRow>(self.sqlite())?.number == Some(0) {
            return Ok(None);
        }
        let query = diesel::sql_query("SELECT max(seq) AS number FROM sqlite_sequence WHERE name = ?");
        Ok(query.bind::<Text, _>(table).get_result::<NumberRow>(self.sqlite())?.number)
    }
}

/// `wal`, or `delete` for every kind of rollback journal.
pub(super) fn journal_mode(connection: &mut SqliteConnection) -> QueryResult<String> {
    let query = diesel::sql_query("SELECT journal_mode AS words FROM pragma_journal_mode()");
    Ok(query.get_result::<TextRow>(connection)?.words)
}

/// The state a reader sees, at this data version.
pub(super) fn state(connection: &mut SqliteConnection, data_version: i64) -> QueryResult<FileState> {
    let query = "SELECT page_count * page_size AS size_bytes, schema_version
                 FROM pragma_page_count(), pragma_page_size(), pragma_schema_version()";
    let found: Sizes = diesel::sql_query(query).get_result(connection)?;
    Ok(FileState { size_bytes: found.size_bytes, schema_version: found.schema_version, data_version })
}
