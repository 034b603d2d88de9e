//! SELECT: result columns, WHERE, GROUP BY, compound queries, common table expressions, ORDER BY and LIMIT.

use sqlite3_parser::ast::{
    Distinctness, Expr, Limit, Literal, Materialized, OneSelect, ResultColumn, Select, SortedColumn, With,
};

use super::aggregate;
use super::compound::{Compound, compound};
use super::error::Untranslatable;
use super::group;
use super::identified;
use super::order::distinct_by_bytes;
use super::query::{Common, Query, QueryNames};
use super::quoting::{quote_name, unquoted};
use super::recursive::recursive;
use super::result::result_columns;
use super::sorted::{around, order_by};
use super::source::from_clause;
use super::translator::{DEEPEST, Translator};
use super::typed::{Collating, Detail, Family, Nature, Typed};

/// A translated query.
pub(crate) struct Selected {
    pub(crate) sql: String,
    /// The names of its result columns; empty for an unnamed one.
    pub(crate) columns: Vec<(String, Typed)>,
    /// Whether the list is complete.
    pub(crate) is_known: bool,
    /// The positions of the columns of which each list identifies a row; an empty list, if there is one row at most.
    pub(crate) unique: Vec<Vec<usize>>,
}

impl Selected {
    /// Whether a result is the rowid of a table, which is never NULL.
    pub(crate) fn is_key(&self, at: usize) -> bool {
        self.unique.contains(&vec![at]) && self.columns.get(at).is_some_and(|(_, typed)| typed.is_column())
    }

    /// The same query with the collations by which ORDER BY sorts its results.
    fn in_order_of(&self, collations: &[Collating]) -> Self {
        let columns = self.columns.iter().zip(collations).map(|((name, typed), collating)| {
            (name.clone(), Typed { collating: *collating, ..typed.clone() })
        });
        Self {
            sql: self.sql.clone(),
            columns: columns.collect(),
            is_known: self.is_known,
            unique: Vec::new(),
        }
    }
}

/// A SELECT with all its clauses.
pub(crate) fn select(
    query: &Query<'_>,
    select: &Select,
    commons: &[Common],
    outer: Option<&QueryNames<'_>>,
    depth: usize,
) -> Result<Selected, Untranslatable> {
    if depth >= DEEPEST {
        return Err(Untranslatable::TooDeep { limit: DEEPEST });
    }
    let mut commons = commons.to_vec();
    let with = match &select.with {
        Some(with) => with_clause(query, with, &mut commons, outer, depth)?,
        None => String::new(),
    };
    let order = select.order_by.as_deref().unwrap_or_default();
    let mut selected = if select.body.compounds.iter().flatten().next().is_none() {
        core(query, &select.body.select, order, &commons, outer, depth)?
    } else {
        let Compound { mut all, collations } = compound(query, &select.body, &commons, outer, depth)?;
        if !order.is_empty() {
            all.sql = around(query, &all.in_order_of(&collations), order, None)?;
        }
        all
    };
    if let Some(limit) = &select.limit {
        let names = QueryNames::new(query, commons, outer);
        selected.sql.push_str(&limit_clause(&names, limit, depth)?);
        if matches!(&limit.expr, Expr::Literal(Literal::Numeric(count)) if matches!(count.as_ref(), "0" | "1"))
        {
            selected.unique = vec![Vec::new()];
        }
    }
    selected.sql.insert_str(0, &with);
    Ok(selected)
}

/// WITH, whose tables are added to `commons`.
pub(crate) fn with_clause(
    query: &Query<'_>,
    with: &With,
    commons: &mut Vec<Common>,
    outer: Option<&QueryNames<'_>>,
    depth: usize,
) -> Result<String, Untranslatable> {
    let mut parts = Vec::new();
    let mut has_recursive = false;
    for common in &with.ctes {
        let name = unquoted(&common.tbl_name.0);
        let given: Option<Vec<String>> = common
            .columns
            .as_ref()
            .map(|columns| columns.iter().map(|column| unquoted(&column.col_name.0)).collect());
        let inner = &common.select;
        let is_own = |common: &Common| common.name.eq_ignore_ascii_case(&name);
        let mut is_recursive = group::reads(inner, &name) && !commons.iter().any(is_own);
        // Without the word it may be a table.
        if !with.recursive && query.relations.is_some_and(|relations| relations.relation(&name).is_some()) {
            is_recursive = false;
        }
        let selected = if is_recursive {
            let (sql, columns) = recursive(query, inner, &name, given.as_deref(), commons, outer, depth)?;
            has_recursive = true;
            Selected { sql, columns, is_known: true, unique: Vec::new() }
        } else {
            select(query, inner, commons, outer, depth + 1)?
        };
        if !selected.is_known {
            return Err(Untranslatable::construct("WITH", "the columns of its tables are not known"));
        }
        let columns = match &given {
            Some(given) if given.len() == selected.columns.len() => {
                given.iter().cloned().zip(selected.columns.into_iter().map(|(_, typed)| typed)).collect()
            }
            Some(_) => return Err(Untranslatable::construct("WITH", "its number of columns differs")),
            None => selected.columns,
        };
        if columns.iter().any(|(name, _): &(String, Typed)| name.is_empty()) {
            return Err(Untranslatable::construct(
                "a result without a name",
                "PostgreSQL would use another name",
            ));
        }
        let list: Vec<String> = columns.iter().map(|(name, _)| quote_name(name)).collect();
        let hint = match common.materialized {
            Materialized::Any => "",
            Materialized::Yes => "MATERIALIZED ",
            Materialized::No => "NOT MATERIALIZED ",
        };
        parts.push(format!("{} ({}) AS {hint}({})", quote_name(&name), list.join(", "), selected.sql));
        commons.push(Common { name, columns, unique: selected.unique });
    }
    let word = if has_recursive { "WITH RECURSIVE" } else { "WITH" };
    Ok(format!("{word} {} ", parts.join(", ")))
}

fn limit_clause(names: &QueryNames<'_>, limit: &Limit, depth: usize) -> Result<String, Untranslatable> {
    let translator = Translator::for_query(names, names.query.like, depth + 1);
    let mut sql = String::new();
    for (word, expression) in [("LIMIT", Some(&limit.expr)), ("OFFSET", limit.offset.as_ref())] {
        let Some(expression) = expression else { continue };
        let typed = translator.translate(expression)?;
        let value = match typed.family {
            Family::Parameter => typed.cast("bigint"),
            _ => typed.sql.clone(),
        };
        match (typed.family, typed.integer_value()) {
            // A negative LIMIT means no limit in SQLite, and a negative OFFSET none.
            (_, Some(..0)) => {}
            (_, Some(_)) => sql.push_str(&format!(" {word} {value}")),
            (family, None) if family == Family::Parameter || family.is_integer() => match word {
                "LIMIT" => sql.push_str(&format!(" LIMIT NULLIF(greatest({value}, -1), -1)")),
                _ => sql.push_str(&format!(" OFFSET greatest({value}, 0)")),
            },
            _ => return Err(Untranslatable::construct(word, "it is supported with an integer")),
        }
    }
    Ok(sql)
}

pub(super) fn core(
    query: &Query<'_>,
    select: &OneSelect,
    order: &[SortedColumn],
    commons: &[Common],
    outer: Option<&QueryNames<'_>>,
    depth: usize,
) -> Result<Selected, Untranslatable> {
    let mut names = QueryNames::new(query, commons.to_vec(), outer);
    let (distinctness, columns, from, where_clause, group_by, having, window_clause) = match select {
        OneSelect::Select { distinctness, columns, from, where_clause, group_by, having, window_clause } => {
            (distinctness, columns, from, where_clause, group_by, having, window_clause)
        }
        OneSelect::Values(rows) => return values(&names, rows, order, depth),
    };
    let from = from.as_ref().map(|from| from_clause(&mut names, from, depth + 1)).transpose()?;
    let is_distinct = *distinctness == Some(Distinctness::Distinct);
    let (list, results, is_known) = result_columns(&names, columns, depth)?;
    // PostgreSQL returns values of JSON as text, and tells them apart by their types.
    let is_by_groups = is_distinct
        && group_by.is_none()
        && results.iter().any(|(_, typed)| matches!(typed.detail, Detail::Json(_)));
    let is_distinct = is_distinct && !is_by_groups;
    if is_distinct {
        results.iter().try_for_each(|(_, typed)| distinct_by_bytes(typed))?;
    }
    names.results = aliases(columns, &results);
    let translator = Translator::for_query(&names, query.like, depth + 1);
    let mut sql = format!("SELECT {}{list}", if is_distinct { "DISTINCT " } else { "" });
    if let Some(from) = from {
        sql.push_str(&format!(" FROM {from}"));
    }
    if let Some(condition) = where_clause {
        let condition = translator.translate(condition)?;
        sql.push_str(&format!(" WHERE {}", translator.truth(&condition)?.sql));
    }
    let grouped = match is_by_groups {
        true => group::distinct_terms(&translator, columns)?,
        false => group::terms(&translator, group_by.as_deref().unwrap_or_default(), &results)?,
    };
    if !grouped.is_empty() {
        sql.push_str(&format!(" GROUP BY {}", grouped.join(", ")));
    }
    if let Some(condition) = having {
        let condition = translator.translate(condition)?;
        sql.push_str(&format!(" HAVING {}", translator.truth(&condition)?.sql));
    }
    group::check(&translator, columns, &results, having.as_deref(), order, &grouped)?;
    for (at, definition) in window_clause.iter().flatten().enumerate() {
        let window = aggregate::window(&translator, &definition.window)?;
        let word = if at == 0 { " WINDOW" } else { "," };
        sql.push_str(&format!("{word} {} AS ({window})", quote_name(&unquoted(&definition.name.0))));
    }
    let unique = if is_known {
        let is_grouped = group_by.is_some() || columns.iter().any(group::has_aggregate_result);
        identified::keys(&names.sources, &results, is_distinct, is_grouped.then_some(grouped.as_slice()))
    } else {
        Vec::new()
    };
    let mut selected = Selected { sql, columns: results, is_known, unique };
    if order.is_empty() {
        return Ok(selected);
    }
    if is_distinct && is_known {
        selected.sql = around(query, &selected, order, Some(&translator))?;
        return Ok(selected);
    }
    let mut terms = Vec::new();
    for term in order {
        terms.push(order_by(&translator, &selected, term)?);
    }
    selected.sql.push_str(&format!(" ORDER BY {}", terms.join(", ")));
    Ok(selected)
}

/// The results that the clauses after the list can refer to by name.
fn aliases(columns: &[ResultColumn], results: &[(String, Typed)]) -> Vec<(String, Typed)> {
    let mut aliases = Vec::new();
    for (column, result) in columns.iter().zip(results) {
        match column {
            ResultColumn::Expr(_, Some(_)) => aliases.push(result.clone()),
            ResultColumn::Expr(_, None) => {}
            // After `*` the positions of the two lists differ.
            ResultColumn::Star | ResultColumn::TableStar(_) => {
                let named = |(name, typed): &&(String, Typed)| !name.is_empty() && !typed.is_column();
                return results.iter().filter(named).cloned().collect();
            }
        }
    }
    aliases
}

fn values(
    names: &QueryNames<'_>,
    rows: &[Vec<Expr>],
    order: &[SortedColumn],
    depth: usize,
) -> Result<Selected, Untranslatable> {
    if !order.is_empty() {
        return Err(Untranslatable::construct("VALUES with ORDER BY", "it is not supported"));
    }
    let translator = Translator::for_query(names, names.query.like, depth + 1);
    let mut sql = Vec::new();
    let mut columns: Vec<(String, Typed)> = Vec::new();
    for row in rows {
        let all = translator.translate_all(row)?;
        for (at, typed) in all.iter().enumerate() {
            let plain = Typed { nature: Nature::Other, ..typed.clone() }.with_detail_of(typed);
            match columns.get_mut(at) {
                None => columns.push((format!("column{}", at + 1), plain)),
                Some((_, first)) if first.family == Family::Null => *first = plain,
                Some((_, first)) if first.family.is_integer() && typed.family.is_integer() => {
                    first.family = Family::Integer;
                }
                Some((_, first)) if first.family == typed.family || typed.family == Family::Null => {}
                Some((_, first)) if first.family.is_open() || typed.family.is_open() => {
                    first.family = Family::Unknown
                }
                Some(_) => {
                    return Err(Untranslatable::construct(
                        "VALUES with several types",
                        "PostgreSQL would convert them",
                    ));
                }
            }
        }
        let row: Vec<&str> = all.iter().map(|typed| typed.sql.as_str()).collect();
        sql.push(format!("({})", row.join(", ")));
    }
    let unique = if rows.len() == 1 { vec![Vec::new()] } else { Vec::new() };
    Ok(Selected { sql: format!("VALUES {}", sql.join(", ")), columns, is_known: true, unique })
}
