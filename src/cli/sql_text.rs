//! SQL on standard output: harmless on a terminal, and the same statements for psql.
//!
//! Invisible characters and those that a terminal obeys are written as PostgreSQL's own escapes: `U&'\202E'` for a
//! string, `U&"\202E"` for an identifier, `E'...'` for a string in dollar quotes. SQL Syntax, "Lexical Structure".

use std::fmt::Write as _;

use databases::terminal::{escape, is_hidden};

/// A piece of SQL, as far as escapes differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// `"..."` or `'...'`.
    Quoted,
    /// `'...'` after `E`: a backslash begins an escape.
    Escapes,
    /// `$tag$...$tag$`, with a tag of so many bytes.
    Dollar(usize),
    /// A comment, or one character outside all of these.
    Other,
}

/// Statements as PostgreSQL reads the same, without characters that a terminal obeys or does not show.
pub(super) fn escape_sql(sql: &str) -> String {
    if !sql.contains(must_be_escaped) {
        return sql.to_owned();
    }
    let mut escaped = String::with_capacity(sql.len());
    let mut done = 0;
    while let Some(rest) = sql.get(done..).filter(|rest| !rest.is_empty()) {
        let before = sql.get(..done).unwrap_or_default();
        let (piece, length) = next_piece(before, rest);
        let text = rest.get(..length).unwrap_or(rest);
        if text.contains(must_be_escaped) {
            write_piece(&mut escaped, piece, text)
        } else {
            escaped.push_str(text)
        }
        done += text.len();
    }
    escaped
}

fn must_be_escaped(character: char) -> bool {
    character != '\n' && is_hidden(character)
}

/// The piece that `rest` begins with, and its bytes. What is never closed reaches to the end.
fn next_piece(before: &str, rest: &str) -> (Piece, usize) {
    let mut characters = rest.chars();
    match characters.next() {
        Some('"') => (Piece::Quoted, quoted_length(rest, '"', false)),
        Some('\'') if ends_in_prefix(before, &["e", "E"]) => {
            (Piece::Escapes, quoted_length(rest, '\'', true))
        }
        Some('\'') => (Piece::Quoted, quoted_length(rest, '\'', false)),
        Some('$') if !ends_in_word(before) => match dollar_tag(rest) {
            Some(tag) => {
                let end = rest.get(tag.len()..).and_then(|body| body.find(tag));
                (Piece::Dollar(tag.len()), end.map_or(rest.len(), |end| end + 2 * tag.len()))
            }
            None => (Piece::Other, 1),
        },
        Some('-') if rest.starts_with("--") => (Piece::Other, rest.find('\n').unwrap_or(rest.len())),
        Some('/') if rest.starts_with("/*") => (Piece::Other, comment_length(rest)),
        first => (Piece::Other, first.map_or(0, char::len_utf8)),
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$') || !character.is_ascii()
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(is_word)
}

/// Whether a text ends in one of these prefixes of a string, as a word of its own.
fn ends_in_prefix(text: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| text.strip_suffix(prefix).is_some_and(|before| !ends_in_word(before)))
}

fn quoted_length(text: &str, quote: char, has_escapes: bool) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == quote {
            // Doubled, it is part of the text.
            if characters.next_if(|(_, next)| *next == quote).is_none() {
                return at + 1;
            }
        } else if has_escapes && character == '\\' {
            characters.next();
        }
    }
    text.len()
}

/// The tag that a string in dollar quotes begins with, with both dollars.
fn dollar_tag(text: &str) -> Option<&str> {
    let inner = text.get(1..)?;
    let end = inner.find('$')?;
    let name = inner.get(..end)?;
    let is_tag = name.chars().all(is_word) && !name.starts_with(|first: char| first.is_ascii_digit());
    is_tag.then(|| text.get(..end + 2)).flatten()
}

/// The bytes of a comment, in which others may be.
fn comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn write_piece(out: &mut String, piece: Piece, text: &str) {
    let is_closed = |quote: char| text.len() > 1 && text.ends_with(quote);
    match piece {
        Piece::Quoted => {
            let quote = if text.starts_with('"') { '"' } else { '\'' };
            if !is_closed(quote) {
                return out.push_str(&escape(text));
            }
            let has_escapes = ends_in_prefix(out, &["u&", "U&"]);
            if !has_escapes {
                out.push_str(if ends_in_word(out) { " U&" } else { "U&" });
            }
            for character in text.chars() {
                match (character, u32::from(character)) {
                    ('\\', _) if !has_escapes => out.push_str("\\\\"),
                    (_, code) if must_be_escaped(character) && code > 0xffff => {
                        push(out, format_args!("\\+{code:06X}"))
                    }
                    (_, code) if must_be_escaped(character) => push(out, format_args!("\\{code:04X}")),
                    _ => out.push(character),
                }
            }
        }
        Piece::Escapes if is_closed('\'') => {
            let mut is_after_backslash = false;
            for character in text.chars() {
                if must_be_escaped(character) && is_after_backslash {
                    // The backslash stood for nothing.
                    out.pop();
                }
                push_in_escape_string(out, character);
                is_after_backslash = character == '\\' && !is_after_backslash;
            }
        }
        Piece::Dollar(tag) if text.len() >= 2 * tag => {
            out.push_str(if ends_in_word(out) { " E'" } else { "E'" });
            for character in text.get(tag..text.len() - tag).unwrap_or_default().chars() {
                match character {
                    '\'' => out.push_str("''"),
                    '\\' => out.push_str("\\\\"),
                    _ => push_in_escape_string(out, character),
                }
            }
            out.push('\'');
        }
        // Between words, a tab or a carriage return is white space.
        Piece::Other if matches!(text, "\t" | "\r") => out.push(' '),
        Piece::Escapes | Piece::Dollar(_) | Piece::Other => out.push_str(&escape(text)),
    }
}

fn push_in_escape_string(out: &mut String, character: char) {
    match u32::from(character) {
        code if must_be_escaped(character) && code > 0xffff => push(out, format_args!("\\U{code:08X}")),
        code if must_be_escaped(character) => push(out, format_args!("\\u{code:04X}")),
        _ => out.push(character),
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string does not fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strings_and_identifiers_are_written_with_escapes_of_postgresql() {
        for (sql, expected) in [
            ("SELECT 'größe', \"a\"", "SELECT 'größe', \"a\""),
            ("SELECT 'a\u{202e}''\\b\n'", "SELECT U&'a\\202E''\\\\b\n'"),
            ("CREATE TABLE \"x\u{1b}[2J\"\"\u{e0041}\" ()", "CREATE TABLE U&\"x\\001B[2J\"\"\\+0E0041\" ()"),
            ("DEFAULT'\t'", "DEFAULT U&'\\0009'"),
            ("SELECT E'\\'\u{200b}\\\u{202e}'", "SELECT E'\\'\\u200B\\u202E'"),
            ("SELECT U&'\\0041\u{200b}'", "SELECT U&'\\0041\\200B'"),
            ("AS $f$ '\\\u{202e}\n$$ $f$;", "AS E' ''\\\\\\u202E\n$$ ';"),
            (
                "-- a\u{202e}\nSELECT\t1 /* /* \r*/ 'b\u{200b}*/",
                "-- a\\u{202e}\nSELECT 1 /* /* \\r*/ 'b\\u{200b}*/",
            ),
            ("SELECT $1, a$b$, '\u{7f}'", "SELECT $1, a$b$, U&'\\007F'"),
            ("SELECT '\u{7f}", "SELECT '\\u{7f}"),
        ] {
            assert_eq!(escape_sql(sql), expected);
        }
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn nothing_hidden_is_left(sql in "([-'\"$/*\\\\ abEU&\n\t\u{1b}\u{202e}\u{200b}\u{e0041}]|.){0,40}") {
            prop_assert!(!escape_sql(&sql).contains(must_be_escaped));
        }
    }
}
