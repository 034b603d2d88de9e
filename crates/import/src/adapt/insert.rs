//! Translates INSERT.

use sqlite3_parser::ast::{DistinctNames, InsertBody, QualifiedName, ResolveType, ResultColumn};

use super::changed_table::ChangedTable;
use super::conflict::Conflict;
use super::options::AdaptOptions;
use super::replace;
use super::rows::NewRows;
use super::write::{Returned, returning};
use crate::translate::{
    Common, Query, QueryNames, RelationColumn, Translator, Untranslatable, quote_name, unquoted,
};

pub(super) struct Insert<'a> {
    pub(super) or_conflict: Option<ResolveType>,
    pub(super) table: &'a QualifiedName,
    pub(super) columns: Option<&'a DistinctNames>,
    pub(super) body: &'a InsertBody,
    pub(super) returning: Option<&'a [ResultColumn]>,
}

/// A translated INSERT.
pub(super) struct Inserted {
    pub(super) sql: String,
    pub(super) returned: Returned,
    /// The rowid, if the database generates it.
    pub(super) generated: Option<String>,
}

/// INSERT; `with` is WITH before it, whose tables are `commons`.
pub(super) fn insert(
    query: &Query<'_>,
    options: &AdaptOptions<'_>,
    with: &str,
    commons: Vec<Common>,
    insert: &Insert<'_>,
) -> Result<Inserted, Untranslatable> {
    let mut names = QueryNames::new(query, commons.clone(), None);
    let target = ChangedTable::new(&mut names, insert.table)?;
    names.own_table = Some(target.alias.clone());
    let translator = Translator::for_query(&names, query.like, 1);
    let (returned, types) = returning(&names, insert.returning)?;
    let conflict =
        Conflict { translator: &translator, query, options, target: &target, columns: insert.columns };
    let (inner, upsert) = match insert.body {
        InsertBody::DefaultValues => {
            if matches!(insert.or_conflict, Some(ResolveType::Replace | ResolveType::Ignore)) {
                return Err(Untranslatable::construct("INSERT OR ... DEFAULT VALUES", "it is not supported"));
            }
            let sql = format!("{with}INSERT INTO {} DEFAULT VALUES{returned}", target.sql);
            let generated = target.facts().and_then(|facts| facts.rowid.clone());
            return Ok(Inserted { sql, returned: types, generated });
        }
        InsertBody::Select(inner, upsert) => (inner, upsert.as_deref()),
    };
    let columns = inserted_columns(insert, &target)?;
    let is_replace = insert.or_conflict == Some(ResolveType::Replace);
    let rows = NewRows::new(&translator, query, &commons, inner, &target, columns, is_replace)?;
    let rowid = target.facts().and_then(|facts| facts.rowid.clone());
    if let Some(rowid) = rowid.as_deref().filter(|rowid| rows.gives(rowid)) {
        query.notes.add(format!("a value for `{rowid}` does not advance its sequence in PostgreSQL; in SQLite the next key is greater"));
    }
    let generated = rowid.filter(|rowid| !rows.gives(rowid));
    if is_replace
        && upsert.is_none()
        && let Some(sql) = replace::delete_and_insert(&conflict, with, &rows)?
    {
        return Ok(Inserted { sql: sql + &returned, returned: types, generated });
    }
    let clause = conflict.clause(insert.or_conflict, upsert, &rows)?;
    let content = match insert.or_conflict {
        Some(ResolveType::Ignore) => conflict.without_refused(&rows)?,
        _ => rows.sql(),
    };
    let sql = format!("{with}INSERT INTO {}{} {content}{clause}{returned}", target.sql, rows.list());
    Ok(Inserted { sql, returned: types, generated })
}

/// The columns that INSERT names, or else those of the table; empty if they are not known.
fn inserted_columns<'a>(
    insert: &Insert<'_>,
    target: &'a ChangedTable,
) -> Result<Vec<(String, Option<&'a RelationColumn>)>, Untranslatable> {
    match (insert.columns, target.columns()) {
        (Some(named), _) => named.iter().map(|name| target.column(&unquoted(&name.0))).collect(),
        (None, Some(_)) if target.known.as_ref().is_some_and(|relation| relation.is_partial) => {
            Err(Untranslatable::construct(
                "INSERT without a list of columns",
                "a column of the source is not in the target",
            ))
        }
        // The column order is that of the source, which may differ from that of the target.
        (None, Some(known)) => Ok(known
            .iter()
            .filter(|column| !column.is_generated)
            .map(|column| (quote_name(&column.target), Some(column)))
            .collect()),
        (None, None) => Ok(Vec::new()),
    }
}
