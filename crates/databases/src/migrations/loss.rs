//! What a revert would delete.

use std::fmt;

use diesel::sql_types::{Nullable, Text};
use diesel::{QueryResult, QueryableByName};

use super::connection::MigrationConnection;
use super::down::Deletion;
use super::{Migration, MigrationError, ledger};

/// Rows or values that a revert would delete.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Loss {
    /// The table.
    pub table: &'static str,
    /// The column whose values would be deleted; `None`: whole rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<&'static str>,
    /// The number of rows.
    pub row_count: i64,
}

impl fmt::Display for Loss {
    /// The object: `bills`, or `bills.currency`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "{}.{column}", self.table),
            None => f.write_str(self.table),
        }
    }
}

/// A column with its default as SQL.
#[derive(QueryableByName)]
struct DefaultRow {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

/// What reverting these migrations deletes.
pub(super) fn losses(
    connection: &mut impl MigrationConnection,
    steps: &[&'static Migration],
) -> Result<Vec<Loss>, MigrationError> {
    let deletions: Vec<Deletion> = steps.iter().flat_map(|migration| migration.deletions()).collect();
    let mut losses = Vec::new();
    for deletion in &deletions {
        let (table, column) = match *deletion {
            Deletion::Table(table) => (table, None),
            // What is deleted with the table is counted with it.
            Deletion::Rows { table, .. } | Deletion::Column { table, .. }
                if deletions.contains(&Deletion::Table(table)) =>
            {
                continue;
            }
            Deletion::Rows { table, .. } => (table, None),
            Deletion::Column { table, column } => (table, Some(column)),
        };
        let row_count =
            count(connection, *deletion).map_err(|source| MigrationError::Count { table, source })?;
        if row_count > 0 {
            losses.push(Loss { table, column, row_count });
        }
    }
    Ok(losses)
}

/// The number of rows that are deleted or lose a value. A value that equals the default of its column is no loss.
fn count(connection: &mut impl MigrationConnection, deletion: Deletion) -> QueryResult<i64> {
    match deletion {
        Deletion::Table(table) => ledger::count_rows(connection, table, "true"),
        Deletion::Rows { table, condition } => ledger::count_rows(connection, table, condition),
        Deletion::Column { table, column } => {
            let query = connection.default_query(table, column);
            let columns: Vec<DefaultRow> = connection.rows(&query)?;
            match columns.first().map(|column| column.value.as_deref()) {
                None => Ok(0),
                Some(None) => ledger::count_rows(connection, table, &format!("\"{column}\" IS NOT NULL")),
                Some(Some(default)) => {
                    ledger::count_rows(connection, table, &format!("\"{column}\" <> ({default})"))
                }
            }
        }
    }
}
