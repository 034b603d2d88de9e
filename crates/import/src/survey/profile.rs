//! One pass over a table.

use std::ops::ControlFlow;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use crate::decisions::Decisions;
use crate::profile::TableProfile;
use crate::rows::read_rows;
use crate::schema::{Schema, SqliteTable};
use crate::values::SourceValue;
use databases::name::quote_name;

/// SQLite's limit for result columns (manual, "Implementation Limits For SQLite", section 3).
const MAX_RESULT_COLUMNS: usize = 2000;
/// The number of rows between checks of the stop flag.
const ROWS_BETWEEN_STOPS: i64 = 1024;

/// Reads every value of a table, or of the rows with rowids in `range` (inclusive; only for tables with an accessible
/// rowid). `decisions` are those with which types are chosen afterwards.
///
/// # Errors
/// When the database fails, and when `stop` is set: a partial profile would be mistaken for a complete one.
pub fn profile_table(
    connection: &mut SqliteConnection,
    schema: &Schema,
    table: &SqliteTable,
    range: Option<(i64, i64)>,
    decisions: &Decisions,
    stop: &dyn Fn() -> bool,
) -> QueryResult<TableProfile> {
    let mut profile = TableProfile::new(table, decisions);
    let rowid = table.rowid.filter(|_| table.columns.len() < MAX_RESULT_COLUMNS);
    let (query, binds) = query(table, rowid, range)?;
    let mut is_stopped = false;
    read_rows(connection, &query, &binds, schema.encoding, &mut |row| {
        match (rowid, row) {
            (Some(_), [SourceValue::Integer(rowid), values @ ..]) => profile.observe(Some(*rowid), values),
            _ => profile.observe(None, row),
        }
        if profile.row_count % ROWS_BETWEEN_STOPS == 0 && stop() {
            is_stopped = true;
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    if is_stopped {
        return Err(unusable("reading was interrupted"));
    }
    Ok(profile)
}

fn query(
    table: &SqliteTable,
    rowid: Option<&str>,
    range: Option<(i64, i64)>,
) -> QueryResult<(String, Vec<i64>)> {
    let columns = table.columns.iter().map(|column| quote_name(&column.name));
    let selected: Vec<String> = rowid.map(str::to_owned).into_iter().chain(columns).collect();
    // Without an index, rows are read in key order; a rowid range does not need one.
    let mut query = format!("SELECT {} FROM {} NOT INDEXED", selected.join(", "), quote_name(&table.name));
    let mut binds = Vec::new();
    if let Some((first, last)) = range {
        let rowid = table.rowid.ok_or_else(|| unusable("a table without a rowid cannot be read by rowid"))?;
        query.push_str(&format!(" WHERE {rowid} BETWEEN ? AND ?"));
        binds.extend([first, last]);
    }
    Ok((query, binds))
}

fn unusable(reason: &str) -> Error {
    Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(reason.to_owned()))
}
