//! The sequence of one key column.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::Target;
use crate::rows::NumberRow;
use databases::name::quote_name;

/// The state of the sequence of a key column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Sequence {
    /// The highest key that it has generated; `None` when it has generated none.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub last: Option<i64>,
    /// The highest that it can generate.
    #[diesel(sql_type = BigInt)]
    pub highest: i64,
}

impl Target {
    /// The state of the sequence of the column `key` of `table`; `None` when it has no sequence.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sequence(&mut self, table: &str, key: &str) -> QueryResult<Option<Sequence>> {
        // pg_sequence_last_value is NULL until the first key is given out (and for setval's "not called"): then the
        // first is where the sequence starts, and all before it count as given out.
        let query =
            "SELECT coalesce(pg_sequence_last_value(seqrelid), nullif(greatest(seqstart - 1, 0), 0)) AS last,
                seqmax AS highest
            FROM pg_catalog.pg_sequence WHERE seqrelid = pg_get_serial_sequence($1, $2)::regclass";
        diesel::sql_query(query)
            .bind::<Text, _>(self.full_name(table))
            .bind::<Text, _>(key)
            .get_result::<Sequence>(self.postgres())
            .optional()
    }

    /// The highest integer in the column `key` of `table`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn max_key(&mut self, table: &str, key: &str) -> QueryResult<Option<i64>> {
        let query =
            format!("SELECT max({})::bigint AS number FROM {}", quote_name(key), self.full_name(table));
        Ok(diesel::sql_query(query).get_result::<NumberRow>(self.postgres())?.number)
    }

    /// Lets the sequence of the column `key` of `table` go on after `last`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_sequence(&mut self, table: &str, key: &str, last: i64) -> QueryResult<()> {
        let query = "SELECT setval(pg_get_serial_sequence($1, $2)::regclass, $3) AS number";
        diesel::sql_query(query)
            .bind::<Text, _>(self.full_name(table))
            .bind::<Text, _>(key)
            .bind::<BigInt, _>(last)
            .get_result::<NumberRow>(self.postgres())?;
        Ok(())
    }
}
