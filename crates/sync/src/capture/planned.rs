//! The statements for one table.

use databases::name::quote_name;
use diesel::prelude::*;
use diesel::sql_types::Text;
use import::schema::{Schema, SqliteTable};

use super::application::changes_rows_before;
use super::captured::{CaptureKind, CapturedTable};
use super::error::{Blocker, CaptureError, doing};
use super::{images, key, keyed, skipped, sql, unique};

/// SQLite's limit of columns of a table ("Limits In SQLite", 2), less those of the log's own.
const MAX_COLUMNS: usize = 2_000 - 4;

/// The plan of one table.
pub(super) struct PlannedTable {
    pub table: CapturedTable,
    pub statements: Vec<String>,
    pub blockers: Vec<Blocker>,
}

/// Plans one table; its statements are in order.
pub(super) fn planned(
    connection: &mut SqliteConnection,
    schema: &Schema,
    table: &SqliteTable,
    number: i64,
    is_followed: bool,
) -> Result<PlannedTable, CaptureError> {
    let of_kind = |kind| CapturedTable { number, name: table.name.clone(), kind };
    if !is_followed {
        let statements = skipped::triggers(&table.name, number);
        return Ok(PlannedTable { table: of_kind(CaptureKind::Skipped), statements, blockers: Vec::new() });
    }
    let kind = key::choose(connection, table)?;
    let (collisions, mut blockers) = unique::collisions(table, &kind);
    blockers.extend(unread_indexes(connection, table)?);
    if kind.columns().len() > MAX_COLUMNS {
        let reason = format!("more than {MAX_COLUMNS} columns have to be logged");
        blockers.push(Blocker { table: table.name.clone(), index: None, reason });
    }
    let is_marked = is_referenced(schema, table) || changes_rows_before(schema, table);
    let statements = match &kind {
        CaptureKind::Keyed { columns } => keyed::triggers(table, number, columns, &collisions),
        CaptureKind::Images { columns } => {
            let mut statements = vec![sql::create_images(number, columns.len())];
            statements.extend(images::triggers(table, number, columns, &collisions, is_marked));
            statements
        }
        CaptureKind::Skipped => Vec::new(),
    };
    Ok(PlannedTable { table: of_kind(kind), statements, blockers })
}

fn is_referenced(schema: &Schema, table: &SqliteTable) -> bool {
    let mut keys = schema.tables.iter().flat_map(|child| &child.foreign_keys);
    keys.any(|key| key.parent_table.eq_ignore_ascii_case(&table.name))
}

#[derive(QueryableByName)]
struct IndexName {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Unique indexes whose statement could not be read.
fn unread_indexes(
    connection: &mut SqliteConnection,
    table: &SqliteTable,
) -> Result<Vec<Blocker>, CaptureError> {
    let rows: Vec<IndexName> = diesel::sql_query(
        "SELECT name FROM pragma_index_list(?, 'main') WHERE origin = 'c' AND \"unique\" <> 0",
    )
    .bind::<Text, _>(&table.name)
    .load(connection)
    .map_err(doing(format!("read the indexes of {}", quote_name(&table.name))))?;
    let is_read = |name: &str| table.indexes.iter().any(|index| index.name == name);
    Ok(rows
        .into_iter()
        .filter(|row| !is_read(&row.name))
        .map(|row| Blocker {
            table: table.name.clone(),
            index: Some(row.name),
            reason: "its statement cannot be read".to_owned(),
        })
        .collect())
}
