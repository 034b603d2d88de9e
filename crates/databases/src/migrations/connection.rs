//! What migrations need of a connection, for each backend and for the connection of either.

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::deserialize::QueryableByName;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::sqlite::Sqlite;
use diesel_migrations::MigrationHarness;

use super::{Migration, Migrations};
use crate::connection::AnyConnection;
use crate::on_backend;

/// A connection that migrations can be applied to.
pub trait MigrationConnection {
    /// The migrations for its backend.
    fn migrations_of(&self, migrations: &Migrations) -> &'static [Migration];

    /// The rows of a query.
    ///
    /// # Errors
    /// When the database fails.
    fn rows<T>(&mut self, query: &str) -> QueryResult<Vec<T>>
    where
        T: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static;

    /// Executes statements.
    ///
    /// # Errors
    /// When the database refuses one.
    fn statements(&mut self, sql: &str) -> QueryResult<()>;

    /// Executes a statement with one text, whose placeholder stands between `before` and `after`.
    ///
    /// # Errors
    /// When the database refuses it.
    fn statement(&mut self, before: &str, after: &str, value: &str) -> QueryResult<()>;

    /// Whether there is a table of this name.
    ///
    /// # Errors
    /// When the database fails.
    fn has_table(&mut self, table: &str) -> QueryResult<bool>;

    /// The query for the default of a column as `value`: no row if there is no such column.
    fn default_query(&self, table: &str, column: &str) -> String;

    /// Stops the enforcement of foreign keys by SQLite, outside of a transaction: a rebuilt table is dropped, which
    /// would delete or change the rows that refer to it. Returns whether they were enforced. PostgreSQL changes a table
    /// in place, and has nothing to stop.
    ///
    /// # Errors
    /// When the database fails.
    fn stop_foreign_keys(&mut self) -> QueryResult<bool>;

    /// Enforces foreign keys again, after [`stop_foreign_keys`](Self::stop_foreign_keys) and the transaction.
    ///
    /// # Errors
    /// When the database fails.
    fn enforce_foreign_keys(&mut self) -> QueryResult<()>;

    /// The indexes and triggers that a rebuilt table of SQLite loses, unless they are created again. PostgreSQL changes a
    /// table in place.
    ///
    /// # Errors
    /// When the database fails.
    fn dependents(&mut self) -> QueryResult<Vec<Dependent>>;

    /// The first row that refers to a missing one, of those that were not checked when they were written.
    ///
    /// # Errors
    /// When the database fails.
    fn first_orphan(&mut self) -> QueryResult<Option<Orphan>>;

    /// Begins a transaction that holds the lock of migrations.
    ///
    /// PostgreSQL: an advisory lock of the transaction, which PgBouncer keeps too. SQLite: the write lock, taken at once,
    /// so that what is read inside stays true.
    ///
    /// # Errors
    /// When the lock cannot be taken.
    fn begin_locked(&mut self) -> QueryResult<()>;

    /// Commits the transaction.
    ///
    /// # Errors
    /// When the database fails.
    fn commit(&mut self) -> QueryResult<()>;

    /// Rolls the transaction back.
    ///
    /// # Errors
    /// When the database fails.
    fn roll_back(&mut self) -> QueryResult<()>;

    /// Runs a migration.
    ///
    /// # Errors
    /// When the database refuses it.
    fn run(&mut self, migration: &Migration) -> diesel::migration::Result<()>;

    /// Reverts a migration.
    ///
    /// # Errors
    /// When the database refuses it.
    fn revert(&mut self, migration: &Migration) -> diesel::migration::Result<()>;
}

/// An index or trigger.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Dependent {
    /// `index` or `trigger`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The table.
    #[diesel(sql_type = Text)]
    pub table: String,
}

/// A row that refers to a missing one.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Orphan {
    /// Its table.
    #[diesel(sql_type = Text)]
    pub table: String,
    /// Its rowid; `None` in a table without them.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub rowid: Option<i64>,
    /// The table of the missing row.
    #[diesel(sql_type = Text)]
    pub parent: String,
}

#[derive(QueryableByName)]
struct Enforced {
    #[diesel(sql_type = Bool)]
    foreign_keys: bool,
}

#[derive(QueryableByName)]
struct TableCount {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl MigrationConnection for SqliteConnection {
    fn migrations_of(&self, migrations: &Migrations) -> &'static [Migration] {
        migrations.sqlite
    }

    fn rows<T>(&mut self, query: &str) -> QueryResult<Vec<T>>
    where
        T: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static,
    {
        diesel::sql_query(query).load(self)
    }

    fn statements(&mut self, sql: &str) -> QueryResult<()> {
        self.batch_execute(sql)
    }

    fn statement(&mut self, before: &str, after: &str, value: &str) -> QueryResult<()> {
        diesel::sql_query(format!("{before}?{after}")).bind::<Text, _>(value).execute(self).map(drop)
    }

    fn has_table(&mut self, table: &str) -> QueryResult<bool> {
        let query = "SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table' AND name = ?";
        let found: TableCount = diesel::sql_query(query).bind::<Text, _>(table).get_result(self)?;
        Ok(found.count > 0)
    }

    fn default_query(&self, table: &str, column: &str) -> String {
        format!("SELECT dflt_value AS value FROM pragma_table_info('{table}') WHERE name = '{column}'")
    }

    fn stop_foreign_keys(&mut self) -> QueryResult<bool> {
        let before: Enforced = diesel::sql_query("PRAGMA foreign_keys").get_result(self)?;
        self.batch_execute("PRAGMA foreign_keys = OFF")?;
        Ok(before.foreign_keys)
    }

    fn enforce_foreign_keys(&mut self) -> QueryResult<()> {
        self.batch_execute("PRAGMA foreign_keys = ON")
    }

    fn dependents(&mut self) -> QueryResult<Vec<Dependent>> {
        let query = "SELECT type AS kind, name, tbl_name AS \"table\" FROM sqlite_schema
             WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY name";
        diesel::sql_query(query).load(self)
    }

    fn first_orphan(&mut self) -> QueryResult<Option<Orphan>> {
        let check = "SELECT \"table\", \"rowid\", parent FROM pragma_foreign_key_check LIMIT 1";
        diesel::sql_query(check).get_result(self).optional()
    }

    fn begin_locked(&mut self) -> QueryResult<()> {
        self.batch_execute("PRAGMA busy_timeout = 60000")?;
        AnsiTransactionManager::begin_transaction_sql(self, "BEGIN IMMEDIATE")
    }

    fn commit(&mut self) -> QueryResult<()> {
        AnsiTransactionManager::commit_transaction(self)
    }

    fn roll_back(&mut self) -> QueryResult<()> {
        AnsiTransactionManager::rollback_transaction(self)
    }

    fn run(&mut self, migration: &Migration) -> diesel::migration::Result<()> {
        self.run_migration(migration).map(drop)
    }

    fn revert(&mut self, migration: &Migration) -> diesel::migration::Result<()> {
        self.revert_migration(migration).map(drop)
    }
}

impl MigrationConnection for PgConnection {
    fn migrations_of(&self, migrations: &Migrations) -> &'static [Migration] {
        migrations.postgres
    }

    fn rows<T>(&mut self, query: &str) -> QueryResult<Vec<T>>
    where
        T: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static,
    {
        diesel::sql_query(query).load(self)
    }

    fn statements(&mut self, sql: &str) -> QueryResult<()> {
        self.batch_execute(sql)
    }

    fn statement(&mut self, before: &str, after: &str, value: &str) -> QueryResult<()> {
        diesel::sql_query(format!("{before}$1{after}")).bind::<Text, _>(value).execute(self).map(drop)
    }

    fn has_table(&mut self, table: &str) -> QueryResult<bool> {
        let query = "SELECT count(*) AS count FROM pg_catalog.pg_class c
             WHERE c.relname = $1 AND c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid)";
        let found: TableCount = diesel::sql_query(query).bind::<Text, _>(table).get_result(self)?;
        Ok(found.count > 0)
    }

    fn default_query(&self, table: &str, column: &str) -> String {
        format!(
            "SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS value FROM pg_catalog.pg_attribute a
             LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE a.attrelid = pg_catalog.to_regclass('\"{table}\"') AND a.attname = '{column}'
             AND NOT a.attisdropped"
        )
    }

    fn stop_foreign_keys(&mut self) -> QueryResult<bool> {
        Ok(false)
    }

    fn enforce_foreign_keys(&mut self) -> QueryResult<()> {
        Ok(())
    }

    fn dependents(&mut self) -> QueryResult<Vec<Dependent>> {
        Ok(Vec::new())
    }

    fn first_orphan(&mut self) -> QueryResult<Option<Orphan>> {
        Ok(None)
    }

    fn begin_locked(&mut self) -> QueryResult<()> {
        /// "backoffi" in ASCII, so that no other program's lock is met by accident.
        const LOCK: &str =
            "SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock(7089053866803557993)";
        AnsiTransactionManager::begin_transaction(self)?;
        if let Err(error) = self.batch_execute(LOCK) {
            AnsiTransactionManager::rollback_transaction(self)?;
            return Err(error);
        }
        Ok(())
    }

    fn commit(&mut self) -> QueryResult<()> {
        AnsiTransactionManager::commit_transaction(self)
    }

    fn roll_back(&mut self) -> QueryResult<()> {
        AnsiTransactionManager::rollback_transaction(self)
    }

    fn run(&mut self, migration: &Migration) -> diesel::migration::Result<()> {
        self.run_migration(migration).map(drop)
    }

    fn revert(&mut self, migration: &Migration) -> diesel::migration::Result<()> {
        self.revert_migration(migration).map(drop)
    }
}

impl MigrationConnection for AnyConnection {
    fn migrations_of(&self, migrations: &Migrations) -> &'static [Migration] {
        on_backend!(self, c => c.migrations_of(migrations))
    }

    fn rows<T>(&mut self, query: &str) -> QueryResult<Vec<T>>
    where
        T: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static,
    {
        on_backend!(self, c => c.rows(query))
    }

    fn statements(&mut self, sql: &str) -> QueryResult<()> {
        on_backend!(self, c => c.statements(sql))
    }

    fn statement(&mut self, before: &str, after: &str, value: &str) -> QueryResult<()> {
        on_backend!(self, c => c.statement(before, after, value))
    }

    fn has_table(&mut self, table: &str) -> QueryResult<bool> {
        on_backend!(self, c => c.has_table(table))
    }

    fn default_query(&self, table: &str, column: &str) -> String {
        on_backend!(self, c => c.default_query(table, column))
    }

    fn stop_foreign_keys(&mut self) -> QueryResult<bool> {
        on_backend!(self, c => c.stop_foreign_keys())
    }

    fn enforce_foreign_keys(&mut self) -> QueryResult<()> {
        on_backend!(self, c => c.enforce_foreign_keys())
    }

    fn dependents(&mut self) -> QueryResult<Vec<Dependent>> {
        on_backend!(self, c => c.dependents())
    }

    fn first_orphan(&mut self) -> QueryResult<Option<Orphan>> {
        on_backend!(self, c => c.first_orphan())
    }

    fn begin_locked(&mut self) -> QueryResult<()> {
        on_backend!(self, c => c.begin_locked())
    }

    fn commit(&mut self) -> QueryResult<()> {
        on_backend!(self, c => c.commit())
    }

    fn roll_back(&mut self) -> QueryResult<()> {
        on_backend!(self, c => c.roll_back())
    }

    fn run(&mut self, migration: &Migration) -> diesel::migration::Result<()> {
        on_backend!(self, c => c.run(migration))
    }

    fn revert(&mut self, migration: &Migration) -> diesel::migration::Result<()> {
        on_backend!(self, c => MigrationConnection::revert(c, migration))
    }
}
