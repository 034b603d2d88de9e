//! Translates INSERT OR REPLACE: SQLite deletes the rows with which a new one conflicts, and inserts the new one.

use super::conflict::Conflict;
use super::rows::NewRows;
use crate::translate::{RelationColumn, UniqueKey, Untranslatable, quote_name};

/// A statement that deletes the conflicting rows and inserts the new ones; `None` if ON CONFLICT has this meaning. It has, if
/// the table has one key, and no foreign key deletes or changes other rows with it.
pub(super) fn delete_and_insert(
    conflict: &Conflict<'_>,
    with: &str,
    rows: &NewRows<'_>,
) -> Result<Option<String>, Untranslatable> {
    let (Some(facts), None) = (conflict.target.facts(), &conflict.options.conflict_target) else {
        return Ok(None);
    };
    let keys = conflicting_keys(conflict, rows, &facts.unique)?;
    if keys.is_empty() {
        return Ok(Some(format!("{with}INSERT INTO {}{} {}", conflict.target.sql, rows.list(), rows.sql())));
    }
    if facts.unique.len() == 1 && !facts.has_actions {
        return Ok(None);
    }
    for key in &facts.unique {
        conflict.each_key_once(rows, key.columns.as_deref().unwrap_or_default())?;
    }
    let refused =
        |why| Err(Untranslatable::construct("INSERT OR REPLACE into a table with several keys", why));
    if !with.is_empty() {
        return refused("it is not supported with WITH");
    }
    let Some(query) = rows.typed_query() else {
        return refused("it is not supported with a NULL for the rowid");
    };
    let alias = quote_name(&conflict.target.alias);
    let conditions: Vec<String> = keys
        .iter()
        .map(|key| {
            let equal: Vec<String> = key
                .iter()
                .map(|column| {
                    let name = quote_name(&column.target);
                    format!("{alias}.{name} = \"new\".{name}")
                })
                .collect();
            equal.join(" AND ")
        })
        .collect();
    let condition = match conditions.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(") OR (")),
    };
    // The condition on the number of deleted rows makes PostgreSQL delete before it inserts.
    Ok(Some(format!(
        "WITH \"new\"{list} AS ({query}), \"replaced\" AS (DELETE FROM {table} USING \"new\" WHERE {condition} \
         RETURNING 1) INSERT INTO {table}{list} SELECT {names} FROM \"new\" WHERE (SELECT count(*) FROM \"replaced\") >= 0",
        list = rows.list(),
        table = conflict.target.sql,
        names = rows.names.iter().map(|name| format!("\"new\".{name}")).collect::<Vec<_>>().join(", "),
    )))
}

/// The keys whose columns all have a value in the new rows: without one they conflict with no row.
fn conflicting_keys<'a>(
    conflict: &'a Conflict<'_>,
    rows: &NewRows<'_>,
    unique: &[UniqueKey],
) -> Result<Vec<Vec<&'a RelationColumn>>, Untranslatable> {
    let mut keys = Vec::new();
    for key in unique {
        let Some(columns) = &key.columns else {
            return Err(Untranslatable::construct(
                "INSERT OR REPLACE into this table",
                "it has a unique index on an expression, with a condition or with a collation",
            ));
        };
        let mut found = Vec::new();
        for name in columns {
            let (_, column) = conflict.target.column(name)?;
            found.extend(column);
        }
        let is_given = |column: &RelationColumn| {
            rows.columns.iter().flatten().any(|given| given.source == column.source)
        };
        if found.iter().any(|column| !is_given(column) && column.has_default) {
            return Err(Untranslatable::construct(
                "INSERT OR REPLACE without a column of a key that has a default",
                "list the column",
            ));
        }
        if found.iter().all(|column| is_given(column)) {
            keys.push(found);
        }
    }
    Ok(keys)
}
