//! The records of skipped objects: PostgreSQL refused them, and the run went on without them.

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::Serialize;

use crate::target::Target;

/// A skipped object of the source: the target does not have it, or it is not in force there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, QueryableByName)]
pub struct SkippedObject {
    /// The table.
    #[diesel(sql_type = Text)]
    pub table_name: String,
    /// Its kind: `index`, `foreign key`, `check`, `view`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The message of PostgreSQL.
    #[diesel(sql_type = Text)]
    pub reason: String,
}

impl SkippedObject {
    /// All of them, by table.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(target: &mut Target) -> QueryResult<Vec<Self>> {
        // A target to which only an earlier version of the program wrote has no such table.
        if !target.has_record_table("left_out")? {
            return Ok(Vec::new());
        }
        let query =
            "SELECT table_name, kind, name, reason FROM {records}left_out ORDER BY table_name, kind, name";
        target.on_records(query)?.load(target.postgres())
    }

    /// Writes the record, in the current transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) fn save(&self, target: &mut Target) -> QueryResult<()> {
        let query = "INSERT INTO {records}left_out (table_name, kind, name, reason) VALUES ($1, $2, $3, $4)
            ON CONFLICT (table_name, kind, name) DO UPDATE SET reason = excluded.reason";
        target
            .on_records(query)?
            .bind::<Text, _>(&self.table_name)
            .bind::<Text, _>(&self.kind)
            .bind::<Text, _>(&self.name)
            .bind::<Text, _>(&self.reason)
            .execute(target.postgres())?;
        Ok(())
    }

    /// Deletes the records of `table`, in the current transaction: the table is created again.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) fn forget_table(target: &mut Target, table: &str) -> QueryResult<()> {
        let query = target.on_records("DELETE FROM {records}left_out WHERE table_name = $1")?;
        query.bind::<Text, _>(table).execute(target.postgres())?;
        Ok(())
    }
}
