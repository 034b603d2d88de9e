//! GROUP BY: in SQLite a result may be a column that is neither grouped nor aggregated, with the value of an
//! arbitrary row of the group; PostgreSQL rejects that, and so does this module.

use sqlite3_parser::ast::{
    Expr, Id, Literal, Name, OneSelect, ResultColumn, Select, SelectTable, SortedColumn,
};

use super::aggregate::is_aggregate;
use super::error::Untranslatable;
use super::json;
use super::order::{CONSTANT, distinct_by_bytes, distinguished, is_collated, is_constant, one_of_equal};
use super::quoting::unquoted;
use super::sorted::is_taken_for_position;
use super::translator::Translator;
use super::tree::children;
use super::typed::{Detail, Level, Typed};

/// The terms of a GROUP BY: expressions, names of result columns, or positions.
pub(super) fn terms(
    translator: &Translator<'_>,
    group_by: &[Expr],
    results: &[(String, Typed)],
) -> Result<Vec<String>, Untranslatable> {
    let mut terms = Vec::new();
    for term in group_by {
        if is_taken_for_position(term) {
            return Err(Untranslatable::construct(
                "GROUP BY a constant",
                "SQLite takes an integer for the position of a result",
            ));
        }
        let typed = match term {
            Expr::Literal(Literal::Numeric(position)) => {
                let index: Option<usize> = position.parse().ok();
                let result = index.and_then(|index| results.get(index.checked_sub(1)?));
                let (_, typed) = result.ok_or_else(|| {
                    Untranslatable::construct("GROUP BY a position", "there is no such result column")
                })?;
                typed.clone()
            }
            _ => translator.translate(term)?,
        };
        terms.push(key(&typed)?);
    }
    Ok(terms)
}

/// The terms of a GROUP BY that has the meaning of DISTINCT.
pub(super) fn distinct_terms(
    translator: &Translator<'_>,
    columns: &[ResultColumn],
) -> Result<Vec<String>, Untranslatable> {
    let mut terms = Vec::new();
    for column in columns {
        match column {
            ResultColumn::Expr(expression, _) if !has_aggregate(expression) && !has_window(expression) => {
                let typed = translator.translate(expression)?;
                distinct_by_bytes_or_json(&typed)?;
                terms.push(key(&typed)?);
            }
            _ => {
                return Err(Untranslatable::construct(
                    "DISTINCT of a value extracted from JSON with this result",
                    "it is supported beside expressions without aggregates and windows",
                ));
            }
        }
    }
    Ok(terms)
}

fn distinct_by_bytes_or_json(typed: &Typed) -> Result<(), Untranslatable> {
    if matches!(typed.detail, Detail::Json(_)) { Ok(()) } else { distinct_by_bytes(typed) }
}

fn has_window(expression: &Expr) -> bool {
    let is_window = match expression {
        Expr::FunctionCall { filter_over: Some(tail), .. }
        | Expr::FunctionCallStar { filter_over: Some(tail), .. } => tail.over_clause.is_some(),
        _ => false,
    };
    is_window || children(expression).into_iter().any(has_window)
}

/// What PostgreSQL groups by.
pub(super) fn key(typed: &Typed) -> Result<String, Untranslatable> {
    Ok(match typed.detail {
        _ if is_constant(typed) => CONSTANT.to_owned(),
        Detail::Json(_) => json::document_of(typed),
        _ => distinguished(typed)?.at(Level::Atom),
    })
}

/// What PostgreSQL must group by for an expression to have one value in each group.
fn value_key(typed: &Typed) -> String {
    match typed.detail {
        Detail::Json(_) => json::document_of(typed),
        _ => typed.at(Level::Atom),
    }
}

/// Whether every expression on a group has one value for it.
pub(super) fn check(
    translator: &Translator<'_>,
    columns: &[ResultColumn],
    results: &[(String, Typed)],
    having: Option<&Expr>,
    order: &[SortedColumn],
    grouped: &[String],
) -> Result<(), Untranslatable> {
    let asked: Vec<&Expr> = columns
        .iter()
        .filter_map(|column| match column {
            ResultColumn::Expr(expression, _) => Some(expression),
            ResultColumn::Star | ResultColumn::TableStar(_) => None,
        })
        .chain(having)
        .collect();
    let mut sorted = order.iter().map(|term| &term.expr);
    let is_grouped = !grouped.is_empty() || asked.iter().copied().chain(sorted.clone()).any(has_aggregate);
    if !is_grouped {
        return Ok(());
    }
    let determined = translator.names.determined(grouped);
    let single_values: Vec<String> = grouped.iter().cloned().chain(determined).collect();
    // The results of a star, and what is between two of them.
    let is_star = |column: &&ResultColumn| !matches!(column, ResultColumn::Expr(..));
    let before = columns.iter().take_while(|column| !is_star(column)).count();
    let after = columns.iter().rev().take_while(|column| !is_star(column)).count();
    let starred = results.get(before..results.len().saturating_sub(after)).unwrap_or_default();
    if !starred.iter().all(|(_, typed)| single_values.contains(&typed.at(Level::Atom))) {
        return ungrouped();
    }
    asked.into_iter().try_for_each(|expression| single(translator, expression, &single_values))?;
    sorted.try_for_each(|expression| sorted_by(translator, expression, &single_values))
}

/// Groups are sorted by what they are grouped by, which is the same for values that are equal under a collation.
fn sorted_by(translator: &Translator<'_>, term: &Expr, grouped: &[String]) -> Result<(), Untranslatable> {
    let typed = translator.translate(term)?;
    let is_key = !is_aggregate(term) && is_collated(&typed) && grouped.contains(&key(&typed)?);
    if is_key { Ok(()) } else { single(translator, term, grouped) }
}

fn ungrouped() -> Result<(), Untranslatable> {
    Err(Untranslatable::construct(
        "a column that is neither grouped nor aggregated",
        "SQLite returns the value of an arbitrary row of the group",
    ))
}

fn single(translator: &Translator<'_>, expression: &Expr, grouped: &[String]) -> Result<(), Untranslatable> {
    if is_aggregate(expression) {
        return Ok(());
    }
    match expression {
        Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..) | Expr::DoublyQualified(..) => {
            let typed = translator.translate(expression)?;
            // The name of a result column stands for an expression that is checked itself.
            let is_result = match expression {
                Expr::Id(Id(name)) | Expr::Name(Name(name)) => translator.names.is_result(&unquoted(name)),
                _ => false,
            };
            let is_single = typed.value().is_some()
                || is_result
                || grouped.contains(&value_key(&typed))
                || matches!(typed.sql.as_str(), "TRUE" | "FALSE");
            return match is_single {
                true => Ok(()),
                false if is_collated(&typed) && grouped.contains(&key(&typed)?) => Err(one_of_equal()),
                false => ungrouped(),
            };
        }
        Expr::Exists(_) | Expr::Subquery(_) | Expr::InSelect { .. } => {
            return Err(Untranslatable::construct(
                "a subquery with GROUP BY",
                "it may use a column of a single row",
            ));
        }
        _ => {}
    }
    if grouped.contains(&value_key(&translator.translate(expression)?)) {
        return Ok(());
    }
    children(expression).into_iter().try_for_each(|child| single(translator, child, grouped))
}

/// Whether a result is computed by an aggregate.
pub(super) fn has_aggregate_result(column: &ResultColumn) -> bool {
    matches!(column, ResultColumn::Expr(expression, _) if has_aggregate(expression))
}

fn has_aggregate(expression: &Expr) -> bool {
    is_aggregate(expression) || children(expression).into_iter().any(has_aggregate)
}

/// Whether a query reads a table with this name in its own FROM.
pub(super) fn reads(select: &Select, name: &str) -> bool {
    let arms = std::iter::once(&select.body.select)
        .chain(select.body.compounds.iter().flatten().map(|compound| &compound.select));
    arms.into_iter().any(|arm| {
        let OneSelect::Select { from: Some(from), .. } = arm else { return false };
        let joined = from.joins.iter().flatten().map(|join| &join.table);
        from.select.as_deref().into_iter().chain(joined).any(|table| {
            matches!(table, SelectTable::Table(table, ..) if unquoted(&table.name.0).eq_ignore_ascii_case(name))
        })
    })
}
