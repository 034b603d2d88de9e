//! Parts and their checkpoints: how far each key range of a table is, kept in the transaction that writes its rows.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use crate::digest::Digest;
use crate::table::{Key, KeyRange};
use crate::target::Target;

/// A key range of one table that is copied on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Counted from 0 within its table.
    pub(crate) number: i32,
    /// It begins after this key.
    pub(crate) after: Option<Key>,
    /// It ends with this key.
    pub(crate) upto: Option<Key>,
    /// Every row up to this key is in the target, or rejected.
    pub(crate) done: Option<Key>,
    /// Rows in the target.
    pub(crate) row_count: i64,
    /// Rejected rows.
    pub(crate) rejected_count: i64,
    /// The digest of the rows read so far.
    pub(crate) digest: Digest,
    /// Whether all of it is done.
    pub(crate) is_done: bool,
}

#[derive(QueryableByName)]
struct PartRow {
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Nullable<Text>)]
    after_key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    upto_key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    done_key: Option<String>,
    #[diesel(sql_type = BigInt)]
    row_count: i64,
    #[diesel(sql_type = BigInt)]
    rejected_count: i64,
    #[diesel(sql_type = Nullable<Text>)]
    digest: Option<String>,
    #[diesel(sql_type = Bool)]
    is_done: bool,
}

impl Part {
    /// A part of which nothing is done.
    pub(crate) fn new(number: i32, after: Option<Key>, upto: Option<Key>) -> Self {
        let digest = Digest::default();
        Self { number, after, upto, done: None, row_count: 0, rejected_count: 0, digest, is_done: false }
    }

    /// What is still to be read.
    pub(crate) fn rest(&self) -> KeyRange {
        KeyRange::after(self.done.or(self.after), self.upto)
    }

    /// What was read; `None` when nothing was.
    pub(crate) fn read(&self) -> Option<KeyRange> {
        self.done.map(|done| KeyRange::after(self.after, Some(done)))
    }

    /// The parts of `table` that `run` has begun, in order.
    ///
    /// # Errors
    /// When the database fails, or holds what this program did not write.
    pub(crate) fn load(
        target: &mut Target,
        source_id: &str,
        table: &str,
        run: &str,
    ) -> QueryResult<Vec<Self>> {
        let query = "SELECT number, after_key, upto_key, done_key, row_count, rejected_count, digest, is_done
            FROM {records}parts
            WHERE source_id = $1 AND table_name = $2 AND run_id = $3 AND digest IS NOT NULL ORDER BY number";
        let query = target.on_records(query)?.bind::<Text, _>(source_id);
        let rows: Vec<PartRow> = query.bind::<Text, _>(table).bind::<Text, _>(run).load(target.postgres())?;
        rows.into_iter().map(PartRow::into_part).collect()
    }

    /// Whether a run from this source wrote to `table`.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn exist(target: &mut Target, source_id: &str, table: &str) -> QueryResult<bool> {
        let query = "SELECT EXISTS (
                SELECT FROM {records}parts WHERE source_id = $1 AND table_name = $2
            ) AS yes";
        let query = target.on_records(query)?.bind::<Text, _>(source_id).bind::<Text, _>(table);
        target.answer(query)
    }

    /// The tables of which `run` has begun parts.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn tables_of(target: &mut Target, run: &str) -> QueryResult<Vec<String>> {
        let query = "SELECT DISTINCT table_name AS words FROM {records}parts
            WHERE run_id = $1 AND digest IS NOT NULL ORDER BY 1";
        let query = target.on_records(query)?.bind::<Text, _>(run);
        target.words(query)
    }

    /// Remembers that rows from this source were added to `table`, of which no checkpoints are kept.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn remember_merge(
        target: &mut Target,
        source_id: &str,
        table: &str,
        run: &str,
    ) -> QueryResult<()> {
        let query = "INSERT INTO {records}parts (source_id, table_name, number, run_id, is_done)
            VALUES ($1, $2, 0, $3, true) ON CONFLICT DO NOTHING";
        let query = target.on_records(query)?.bind::<Text, _>(source_id).bind::<Text, _>(table);
        query.bind::<Text, _>(run).execute(target.postgres())?;
        Ok(())
    }

    /// Counts rows of `table` as rejected that were counted as copied: in its first part, because parts are counted
    /// together.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn set_aside(
        target: &mut Target,
        source_id: &str,
        table: &str,
        run: &str,
        row_count: i64,
    ) -> QueryResult<()> {
        let query = "UPDATE {records}parts
            SET row_count = row_count - $4, rejected_count = rejected_count + $4
            WHERE source_id = $1 AND table_name = $2 AND run_id = $3 AND number = 0 AND digest IS NOT NULL";
        let query = target.on_records(query)?.bind::<Text, _>(source_id).bind::<Text, _>(table);
        query.bind::<Text, _>(run).bind::<BigInt, _>(row_count).execute(target.postgres())?;
        Ok(())
    }

    /// Forgets what was copied to `table`, from any source.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn forget(target: &mut Target, table: &str) -> QueryResult<()> {
        let query = target.on_records("DELETE FROM {records}parts WHERE table_name = $1")?;
        query.bind::<Text, _>(table).execute(target.postgres())?;
        Ok(())
    }

    /// Writes the part as it is now, as one of `run`.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn save(
        &self,
        target: &mut Target,
        source_id: &str,
        table: &str,
        run: &str,
    ) -> QueryResult<()> {
        let query = "INSERT INTO {records}parts (source_id, table_name, number, run_id, after_key, upto_key,
                done_key, row_count, rejected_count, digest, is_done)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (source_id, table_name, number) DO UPDATE SET run_id = excluded.run_id,
                after_key = excluded.after_key, upto_key = excluded.upto_key, done_key = excluded.done_key,
                row_count = excluded.row_count, rejected_count = excluded.rejected_count,
                digest = excluded.digest, is_done = excluded.is_done, changed_at = now()";
        let text = |key: Option<Key>| key.map(|key| key.to_string());
        target
            .on_records(query)?
            .bind::<Text, _>(source_id)
            .bind::<Text, _>(table)
            .bind::<Integer, _>(self.number)
            .bind::<Text, _>(run)
            .bind::<Nullable<Text>, _>(text(self.after))
            .bind::<Nullable<Text>, _>(text(self.upto))
            .bind::<Nullable<Text>, _>(text(self.done))
            .bind::<BigInt, _>(self.row_count)
            .bind::<BigInt, _>(self.rejected_count)
            .bind::<Text, _>(self.digest.to_string())
            .bind::<Bool, _>(self.is_done)
            .execute(target.postgres())?;
        Ok(())
    }

    /// Moves the checkpoint from where `self` has it to where `next` has it; whether it was there. If it was not,
    /// another run has taken over.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn advance(
        &self,
        next: &Self,
        target: &mut Target,
        source_id: &str,
        table: &str,
        run: &str,
    ) -> QueryResult<bool> {
        let query = "UPDATE {records}parts
            SET done_key = $1, row_count = $2, rejected_count = $3, digest = $4, is_done = $5, changed_at = now()
            WHERE source_id = $6 AND table_name = $7 AND number = $8 AND run_id = $9
              AND done_key IS NOT DISTINCT FROM $10 AND NOT is_done";
        let text = |key: Option<Key>| key.map(|key| key.to_string());
        let moved = target
            .on_records(query)?
            .bind::<Nullable<Text>, _>(text(next.done))
            .bind::<BigInt, _>(next.row_count)
            .bind::<BigInt, _>(next.rejected_count)
            .bind::<Text, _>(next.digest.to_string())
            .bind::<Bool, _>(next.is_done)
            .bind::<Text, _>(source_id)
            .bind::<Text, _>(table)
            .bind::<Integer, _>(self.number)
            .bind::<Text, _>(run)
            .bind::<Nullable<Text>, _>(text(self.done))
            .execute(target.postgres())?;
        Ok(moved == 1)
    }
}

impl PartRow {
    fn into_part(self) -> QueryResult<Part> {
        Ok(Part {
            number: self.number,
            after: key(self.after_key)?,
            upto: key(self.upto_key)?,
            done: key(self.done_key)?,
            row_count: self.row_count,
            rejected_count: self.rejected_count,
            digest: self
                .digest
                .as_deref()
                .map_or(Some(Digest::default()), Digest::parse)
                .ok_or_else(|| foreign("digest"))?,
            is_done: self.is_done,
        })
    }
}

fn key(text: Option<String>) -> QueryResult<Option<Key>> {
    text.map(|text| Key::parse(&text).ok_or_else(|| foreign("key"))).transpose()
}

fn foreign(what: &str) -> diesel::result::Error {
    let text = format!("the table of parts holds a {what} that this program did not write");
    diesel::result::Error::DeserializationError(text.into())
}

/// Records that a repair copied rows of `table` from this source, in the current transaction.
///
/// # Errors
/// When the database refuses.
pub fn remember_repair(target: &mut Target, source_id: &str, table: &str) -> QueryResult<()> {
    target.prepare_records()?;
    Part::remember_merge(target, source_id, table, "repair")
}
