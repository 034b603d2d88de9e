//! ORDER BY of a query: by results, by their names and positions, and by expressions.

use sqlite3_parser::ast::{Expr, SortedColumn};

use super::Collation;
use super::error::Untranslatable;
use super::order::{order_term, ordered_by};
use super::query::{Query, open_name};
use super::quoting::{quote_name, unquoted};
use super::select::Selected;
use super::translator::Translator;
use super::typed::{Collating, Typed};

/// A query in parentheses, sorted from outside: for cases where PostgreSQL allows no expression in its own ORDER BY. An
/// expression must be a result.
pub(super) fn around(
    query: &Query<'_>,
    selected: &Selected,
    order: &[SortedColumn],
    translator: Option<&Translator<'_>>,
) -> Result<String, Untranslatable> {
    let mut terms = Vec::new();
    for term in order {
        let (operand, collating) = match &term.expr {
            Expr::Collate(operand, name) => (operand.as_ref(), Collation::named(&unquoted(name))),
            operand => (operand, None),
        };
        let found = match operand {
            Expr::Id(id) => {
                let name = unquoted(&id.0);
                selected.columns.iter().position(|(column, _)| column.eq_ignore_ascii_case(&name))
            }
            Expr::Literal(sqlite3_parser::ast::Literal::Numeric(position)) => {
                position.parse::<usize>().ok().and_then(|position| position.checked_sub(1))
            }
            _ => None,
        };
        let found = match (found, translator) {
            (Some(found), _) => Some(found),
            (None, Some(translator)) => {
                let sql = translator.translate(operand)?.sql;
                selected.columns.iter().position(|(_, typed)| typed.sql == sql)
            }
            (None, None) => None,
        };
        let Some((at, (_, typed))) = found.and_then(|at| Some((at, selected.columns.get(at)?))) else {
            return Err(Untranslatable::construct(
                "ORDER BY an expression with DISTINCT or in a compound query",
                "PostgreSQL requires a result column there",
            ));
        };
        let collating = collating.map_or(typed.collating, Collating::Explicit);
        let column = Typed { collating, ..typed.as_result(&position_name(at)) };
        terms.push(ordered_by(&column, term)?);
    }
    let names: Vec<String> = (0..selected.columns.len()).map(position_name).collect();
    let list: Vec<String> = names
        .iter()
        .zip(&selected.columns)
        .map(|(position, (name, _))| match name.as_str() {
            "" => position.clone(),
            name if query.relations.is_some() => format!("{position} AS {}", quote_name(name)),
            name => format!("{position} AS {}", open_name(name)),
        })
        .collect();
    Ok(format!(
        "SELECT {} FROM ({}) AS \"ordered\" ({}) ORDER BY {}",
        list.join(", "),
        selected.sql,
        names.join(", "),
        terms.join(", ")
    ))
}

/// The name of a result by its position, from 0.
pub(super) fn position_name(at: usize) -> String {
    quote_name(&format!("c{}", at + 1))
}

/// Whether SQLite reads a term as an integer literal: it replaces the test of a literal for NULL by its result.
pub(super) fn is_taken_for_position(term: &Expr) -> bool {
    use sqlite3_parser::ast::{Literal, Operator, UnaryOperator};
    let is_literal = |operand: &Expr| match operand {
        Expr::Unary(_, operand) => matches!(**operand, Expr::Literal(_)),
        operand => matches!(operand, Expr::Literal(_)),
    };
    match term {
        Expr::IsNull(operand) | Expr::NotNull(operand) => is_literal(operand),
        Expr::Binary(operand, Operator::Is | Operator::IsNot, null) => {
            is_literal(operand) && matches!(**null, Expr::Literal(Literal::Null))
        }
        Expr::Unary(UnaryOperator::Negative | UnaryOperator::Positive, operand) => {
            matches!(&**operand, Expr::Literal(Literal::Numeric(digits)) if digits.parse::<i64>().is_ok())
        }
        _ => false,
    }
}

pub(super) fn order_by(
    translator: &Translator<'_>,
    selected: &Selected,
    term: &SortedColumn,
) -> Result<String, Untranslatable> {
    // A position or name may be followed by a collation.
    let (operand, collation) = match &term.expr {
        Expr::Collate(operand, name) => (operand.as_ref(), Collation::named(&unquoted(name))),
        operand => (operand, None),
    };
    let collated = |typed: &Typed| match collation {
        Some(collation) => Typed { collating: Collating::Explicit(collation), ..typed.clone() },
        None => typed.clone(),
    };
    if let Expr::Literal(sqlite3_parser::ast::Literal::Numeric(position)) = operand {
        let index: Option<usize> = position.parse().ok();
        let result = index.and_then(|index| selected.columns.get(index.checked_sub(1)?));
        return match result {
            Some((_, typed)) if selected.is_known => ordered_by(&collated(typed), term),
            _ if !selected.is_known && collation.is_none() => Ok(order_term(position, term)),
            _ => Err(Untranslatable::construct("ORDER BY a position", "there is no such result column")),
        };
    }
    if is_taken_for_position(operand) {
        return Err(Untranslatable::construct(
            "ORDER BY a constant",
            "SQLite takes an integer for the position of a result",
        ));
    }
    // Here the name of a result column takes precedence over a column.
    if let (Expr::Id(id), true) = (operand, collation.is_some() || !matches!(term.expr, Expr::Collate(..))) {
        let name = unquoted(&id.0);
        if let Some((_, typed)) =
            selected.columns.iter().find(|(column, _)| column.eq_ignore_ascii_case(&name))
        {
            return ordered_by(&collated(typed), term);
        }
    }
    let typed = translator.translate(&term.expr)?;
    ordered_by(&typed, term)
}
