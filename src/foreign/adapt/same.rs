//! Whether a translation says what the text says already: then the text stays as it is, to the byte.

use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::Tokenizer;

/// Compares the two token by token. Both mean the same to SQLite; that PostgreSQL reads the text in the same way
/// follows from the translation being written for it, down to the parentheses.
pub(super) fn says_the_same(text: &str, translation: &str) -> bool {
    match (tokens(text), tokens(translation)) {
        (Some(text), Some(translation)) => text == translation,
        _ => false,
    }
}

fn tokens(sql: &str) -> Option<Vec<String>> {
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut tokens: Vec<String> = Vec::new();
    loop {
        let (_, token, _) = scanner.scan(sql.as_bytes()).ok()?;
        let Some((bytes, kind)) = token else { return Some(tokens) };
        let word = String::from_utf8_lossy(bytes);
        match kind {
            // Both spellings are PostgreSQL's too.
            TokenType::TK_AS | TokenType::TK_SEMI => {}
            TokenType::TK_JOIN_KW if ["inner", "outer"].iter().any(|w| word.eq_ignore_ascii_case(w)) => {}
            TokenType::TK_NE => tokens.push("<>".to_owned()),
            TokenType::TK_LP => {
                // The name of a function is folded by both.
                if let Some(name) = tokens.last_mut().filter(|name| !name.starts_with(['"', '\''])) {
                    *name = name.to_ascii_lowercase();
                }
                tokens.push("(".to_owned());
            }
            // Without their quotes the digits of a blob would look like a number.
            TokenType::TK_BLOB => tokens.push(format!("x'{word}'")),
            TokenType::TK_ID | TokenType::TK_STRING | TokenType::TK_VARIABLE => {
                tokens.push(word.into_owned())
            }
            _ => tokens.push(word.to_ascii_lowercase()),
        }
    }
}
