//! Translates INSERT.

use sqlite3_parser::ast::{
    DistinctNames, Expr, InsertBody, OneSelect, QualifiedName, ResolveType, ResultColumn, Select,
};

use super::changed_table::{ChangedTable, value};
use super::conflict::Conflict;
use super::options::AdaptOptions;
use super::write::returning;
use crate::translate::{Query, QueryNames, Translator, Untranslatable, placed, quote_name, select, unquoted};
use crate::types::TargetType;

pub(super) struct Insert<'a> {
    pub(super) or_conflict: Option<ResolveType>,
    pub(super) table: &'a QualifiedName,
    pub(super) columns: Option<&'a DistinctNames>,
    pub(super) body: &'a InsertBody,
    pub(super) returning: Option<&'a [ResultColumn]>,
}

pub(super) fn insert(
    query: &Query<'_>,
    options: &AdaptOptions<'_>,
    insert: &Insert<'_>,
) -> Result<String, Untranslatable> {
    let mut names = QueryNames::new(query, Vec::new(), None);
    let target = ChangedTable::new(&mut names, insert.table)?;
    let translator = Translator::for_query(&names, query.like, 1);
    let columns = inserted_columns(insert, &target)?;
    let mut sql = format!("INSERT INTO {}", target.sql);
    let upsert = match insert.body {
        InsertBody::DefaultValues => {
            sql.push_str(" DEFAULT VALUES");
            None
        }
        InsertBody::Select(inner, upsert) => {
            if !columns.is_empty() {
                let list: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
                sql.push_str(&format!(" ({})", list.join(", ")));
            }
            sql.push(' ');
            sql.push_str(&inserted_rows(&translator, query, inner, &columns)?);
            upsert.as_deref()
        }
    };
    let conflict = Conflict { translator: &translator, options, target: &target, columns: insert.columns };
    sql.push_str(&conflict.clause(insert.or_conflict, upsert)?);
    sql.push_str(&returning(&names, insert.returning)?);
    Ok(sql)
}

/// A column of INSERT in SQL, and its type if known.
type InsertedColumn = (String, Option<TargetType>);

/// The columns that INSERT names, or else those of the table; empty if they are not known.
fn inserted_columns(
    insert: &Insert<'_>,
    target: &ChangedTable,
) -> Result<Vec<InsertedColumn>, Untranslatable> {
    match (insert.columns, &target.columns) {
        (Some(named), _) => named.iter().map(|name| target.column(&unquoted(&name.0))).collect(),
        // The column order is that of the source, which may differ from that of the target.
        (None, Some(known)) => {
            Ok(known.iter().map(|(_, name, target_type)| (quote_name(name), Some(*target_type))).collect())
        }
        (None, None) => Ok(Vec::new()),
    }
}

/// VALUES or SELECT.
fn inserted_rows(
    translator: &Translator<'_>,
    query: &Query<'_>,
    inner: &Select,
    columns: &[InsertedColumn],
) -> Result<String, Untranslatable> {
    let is_plain = inner.with.is_none() && inner.order_by.is_none() && inner.limit.is_none();
    match (&inner.body.select, &inner.body.compounds) {
        (OneSelect::Values(rows), None) if is_plain => values(translator, rows, columns),
        _ => selected_rows(query, inner, columns),
    }
}

fn values(
    translator: &Translator<'_>,
    rows: &[Vec<Expr>],
    columns: &[InsertedColumn],
) -> Result<String, Untranslatable> {
    let mut all = Vec::new();
    for row in rows {
        let mut cells = Vec::new();
        for (at, cell) in row.iter().enumerate() {
            let target_type = columns.get(at).and_then(|(_, target_type)| *target_type);
            cells.push(value(translator, cell, target_type)?);
        }
        all.push(format!("({})", cells.join(", ")));
    }
    Ok(format!("VALUES {}", all.join(", ")))
}

fn selected_rows(
    query: &Query<'_>,
    inner: &Select,
    columns: &[InsertedColumn],
) -> Result<String, Untranslatable> {
    let selected = select(query, inner, &[], None, 1)?;
    for ((_, typed), (_, target_type)) in selected.columns.iter().zip(columns) {
        let (true, Some(target_type)) = (selected.is_known, target_type) else { continue };
        if placed(typed, *target_type)? != typed.sql {
            return Err(Untranslatable::construct(
                "INSERT of a SELECT with other types",
                "cast its results to the column types",
            ));
        }
    }
    Ok(selected.sql)
}
