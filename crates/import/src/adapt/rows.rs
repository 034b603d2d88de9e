//! The rows of INSERT: VALUES, or the results of a query, as values of the columns.

use sqlite3_parser::ast::{Expr, Literal, OneSelect, Select};

use super::changed_table::{ChangedTable, value};
use crate::ddl::type_name;
use crate::translate::{
    Common, Query, RelationColumn, Translator, Untranslatable, placed, quote_name, select,
};
use crate::types::TargetType;

/// The rows.
pub(super) struct NewRows<'a> {
    /// The names of the columns in SQL; empty for all columns of a table that is not known.
    pub(super) names: Vec<String>,
    /// The columns, if they are known.
    pub(super) columns: Vec<Option<&'a RelationColumn>>,
    /// Whether a column may be given a NULL.
    pub(super) may_be_null: Vec<bool>,
    content: Content,
}

enum Content {
    /// The values of each row in SQL.
    Values(Vec<Vec<String>>),
    Query(String),
}

impl<'a> NewRows<'a> {
    /// The rows of VALUES or SELECT for these columns.
    pub(super) fn new(
        translator: &Translator<'_>,
        query: &Query<'_>,
        commons: &[Common],
        inner: &Select,
        target: &ChangedTable,
        columns: Vec<(String, Option<&'a RelationColumn>)>,
        is_replace: bool,
    ) -> Result<Self, Untranslatable> {
        let is_plain = inner.with.is_none() && inner.order_by.is_none() && inner.limit.is_none();
        match (&inner.body.select, &inner.body.compounds) {
            (OneSelect::Values(rows), None) if is_plain => {
                values(translator, rows, target, columns, is_replace)
            }
            _ => selected(query, commons, inner, target, columns),
        }
    }

    /// The rows as they follow the list of columns.
    pub(super) fn sql(&self) -> String {
        match &self.content {
            Content::Query(sql) => sql.clone(),
            Content::Values(rows) => {
                let rows: Vec<String> = rows.iter().map(|row| format!("({})", row.join(", "))).collect();
                format!("VALUES {}", rows.join(", "))
            }
        }
    }

    /// The rows as a query whose results have the types of the columns; `None` if a value is the default of its column, or a
    /// column is not known.
    pub(super) fn typed_query(&self) -> Option<String> {
        let types: Option<Vec<String>> =
            self.columns.iter().map(|column| column.map(|column| cast_name(column.target_type))).collect();
        let types = types?;
        match &self.content {
            Content::Query(sql) => Some(sql.clone()),
            Content::Values(rows) => {
                let mut all = Vec::new();
                for row in rows {
                    if row.iter().any(|value| value == DEFAULT) {
                        return None;
                    }
                    let row: Vec<String> = row
                        .iter()
                        .zip(&types)
                        .map(|(value, type_name)| format!("CAST({value} AS {type_name})"))
                        .collect();
                    all.push(format!("({})", row.join(", ")));
                }
                Some(format!("VALUES {}", all.join(", ")))
            }
        }
    }

    /// Whether every row has a value for this column of the source.
    pub(super) fn gives(&self, name: &str) -> bool {
        let at = self.columns.iter().position(|column| column.is_some_and(|column| column.source == name));
        at.is_some_and(|at| match &self.content {
            Content::Query(_) => true,
            Content::Values(rows) => rows.iter().all(|row| row.get(at).is_some_and(|cell| cell != DEFAULT)),
        })
    }

    /// The list of the columns.
    pub(super) fn list(&self) -> String {
        if self.names.is_empty() { String::new() } else { format!(" ({})", self.names.join(", ")) }
    }
}

/// The value of a column that PostgreSQL generates.
const DEFAULT: &str = "DEFAULT";

fn values<'a>(
    translator: &Translator<'_>,
    rows: &[Vec<Expr>],
    target: &ChangedTable,
    mut columns: Vec<(String, Option<&'a RelationColumn>)>,
    is_replace: bool,
) -> Result<NewRows<'a>, Untranslatable> {
    if !columns.is_empty() && rows.iter().any(|row| row.len() != columns.len()) {
        return Err(Untranslatable::construct(
            "INSERT with another number of values than columns",
            "SQLite rejects it too",
        ));
    }
    let mut may_be_null = vec![false; columns.len()];
    let mut all = Vec::new();
    for row in rows {
        let mut cells = Vec::new();
        for (at, cell) in row.iter().enumerate() {
            let column = columns.get(at).and_then(|(_, column)| *column);
            let is_null = matches!(cell, Expr::Literal(Literal::Null));
            // REPLACE takes the default for a NULL that the column does not accept.
            let is_default = |column: &RelationColumn| {
                target.is_rowid(column) || (is_replace && column.not_null && column.has_default)
            };
            if is_null && column.is_some_and(is_default) {
                cells.push(DEFAULT.to_owned());
                continue;
            }
            let is_value = matches!(cell, Expr::Literal(literal) if *literal != Literal::Null);
            if let Some(may_be_null) = may_be_null.get_mut(at) {
                *may_be_null |= !is_value;
            }
            cells.push(value(translator, cell, column)?);
        }
        all.push(cells);
    }
    // A column that is always generated is not part of the statement.
    while let Some(at) = (0..columns.len()).find(|at| {
        columns.len() > 1 && all.iter().all(|row| row.get(*at).is_some_and(|cell| cell == DEFAULT))
    }) {
        columns.remove(at);
        may_be_null.remove(at);
        all.iter_mut().for_each(|row| {
            row.remove(at);
        });
    }
    let (names, columns) = columns.into_iter().unzip();
    Ok(NewRows { names, columns, may_be_null, content: Content::Values(all) })
}

fn selected<'a>(
    query: &Query<'_>,
    commons: &[Common],
    inner: &Select,
    target: &ChangedTable,
    columns: Vec<(String, Option<&'a RelationColumn>)>,
) -> Result<NewRows<'a>, Untranslatable> {
    let selected = select(query, inner, commons, None, 1)?;
    let may_be_null = vec![true; columns.len()];
    let (names, columns): (Vec<String>, Vec<Option<&RelationColumn>>) = columns.into_iter().unzip();
    if !selected.is_known || columns.is_empty() || columns.iter().any(Option::is_none) {
        return Ok(NewRows { names, columns, may_be_null, content: Content::Query(selected.sql) });
    }
    if selected.columns.len() != columns.len() {
        return Err(Untranslatable::construct(
            "INSERT with another number of values than columns",
            "SQLite rejects it too",
        ));
    }
    let mut list = Vec::new();
    let mut positions = Vec::new();
    let mut is_same = true;
    for (at, ((_, typed), column)) in selected.columns.iter().zip(&columns).enumerate() {
        let Some(column) = column else { continue };
        if target.is_rowid(column) {
            query.notes.add(format!(
                "a NULL in `{}` is an error in PostgreSQL, and a new key in SQLite",
                column.source
            ));
        }
        let position = quote_name(&format!("c{}", at + 1));
        let result = typed.as_result(&position);
        let assigned = placed(&result, column.target_type)?;
        is_same &= assigned == position;
        list.push(format!("CAST({assigned} AS {})", cast_name(column.target_type)));
        positions.push(position);
    }
    let sql = if is_same {
        selected.sql
    } else {
        format!(
            "SELECT {} FROM ({}) AS \"selected\" ({})",
            list.join(", "),
            selected.sql,
            positions.join(", ")
        )
    };
    Ok(NewRows { names, columns, may_be_null, content: Content::Query(sql) })
}

/// The type of a cast to a column: without its length, to which a cast cuts silently; an INSERT of a longer text fails.
fn cast_name(target: TargetType) -> String {
    match target {
        TargetType::Varchar(_) | TargetType::Char(_) => "varchar".to_owned(),
        TargetType::Numeric { .. } => "numeric".to_owned(),
        other => type_name(other),
    }
}
