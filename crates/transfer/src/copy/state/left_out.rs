//! What the target remembers of objects that PostgreSQL refused, and that a run went on without.

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::Serialize;

use crate::copy::target::Target;

/// An object of the source that the target does not have, or that does not hold there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, QueryableByName)]
pub struct LeftOut {
    /// The table.
    #[diesel(sql_type = Text)]
    pub table_name: String,
    /// What it is: `index`, `foreign key`, `check`, `view`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// What PostgreSQL said.
    #[diesel(sql_type = Text)]
    pub reason: String,
}

impl LeftOut {
    /// All of them, by table.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(target: &mut Target) -> QueryResult<Vec<Self>> {
        // A target that an earlier version of this program wrote to has no such table.
        if !target.is_true("SELECT to_regclass('__backoffice_left_out') IS NOT NULL AS yes")? {
            return Ok(Vec::new());
        }
        let query = "SELECT table_name, kind, name, reason FROM __backoffice_left_out ORDER BY table_name, kind, name";
        diesel::sql_query(query).load(target.postgres())
    }

    /// Writes it down, within the transaction at hand.
    ///
    /// # Errors
    /// When the database refuses.
    pub(in crate::copy) fn save(&self, target: &mut Target) -> QueryResult<()> {
        let query =
            "INSERT INTO __backoffice_left_out (table_name, kind, name, reason) VALUES ($1, $2, $3, $4)
            ON CONFLICT (table_name, kind, name) DO UPDATE SET reason = excluded.reason";
        diesel::sql_query(query)
            .bind::<Text, _>(&self.table_name)
            .bind::<Text, _>(&self.kind)
            .bind::<Text, _>(&self.name)
            .bind::<Text, _>(&self.reason)
            .execute(target.postgres())?;
        Ok(())
    }

    /// Forgets those of `table`, within the transaction at hand: it is made anew.
    ///
    /// # Errors
    /// When the database refuses.
    pub(in crate::copy) fn forget_table(target: &mut Target, table: &str) -> QueryResult<()> {
        let query = diesel::sql_query("DELETE FROM __backoffice_left_out WHERE table_name = $1");
        query.bind::<Text, _>(table).execute(target.postgres())?;
        Ok(())
    }
}
