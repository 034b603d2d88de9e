//! Writes an expression of the source as SQLite SQL with the column names of the target.

use std::collections::HashMap;

use sqlite3_parser::ast::fmt::{ToTokens as _, TokenStream};
use sqlite3_parser::ast::{Expr, Literal, UnaryOperator};
use sqlite3_parser::dialect::TokenType;

use super::tables::ProjectTable;
use databases::name::quote_name;

/// The maximum depth of an expression. SQLite rejects more than 1,000 (SQLITE_MAX_EXPR_DEPTH); writing takes stack
/// for each level.
const MOST_LEVELS: usize = 500;

/// Names that differ between source and target: from the source name in lower case to the target name.
#[derive(Default)]
pub(super) struct Renames {
    columns: HashMap<String, String>,
    table: Option<(String, String)>,
}

impl Renames {
    /// The renamed columns of a table.
    pub(super) fn of(table: &ProjectTable<'_>) -> Self {
        let pair = |source: &str, target: &str| (source.to_ascii_lowercase(), target.to_owned());
        let renamed = table.columns.iter().filter(|column| column.source.name != column.conversion.target);
        let columns = renamed.map(|column| pair(&column.source.name, &column.conversion.target)).collect();
        let is_renamed = table.source.name != table.conversion.target;
        let table = is_renamed.then(|| pair(&table.source.name, &table.conversion.target));
        Self { columns, table }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.table.is_none()
    }
}

/// The expression; `None` if it is too deep, or contains what SQLite does not allow in a table (SQLite manual,
/// "CREATE TABLE": subqueries, parameters).
pub(super) fn write(expression: &Expr, renames: &Renames) -> Option<String> {
    if !is_allowed(expression) {
        return None;
    }
    let mut tokens = Tokens::default();
    match expression.to_tokens(&mut tokens) {
        Ok(()) => Some(tokens.write(renames)),
        Err(never) => match never {},
    }
}

/// The text after DEFAULT. A bare name there is a string (SQLite's grammar, `ccons ::= DEFAULT id`); in parentheses
/// it would be a column.
pub(super) fn write_default(expression: &Expr) -> Option<String> {
    let word = match expression {
        Expr::Id(id) => Some(&*id.0),
        Expr::Name(name) => Some(&*name.0),
        Expr::Literal(Literal::Keyword(word)) => Some(&**word),
        _ => None,
    };
    match word {
        Some(word) if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") => {
            Some(word.to_owned())
        }
        Some(word) => Some(format!("'{}'", unquote_name(word).replace('\'', "''"))),
        None => {
            let sql = write(expression, &Renames::default())?;
            let is_alone = match expression {
                Expr::Literal(_) | Expr::Parenthesized(_) => true,
                Expr::Unary(UnaryOperator::Negative | UnaryOperator::Positive, number) => {
                    matches!(**number, Expr::Literal(Literal::Numeric(_)))
                }
                _ => false,
            };
            Some(if is_alone { sql } else { format!("({sql})") })
        }
    }
}

fn is_allowed(expression: &Expr) -> bool {
    let mut waiting = vec![(expression, 1)];
    while let Some((expression, level)) = waiting.pop() {
        if level > MOST_LEVELS {
            return false;
        }
        let Some(parts) = parts(expression) else { return false };
        waiting.extend(parts.into_iter().map(|part| (part, level + 1)));
    }
    true
}

/// The subexpressions of an expression; `None` if it is not allowed in a table.
fn parts(expression: &Expr) -> Option<Vec<&Expr>> {
    Some(match expression {
        Expr::Between { lhs, start, end, .. } => vec![lhs, start, end],
        Expr::Binary(left, _, right) => vec![left, right],
        Expr::Case { base, when_then_pairs, else_expr } => {
            let pairs = when_then_pairs.iter().flat_map(|(when, then)| [when, then]);
            base.as_deref().into_iter().chain(pairs).chain(else_expr.as_deref()).collect()
        }
        Expr::Cast { expr, .. } => vec![expr],
        Expr::Collate(inner, _) | Expr::IsNull(inner) | Expr::NotNull(inner) | Expr::Unary(_, inner) => {
            vec![inner]
        }
        Expr::FunctionCall { args, order_by: None, filter_over: None, .. } => args.iter().flatten().collect(),
        Expr::InList { lhs, rhs, .. } => std::iter::once(&**lhs).chain(rhs.iter().flatten()).collect(),
        Expr::Like { lhs, rhs, escape, .. } => {
            [Some(&**lhs), Some(&**rhs), escape.as_deref()].into_iter().flatten().collect()
        }
        Expr::Parenthesized(inner) => inner.iter().collect(),
        Expr::Id(_) | Expr::Literal(_) | Expr::Name(_) | Expr::Qualified(..) | Expr::DoublyQualified(..) => {
            Vec::new()
        }
        Expr::FunctionCall { .. }
        | Expr::FunctionCallStar { .. }
        | Expr::Exists(_)
        | Expr::InSelect { .. }
        | Expr::InTable { .. }
        | Expr::Raise(..)
        | Expr::Subquery(_)
        | Expr::Variable(_) => return None,
    })
}

#[derive(Default)]
struct Tokens(Vec<(TokenType, Option<String>)>);

impl TokenStream for Tokens {
    type Error = std::convert::Infallible;

    fn append(&mut self, kind: TokenType, value: Option<&str>) -> Result<(), Self::Error> {
        self.0.push((kind, value.map(str::to_owned)));
        Ok(())
    }
}

impl Tokens {
    fn write(&self, renames: &Renames) -> String {
        let mut sql = String::new();
        let mut before = None;
        for (index, (kind, value)) in self.0.iter().enumerate() {
            let closes = matches!(kind, TokenType::TK_COMMA | TokenType::TK_RP | TokenType::TK_DOT);
            let opened = matches!(before, None | Some(TokenType::TK_LP | TokenType::TK_DOT));
            let is_call =
                *kind == TokenType::TK_LP && matches!(before, Some(TokenType::TK_ID | TokenType::TK_CAST));
            if !closes && !opened && !is_call {
                sql.push(' ');
            }
            match (kind, value) {
                (TokenType::TK_BLOB, Some(digits)) => sql.extend(["X'", digits, "'"]),
                (TokenType::TK_ID, Some(name)) => match self.renamed(index, name, renames) {
                    Some(target) => sql.push_str(&quote_name(target)),
                    None => sql.push_str(name),
                },
                _ => {
                    sql.push_str(kind.as_str().unwrap_or_default());
                    sql.push_str(value.as_deref().unwrap_or_default());
                }
            }
            before = Some(*kind);
        }
        sql
    }

    fn renamed<'a>(&self, index: usize, name: &str, renames: &'a Renames) -> Option<&'a str> {
        let kind = |index: usize| self.0.get(index).map(|(kind, _)| *kind);
        let before = index.checked_sub(1).and_then(kind);
        // The name of a function, a collation or a type.
        let is_other = kind(index + 1) == Some(TokenType::TK_LP)
            || matches!(before, Some(TokenType::TK_COLLATE | TokenType::TK_AS));
        if is_other || renames.is_empty() {
            return None;
        }
        let name = unquote_name(name).to_ascii_lowercase();
        if kind(index + 1) == Some(TokenType::TK_DOT) {
            return renames
                .table
                .as_ref()
                .filter(|(source, _)| *source == name)
                .map(|(_, target)| target.as_str());
        }
        renames.columns.get(&name).map(String::as_str)
    }
}

/// A name without quotes.
fn unquote_name(name: &str) -> String {
    for (open, close) in [('"', '"'), ('`', '`'), ('\'', '\''), ('[', ']')] {
        if let Some(inner) = name.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return if close == ']' {
                inner.to_owned()
            } else {
                inner.replace(&format!("{close}{close}"), &close.to_string())
            };
        }
    }
    name.to_owned()
}
