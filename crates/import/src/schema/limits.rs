//! Limits for reading a file, and for statements before they are parsed.
//!
//! Walking, copying or dropping a parsed expression recurses once per level. A statement is therefore only parsed if
//! its tokens show that its tree cannot be deeper than [`MAX_DEPTH`].

use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::Tokenizer;

/// The maximum number of tables; further ones are not read.
pub(super) const MAX_TABLES: usize = 100_000;
/// The maximum size of a statement in bytes.
pub(super) const MAX_STATEMENT_BYTES: i32 = 8 * 1024 * 1024;
/// The maximum number of tokens of a parsed statement.
pub(super) const MAX_TOKENS: usize = 250_000;
/// The maximum number of column evaluations to read a row, with one for every reference.
pub(super) const MAX_COMPUTED: usize = 10_000;
/// The maximum number of levels of an expression. Copying and writing 1,200 of them fills a stack of 2 MB in a debug
/// build.
pub(super) const MAX_DEPTH: usize = 250;

/// The kind of object that a statement creates, by its first words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Table,
    VirtualTable,
    Index,
    View,
    Trigger,
}

/// Properties of a statement that its tokens show without a parser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// The kind of created object; `None` for any other statement.
    pub kind: Option<ObjectKind>,
    /// The number of tokens.
    pub token_count: usize,
    /// An upper bound for the depth of its expressions.
    pub depth: usize,
    /// Whether it contains the word AUTOINCREMENT, which can only be the keyword.
    pub has_autoincrement: bool,
    /// Whether STRICT follows its last parenthesis.
    pub is_strict: bool,
}

/// Scans the tokens of a statement; `None` if it cannot be tokenized.
pub(super) fn outline(sql: &str) -> Option<Outline> {
    let mut outline = Outline::default();
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut open: Vec<Parenthesis> = Vec::new();
    let mut level = Parenthesis::default();
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
                // Counted as an operator, because a call or a list is a level of its own.
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

fn kind(token: TokenType) -> Option<ObjectKind> {
    match token {
        TokenType::TK_TABLE => Some(ObjectKind::Table),
        TokenType::TK_VIRTUAL => Some(ObjectKind::VirtualTable),
        TokenType::TK_INDEX => Some(ObjectKind::Index),
        TokenType::TK_VIEW => Some(ObjectKind::View),
        TokenType::TK_TRIGGER => Some(ObjectKind::Trigger),
        _ => None,
    }
}

/// The text between two parentheses. Everything except operands is counted as an operator: an upper bound.
#[derive(Default)]
struct Parenthesis {
    /// The number of operators in the current item of a list.
    operators: usize,
    /// The number of OR operators in it, which bind loosest: the tree is as deep as the number of ORs plus its
    /// deepest branch.
    ors: usize,
    /// The number of operators since the last OR.
    branch: usize,
    /// The number of operators in the longest branch.
    longest_branch: usize,
    /// Whether it contains CASE, in which an OR may be at any depth.
    has_case: bool,
    /// The depth of the deepest parenthesis in the item.
    inner: usize,
    /// The maximum depth of earlier items.
    deepest_item: usize,
}

impl Parenthesis {
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
