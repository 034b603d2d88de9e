//! How much of a file is taken on, and what its statements look like before they are parsed.
//!
//! Whoever walks, copies or drops a parsed expression calls itself once per level. A statement is therefore only
//! parsed when its tokens show that no tree made from it is deeper than [`MAX_DEPTH`].

use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::Tokenizer;

/// Tables that are read; files with more are not.
pub(super) const MAX_TABLES: usize = 100_000;
/// Bytes of a statement that are read.
pub(super) const MAX_STATEMENT_BYTES: i32 = 8 * 1024 * 1024;
/// Tokens of a statement that are parsed.
pub(super) const MAX_TOKENS: usize = 250_000;
/// Columns of a row that SQLite computes to read a row, each as often as others refer to it.
pub(super) const MAX_COMPUTED: usize = 10_000;
/// Levels of an expression. Copying and writing out 1,200 of them fills a stack of 2 MB in a debug build.
pub(super) const MAX_DEPTH: usize = 250;

/// What a statement makes, by its first words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    VirtualTable,
    Index,
    View,
    Trigger,
}

/// What the tokens of a statement tell without a parser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// What it makes; `None` where it begins otherwise.
    pub kind: Option<Kind>,
    /// How many tokens it has.
    pub token_count: usize,
    /// A number of levels that no expression in it exceeds.
    pub depth: usize,
    /// Whether the word AUTOINCREMENT is in it, which can be nothing but the keyword.
    pub has_autoincrement: bool,
    /// Whether STRICT stands behind its last parenthesis.
    pub is_strict: bool,
}

/// Reads a statement's tokens; `None` where they are no tokens of SQL.
pub(super) fn outline(sql: &str) -> Option<Outline> {
    let mut outline = Outline::default();
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut open: Vec<Level> = Vec::new();
    let mut level = Level::default();
    while let Some((text, token)) = scanner.scan(sql.as_bytes()).ok()?.1 {
        if outline.token_count < 4 && outline.kind.is_none() {
            outline.kind = kind(token);
        }
        outline.token_count += 1;
        if outline.token_count > MAX_TOKENS {
            return Some(outline);
        }
        match token {
            TokenType::TK_LP => {
                // As an operator, for a call or a list is a level of its own.
                level.operator(token);
                open.push(std::mem::take(&mut level));
            }
            TokenType::TK_RP => {
                let inner = level.depth();
                level = open.pop().unwrap_or_default();
                level.inner = level.inner.max(inner);
                outline.is_strict = false;
            }
            TokenType::TK_COMMA => level.next_item(),
            TokenType::TK_ID => outline.is_strict |= text.eq_ignore_ascii_case(b"strict"),
            TokenType::TK_STRING
            | TokenType::TK_INTEGER
            | TokenType::TK_FLOAT
            | TokenType::TK_BLOB
            | TokenType::TK_VARIABLE
            | TokenType::TK_DOT => {}
            _ => {
                outline.has_autoincrement |= token == TokenType::TK_AUTOINCR;
                level.operator(token);
            }
        }
    }
    outline.depth = level.depth();
    while let Some(mut outer) = open.pop() {
        outer.inner = outer.inner.max(outline.depth);
        outline.depth = outer.depth();
    }
    Some(outline)
}

fn kind(token: TokenType) -> Option<Kind> {
    match token {
        TokenType::TK_TABLE => Some(Kind::Table),
        TokenType::TK_VIRTUAL => Some(Kind::VirtualTable),
        TokenType::TK_INDEX => Some(Kind::Index),
        TokenType::TK_VIEW => Some(Kind::View),
        TokenType::TK_TRIGGER => Some(Kind::Trigger),
        _ => None,
    }
}

/// What stands between two parentheses. Everything that is no operand is counted as an operator: too many, never
/// too few.
#[derive(Default)]
struct Level {
    /// Operators of this item of a list.
    operators: usize,
    /// Those of them that are OR, which binds loosest: the tree is as deep as there are ORs, and its deepest branch.
    ors: usize,
    /// Operators since the last OR.
    branch: usize,
    /// Operators of the longest branch.
    longest_branch: usize,
    /// Whether there is a CASE, in which an OR may be at any depth.
    has_case: bool,
    /// The depth of the deepest parenthesis of this item.
    inner: usize,
    /// The depth of the items before.
    deepest_item: usize,
}

impl Level {
    fn operator(&mut self, token: TokenType) {
        self.operators += 1;
        self.has_case |= token == TokenType::TK_CASE;
        if token == TokenType::TK_OR {
            self.ors += 1;
            self.branch = 0;
        } else {
            self.branch += 1;
            self.longest_branch = self.longest_branch.max(self.branch);
        }
    }

    fn depth(&self) -> usize {
        let chain = if self.has_case { self.operators } else { self.ors + self.longest_branch };
        self.deepest_item.max(chain + self.inner)
    }

    fn next_item(&mut self) {
        *self = Self { deepest_item: self.depth(), ..Self::default() };
    }
}
