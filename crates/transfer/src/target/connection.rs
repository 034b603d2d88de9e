//! The connection: to which server it leads, and its transactions.

use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::error::TransferError;
use crate::rows::{TextRow, YesNoRow};
use crate::target::state::Place;
use databases::failed_statement::FailedStatement;
use databases::name::quote_name;
use databases::open::{OpenError, Purpose, open_postgres, try_open_postgres};
use databases::url::PostgresUrl;

/// A connection to the target.
pub struct Target {
    connection: PgConnection,
    url: PostgresUrl,
    /// The schema to work in, where that is not the one the connection finds.
    chosen: Option<String>,
    server: Server,
    /// Where the records of runs are, once that is known.
    pub(super) records: Option<Place>,
    /// The last statement that failed.
    pub(super) failed: FailedStatement,
}

/// Which server and database a connection leads to.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
struct Server {
    /// What initdb gave to the data directory, where the role may ask for it. Standbys have the same.
    #[diesel(sql_type = Nullable<Text>)]
    system: Option<String>,
    #[diesel(sql_type = Text)]
    database: String,
    /// 150004 is 15.4.
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Nullable<Text>)]
    schema: Option<String>,
    #[diesel(sql_type = Text)]
    search_path: String,
    #[diesel(sql_type = Bool)]
    is_english: bool,
    /// Whether the role may set the language of messages.
    #[diesel(sql_type = Bool)]
    may_set_language: bool,
}

/// What holds within each transaction. Settings are local to transactions: behind PgBouncer in transaction mode the
/// next one may have another connection, and that of others must not keep ours.
const BEGIN: &str = "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s'; \
    SET LOCAL idle_in_transaction_session_timeout = 0";

/// The same for reading one state of the database.
const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; \
    SET LOCAL lock_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = 0";

impl Target {
    /// Connects.
    ///
    /// # Errors
    /// When the server cannot be reached or does not let us in.
    pub fn open(url: &PostgresUrl) -> Result<Self, TransferError> {
        Self::opened(url, None, open_postgres(url, Purpose::Copy))
    }

    /// Connects, to work in this schema, which need not be there yet.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_in(url: &PostgresUrl, schema: &str) -> Result<Self, TransferError> {
        Self::opened(url, Some(schema), open_postgres(url, Purpose::Copy))
    }

    /// Connects, to work in `schema` where one is given.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(url: &PostgresUrl, schema: Option<&str>) -> Result<Self, TransferError> {
        Self::opened(url, schema, open_postgres(url, Purpose::Copy))
    }

    fn opened(
        url: &PostgresUrl,
        schema: Option<&str>,
        connection: Result<PgConnection, OpenError>,
    ) -> Result<Self, TransferError> {
        let mut connection = connection.map_err(TransferError::OpenTarget)?;
        let mut server = Server::ask(&mut connection)
            .map_err(|source| TransferError::UseTarget { what: "ask which server this is", source })?;
        if let Some(schema) = schema {
            server.search_path = quote_name(schema);
            server.schema = Some(schema.to_owned());
        }
        let chosen = schema.map(str::to_owned);
        let failed = FailedStatement::default();
        connection.set_instrumentation(failed.clone());
        Ok(Self { connection, url: url.clone(), chosen, server, records: None, failed })
    }

    /// A further connection to the same database.
    ///
    /// # Errors
    /// As [`open`](Self::open), or when another server answers now.
    pub fn another(&self) -> Result<Self, TransferError> {
        let connection = open_postgres(&self.url, Purpose::Copy);
        self.same_server(Self::opened(&self.url, self.chosen.as_deref(), connection)?)
    }

    fn same_server(&self, another: Self) -> Result<Self, TransferError> {
        let same =
            another.server.system == self.server.system && another.server.database == self.server.database;
        if same { Ok(another) } else { Err(TransferError::OtherServer { url: Box::new(self.url.clone()) }) }
    }

    /// Tries once to connect again, after the connection was lost.
    ///
    /// # Errors
    /// As [`another`](Self::another).
    pub fn reopen(&mut self) -> Result<(), TransferError> {
        let connection = try_open_postgres(&self.url, Purpose::Copy);
        *self = self.same_server(Self::opened(&self.url, self.chosen.as_deref(), connection)?)?;
        Ok(())
    }

    /// The connection.
    pub fn postgres(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Runs `action` in a transaction, which is rolled back when it fails; within another, in a savepoint of it.
    ///
    /// # Errors
    /// The error of the action, or of the transaction.
    pub fn in_transaction<T, E: From<diesel::result::Error>>(
        &mut self,
        action: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.within(BEGIN, action)
    }

    /// Runs `action` in a transaction that only reads, and sees one state of the database.
    ///
    /// # Errors
    /// The error of the action, or of the transaction.
    pub fn in_snapshot<T, E: From<diesel::result::Error>>(
        &mut self,
        action: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.within(BEGIN_SNAPSHOT, action)
    }

    /// As [`in_transaction`](Self::in_transaction), with further settings: `name = value`.
    pub fn in_transaction_with<T, E: From<diesel::result::Error>>(
        &mut self,
        settings: &[&str],
        action: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let further = settings.iter().map(|setting| format!("; SET LOCAL {setting}"));
        self.within(&further.fold(BEGIN.to_owned(), |begin, setting| begin + &setting), action)
    }

    fn within<T, E: From<diesel::result::Error>>(
        &mut self,
        begin: &str,
        action: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.is_in_transaction()? {
            AnsiTransactionManager::begin_transaction(self.postgres())?;
        } else {
            let mut begin = begin.to_owned();
            if self.chosen.is_some() {
                begin += &format!("; SET LOCAL search_path = {}", self.server.search_path);
            }
            if self.server.may_set_language {
                begin += "; SET LOCAL lc_messages = 'C'";
            }
            AnsiTransactionManager::begin_transaction_sql(self.postgres(), &begin)?;
        }
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

    /// Whether a transaction is open.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(crate) fn is_in_transaction(&mut self) -> QueryResult<bool> {
        let status = AnsiTransactionManager::transaction_manager_status_mut(self.postgres());
        Ok(status.transaction_depth()?.is_some())
    }

    /// The schema that is searched first: where the application's tables are.
    ///
    /// # Errors
    /// When there is none.
    pub fn schema(&self) -> QueryResult<String> {
        let none = || diesel::result::Error::QueryBuilderError("no schema of search_path exists".into());
        self.server.schema.clone().ok_or_else(none)
    }

    /// Lets names be found in the schemas of extensions as well, until the transaction ends or
    /// [`restore_search_path`](Self::restore_search_path) is called.
    ///
    /// # Errors
    /// When the database fails.
    pub fn search_extensions_too(&mut self) -> QueryResult<()> {
        let query = "SELECT set_config('search_path', concat_ws(', ', nullif($1, ''),
                (SELECT string_agg(DISTINCT quote_ident(n.nspname), ', ') FROM pg_catalog.pg_extension e
                 JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname <> 'pg_catalog')), true) AS words";
        let query = diesel::sql_query(query);
        query.bind::<Text, _>(self.server.search_path.clone()).get_result::<TextRow>(self.postgres())?;
        Ok(())
    }

    /// Takes back, within the transaction at hand, what `SET LOCAL search_path` did.
    ///
    /// # Errors
    /// When the database fails.
    pub fn restore_search_path(&mut self) -> QueryResult<()> {
        let query = diesel::sql_query("SELECT set_config('search_path', $1, true) AS words");
        query.bind::<Text, _>(self.server.search_path.clone()).get_result::<TextRow>(self.postgres())?;
        Ok(())
    }

    /// Whether the only row of `query` says yes.
    pub(crate) fn is_true(&mut self, query: &str) -> QueryResult<bool> {
        self.answer(diesel::sql_query(query))
    }

    /// As [`is_true`](Self::is_true), for a query with values bound.
    pub(crate) fn answer<'q, Q>(&mut self, query: Q) -> QueryResult<bool>
    where
        Q: diesel::query_dsl::LoadQuery<'q, PgConnection, YesNoRow>,
    {
        Ok(query.get_result::<YesNoRow>(self.postgres())?.yes)
    }

    /// The column `words` of all rows of `query`.
    pub(crate) fn words<'q, Q>(&mut self, query: Q) -> QueryResult<Vec<String>>
    where
        Q: diesel::query_dsl::LoadQuery<'q, PgConnection, TextRow>,
    {
        let rows: Vec<TextRow> = query.load(self.postgres())?;
        Ok(rows.into_iter().map(|row| row.words).collect())
    }

    /// The database, as it was given.
    pub fn url(&self) -> &PostgresUrl {
        &self.url
    }

    /// The version of the server as a number: 150004 is 15.4.
    pub fn version(&self) -> i64 {
        self.server.version
    }

    /// A table of the schema, as SQL has it wherever it is looked for: `pg_class` alone is PostgreSQL's.
    pub fn full_name(&self, table: &str) -> String {
        let table = quote_name(table);
        self.server
            .schema
            .as_deref()
            .map_or(table.clone(), |schema| format!("{}.{table}", quote_name(schema)))
    }
}

impl Server {
    fn ask(connection: &mut PgConnection) -> QueryResult<Self> {
        let query = "SELECT
                CASE WHEN has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
                     THEN (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) END AS system,
                current_database()::text AS database,
                current_setting('server_version_num')::bigint AS version,
                current_schema()::text AS schema,
                current_setting('search_path') AS search_path,
                current_setting('lc_messages') IN ('C', 'POSIX') AS is_english,
                current_setting('lc_messages') NOT IN ('C', 'POSIX') AND current_setting('is_superuser') = 'on'
                    AS may_set_language";
        AnsiTransactionManager::begin_transaction_sql(connection, BEGIN)?;
        let mut server: QueryResult<Self> = diesel::sql_query(query).get_result(connection);
        if let Ok(server) = &mut server
            && !server.is_english
            && !server.may_set_language
            && server.version >= 150_000
        {
            // GRANT SET ON PARAMETER: since PostgreSQL 15.
            let query = "SELECT has_parameter_privilege('lc_messages', 'SET') AS yes";
            server.may_set_language =
                diesel::sql_query(query).get_result::<YesNoRow>(connection).is_ok_and(|row| row.yes);
        }
        AnsiTransactionManager::commit_transaction(connection)?;
        server
    }
}
