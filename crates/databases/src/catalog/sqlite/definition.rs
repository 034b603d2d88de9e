//! Properties that SQLite exposes only in the text of CREATE statements.

use std::collections::BTreeMap;

use crate::catalog::sql::{Dialect, Token, parse, split, tokenize};

/// The properties of a CREATE TABLE that no pragma returns; empty if the text is not a CREATE TABLE.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TableText {
    /// The clauses that no kind covers, by the column's name in lower case.
    pub(super) unusual: BTreeMap<String, String>,
    /// The expression of each CHECK.
    pub(super) checks: Vec<Vec<Token>>,
    /// When each foreign key is checked, in the order of the text.
    pub(super) deferrals: Vec<Deferral>,
    /// Whether the key is AUTOINCREMENT.
    pub(super) autoincrement: bool,
}

/// When a foreign key is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deferral {
    /// At the end of each statement.
    Never,
    /// The same, unless the transaction defers it.
    Immediate,
    /// At the end of the transaction.
    Deferred,
}

impl TableText {
    pub(super) fn parse(sql: &str) -> Self {
        let tokens = tokenize(sql, Dialect::Sqlite);
        let mut text = Self::default();
        let Some((_, body, _)) = group(&tokens) else {
            return text;
        };
        for part in split(body) {
            let constraint = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
            let column = match part {
                [first, ..] if constraint.iter().any(|word| first.is_word(word)) => None,
                [Token::Text(name), ..] => Some(name.as_str()),
                [first, ..] => first.name(),
                [] => None,
            };
            let clauses = if column.is_some() { part.get(1..).unwrap_or_default() } else { part };
            text.read_clauses(clauses);
            if let (Some(column), Some(clause)) = (column, unusual_clause(clauses)) {
                text.unusual.insert(column.to_ascii_lowercase(), clause);
            }
            text.autoincrement |= part.iter().any(|token| token.is_word("AUTOINCREMENT"));
        }
        text
    }

    fn read_clauses(&mut self, mut clauses: &[Token]) {
        let mut negated = false;
        while let Some((first, rest)) = clauses.split_first() {
            clauses = rest;
            if first.is_symbol("(") {
                clauses = close(rest).1;
            } else if first.is_word("CHECK")
                && let Some((open, body)) = rest.split_first()
                && open.is_symbol("(")
            {
                let (check, after) = close(body);
                self.checks.push(check.to_vec());
                clauses = after;
            } else if first.is_word("REFERENCES") {
                self.deferrals.push(Deferral::Never);
            } else if first.is_word("DEFERRABLE")
                && !negated
                && let Some(last) = self.deferrals.last_mut()
            {
                let deferred = matches!(rest, [initially, deferred, ..]
                    if initially.is_word("INITIALLY") && deferred.is_word("DEFERRED"));
                *last = if deferred { Deferral::Deferred } else { Deferral::Immediate };
            }
            negated = first.is_word("NOT");
        }
    }
}

/// The properties of a CREATE INDEX that no pragma returns; empty if the text is not a CREATE INDEX.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct IndexText {
    /// The indexed columns or expressions, without the direction.
    pub(super) parts: Vec<Vec<Token>>,
    /// The expression after WHERE.
    pub(super) predicate: Option<Vec<Token>>,
}

impl IndexText {
    pub(super) fn parse(sql: &str) -> Self {
        let tokens = tokenize(sql, Dialect::Sqlite);
        let Some((_, body, after)) = group(&tokens) else {
            return Self::default();
        };
        let parts = split(body).into_iter().map(|part| match part.split_last() {
            Some((last, before)) if last.is_word("ASC") || last.is_word("DESC") => before.to_vec(),
            _ => part.to_vec(),
        });
        let predicate = match after.split_first() {
            Some((first, predicate)) if first.is_word("WHERE") => Some(predicate.to_vec()),
            _ => None,
        };
        Self { parts: parts.collect(), predicate }
    }
}

/// `tokens` with column names as quoted identifiers, spelled as in the table, and those columns.
pub(super) fn resolve(tokens: &[Token], columns: &[&str]) -> (Vec<Token>, Vec<String>) {
    let mut used = Vec::new();
    let resolved = tokens.iter().enumerate().map(|(at, token)| {
        // A name before a parenthesis is a function, even if there is a column of that name.
        let call = tokens.get(at + 1).is_some_and(|next| next.is_symbol("("));
        let name = token.name().filter(|_| !call);
        let column = name.and_then(|name| columns.iter().find(|column| column.eq_ignore_ascii_case(name)));
        match column {
            Some(column) => {
                used.push((*column).to_owned());
                Token::Quoted((*column).to_owned())
            }
            None => token.clone(),
        }
    });
    let resolved = resolved.collect();
    used.sort_unstable();
    used.dedup();
    (resolved, used)
}

/// The tokens before, in and after the first parentheses.
fn group(tokens: &[Token]) -> Option<(&[Token], &[Token], &[Token])> {
    let open = tokens.iter().position(|token| token.is_symbol("("))?;
    let (before, rest) = tokens.split_at(open);
    let (inside, after) = close(rest.get(1..)?);
    Some((before, inside, after))
}

/// The tokens before and after the parenthesis that closes one opened before `tokens`.
fn close(tokens: &[Token]) -> (&[Token], &[Token]) {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            if depth == 0 {
                let (inside, rest) = tokens.split_at(at);
                return (inside, rest.get(1..).unwrap_or_default());
            }
            depth -= 1;
        }
    }
    (tokens, &[])
}

/// The first clause on collation, generation or conflict resolution that no kind covers.
fn unusual_clause(mut clauses: &[Token]) -> Option<String> {
    while let Some((first, rest)) = clauses.split_first() {
        let name = rest.first().and_then(Token::name).unwrap_or_default();
        if first.is_word("COLLATE") && !is_binary(name) {
            return Some(format!("COLLATE {name}"));
        }
        if first.is_word("CONFLICT") {
            return Some(format!("ON CONFLICT {name}"));
        }
        if first.is_word("AS") {
            let (_, expression, _) = group(rest)?;
            return Some(format!("GENERATED ALWAYS AS ({})", parse(expression)));
        }
        clauses = if first.is_symbol("(") { close(rest).1 } else { rest };
    }
    None
}

/// Whether `collation` compares bytewise.
pub(super) fn is_binary(collation: &str) -> bool {
    collation.eq_ignore_ascii_case("BINARY")
}

#[cfg(test)]
mod tests;
