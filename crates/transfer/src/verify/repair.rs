//! Repairing: rows that are missing in the target or differ there are taken from the source.
//!
//! A table is one transaction, repaired whole or not at all. Nothing is ever deleted: rows that only the target has stay.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::context::Comparison;
use super::result::{TableRepair, TableVerification, Verification};
use crate::control::Control;
use crate::copy::{Batch, Batcher};
use crate::error::TransferError;
use crate::rows::TextRow;
use crate::run::Event;
use crate::source::Source;
use crate::table::{Key, KeyRange, Order, Table};
use crate::target::Target;
use crate::target::state::remember_repair;

/// Repairs the tables in which `verification` found differences: all of them, however few were listed.
///
/// # Errors
/// When the target refuses a row: tables before that one are repaired. When a side fails, or the user interrupts.
pub fn repair(
    comparison: &mut Comparison<'_>,
    verification: &Verification,
    source_id: &str,
) -> Result<Vec<TableRepair>, TransferError> {
    let mut repairs = Vec::new();
    for table in comparison.tables {
        let found = verification.tables.iter().find(|found| found.table == table.name());
        let Some(found) = found.filter(|found| !found.ranges.is_empty()) else { continue };
        let repair = repair_table(table.as_ref(), found, comparison, source_id)?;
        let row_count = repair.inserted_rows + repair.updated_rows;
        comparison.control.observe(&Event::Rows { table: table.name(), row_count, size_bytes: 0 });
        comparison.control.observe(&Event::TableDone { table: table.name() });
        if row_count > 0 {
            repairs.push(repair);
        }
    }
    Ok(repairs)
}

fn repair_table(
    table: &dyn Table,
    found: &TableVerification,
    comparison: &mut Comparison<'_>,
    source_id: &str,
) -> Result<TableRepair, TransferError> {
    let Comparison { source, target, options, control, .. } = comparison;
    let failed = |source| TransferError::Repair { table: table.name().to_owned(), source };
    let rejected = options.rejected(table.name());
    target.in_transaction(|target| {
        let mut work = Work::begin(table, target, rejected).map_err(failed)?;
        for range in &found.ranges {
            work.repair_range(*range, source, *control)?;
        }
        let repair = work.repair;
        if repair.inserted_rows > 0 {
            remember_repair(target, source_id, table.name()).map_err(failed)?;
        }
        Ok(repair)
    })
}

struct Work<'a> {
    table: &'a dyn Table,
    target: &'a mut Target,
    rejected: &'a BTreeSet<Key>,
    /// The table as SQL has it, with its schema.
    name: String,
    repair: TableRepair,
}

impl<'a> Work<'a> {
    /// Locks the table against other writers until the transaction ends.
    fn begin(table: &'a dyn Table, target: &'a mut Target, rejected: &'a BTreeSet<Key>) -> QueryResult<Self> {
        let query = "SELECT format('%I.%I', n.nspname, c.relname) AS words,
                set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true)
            FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.oid = to_regclass(quote_ident($1))";
        let query = diesel::sql_query(query).bind::<Text, _>(table.name());
        let name = query.get_result::<TextRow>(target.postgres())?.words;
        // A row may refer to a row of a later batch: foreign keys are checked at the end.
        let begin = format!("LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE; SET CONSTRAINTS ALL DEFERRED");
        target.postgres().batch_execute(&begin)?;
        let repair = TableRepair { table: table.name().to_owned(), inserted_rows: 0, updated_rows: 0 };
        Ok(Self { table, target, rejected, name, repair })
    }

    fn repair_range(
        &mut self,
        range: KeyRange,
        source: &mut Source,
        control: Control<'_>,
    ) -> Result<(), TransferError> {
        let table = self.table;
        let mut failed = None;
        let mut batcher = Batcher::default();
        let mut repair = |batch| match self.repair_batch(batch) {
            Ok(()) => ControlFlow::Continue(()),
            Err(source) => {
                failed = Some(TransferError::Repair { table: table.name().to_owned(), source });
                ControlFlow::Break(())
            }
        };
        let outcome = table.read_source(source.sqlite(), range, Order::Key, &mut |row| {
            if control.is_stopping() {
                return ControlFlow::Break(());
            }
            match row {
                Ok((key, tuple)) => batcher.push(key, tuple).map_or(ControlFlow::Continue(()), &mut repair),
                // A source with unreadable rows other than rejects is not repaired: its verdict is another.
                Err(error) => {
                    tracing::debug!(%error, "skip a row");
                    ControlFlow::Continue(())
                }
            }
        });
        control.go_on()?;
        outcome.map_err(TransferError::ReadRow)?;
        if let Some(batch) = batcher.finish() {
            // A failure is kept in `failed`.
            let _ = repair(batch);
        }
        failed.map_or(Ok(()), Err)
    }

    /// Writes the rows of `batch` that are not the same in the target.
    fn repair_batch(&mut self, batch: Batch) -> QueryResult<()> {
        let Some((first, last)) = batch.key_range() else { return Ok(()) };
        let mut rest = batch.without(&self.settled(&batch, KeyRange::between(first, last))?);
        if rest.row_count() == 0 {
            return Ok(());
        }
        let (name, own) = (&self.name, format!("pg_temp.\"{}\"", self.table.name()));
        // A temporary table of the same name, found first on search_path: COPY names the table without a schema.
        self.target.postgres().batch_execute(&format!("CREATE TEMPORARY TABLE {own} (LIKE {name})"))?;
        self.table.write_target(self.target.postgres(), rest.stream())?;
        let columns: Vec<String> = self.table.columns().iter().map(|name| format!("\"{name}\"")).collect();
        let changes: Vec<String> =
            columns.iter().skip(1).map(|column| format!("{column} = s.{column}")).collect();
        let all = columns.join(", ");
        // Existing rows first: one may hold a unique value that a missing row needs.
        let update =
            format!("UPDATE {name} AS t SET {} FROM {own} AS s WHERE t.id = s.id", changes.join(", "));
        let insert = format!(
            "INSERT INTO {name} ({all}) SELECT {all} FROM {own} AS s \
             WHERE NOT EXISTS (SELECT FROM {name} AS t WHERE t.id = s.id)"
        );
        let updated = diesel::sql_query(update).execute(self.target.postgres())?;
        let inserted = diesel::sql_query(insert).execute(self.target.postgres())?;
        self.repair.updated_rows += i64::try_from(updated).unwrap_or(i64::MAX);
        self.repair.inserted_rows += i64::try_from(inserted).unwrap_or(i64::MAX);
        self.target.postgres().batch_execute(&format!("DROP TABLE {own}"))
    }

    /// The keys of `batch` that are not written, in order: the target has the same row, or the row is a reject.
    fn settled(&mut self, batch: &Batch, range: KeyRange) -> QueryResult<Vec<Key>> {
        let keys: Vec<Key> = batch.rows().map(|(key, _)| key).collect();
        let mut equal: Vec<Option<bool>> = vec![None; keys.len()];
        self.table
            .read_target(self.target.postgres(), range, Order::Any, &mut |row| {
                // A row of the target that cannot be read is written again.
                if let Ok((key, tuple)) = row
                    && let Ok(index) = keys.binary_search(&key)
                {
                    let same = batch.row(index).is_some_and(|(_, wanted)| wanted == tuple);
                    equal[index] = Some(equal[index].unwrap_or(true) && same);
                }
                ControlFlow::Continue(())
            })
            .map_err(|error| diesel::result::Error::QueryBuilderError(Box::new(error)))?;
        let settled = keys.into_iter().zip(equal).filter(|(key, equal)| match equal {
            Some(equal) => *equal,
            None => self.rejected.contains(key),
        });
        Ok(settled.map(|(key, _)| key).collect())
    }
}
