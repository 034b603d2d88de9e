//! The choice of a table's key.

use databases::name::quote_name;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use import::schema::{IndexOn, KeyColumn, SqliteTable, is_known_collation};

use super::captured::CaptureKind;
use super::error::{CaptureError, doing};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// The key of the table, or its images.
///
/// The key is the INTEGER PRIMARY KEY; else the primary key; else a unique index of whole columns, without a condition,
/// first one of NOT NULL columns; in each case only if no stored key contains NULL. It is never the rowid alone, which
/// VACUUM changes (SQLite manual, "VACUUM").
pub(super) fn choose(
    connection: &mut SqliteConnection,
    table: &SqliteTable,
) -> Result<CaptureKind, CaptureError> {
    for columns in candidates(table) {
        let nullable: Vec<&String> = columns.iter().filter(|column| is_nullable(table, column)).collect();
        if nullable.is_empty() || !has_null(connection, table, &nullable)? {
            return Ok(CaptureKind::Keyed { columns });
        }
    }
    let columns = table.columns.iter().map(|column| column.name.clone()).collect();
    Ok(CaptureKind::Images { columns })
}

fn candidates(table: &SqliteTable) -> Vec<Vec<String>> {
    let mut candidates = Vec::new();
    candidates.extend(table.primary_key.as_ref().and_then(|key| names(table, &key.columns)));
    let mut uniques: Vec<Vec<String>> =
        table.uniques.iter().filter_map(|unique| names(table, &unique.columns)).collect();
    for index in table.indexes.iter().filter(|index| index.is_unique && index.predicate.is_none()) {
        let columns: Option<Vec<KeyColumn>> = index.terms.iter().map(as_column).collect();
        uniques.extend(columns.and_then(|columns| names(table, &columns)));
    }
    uniques.sort_by_key(|columns| columns.iter().any(|column| is_nullable(table, column)));
    candidates.extend(uniques);
    candidates
}

fn as_column(term: &import::schema::IndexTerm) -> Option<KeyColumn> {
    let IndexOn::Column(name) = &term.on else { return None };
    Some(KeyColumn {
        name: name.clone(),
        collation: term.collation.clone(),
        is_descending: term.is_descending,
    })
}

/// The columns, each once; `None` if they are not all columns of the table, or are compared by a collation of the
/// application.
fn names(table: &SqliteTable, key: &[KeyColumn]) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for column in key {
        let own = table.columns.iter().find(|own| own.name.eq_ignore_ascii_case(&column.name))?;
        if !is_known_collation(&column.collation) || !is_known_collation(&own.collation) {
            return None;
        }
        if !names.contains(&own.name) {
            names.push(own.name.clone());
        }
    }
    Some(names)
}

/// Whether a key can contain NULL in this column: SQLite permits it in a PRIMARY KEY ("CREATE TABLE", 3.5).
fn is_nullable(table: &SqliteTable, name: &str) -> bool {
    !table.columns.iter().any(|column| column.name == name && column.not_null)
}

fn has_null(
    connection: &mut SqliteConnection,
    table: &SqliteTable,
    columns: &[&String],
) -> Result<bool, CaptureError> {
    for column in columns {
        let query = format!(
            "SELECT EXISTS (SELECT 1 FROM main.{} AS x WHERE x.{} IS NULL) AS found",
            quote_name(&table.name),
            quote_name(column)
        );
        let count: Count = diesel::sql_query(query)
            .get_result(connection)
            .map_err(doing(format!("search `{}` for NULL in `{column}`", table.name)))?;
        if count.found != 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
