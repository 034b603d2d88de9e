//! Several ON CONFLICT clauses of one INSERT, of which PostgreSQL supports one.

use sqlite3_parser::ast::{Expr, SortedColumn, Upsert, UpsertDo};

use super::conflict::Conflict;
use super::rows::NewRows;
use crate::translate::{UniqueKey, Untranslatable, unquoted};

/// Together the clauses must do nothing at a conflict of any key.
pub(super) fn several(
    conflict: &Conflict<'_>,
    first: &Upsert,
    rows: &NewRows<'_>,
) -> Result<String, Untranslatable> {
    let mut named: Vec<Option<Vec<String>>> = Vec::new();
    let mut does_nothing = true;
    let mut next = Some(first);
    while let Some(upsert) = next {
        does_nothing &= matches!(upsert.do_clause, UpsertDo::Nothing);
        let columns = upsert.index.as_ref().map(|index| {
            let column = |term: &SortedColumn| match &term.expr {
                Expr::Id(id) if index.where_clause.is_none() => Some(unquoted(&id.0).to_ascii_lowercase()),
                _ => None,
            };
            index.targets.iter().map(column).collect::<Option<Vec<String>>>()
        });
        named.push(match columns {
            Some(Some(mut columns)) => {
                columns.sort();
                Some(columns)
            }
            // Without columns the clause is for any key.
            None => None,
            Some(None) => Some(Vec::new()),
        });
        next = upsert.next.as_deref();
    }
    let is_named = |key: &UniqueKey| {
        let Some(columns) = &key.columns else { return false };
        let mut columns: Vec<String> = columns.iter().map(|name| name.to_ascii_lowercase()).collect();
        columns.sort();
        let is_generated = matches!(columns.as_slice(), [one] if !rows.gives(one) && conflict.is_rowid(one));
        is_generated || named.contains(&Some(columns))
    };
    let is_any = named.contains(&None)
        || conflict.target.facts().is_some_and(|facts| facts.unique.iter().all(is_named));
    if does_nothing && is_any {
        return Ok(" ON CONFLICT DO NOTHING".to_owned());
    }
    Err(Untranslatable::construct(
        "several ON CONFLICT",
        "PostgreSQL supports one, for one key or for DO NOTHING at any key",
    ))
}
