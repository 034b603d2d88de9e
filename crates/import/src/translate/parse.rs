//! Parsing with limits: the parser builds its tree without a limit, and dropping a tree recurses.

use fallible_iterator::FallibleIterator;
use sqlite3_parser::ast::Cmd;
use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::{Parser, Tokenizer};

use super::error::Untranslatable;

/// The maximum depth of a tree; SQLite's own limit (`SQLITE_MAX_EXPR_DEPTH`).
const DEEPEST: usize = 1000;

/// Parses a text with one statement, after counting its tokens.
pub(crate) fn parse(sql: &str) -> Result<Cmd, Untranslatable> {
    // The parser panics at NUL in a quoted name; SQLite ends the text there.
    if sql.contains('\0') {
        return Err(Untranslatable::Unreadable { reason: "it contains NUL".to_owned() });
    }
    guard(sql)?;
    let sql = &limits_in_order(sql);
    let unreadable =
        |error: sqlite3_parser::lexer::sql::Error| Untranslatable::Unreadable { reason: error.to_string() };
    let mut parser = Parser::new(sql.as_bytes());
    let nothing = || Untranslatable::Unreadable { reason: "there is no statement".to_owned() };
    let command = parser.next().map_err(unreadable)?.ok_or_else(nothing)?;
    match parser.next().map_err(unreadable)? {
        None => Ok(command),
        Some(_) => Err(Untranslatable::Unreadable { reason: "there are several statements".to_owned() }),
    }
}

/// An open parenthesis or CASE.
#[derive(Default)]
struct Open {
    is_case: bool,
    /// The number of operators since the last comma: an upper bound for the levels of the tree.
    operators: usize,
    /// The maximum depth of the parts closed since the last comma.
    inner: usize,
    deepest: usize,
}

impl Open {
    fn end_term(&mut self) {
        self.deepest = self.deepest.max(self.operators + self.inner + 1);
        self.operators = 0;
        self.inner = 0;
    }
}

/// Rejects a text that may be deeper than [`DEEPEST`]: an upper bound from the tokens only, without recursion.
fn guard(sql: &str) -> Result<(), Untranslatable> {
    let too_deep = Err(Untranslatable::TooDeep { limit: DEEPEST });
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut open = vec![Open::default()];
    let mut upserts = 0;
    let mut after_operand = false;
    // Text that cannot be tokenized cannot be parsed either, and the parser reports it.
    while let Ok((_, Some((_, token)), _)) = scanner.scan(sql.as_bytes()) {
        let mut close = false;
        let is_case = open.last().is_some_and(|level| level.is_case);
        let Some(level) = open.last_mut() else { return too_deep };
        match token {
            TokenType::TK_LP => open.push(Open::default()),
            TokenType::TK_CASE => {
                level.operators += 1;
                open.push(Open { is_case: true, ..Open::default() });
            }
            TokenType::TK_RP => close = !is_case,
            // After an operator it is a name.
            TokenType::TK_END => close = is_case && after_operand,
            TokenType::TK_WHEN | TokenType::TK_THEN | TokenType::TK_ELSE if is_case => level.end_term(),
            TokenType::TK_COMMA
            | TokenType::TK_SELECT
            | TokenType::TK_FROM
            | TokenType::TK_WHERE
            | TokenType::TK_GROUP
            | TokenType::TK_ORDER
            | TokenType::TK_HAVING
            | TokenType::TK_VALUES
            | TokenType::TK_SET
            | TokenType::TK_JOIN
                if !is_case =>
            {
                level.end_term();
            }
            TokenType::TK_SEMI => {
                open.truncate(1);
                open[0] = Open::default();
                upserts = 0;
            }
            TokenType::TK_CONFLICT => upserts += 1,
            TokenType::TK_ISNULL | TokenType::TK_NOTNULL => level.operators += 1,
            token if is_operand(token) => {}
            _ => level.operators += 1,
        }
        after_operand = close || (is_operand(token) && token != TokenType::TK_END);
        if close
            && open.len() > 1
            && let Some(mut closed) = open.pop()
        {
            closed.end_term();
            if let Some(level) = open.last_mut() {
                level.inner = level.inner.max(closed.deepest);
            }
        }
        let depth = open.last().map_or(0, |level| level.operators + level.inner.max(level.deepest));
        if open.len() + depth > DEEPEST || upserts > DEEPEST {
            return too_deep;
        }
    }
    Ok(())
}

/// A LIMIT clause that has not ended.
struct OpenLimit {
    depth: usize,
    /// The position after the word.
    start: usize,
    comma: Option<usize>,
    /// The end of the last token, before the comma and in total.
    ends: (usize, usize),
}

/// The parser does not distinguish `LIMIT offset, count` from `LIMIT count OFFSET offset`: the first is rewritten as
/// the second.
fn limits_in_order(sql: &str) -> String {
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut open: Vec<OpenLimit> = Vec::new();
    let mut edits: Vec<OpenLimit> = Vec::new();
    let mut depth = 0_usize;
    loop {
        let (start, token, end) = match scanner.scan(sql.as_bytes()) {
            Ok((start, Some((_, token)), end)) => (start, token, end),
            Ok((_, None, end)) => (end, TokenType::TK_EOF, end),
            Err(_unreadable) => return sql.to_owned(),
        };
        let is_end = matches!(
            token,
            TokenType::TK_RP
                | TokenType::TK_SEMI
                | TokenType::TK_EOF
                | TokenType::TK_OFFSET
                | TokenType::TK_RETURNING
                | TokenType::TK_ON
        );
        if is_end && open.last().is_some_and(|limit| limit.depth == depth) {
            edits.extend(open.pop().filter(|limit| limit.comma.is_some()));
        }
        match token {
            TokenType::TK_EOF => break,
            TokenType::TK_LP => depth += 1,
            TokenType::TK_RP => depth = depth.saturating_sub(1),
            TokenType::TK_COMMA => {
                if let Some(limit) = open.last_mut().filter(|limit| limit.depth == depth) {
                    limit.comma = Some(start);
                }
            }
            _ => {}
        }
        for limit in open.last_mut().into_iter().filter(|_| token != TokenType::TK_COMMA || depth > 0) {
            if limit.comma.is_none() {
                limit.ends.0 = end;
            }
            limit.ends.1 = end;
        }
        if token == TokenType::TK_LIMIT {
            open.push(OpenLimit { depth, start: end, comma: None, ends: (end, end) });
        }
    }
    rewritten(sql, edits)
}

/// The statement with each of these clauses as `LIMIT count OFFSET offset`.
fn rewritten(sql: &str, mut edits: Vec<OpenLimit>) -> String {
    // A nested one is not rewritten, and fails later because it is neither a literal nor a placeholder.
    let mut out = String::with_capacity(sql.len());
    let mut done = 0;
    edits.sort_by_key(|limit| limit.start);
    for limit in edits {
        let Some(comma) = limit.comma else { continue };
        let (Some(before), Some(offset), Some(count)) = (
            sql.get(done..limit.start),
            sql.get(limit.start..limit.ends.0),
            sql.get(comma + 1..limit.ends.1),
        ) else {
            continue;
        };
        out.push_str(&format!("{before} {count} OFFSET {offset}"));
        done = limit.ends.1;
    }
    out.push_str(sql.get(done..).unwrap_or_default());
    out
}

fn is_operand(token: TokenType) -> bool {
    matches!(
        token,
        TokenType::TK_ID
            | TokenType::TK_STRING
            | TokenType::TK_BLOB
            | TokenType::TK_INTEGER
            | TokenType::TK_FLOAT
            | TokenType::TK_VARIABLE
            | TokenType::TK_NULL
            | TokenType::TK_CTIME_KW
            | TokenType::TK_ISNULL
            | TokenType::TK_NOTNULL
            | TokenType::TK_RP
            | TokenType::TK_END
            | TokenType::TK_DOT
    )
}
