//! Decides whether a translation is equivalent to its text: then the text stays unchanged, byte for byte.

use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::Tokenizer;

/// Compares both token by token. Both mean the same to SQLite; PostgreSQL reads the text in the same way because the
/// translation is written for it, including the parentheses.
pub(super) fn is_equivalent(text: &str, translation: &str) -> bool {
    match (tokens(text), tokens(translation)) {
        (Some(text), Some(translation)) => text == translation,
        _ => false,
    }
}

/// Comments nest in PostgreSQL but not in SQLite. Only whitespace and comments occur between two tokens.
fn has_nested_comment(between: &str) -> bool {
    let mut rest = between;
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("/*") {
            match comment.split_once("*/") {
                Some((inside, after)) if !inside.contains("/*") => rest = after,
                _ => return true,
            }
        } else {
            // A comment to the end of its line, or whitespace.
            match rest.split_once('\n') {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
    }
}

fn tokens(sql: &str) -> Option<Vec<String>> {
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut tokens: Vec<String> = Vec::new();
    let mut last_end = 0;
    loop {
        let (start, token, end) = scanner.scan(sql.as_bytes()).ok()?;
        if sql.get(last_end..start).is_none_or(has_nested_comment) {
            return None;
        }
        let Some((bytes, kind)) = token else { return Some(tokens) };
        let word = String::from_utf8_lossy(bytes);
        // PostgreSQL reads `||-` and `%-` as one operator.
        let follows =
            start == last_end && tokens.last().is_some_and(|last| last.ends_with(['%', '&', '|', '~']));
        if follows && matches!(kind, TokenType::TK_MINUS | TokenType::TK_PLUS | TokenType::TK_BITNOT) {
            return None;
        }
        last_end = end;
        match kind {
            TokenType::TK_SEMI => {}
            // PostgreSQL supports both spellings.
            TokenType::TK_JOIN_KW if ["inner", "outer"].iter().any(|w| word.eq_ignore_ascii_case(w)) => {}
            TokenType::TK_NE => tokens.push("<>".to_owned()),
            TokenType::TK_LP => {
                // Both fold the case of function names.
                if let Some(name) = tokens.last_mut().filter(|name| !name.starts_with(['"', '\''])) {
                    *name = name.to_ascii_lowercase();
                }
                tokens.push("(".to_owned());
            }
            // Without quotes the digits of a blob would look like a number.
            TokenType::TK_BLOB => tokens.push(format!("x'{word}'")),
            TokenType::TK_ID | TokenType::TK_STRING | TokenType::TK_VARIABLE => {
                tokens.push(word.into_owned())
            }
            _ => tokens.push(word.to_ascii_lowercase()),
        }
    }
}
