//! Translates UPDATE and DELETE, and the clauses that INSERT has in common with them.

use sqlite3_parser::ast::{Expr, FromClause, Name, QualifiedName, ResolveType, ResultColumn, Set, With};

use super::changed_table::{ChangedTable, value};
use super::matched::by_one_row;
use crate::translate::{
    Common, Query, QueryNames, Translator, Untranslatable, column_type, from_clause, result_columns,
    unquoted, with_clause,
};
use crate::types::TargetType;

/// WITH before the change, and the tables that it names.
pub(super) fn with(query: &Query<'_>, with: Option<&With>) -> Result<(String, Vec<Common>), Untranslatable> {
    let mut commons = Vec::new();
    let sql = match with {
        Some(with) => with_clause(query, with, &mut commons, None, 1)?,
        None => String::new(),
    };
    Ok((sql, commons))
}

pub(super) fn unlimited(
    word: &str,
    or_conflict: Option<ResolveType>,
    is_limited: bool,
) -> Result<(), Untranslatable> {
    if is_limited {
        return Err(Untranslatable::construct(
            format!("{word} with ORDER BY or LIMIT"),
            "PostgreSQL does not support this clause",
        ));
    }
    match or_conflict {
        None | Some(ResolveType::Abort) => Ok(()),
        Some(_) => Err(Untranslatable::construct(
            format!("{word} OR ..."),
            "PostgreSQL supports ON CONFLICT for INSERT only",
        )),
    }
}

/// The assignments of SET.
pub(super) fn set_list(
    translator: &Translator<'_>,
    target: &ChangedTable,
    sets: &[Set],
) -> Result<String, Untranslatable> {
    let mut list = Vec::new();
    for set in sets {
        let columns: Vec<&Name> = set.col_names.iter().collect();
        let values = match (&set.expr, columns.as_slice()) {
            (value, [_]) => std::slice::from_ref(value),
            (Expr::Parenthesized(values), _) if values.len() == columns.len() => values.as_slice(),
            _ => {
                return Err(Untranslatable::construct(
                    "SET of several columns from one value",
                    "set each column separately",
                ));
            }
        };
        for (column, assigned) in columns.iter().zip(values) {
            let (name, known) = target.column(&unquoted(&column.0))?;
            list.push(format!("{name} = {}", value(translator, assigned, known)?));
        }
    }
    Ok(list.join(", "))
}

pub(super) fn update(
    query: &Query<'_>,
    commons: Vec<Common>,
    table: &QualifiedName,
    sets: &[Set],
    from: Option<&FromClause>,
    condition: Option<&Expr>,
    returned: Option<&[ResultColumn]>,
) -> Result<(String, Returned), Untranslatable> {
    let mut names = QueryNames::new(query, commons, None);
    let target = ChangedTable::new(&mut names, table)?;
    names.sources.retain(|source| source.alias == target.alias);
    let sources = from.map(|from| from_clause(&mut names, from, 1)).transpose()?;
    let translator = Translator::for_query(&names, query.like, 1);
    if let Some(from) = from {
        by_one_row(&names, &translator, &target.alias, (from, condition), sets)?;
    }
    let mut sql = format!("UPDATE {} SET {}", target.sql, set_list(&translator, &target, sets)?);
    if let Some(from) = sources {
        sql.push_str(&format!(" FROM {from}"));
    }
    if let Some(condition) = condition {
        let condition = translator.translate(condition)?;
        sql.push_str(&format!(" WHERE {}", translator.truth(&condition)?.sql));
    }
    let (returned, columns) = returning(&names, returned)?;
    sql.push_str(&returned);
    Ok((sql, columns))
}

pub(super) fn delete(
    query: &Query<'_>,
    commons: Vec<Common>,
    table: &QualifiedName,
    condition: Option<&Expr>,
    returned: Option<&[ResultColumn]>,
) -> Result<(String, Returned), Untranslatable> {
    let mut names = QueryNames::new(query, commons, None);
    let target = ChangedTable::new(&mut names, table)?;
    names.sources.retain(|source| source.alias == target.alias);
    let mut sql = format!("DELETE FROM {}", target.sql);
    if let Some(condition) = condition {
        let translator = Translator::for_query(&names, query.like, 1);
        let condition = translator.translate(condition)?;
        sql.push_str(&format!(" WHERE {}", translator.truth(&condition)?.sql));
    }
    let (returned, columns) = returning(&names, returned)?;
    sql.push_str(&returned);
    Ok((sql, columns))
}

/// The types of the columns that RETURNING returns, as far as they are known.
pub(super) type Returned = Vec<Option<TargetType>>;

/// RETURNING, without the columns of `excluded`.
pub(super) fn returning(
    names: &QueryNames<'_>,
    columns: Option<&[ResultColumn]>,
) -> Result<(String, Returned), Untranslatable> {
    let Some(columns) = columns else { return Ok((String::new(), Vec::new())) };
    let mut own = QueryNames::new(names.query, Vec::new(), None);
    own.sources = names.sources.iter().filter(|source| source.alias != "excluded").cloned().collect();
    let (list, results, _) = result_columns(&own, columns, 0)?;
    let types = results.iter().map(|(_, typed)| column_type(typed)).collect();
    Ok((format!(" RETURNING {list}"), types))
}
