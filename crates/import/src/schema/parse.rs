//! Parses statements of `sqlite_schema` within the limits.

use fallible_iterator::FallibleIterator as _;
use sqlite3_parser::ast::{Cmd, Expr, Literal, Name, OneSelect, ResultColumn, Stmt};
use sqlite3_parser::lexer::sql::Parser;

use super::limits::{MAX_DEPTH, MAX_TOKENS, outline};

/// Why a statement was not parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the statement exceeds the size limit of the parser")]
    TooLarge,
    #[error("the statement's expressions may exceed the depth limit of the parser")]
    TooDeep,
    /// The parser does not accept it, or it is another statement than expected.
    #[error("the statement cannot be parsed: {0}")]
    NotUnderstood(String),
}

/// An index from its statement.
pub(super) struct DeclaredIndex {
    /// Its terms, without their collations.
    pub terms: Vec<Expr>,
    /// Its WHERE condition.
    pub predicate: Option<Expr>,
}

/// A virtual table from its statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DeclaredModule {
    /// The module, in lower case.
    pub module: String,
    /// Its arguments, unchanged.
    pub arguments: Vec<String>,
}

/// Parses the first statement of a text, as SQLite does with the text of `sqlite_schema`.
pub(super) fn statement(sql: &str) -> Result<Stmt, Refusal> {
    // The parser panics at NUL in a quoted name; SQLite ends the text there.
    if sql.contains('\0') {
        return Err(Refusal::NotUnderstood("it contains NUL".to_owned()));
    }
    let Some(outline) = outline(sql) else {
        return Err(Refusal::NotUnderstood("it cannot be split into tokens".to_owned()));
    };
    if outline.token_count > MAX_TOKENS {
        return Err(Refusal::TooLarge);
    }
    if outline.depth > MAX_DEPTH {
        return Err(Refusal::TooDeep);
    }
    match Parser::new(sql.as_bytes()).next() {
        Ok(Some(Cmd::Stmt(statement))) => Ok(statement),
        Ok(_) => Err(Refusal::NotUnderstood("it is not a statement".to_owned())),
        Err(error) => Err(Refusal::NotUnderstood(error.to_string())),
    }
}

/// Parses CREATE INDEX.
pub(super) fn index(sql: &str) -> Result<DeclaredIndex, Refusal> {
    match statement(sql)? {
        Stmt::CreateIndex { columns, where_clause, .. } => {
            let terms = columns.into_iter().map(|column| without_collation(column.expr)).collect();
            Ok(DeclaredIndex { terms, predicate: where_clause })
        }
        _ => Err(Refusal::NotUnderstood("it is not a CREATE INDEX statement".to_owned())),
    }
}

/// Parses CREATE VIRTUAL TABLE.
pub(super) fn module(sql: &str) -> Result<DeclaredModule, Refusal> {
    match statement(sql)? {
        Stmt::CreateVirtualTable { module_name, args, .. } => Ok(DeclaredModule {
            module: name(&module_name).to_ascii_lowercase(),
            arguments: args.unwrap_or_default().into_iter().map(String::from).collect(),
        }),
        _ => Err(Refusal::NotUnderstood("it is not a CREATE VIRTUAL TABLE statement".to_owned())),
    }
}

/// Parses an expression of `dflt_value` in `table_xinfo`.
pub(super) fn expression(sql: &str) -> Option<Expr> {
    let Ok(Stmt::Select(select)) = statement(&format!("SELECT {sql}\n")) else { return None };
    let OneSelect::Select { columns, from: None, where_clause: None, .. } = select.body.select else {
        return None;
    };
    match <[ResultColumn; 1]>::try_from(columns) {
        Ok([ResultColumn::Expr(expression, None)]) => Some(expression),
        _ => None,
    }
}

/// A name without quotes (SQLite manual, "SQLite Keywords").
pub(super) fn name(name: &Name) -> String {
    unquoted(&name.0)
}

/// An identifier without quotes.
pub(super) fn unquoted(text: &str) -> String {
    let between = |open, close| text.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    if let Some(inner) = between('[', ']') {
        return inner.to_owned();
    }
    for (quote, doubled) in [('"', "\"\""), ('`', "``"), ('\'', "''")] {
        if let Some(inner) = between(quote, quote) {
            return inner.replace(doubled, &quote.to_string());
        }
    }
    text.to_owned()
}

/// A term of a key without its collation, which `index_xinfo` reports.
fn without_collation(expression: Expr) -> Expr {
    match expression {
        Expr::Collate(inner, _) => without_collation(*inner),
        other => other,
    }
}

/// The column of a key's term, if it is a column.
pub(super) fn column_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Collate(inner, _) => column_of(inner),
        Expr::Id(id) => Some(unquoted(&id.0)),
        Expr::Name(id) => Some(name(id)),
        Expr::Literal(Literal::String(text)) => Some(unquoted(text)),
        _ => None,
    }
}
