//! Parsing, behind a guard: the parser builds its tree without a limit, and dropping a tree recurses.

use fallible_iterator::FallibleIterator;
use sqlite3_parser::ast::Cmd;
use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::{Parser, Tokenizer};

use super::error::Untranslatable;

/// How deep a tree may become; SQLite's own limit (`SQLITE_MAX_EXPR_DEPTH`).
const DEEPEST: usize = 1000;

/// The one statement of a text, with the tokens counted first.
pub(crate) fn parse(sql: &str) -> Result<Cmd, Untranslatable> {
    guard(sql)?;
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

/// A parenthesis, or a CASE, that is open.
#[derive(Default)]
struct Open {
    is_case: bool,
    /// Operators since the last comma: a tree of so many levels at most.
    operators: usize,
    /// The deepest of what was closed since the last comma.
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

/// Refuses what could become deeper than [`DEEPEST`]: an upper bound from the tokens alone, without recursion.
fn guard(sql: &str) -> Result<(), Untranslatable> {
    let too_deep = Err(Untranslatable::TooDeep { limit: DEEPEST });
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut open = vec![Open::default()];
    let mut upserts = 0;
    let mut after_operand = false;
    // What does not scan does not parse either, and the parser says so.
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
        if close && open.len() > 1 {
            if let Some(mut closed) = open.pop() {
                closed.end_term();
                if let Some(level) = open.last_mut() {
                    level.inner = level.inner.max(closed.deepest);
                }
            }
        }
        let depth = open.last().map_or(0, |level| level.operators + level.inner.max(level.deepest));
        if open.len() + depth > DEEPEST || upserts > DEEPEST {
            return too_deep;
        }
    }
    Ok(())
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
