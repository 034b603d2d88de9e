//! Finds keys whose values differ in SQLite only by their storage class, and are equal in the type of their column.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::error::SurveyError;
use crate::conversion::{ColumnConversion, Conversion, TableConversion};
use crate::finding::ImportFinding;
use crate::rules::ddl as rules;
use crate::schema::{IndexOn, Schema, SqliteTable, is_known_collation};
use crate::types::TargetType;
use databases::failure::Failure;
use databases::name::quote_name;

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    collision_count: i64,
}

/// A finding for each key that PostgreSQL cannot have.
pub(super) fn find(
    source: &mut SqliteConnection,
    schema: &Schema,
    conversion: &Conversion,
) -> Result<Vec<ImportFinding>, SurveyError> {
    let mut findings = Vec::new();
    for converted in &conversion.tables {
        let Some(table) = schema.tables.iter().find(|table| table.name == converted.source) else { continue };
        for (label, columns) in keys(table) {
            let Some(query) = query(table, converted, &columns) else { continue };
            let found: CountRow = match diesel::sql_query(query).get_result(source) {
                Ok(found) => found,
                // The table was reported as one that cannot be read.
                Err(error) if Failure::of_query(&error).is_refusal() => continue,
                Err(source) => return Err(SurveyError::Rows { table: table.name.clone(), source }),
            };
            if found.collision_count > 0 {
                let text = format!(
                    "{} values of the key would be equal to another one in PostgreSQL",
                    found.collision_count
                );
                let finding = ImportFinding::new(&rules::KEY_COLLIDES, Some(&table.name), Some(&label), text);
                findings.push(finding.with_rows(found.collision_count, Vec::new()));
            }
        }
    }
    Ok(findings)
}

/// The keys of a table, by name and columns.
fn keys(table: &SqliteTable) -> Vec<(String, Vec<&str>)> {
    let mut keys = Vec::new();
    if let Some(key) = table.primary_key.as_ref().filter(|key| !key.is_rowid) {
        let label = key.name.clone().unwrap_or_else(|| "PRIMARY KEY".to_owned());
        keys.push((label, key.columns.iter().map(|column| column.name.as_str()).collect()));
    }
    for unique in &table.uniques {
        let columns: Vec<&str> = unique.columns.iter().map(|column| column.name.as_str()).collect();
        let label = unique.name.clone().unwrap_or_else(|| format!("UNIQUE ({})", columns.join(", ")));
        keys.push((label, columns));
    }
    for index in table.indexes.iter().filter(|index| index.is_unique && index.predicate.is_none()) {
        let columns = index.terms.iter().map(|term| match &term.on {
            IndexOn::Column(name) => Some(name.as_str()),
            IndexOn::Expression(_) => None,
        });
        let columns: Option<Vec<&str>> = columns.collect();
        keys.extend(columns.map(|columns| (index.name.clone(), columns)));
    }
    keys
}

/// Counts the values that are equal to another one in the target; `None` if the types cannot make any equal.
fn query(table: &SqliteTable, converted: &TableConversion, columns: &[&str]) -> Option<String> {
    let mut terms = Vec::new();
    let mut conditions = Vec::new();
    let mut is_mixed = false;
    for name in columns {
        let own = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))?;
        let target = converted.columns.iter().find(|column| column.source.eq_ignore_ascii_case(name))?;
        let column = quote_name(&own.name);
        // The rejected rows have no part in it.
        let (term, rejected) = in_target(&column, target);
        // A collation that the application defines must not be called.
        let by_bytes = if is_known_collation(&own.collation) { "" } else { " COLLATE BINARY" };
        is_mixed |= target.is_mixed;
        conditions.push(format!("{column} IS NOT NULL{rejected}"));
        terms.push(format!("{term}{by_bytes}"));
    }
    is_mixed.then(|| {
        format!(
            "SELECT coalesce(sum(number) - count(*), 0) AS collision_count FROM (SELECT count(*) AS number FROM {} \
             NOT INDEXED WHERE {} GROUP BY {} HAVING count(*) > 1)",
            quote_name(&table.name),
            conditions.join(" AND "),
            terms.join(", ")
        )
    })
}

/// A column with the equality of its type in the target, and the condition that excludes values that are rejected.
fn in_target(column: &str, target: &ColumnConversion) -> (String, String) {
    if !target.is_mixed {
        return (column.to_owned(), String::new());
    }
    match target.target_type {
        TargetType::Text | TargetType::Varchar(_) | TargetType::Char(_) | TargetType::Citext => {
            (format!("CAST({column} AS TEXT)"), format!(" AND typeof({column}) <> 'blob'"))
        }
        TargetType::Bytea => {
            (format!("CAST({column} AS BLOB)"), format!(" AND typeof({column}) NOT IN ('integer', 'real')"))
        }
        _ => (column.to_owned(), String::new()),
    }
}
