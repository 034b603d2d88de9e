//! The rows of INSERT: VALUES, or the results of a query, as values of the columns.

use sqlite3_parser::ast::{Expr, Literal, OneSelect, Select, UnaryOperator};

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
    pub(super) content: Content,
}

/// Where the rows come from.
pub(super) enum Content {
    /// The values of each row.
    Values(Vec<Vec<Cell>>),
    /// A query: as it is, with results of the types of the columns if they are known, and the positions of the results of
    /// which each list identifies a row, if that is known.
    Query { sql: String, typed: String, unique: Option<Vec<Vec<usize>>> },
}

/// A value of VALUES in SQL.
#[derive(Clone)]
pub(super) struct Cell {
    pub(super) sql: String,
    pub(super) kind: CellKind,
}

/// What is known of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    /// A literal: equal values have equal SQL.
    Literal,
    /// NULL.
    Null,
    /// The default, which the database generates for the rowid.
    Default,
    /// It is computed, or a placeholder.
    Computed,
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
            Content::Query { sql, .. } => sql.clone(),
            Content::Values(rows) => {
                let row =
                    |row: &Vec<Cell>| row.iter().map(|cell| cell.sql.as_str()).collect::<Vec<_>>().join(", ");
                let rows: Vec<String> = rows.iter().map(|cells| format!("({})", row(cells))).collect();
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
            Content::Query { typed, .. } => Some(typed.clone()),
            Content::Values(rows) => {
                let mut all = Vec::new();
                for row in rows {
                    if row.iter().any(|cell| cell.kind == CellKind::Default) {
                        return None;
                    }
                    let row: Vec<String> = row
                        .iter()
                        .zip(&types)
                        .map(|(cell, type_name)| format!("CAST({} AS {type_name})", cell.sql))
                        .collect();
                    all.push(format!("({})", row.join(", ")));
                }
                Some(format!("VALUES {}", all.join(", ")))
            }
        }
    }

    /// Whether every row has a value for this column of the source.
    pub(super) fn gives(&self, name: &str) -> bool {
        let at = self
            .columns
            .iter()
            .position(|column| column.is_some_and(|column| column.source.eq_ignore_ascii_case(name)));
        at.is_some_and(|at| match &self.content {
            Content::Query { .. } => true,
            Content::Values(rows) => {
                rows.iter().all(|row| row.get(at).is_some_and(|cell| cell.kind != CellKind::Default))
            }
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
                cells.push(Cell { sql: DEFAULT.to_owned(), kind: CellKind::Default });
                continue;
            }
            let is_value = matches!(cell, Expr::Literal(literal) if *literal != Literal::Null);
            if let Some(may_be_null) = may_be_null.get_mut(at) {
                *may_be_null |= !is_value;
            }
            let kind = match is_null {
                true => CellKind::Null,
                false if is_value || is_negative(cell) => CellKind::Literal,
                false => CellKind::Computed,
            };
            cells.push(Cell { sql: value(translator, cell, column)?, kind });
        }
        all.push(cells);
    }
    // A column that is always generated is not part of the statement.
    while let Some(at) = (0..columns.len()).find(|at| {
        let is_default = |row: &Vec<Cell>| row.get(*at).is_some_and(|cell| cell.kind == CellKind::Default);
        columns.len() > 1 && all.iter().all(is_default)
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

fn is_negative(cell: &Expr) -> bool {
    matches!(cell, Expr::Unary(UnaryOperator::Negative, operand) if matches!(**operand, Expr::Literal(Literal::Numeric(_))))
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
        let (sql, typed) = (selected.sql.clone(), selected.sql);
        return Ok(NewRows {
            names,
            columns,
            may_be_null,
            content: Content::Query { sql, typed, unique: None },
        });
    }
    if selected.columns.len() != columns.len() {
        return Err(Untranslatable::construct(
            "INSERT with another number of values than columns",
            "SQLite rejects it too",
        ));
    }
    // SQLite generates a key for a NULL.
    let is_generated = |at: usize| {
        let column = columns.get(at).copied().flatten();
        columns.len() > 1
            && column.is_some_and(|column| target.is_rowid(column))
            && selected.columns.get(at).is_some_and(|(_, typed)| typed.is_null())
    };
    let generated = (0..columns.len()).find(|at| is_generated(*at));
    if let ([Some(column)], [(_, typed)]) = (columns.as_slice(), selected.columns.as_slice())
        && target.is_rowid(column)
        && typed.is_null()
    {
        return Err(Untranslatable::construct(
            "INSERT of rows with a NULL for the rowid alone",
            "PostgreSQL requires another column beside the generated key",
        ));
    }
    let mut list = Vec::new();
    let mut positions = Vec::new();
    let mut is_same = generated.is_none();
    for (at, ((_, typed), column)) in selected.columns.iter().zip(&columns).enumerate() {
        let Some(column) = column else { continue };
        if generated == Some(at) {
            positions.push(quote_name(&format!("c{}", at + 1)));
            continue;
        }
        if target.is_rowid(column) && !selected.is_key(at) {
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
    let typed = format!(
        "SELECT {} FROM ({}) AS \"selected\" ({})",
        list.join(", "),
        selected.sql,
        positions.join(", ")
    );
    let sql = if is_same { selected.sql } else { typed.clone() };
    let mut new =
        NewRows { names, columns, may_be_null, content: Content::Query { sql, typed, unique: None } };
    let mut unique = selected.unique;
    if let Some(generated) = generated {
        new.names.remove(generated);
        new.columns.remove(generated);
        new.may_be_null.remove(generated);
        unique.retain(|key| !key.contains(&generated));
        unique.iter_mut().flatten().for_each(|at| *at -= usize::from(*at > generated));
    }
    if let Content::Query { unique: known, .. } = &mut new.content {
        *known = Some(unique);
    }
    Ok(new)
}

/// The type of a cast to a column: without its length, to which a cast cuts silently; an INSERT of a longer text fails.
fn cast_name(target: TargetType) -> String {
    match target {
        TargetType::Varchar(_) | TargetType::Char(_) => "varchar".to_owned(),
        TargetType::Numeric { .. } => "numeric".to_owned(),
        other => type_name(other),
    }
}
