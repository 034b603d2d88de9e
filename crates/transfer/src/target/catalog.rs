//! Questions to the catalog of the target.

use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use super::Target;
use crate::rows::{NumberRow, TextRow};

impl Target {
    /// Whether there is a schema of this name.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn has_schema(&mut self, name: &str) -> QueryResult<bool> {
        let query = "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1) AS yes";
        self.answer(diesel::sql_query(query).bind::<Text, _>(name))
    }

    /// Which of `names` are tables, views or other relations of the schema.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn relations(&mut self, names: &[&str]) -> QueryResult<Vec<String>> {
        let query = "SELECT c.relname::text AS words FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname = ANY ($2) ORDER BY 1";
        let schema = self.schema()?;
        self.words(diesel::sql_query(query).bind::<Text, _>(schema).bind::<Array<Text>, _>(names))
    }

    /// The schema in which this program's tables are, where that is another than the one searched first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn ledger_elsewhere(&mut self) -> QueryResult<Option<String>> {
        let query = "SELECT n.nspname::text AS words FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = to_regclass('__diesel_schema_migrations') AND n.nspname <> current_schema()";
        Ok(self.words(diesel::sql_query(query))?.into_iter().next())
    }

    /// The encoding of the database.
    ///
    /// # Errors
    /// When the database fails.
    pub fn encoding(&mut self) -> QueryResult<String> {
        let query = diesel::sql_query("SELECT current_setting('server_encoding') AS words");
        Ok(query.get_result::<TextRow>(self.postgres())?.words)
    }

    /// The name of the server if it speaks PostgreSQL's protocol and is another one; `None` for PostgreSQL.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn engine(&mut self) -> QueryResult<Option<String>> {
        let query = diesel::sql_query("SELECT pg_catalog.version() AS words");
        let version = query.get_result::<TextRow>(self.postgres())?.words;
        let others = [("-YB-", "YugabyteDB"), ("Redshift", "Redshift"), ("Greenplum", "Greenplum")];
        let known =
            others.iter().find(|(mark, _)| version.contains(mark)).map(|(_, name)| (*name).to_owned());
        let is_named = version.starts_with("PostgreSQL ");
        let first = || version.split_whitespace().next().unwrap_or("unknown").to_owned();
        Ok(known.or_else(|| (!is_named).then(first)))
    }

    /// The materialized views of the schema, as SQL has their names, in the order of their creation.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn materialized_views(&mut self) -> QueryResult<Vec<String>> {
        let query = "SELECT c.oid::regclass::text AS words FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'm' AND n.nspname = $1 ORDER BY c.oid";
        let schema = self.schema()?;
        self.words(diesel::sql_query(query).bind::<Text, _>(schema))
    }

    /// The number of rows of `table`, a name as SQL has it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count(&mut self, table: &str) -> QueryResult<i64> {
        let query = diesel::sql_query(format!("SELECT count(*) AS number FROM {table}"));
        Ok(query.get_result::<NumberRow>(self.postgres())?.number.unwrap_or(0))
    }

    /// The tables outside of `selected` with a foreign key into it, in whatever schema: their names as SQL has them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn referring_tables(&mut self, selected: &[&str]) -> QueryResult<Vec<String>> {
        let query = "SELECT DISTINCT c.conrelid::regclass::text AS words
            FROM pg_catalog.pg_constraint c
            WHERE c.contype = 'f'
              AND c.confrelid = ANY (SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident(t)) FROM unnest($1) t)
              AND c.conrelid <> ALL (SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident(t)) FROM unnest($1) t)
            ORDER BY 1";
        let query = diesel::sql_query(query).bind::<Array<Text>, _>(selected);
        self.words(query)
    }

    /// Whether the role may create tables in the schema that is searched first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn may_create(&mut self) -> QueryResult<bool> {
        let query = "SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS yes";
        self.is_true(query)
    }

    /// The sequences on which defaults of the tables `names` depend, and that the role may not set.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sequences_of_others(&mut self, names: &[&str]) -> QueryResult<Vec<String>> {
        let query = "SELECT DISTINCT s.oid::regclass::text AS words
            FROM pg_catalog.pg_attrdef f
            JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid
             AND d.refclassid = 'pg_catalog.pg_class'::regclass
            JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
            WHERE f.adrelid = ANY (SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident(t)) FROM unnest($1) t)
              AND NOT (has_sequence_privilege(s.oid, 'UPDATE') AND has_sequence_privilege(s.oid, 'SELECT'))
            ORDER BY 1";
        self.words(diesel::sql_query(query).bind::<Array<Text>, _>(names))
    }

    /// Whether the role may create tables in the schema `name`, or the schema itself where there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn may_create_in(&mut self, name: &str) -> QueryResult<bool> {
        let query = "SELECT coalesce(
                (SELECT has_schema_privilege(n.oid, 'CREATE') FROM pg_catalog.pg_namespace n WHERE n.nspname = $1),
                has_database_privilege(current_database(), 'CREATE')) AS yes";
        self.answer(diesel::sql_query(query).bind::<Text, _>(name))
    }

    /// The tables among `names` that the role does not own, by itself or by a role it is in.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tables_of_others(&mut self, names: &[&str]) -> QueryResult<Vec<String>> {
        let query = "SELECT c.relname::text AS words FROM pg_catalog.pg_class c
            WHERE c.oid = ANY (SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident(t)) FROM unnest($1) t)
              AND NOT pg_has_role(c.relowner, 'USAGE')
            ORDER BY 1";
        self.words(diesel::sql_query(query).bind::<Array<Text>, _>(names))
    }
}
