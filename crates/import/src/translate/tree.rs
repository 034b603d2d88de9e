//! The syntax tree, without what it means.

use sqlite3_parser::ast::Expr;

use super::quoting::unquoted;

/// An expression without the parentheses around it.
pub(super) fn unparenthesized(mut expression: &Expr) -> &Expr {
    while let Expr::Parenthesized(inner) = expression
        && let [one] = inner.as_slice()
    {
        expression = one;
    }
    expression
}

/// The name and arguments of a plain call.
pub(super) fn called(expression: &Expr) -> Option<(String, &[Expr])> {
    match expression {
        Expr::FunctionCall { name, args, order_by: None, filter_over: None, .. } => {
            Some((unquoted(&name.0).to_ascii_lowercase(), args.as_deref().unwrap_or_default()))
        }
        _ => None,
    }
}

/// The direct subexpressions.
pub(crate) fn children(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Between { lhs, start, end, .. } => vec![lhs, start, end],
        Expr::Binary(left, _, right) => vec![left, right],
        Expr::Case { base, when_then_pairs, else_expr } => base
            .as_deref()
            .into_iter()
            .chain(when_then_pairs.iter().flat_map(|(when, then)| [when, then]))
            .chain(else_expr.as_deref())
            .collect(),
        Expr::Cast { expr, .. } => vec![expr],
        Expr::Collate(operand, _)
        | Expr::IsNull(operand)
        | Expr::NotNull(operand)
        | Expr::Unary(_, operand) => {
            vec![operand]
        }
        Expr::FunctionCall { args, filter_over, .. } => {
            let mut all: Vec<&Expr> = args.iter().flatten().collect();
            all.extend(filter_over.as_ref().and_then(|tail| tail.filter_clause.as_deref()));
            all
        }
        Expr::InList { lhs, rhs, .. } => std::iter::once(lhs.as_ref()).chain(rhs.iter().flatten()).collect(),
        Expr::Like { lhs, rhs, escape, .. } => {
            [lhs.as_ref(), rhs.as_ref()].into_iter().chain(escape.as_deref()).collect()
        }
        Expr::Parenthesized(inner) => inner.iter().collect(),
        Expr::InSelect { lhs, .. } | Expr::InTable { lhs, .. } => vec![lhs],
        Expr::DoublyQualified(..)
        | Expr::Exists(_)
        | Expr::FunctionCallStar { .. }
        | Expr::Id(_)
        | Expr::Literal(_)
        | Expr::Name(_)
        | Expr::Qualified(..)
        | Expr::Raise(..)
        | Expr::Subquery(_)
        | Expr::Variable(_) => Vec::new(),
    }
}
