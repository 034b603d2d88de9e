//! Definitions of indexes, keys and foreign keys that are dropped while rows are copied. They are stored in the
//! transaction that takes them down, so that a run that is killed anywhere can be followed by one that puts them back.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text};

use crate::target::Target;
use crate::target::state::skipped_object::SkippedObject;
use databases::catalog::Catalog;
use databases::name::quote_name;

/// What is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefinitionKind {
    /// An index: built.
    Index,
    /// A primary key or unique constraint: its index built, then attached as the constraint.
    Key,
    /// A foreign key: added NOT VALID, then validated.
    ForeignKey,
}

impl DefinitionKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Key => "key",
            Self::ForeignKey => "foreign key",
        }
    }

    fn parse(text: &str) -> QueryResult<Self> {
        let all = [Self::Index, Self::Key, Self::ForeignKey];
        all.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
            diesel::result::Error::DeserializationError(format!("{text:?} is no kind of definition").into())
        })
    }
}

/// A dropped definition.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// The table.
    pub(crate) table: String,
    /// What is defined.
    pub(crate) kind: DefinitionKind,
    /// Its name.
    pub(crate) name: String,
    /// The columns of a foreign key, with commas between.
    pub(crate) columns: String,
    /// The table's full name as SQL has it.
    pub(crate) full_name: String,
    /// Which rows `c` of the table are against a foreign key, as SQL.
    pub(crate) orphans: Option<String>,
    /// The first statement that puts it back.
    first_step: String,
    /// The second, where it takes two.
    second_step: Option<String>,
    /// Whether the first is done.
    pub(crate) first_done: bool,
}

#[derive(QueryableByName)]
struct DefinitionRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Text)]
    full_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    orphans: Option<String>,
    #[diesel(sql_type = Text)]
    first_step: String,
    #[diesel(sql_type = Nullable<Text>)]
    second_step: Option<String>,
    #[diesel(sql_type = Bool)]
    first_done: bool,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Text)]
    full_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    orphans: Option<String>,
    #[diesel(sql_type = Text)]
    first_step: String,
    #[diesel(sql_type = Nullable<Text>)]
    second_step: Option<String>,
    #[diesel(sql_type = Text)]
    take_down: String,
}

/// What can be dropped from the tables named in `$1`.
///
/// A foreign key that was not valid is put back as it was; one whose triggers are disabled is not enforced, and stays. One
/// of a partitioned table cannot be added NOT VALID, and is put back in one step.
///
/// Left where it is: what a comment, a cluster order, a replica identity, another tablespace or statistics of its own
/// are fixed to, for these would be lost; deferrable and exclusion constraints; and keys that a view, or a foreign key
/// of another table, not named, rests on. Indexes on expressions have statistics of their own, which ANALYZE gathers again.
/// The search path is empty of ours while this is read, so that PostgreSQL writes every name in full.
const FIND: &str = "
    WITH chosen AS (
        SELECT c.oid, c.relname::text AS table_name, c.oid::regclass::text AS full_name
        FROM pg_catalog.unnest($1) AS t (full_name) JOIN pg_catalog.pg_class c
          ON c.oid = t.full_name::pg_catalog.regclass
    ),
    disabled AS (
        SELECT DISTINCT g.tgconstraint AS oid
        FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_constraint k ON k.oid = g.tgconstraint
        WHERE k.contype = 'f' AND g.tgrelid = k.conrelid AND g.tgenabled IN ('D', 'R')
    ),
    indexes AS (
        SELECT t.table_name, t.full_name, i.indexrelid, i.indisprimary, k.oid AS constraint_oid, k.contype,
               x.relname::text AS name, pg_catalog.pg_get_indexdef(i.indexrelid) AS definition
        FROM chosen t
        JOIN pg_catalog.pg_index i ON i.indrelid = t.oid
        JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
        LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
          AND k.contype IN ('p', 'u', 'x')
        WHERE x.relkind = 'i' AND i.indisvalid AND i.indisready AND NOT i.indisreplident AND NOT i.indisclustered
          AND x.reltablespace = 0
          AND (k.oid IS NULL OR k.contype IN ('p', 'u') AND NOT k.condeferrable)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_description d
                          WHERE d.objoid = i.indexrelid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_description d
                          WHERE d.objoid = k.oid AND d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                          WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint f
                          WHERE f.contype = 'f' AND f.conindid = i.indexrelid
                            AND (f.conrelid NOT IN (SELECT oid FROM chosen) OR f.oid IN (SELECT oid FROM disabled)))
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.refclassid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.refobjid = k.oid
                            AND d.classid IN ('pg_catalog.pg_rewrite'::pg_catalog.regclass,
                                              'pg_catalog.pg_proc'::pg_catalog.regclass))
    )
    SELECT table_name, CASE WHEN constraint_oid IS NULL THEN 'index' ELSE 'key' END AS kind, name, '' AS columns,
           full_name, NULL AS orphans, definition AS first_step,
           CASE WHEN constraint_oid IS NOT NULL THEN
               pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %I', full_name, name,
                   CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, name)
           END AS second_step,
           CASE WHEN constraint_oid IS NULL THEN 'DROP INDEX ' || indexrelid::pg_catalog.regclass::text
                ELSE pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', full_name, name) END AS take_down
    FROM indexes
    UNION ALL
    SELECT t.table_name, 'foreign key', f.conname::text,
           (SELECT pg_catalog.string_agg(a.attname::text, ',' ORDER BY u.place)
            FROM pg_catalog.unnest(f.conkey) WITH ORDINALITY AS u (number, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = u.number),
           t.full_name,
           (SELECT pg_catalog.string_agg(pg_catalog.format('c.%I IS NOT NULL AND ', a.attname), '' ORDER BY u.place)
                || pg_catalog.format('NOT EXISTS (SELECT FROM %s p WHERE ', f.confrelid::pg_catalog.regclass)
                || pg_catalog.string_agg(pg_catalog.format('p.%I = c.%I', b.attname, a.attname), ' AND '
                                         ORDER BY u.place) || ')'
            FROM ROWS FROM (pg_catalog.unnest(f.conkey), pg_catalog.unnest(f.confkey)) WITH ORDINALITY AS u (number, parent_number, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = u.number
            JOIN pg_catalog.pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = u.parent_number
            WHERE f.convalidated),
           CASE WHEN in_one_step THEN added || commented
                ELSE added || CASE WHEN f.convalidated THEN ' NOT VALID' ELSE '' END END,
           CASE WHEN in_one_step THEN NULL
                WHEN f.convalidated
                THEN pg_catalog.format('ALTER TABLE %s VALIDATE CONSTRAINT %I', t.full_name, f.conname) || commented
                ELSE nullif(pg_catalog.ltrim(commented, '; '), '') END,
           pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', t.full_name, f.conname)
    FROM chosen t
    JOIN pg_catalog.pg_constraint f ON f.conrelid = t.oid AND f.contype = 'f' AND f.conparentid = 0
      AND f.oid NOT IN (SELECT oid FROM disabled)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.full_name, f.conname,
                   pg_catalog.pg_get_constraintdef(f.oid)) AS added,
               coalesce(pg_catalog.format('; COMMENT ON CONSTRAINT %I ON %s IS %L', f.conname, t.full_name,
                   pg_catalog.obj_description(f.oid, 'pg_constraint')), '') AS commented,
               EXISTS (SELECT FROM pg_catalog.pg_class p WHERE p.oid = f.conrelid AND p.relkind = 'p')
                   AS in_one_step
    ) AS steps
    ORDER BY 2, 1, 3";

/// Which definitions of a table are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TakeDown {
    /// All that can be.
    All,
    /// Foreign keys only.
    ForeignKeys,
}

impl Definition {
    /// The definitions that are dropped at present, in the order in which they were dropped.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn load(target: &mut Target) -> QueryResult<Vec<Self>> {
        if !target.has_records()? {
            return Ok(Vec::new());
        }
        let query =
            "SELECT table_name, kind, name, columns, full_name, orphans, first_step, second_step, first_done
            FROM {records}definitions ORDER BY kind, table_name, name";
        let rows: Vec<DefinitionRow> = target.on_records(query)?.load(target.postgres())?;
        rows.into_iter().map(DefinitionRow::into_definition).collect()
    }

    /// Stores the definitions of `tables` and takes them down, within the transaction at hand.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) fn take_down(
        target: &mut Target,
        tables: &[&str],
        which: TakeDown,
        run: &str,
    ) -> QueryResult<()> {
        let schema = target.schema()?;
        let names: Vec<String> = tables.iter().map(|table| quote(&schema, table)).collect();
        target.postgres().batch_execute("SET LOCAL search_path = pg_catalog")?;
        let mut found: Vec<Found> =
            diesel::sql_query(FIND).bind::<Array<Text>, _>(&names).load(target.postgres())?;
        target.restore_search_path()?;
        found.retain(|row| which == TakeDown::All || row.kind == "foreign key");
        for row in &found {
            let query = "INSERT INTO {records}definitions
                    (table_name, kind, name, columns, full_name, orphans, first_step, second_step, run_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                -- One that was refused may have been recreated by the user.
                ON CONFLICT (table_name, kind, name) DO UPDATE SET columns = excluded.columns,
                    full_name = excluded.full_name, orphans = excluded.orphans, first_step = excluded.first_step,
                    second_step = excluded.second_step, first_done = false, run_id = excluded.run_id";
            target
                .on_records(query)?
                .bind::<Text, _>(&row.table_name)
                .bind::<Text, _>(&row.kind)
                .bind::<Text, _>(&row.name)
                .bind::<Text, _>(&row.columns)
                .bind::<Text, _>(&row.full_name)
                .bind::<Nullable<Text>, _>(&row.orphans)
                .bind::<Text, _>(&row.first_step)
                .bind::<Nullable<Text>, _>(&row.second_step)
                .bind::<Text, _>(run)
                .execute(target.postgres())?;
        }
        // Foreign keys first: they rest on keys.
        let (foreign, others): (Vec<_>, Vec<_>) = found.iter().partition(|row| row.kind == "foreign key");
        let statements: Vec<&str> = foreign.iter().chain(&others).map(|row| row.take_down.as_str()).collect();
        match statements.is_empty() {
            true => Ok(()),
            false => target.postgres().batch_execute(&statements.join(";")),
        }
    }

    /// Drops the foreign keys that were added but not validated, within the transaction at hand.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) fn take_back_unchecked(target: &mut Target) -> QueryResult<()> {
        for definition in Self::load(target)? {
            if definition.kind == DefinitionKind::ForeignKey && definition.first_done {
                let name = quote_name(&definition.name);
                let drop = format!("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {name}", definition.full_name);
                target.postgres().batch_execute(&drop)?;
                definition.write_down(target, "UPDATE {records}definitions SET first_done = false")?;
            }
        }
        Ok(())
    }

    /// Deletes the records of `table`, in the current transaction: the table is created again.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) fn forget_table(target: &mut Target, table: &str) -> QueryResult<()> {
        let query = target.on_records("DELETE FROM {records}definitions WHERE table_name = $1")?;
        query.bind::<Text, _>(table).execute(target.postgres())?;
        Ok(())
    }

    /// Whether the first step is still to be done.
    pub(crate) fn is_down(&self) -> bool {
        !self.first_done
    }

    /// Does the first step, within the transaction at hand, and writes it down; nothing when it is done.
    ///
    /// # Errors
    /// When the database refuses: rows may be against it.
    pub(crate) fn do_first_step(&self, target: &mut Target) -> QueryResult<()> {
        if self.stored_first_done(target)? != Some(false) {
            return Ok(());
        }
        // The user may have recreated what PostgreSQL refused.
        if self.is_there(target)? {
            return self.forget(target);
        }
        target.postgres().batch_execute(&self.first_step)?;
        match self.second_step {
            Some(_) => self.write_down(target, "UPDATE {records}definitions SET first_done = true"),
            None => self.forget(target),
        }
    }

    /// Does the second step, within the transaction at hand, and forgets the definition: it is back. Nothing when
    /// that is done.
    ///
    /// # Errors
    /// When the database refuses: rows may be against it.
    pub(crate) fn do_second_step(&self, target: &mut Target) -> QueryResult<()> {
        if self.stored_first_done(target)? != Some(true) {
            return Ok(());
        }
        if let Some(statement) = &self.second_step {
            target.postgres().batch_execute(statement)?;
        }
        self.forget(target)
    }

    /// Goes on without it, within the transaction at hand, for `reason`. A foreign key that was added stays as it is: not
    /// valid.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn leave_out(&self, target: &mut Target, reason: String) -> QueryResult<()> {
        self.report(target, reason)?;
        self.write_down(target, "DELETE FROM {records}definitions")
    }

    /// Goes on without it, within the transaction at hand, for `reason`, and keeps its definition.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn report(&self, target: &mut Target, reason: String) -> QueryResult<()> {
        let skipped = SkippedObject {
            table_name: self.table.clone(),
            kind: self.kind.as_str().to_owned(),
            name: self.name.clone(),
            reason,
        };
        skipped.save(target)
    }

    /// Whether an object is the report that this definition was refused.
    pub(crate) fn is_reported_by(&self, object: &SkippedObject) -> bool {
        object.table_name == self.table && object.kind == self.kind.as_str() && object.name == self.name
    }

    /// Forgets the definition, and that it was ever refused: it is recreated.
    fn forget(&self, target: &mut Target) -> QueryResult<()> {
        // What is not valid again stays reported.
        if !self.was_not_valid() {
            self.write_down(target, "DELETE FROM {records}left_out")?;
        }
        self.write_down(target, "DELETE FROM {records}definitions")
    }

    /// Whether the table has an object of this kind and name.
    fn is_there(&self, target: &mut Target) -> QueryResult<bool> {
        let query = "SELECT CASE $1
                WHEN 'index' THEN EXISTS (
                    SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                    WHERE i.indrelid = $3::pg_catalog.regclass AND c.relname = $2 AND i.indisvalid)
                ELSE EXISTS (
                    SELECT FROM pg_catalog.pg_constraint k
                    WHERE k.conrelid = $3::pg_catalog.regclass AND k.conname = $2)
            END AS yes";
        let query = diesel::sql_query(query).bind::<Text, _>(self.kind.as_str());
        target.answer(query.bind::<Text, _>(&self.name).bind::<Text, _>(&self.full_name))
    }

    /// Whether it is a foreign key that was not valid when it was dropped.
    pub(crate) fn was_not_valid(&self) -> bool {
        let is_validated = self.second_step.as_ref().is_some_and(|step| step.starts_with("ALTER TABLE "));
        self.kind == DefinitionKind::ForeignKey && self.first_step.ends_with(" NOT VALID") && !is_validated
    }

    /// What the target has stored: a step may have been committed though its answer was lost.
    fn stored_first_done(&self, target: &mut Target) -> QueryResult<Option<bool>> {
        let query = "SELECT first_done AS yes FROM {records}definitions
            WHERE table_name = $1 AND kind = $2 AND name = $3 FOR UPDATE";
        let query = target.on_records(query)?.bind::<Text, _>(&self.table);
        target.answer(query.bind::<Text, _>(self.kind.as_str()).bind::<Text, _>(&self.name)).optional()
    }

    /// Takes the definition out of a catalog, whichever step it is at.
    pub(crate) fn hide(&self, catalog: &mut Catalog) {
        let Some(table) = catalog.tables.get_mut(&self.table) else { return };
        match self.kind {
            DefinitionKind::Index => table.indexes.retain(|index| index.name != self.name),
            DefinitionKind::Key => {
                table.indexes.retain(|index| index.name != self.name);
                if self.is_primary() {
                    table.primary_key.clear();
                }
            }
            DefinitionKind::ForeignKey => {
                table.foreign_keys.retain(|key| key.columns.join(",") != self.columns);
            }
        }
    }

    fn is_primary(&self) -> bool {
        self.second_step.as_ref().is_some_and(|step| step.contains(" PRIMARY KEY USING INDEX "))
    }

    fn write_down(&self, target: &mut Target, change: &str) -> QueryResult<()> {
        let query = format!("{change} WHERE table_name = $1 AND kind = $2 AND name = $3");
        target
            .on_records(&query)?
            .bind::<Text, _>(&self.table)
            .bind::<Text, _>(self.kind.as_str())
            .bind::<Text, _>(&self.name)
            .execute(target.postgres())?;
        Ok(())
    }
}

/// Stores the foreign keys of `tables` and drops them, within the transaction at hand, for the run `run`.
///
/// # Errors
/// When the database refuses.
pub fn take_down_foreign_keys(target: &mut Target, tables: &[&str], run: &str) -> QueryResult<()> {
    Definition::take_down(target, tables, TakeDown::ForeignKeys, run)
}

impl DefinitionRow {
    fn into_definition(self) -> QueryResult<Definition> {
        Ok(Definition {
            kind: DefinitionKind::parse(&self.kind)?,
            table: self.table_name,
            name: self.name,
            columns: self.columns,
            full_name: self.full_name,
            orphans: self.orphans,
            first_step: self.first_step,
            second_step: self.second_step,
            first_done: self.first_done,
        })
    }
}

/// A table's full name as SQL has it.
fn quote(schema: &str, table: &str) -> String {
    format!("{}.{}", quote_name(schema), quote_name(table))
}
