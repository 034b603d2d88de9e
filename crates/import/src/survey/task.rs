//! Divides the reading of a source into tasks.

use std::collections::VecDeque;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::error::SurveyError;
use crate::schema::{Schema, SqliteTable};
use databases::failure::Failure;
use databases::name::quote_name;

/// A task for one connection: the index of the table in the schema, and what to read.
#[derive(Clone, Copy)]
pub(super) struct SurveyTask {
    pub(super) table: usize,
    pub(super) kind: TaskKind,
}

#[derive(Clone, Copy)]
pub(super) enum TaskKind {
    /// The values of all rows, or of those with these rowids.
    Values(Option<(i64, i64)>),
    /// The orphans of foreign keys.
    Orphans,
    /// The integrity check of the file.
    Pages,
}

impl TaskKind {
    /// The maximum number of rows, from the rowids; 0 if these are not known.
    pub(super) fn most_rows(self) -> i64 {
        match self {
            Self::Values(Some((first, last))) => last.saturating_sub(first).saturating_add(1),
            Self::Values(None) | Self::Orphans | Self::Pages => 0,
        }
    }
}

#[derive(QueryableByName)]
struct RowidBounds {
    #[diesel(sql_type = Nullable<BigInt>)]
    lowest: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    highest: Option<i64>,
}

/// Tables with more rowids than this are split into parts.
const PIECE_ROWIDS: u64 = 200_000;
/// The maximum number of parts.
const MOST_PIECES: u64 = 64;

/// The tasks, those of each table in row order.
pub(super) fn tasks(
    source: &mut SqliteConnection,
    schema: &Schema,
) -> Result<VecDeque<SurveyTask>, SurveyError> {
    // The longest first.
    let mut tasks = VecDeque::from([SurveyTask { table: 0, kind: TaskKind::Pages }]);
    for (place, table) in schema.tables.iter().enumerate() {
        let bounds = table.rowid.map(|rowid| rowid_bounds(source, table, rowid)).transpose()?.flatten();
        match bounds {
            Some((lowest, highest)) => {
                let span = highest.abs_diff(lowest);
                let width = (span / MOST_PIECES).max(PIECE_ROWIDS);
                let mut first = Some(lowest);
                while let Some(from) = first {
                    let upto = from.saturating_add_unsigned(width).min(highest);
                    tasks.push_back(SurveyTask { table: place, kind: TaskKind::Values(Some((from, upto))) });
                    first = upto.checked_add(1).filter(|next| *next <= highest);
                }
            }
            None => tasks.push_back(SurveyTask { table: place, kind: TaskKind::Values(None) }),
        }
        if !table.foreign_keys.is_empty() {
            tasks.push_back(SurveyTask { table: place, kind: TaskKind::Orphans });
        }
    }
    Ok(tasks)
}

fn rowid_bounds(
    source: &mut SqliteConnection,
    table: &SqliteTable,
    rowid: &str,
) -> Result<Option<(i64, i64)>, SurveyError> {
    let name = quote_name(&table.name);
    let query = format!(
        "SELECT (SELECT min({rowid}) FROM {name} NOT INDEXED) AS lowest, (SELECT max({rowid}) FROM {name} NOT INDEXED) AS highest"
    );
    let bounds: QueryResult<RowidBounds> = diesel::sql_query(query).get_result(source);
    match bounds {
        Ok(bounds) => Ok(bounds.lowest.zip(bounds.highest)),
        // The error is reported when the rows are read.
        Err(error) if Failure::of_query(&error).is_refusal() => Ok(None),
        Err(source) => Err(SurveyError::Rows { table: table.name.clone(), source }),
    }
}
