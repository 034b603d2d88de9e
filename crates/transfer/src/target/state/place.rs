//! The tables in which the target keeps the records of runs: where they are, and how they are created, moved and deleted.
//!
//! They are in a schema of their own, one for each schema of application tables, so that they do not stand among these:
//! whoever may write to one target cannot change the records of another. A role that may create no schema, and has none of
//! this name, keeps them beside the application's tables, with a prefix by which catalogs skip them. Records that are
//! there, of an earlier version or of such a role, are moved by the first run that may.

use diesel::QueryResult;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::SqlQuery;
use diesel::sql_types::{Array, Bool, Text};
use xxhash_rust::xxh3::xxh3_64;

use super::schema::TABLES;
use crate::rows::TextRow;
use crate::target::Target;
use databases::name::quote_name;

/// The beginning of the names of the schema, and of the tables where they are beside those of the application.
const PREFIX: &str = "__backoffice_";

/// The longest name in PostgreSQL, in bytes.
const LONGEST_NAME: usize = 63;

/// The tables, in an order in which they can be created.
const NAMES: [&str; 8] = ["runs", "stages", "parts", "definitions", "rejects", "left_out", "sync", "owner"];

/// Where the records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::target) enum Place {
    /// In their own schema.
    OwnSchema,
    /// Beside the tables of the application.
    Beside,
}

#[derive(QueryableByName)]
struct Places {
    #[diesel(sql_type = Bool)]
    own_schema: bool,
    #[diesel(sql_type = Bool)]
    beside: bool,
}

#[derive(QueryableByName)]
struct Rights {
    /// The schema is there.
    #[diesel(sql_type = Bool)]
    has_schema: bool,
    /// The role may create it or, if it is there, owns it.
    #[diesel(sql_type = Bool)]
    may_use: bool,
    /// Every table that is beside those of the application is the role's.
    #[diesel(sql_type = Bool)]
    may_move: bool,
}

impl Target {
    /// A query on the tables of records: `{records}runs` stands for one of them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn on_records(&mut self, query: &str) -> QueryResult<SqlQuery> {
        Ok(diesel::sql_query(self.with_names(query)?))
    }

    /// Whether there are records: a target to which no run has written has none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_records(&mut self) -> QueryResult<bool> {
        self.records = self.find_records()?;
        Ok(self.records.is_some())
    }

    /// Whether there is this table of records: earlier versions of the program had fewer.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_record_table(&mut self, name: &str) -> QueryResult<bool> {
        let Some(place) = self.find_records()? else { return Ok(false) };
        let (schema, table) = match place {
            Place::OwnSchema => (self.schema_of_records()?, name.to_owned()),
            Place::Beside => (self.schema()?, format!("{PREFIX}{name}")),
        };
        let query = "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = $1 AND c.relname = $2) AS yes";
        self.answer(diesel::sql_query(query).bind::<Text, _>(schema).bind::<Text, _>(table))
    }

    /// Whether a sync has its position in the target: it goes on from there, and nobody else may write the rows.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn is_followed(&mut self) -> QueryResult<bool> {
        if !self.has_record_table("sync")? {
            return Ok(false);
        }
        let query = self.on_records("SELECT EXISTS (SELECT FROM {records}sync) AS yes")?;
        self.answer(query)
    }

    /// Creates the tables that are missing, in their own schema where the role may, and moves those that are elsewhere.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn prepare_records(&mut self) -> QueryResult<()> {
        let rights = self.rights_on_records()?;
        let found = self.find_records()?;
        let owner = match found {
            Some(Place::Beside) => Some(self.owner_of_records()?),
            Some(Place::OwnSchema) | None => None,
        };
        let place = match found {
            None if rights.may_use => Place::OwnSchema,
            Some(Place::Beside) if rights.may_use && rights.may_move => Place::OwnSchema,
            None => Place::Beside,
            Some(place) => place,
        };
        if place == Place::OwnSchema && !rights.has_schema {
            self.create_schema_of_records(owner.as_deref())?;
        }
        if (found, place) == (Some(Place::Beside), Place::OwnSchema) {
            self.move_records()?;
        }
        self.records = Some(place);
        let tables = self.with_names(TABLES)?;
        self.postgres().batch_execute(&tables)
    }

    /// Deletes the records, and the schema that they have.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) fn drop_records(&mut self) -> QueryResult<()> {
        let Some(place) = self.find_records()? else { return Ok(()) };
        self.records = Some(place);
        // Stages refer to runs.
        let drop: String =
            NAMES.iter().rev().map(|name| format!("DROP TABLE IF EXISTS {{records}}{name};")).collect();
        let drop = self.with_names(&drop)?;
        self.postgres().batch_execute(&drop)?;
        if place == Place::OwnSchema {
            // It fails if somebody has put something else there.
            let schema = quote_name(&self.schema_of_records()?);
            self.postgres().batch_execute(&format!("DROP SCHEMA {schema}"))?;
        }
        self.records = None;
        Ok(())
    }

    /// The schema that the records are in, or are to be in.
    ///
    /// # Errors
    /// When there is no schema to work in.
    pub fn schema_of_records(&self) -> QueryResult<String> {
        Ok(schema_of_records(&self.schema()?))
    }

    /// Whether a run would keep its records beside the tables of the application.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn keeps_records_beside(&mut self) -> QueryResult<bool> {
        let rights = self.rights_on_records()?;
        Ok(match self.find_records()? {
            Some(Place::OwnSchema) => false,
            Some(Place::Beside) => !(rights.may_use && rights.may_move),
            None => !rights.may_use,
        })
    }

    /// `sql` with the names of tables of records: `{records}runs` stands for one of them.
    ///
    /// # Errors
    /// When there are none, or the database fails.
    pub(crate) fn with_names(&mut self, sql: &str) -> QueryResult<String> {
        if self.records.is_none() {
            self.records = self.find_records()?;
        }
        let prefix = match self.records {
            Some(Place::OwnSchema) => format!("{}.", quote_name(&self.schema_of_records()?)),
            Some(Place::Beside) => format!("{}.{PREFIX}", quote_name(&self.schema()?)),
            None => return Err(diesel::result::Error::NotFound),
        };
        Ok(sql.replace("{records}", &prefix))
    }

    fn find_records(&mut self) -> QueryResult<Option<Place>> {
        // No schema of search_path exists.
        let Ok(schema) = self.schema() else { return Ok(None) };
        // Not to_regclass: it fails where the role has no privilege on the schema.
        let query =
            "SELECT bool_or(n.nspname = $1) IS TRUE AS own_schema, bool_or(n.nspname = $2) IS TRUE AS beside
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE (n.nspname, c.relname) IN (($1, 'runs'), ($2, $3))";
        let query = diesel::sql_query(query).bind::<Text, _>(schema_of_records(&schema));
        let query = query.bind::<Text, _>(schema).bind::<Text, _>(format!("{PREFIX}runs"));
        let places: Places = query.get_result(self.postgres())?;
        match places {
            Places { own_schema: true, beside: true } => Err(diesel::result::Error::QueryBuilderError(
                format!(
                    "the records of runs are in two places, in schema {} and in tables {PREFIX}... of schema {}: an \
                     earlier version of the program wrote there since; finish its run with that version, then drop these tables",
                    self.schema_of_records()?,
                    self.schema()?
                )
                .into(),
            )),
            Places { own_schema: true, .. } => Ok(Some(Place::OwnSchema)),
            Places { beside: true, .. } => Ok(Some(Place::Beside)),
            Places { own_schema: false, beside: false } => Ok(None),
        }
    }

    fn rights_on_records(&mut self) -> QueryResult<Rights> {
        let query = "SELECT n.oid IS NOT NULL AS has_schema,
                CASE WHEN n.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                     ELSE pg_has_role(n.nspowner, 'USAGE') END AS may_use,
                NOT EXISTS (SELECT FROM pg_catalog.pg_class c
                    WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $2)
                      AND c.relname = ANY ($3) AND NOT pg_has_role(c.relowner, 'USAGE')) AS may_move
            FROM (SELECT $1::name AS name) wanted
            LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name";
        let names = NAMES.map(|name| format!("{PREFIX}{name}"));
        let query = diesel::sql_query(query).bind::<Text, _>(self.schema_of_records()?);
        let query = query.bind::<Text, _>(self.schema()?).bind::<Array<Text>, _>(names.as_slice());
        query.get_result(self.postgres())
    }

    /// The role that owns the records beside the tables: it must be able to use them after they are moved.
    fn owner_of_records(&mut self) -> QueryResult<String> {
        let query = "SELECT pg_catalog.pg_get_userbyid(c.relowner)::text AS words FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2";
        let query = diesel::sql_query(query).bind::<Text, _>(self.schema()?);
        let row: TextRow = query.bind::<Text, _>(format!("{PREFIX}runs")).get_result(self.postgres())?;
        Ok(row.words)
    }

    fn create_schema_of_records(&mut self, owner: Option<&str>) -> QueryResult<()> {
        let schema = quote_name(&self.schema_of_records()?);
        let owner = owner.map_or_else(String::new, |owner| format!(" AUTHORIZATION {}", quote_name(owner)));
        let comment = "records of the runs that copied into another schema; not part of its application";
        self.postgres().batch_execute(&format!(
            "CREATE SCHEMA {schema}{owner}; COMMENT ON SCHEMA {schema} IS '{comment}'"
        ))
    }

    fn move_records(&mut self) -> QueryResult<()> {
        let (from, to) = (quote_name(&self.schema()?), quote_name(&self.schema_of_records()?));
        for name in NAMES {
            let beside = format!("{PREFIX}{name}");
            let table = format!("{from}.{beside}");
            // Earlier versions had fewer tables.
            let statements = format!(
                "ALTER TABLE IF EXISTS {table} SET SCHEMA {to}; ALTER TABLE IF EXISTS {to}.{beside} RENAME TO {name}"
            );
            self.postgres().batch_execute(&statements)?;
        }
        Ok(())
    }
}

/// The schema for the records of runs into `schema`. A name that would be too long is shortened, with a digest of it.
fn schema_of_records(schema: &str) -> String {
    let whole = format!("{PREFIX}{schema}");
    if whole.len() <= LONGEST_NAME {
        return whole;
    }
    let digest = format!("_{:016x}", xxh3_64(schema.as_bytes()));
    let mut kept = whole;
    let mut length = LONGEST_NAME - digest.len();
    while !kept.is_char_boundary(length) {
        length -= 1;
    }
    kept.truncate(length);
    kept + &digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_schemas_differ_and_are_not_too_long() {
        assert_eq!(schema_of_records("public"), "__backoffice_public");
        let longest = "s".repeat(50);
        assert_eq!(schema_of_records(&longest), format!("__backoffice_{longest}"));
        let [one, other] =
            ["ä".repeat(31), format!("{}b", "ä".repeat(30))].map(|name| schema_of_records(&name));
        assert!(one.len() <= LONGEST_NAME && one.len() >= LONGEST_NAME - 1, "{one}");
        assert_ne!(one, other);
        assert!(one.starts_with("__backoffice_ää") && other.starts_with("__backoffice_ää"));
    }
}
