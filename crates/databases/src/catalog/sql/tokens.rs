//! The lexer: words, identifiers, strings, numbers and symbols of SQL.

use std::iter::Peekable;
use std::str::CharIndices;

/// The dialect: `[` begins an identifier in SQLite and a subscript in PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::catalog) enum Dialect {
    Sqlite,
    Postgres,
}

/// A token. Spaces and comments are dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::catalog) enum Token {
    /// A keyword or unquoted identifier, as written.
    Word(String),
    /// A quoted identifier, without its quotes.
    Quoted(String),
    /// A string literal, without its quotes.
    Text(String),
    /// A number, as written.
    Number(String),
    /// An operator, parenthesis, bracket, comma or unknown character.
    Symbol(String),
}

impl Token {
    pub(in crate::catalog) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found.eq_ignore_ascii_case(word))
    }

    pub(in crate::catalog) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self, Self::Symbol(found) if found == symbol)
    }

    /// The name, if it can be an identifier.
    pub(in crate::catalog) fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Quoted(name) => Some(name),
            Self::Text(_) | Self::Number(_) | Self::Symbol(_) => None,
        }
    }
}

/// Operators of more than one character, longer ones before their prefixes.
const OPERATORS: &[&str] = &[
    "!~~*", "!~~", "!~*", "~~*", "->>", "#>>", "::", "<=", ">=", "<>", "!=", "==", "||", "<<", ">>", "->",
    "#>", "!~", "~~", "~*", "@>", "<@", "&&",
];

/// Splits `text` into tokens. An unclosed quote or comment extends to the end of the text.
pub(in crate::catalog) fn tokenize(text: &str, dialect: Dialect) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some(&(start, c)) = chars.peek() {
        let rest = text.get(start..).unwrap_or_default();
        let token = match c {
            _ if c.is_ascii_whitespace() => {
                chars.next();
                continue;
            }
            _ if rest.starts_with("--") => {
                while chars.next_if(|(_, c)| *c != '\n').is_some() {}
                continue;
            }
            _ if rest.starts_with("/*") => {
                let end =
                    rest.get(2..).and_then(|body| body.find("*/")).map_or(text.len(), |n| start + n + 4);
                while chars.next_if(|(at, _)| *at < end).is_some() {}
                continue;
            }
            '\'' => Token::Text(quoted(&mut chars, '\'')),
            '"' => Token::Quoted(quoted(&mut chars, '"')),
            '`' if dialect == Dialect::Sqlite => Token::Quoted(quoted(&mut chars, '`')),
            '[' if dialect == Dialect::Sqlite => Token::Quoted(bracketed(&mut chars)),
            _ if begins_number(rest) => Token::Number(number(&mut chars)),
            _ if begins_word(c) => {
                let mut word = String::new();
                while let Some((_, c)) =
                    chars.next_if(|(_, c)| begins_word(*c) || c.is_ascii_digit() || *c == '$')
                {
                    word.push(c);
                }
                Token::Word(word)
            }
            _ => {
                let known = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
                let symbol = known.map_or_else(|| c.to_string(), |operator| (*operator).to_owned());
                while chars.next_if(|(at, _)| *at < start + symbol.len()).is_some() {}
                Token::Symbol(symbol)
            }
        };
        tokens.push(token);
    }
    tokens
}

/// The text up to the closing quote; a doubled quote stands for one.
fn quoted(chars: &mut Peekable<CharIndices<'_>>, quote: char) -> String {
    chars.next();
    let mut text = String::new();
    while let Some((_, c)) = chars.next() {
        if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            break;
        }
        text.push(c);
    }
    text
}

fn bracketed(chars: &mut Peekable<CharIndices<'_>>) -> String {
    chars.next();
    chars.map(|(_, c)| c).take_while(|c| *c != ']').collect()
}

fn begins_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn begins_number(rest: &str) -> bool {
    let digits = rest.strip_prefix('.').unwrap_or(rest);
    digits.starts_with(|c: char| c.is_ascii_digit())
}

fn number(chars: &mut Peekable<CharIndices<'_>>) -> String {
    let mut number = String::new();
    while let Some((_, c)) = chars.next_if(|(_, c)| {
        let exponent = number.ends_with(['e', 'E']) && !number.starts_with("0x") && !number.starts_with("0X");
        c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || (exponent && matches!(c, '+' | '-'))
    }) {
        number.push(c);
    }
    number
}

/// Splits `tokens` at commas outside of parentheses and brackets.
pub(in crate::catalog) fn split(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_usize;
    tokens
        .split(|token| {
            if token.is_symbol("(") || token.is_symbol("[") {
                depth += 1;
            } else if token.is_symbol(")") || token.is_symbol("]") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && token.is_symbol(",")
        })
        .filter(|part| !part.is_empty())
        .collect()
}

/// The tokens as text, with single spaces.
pub(in crate::catalog) fn render(tokens: &[Token]) -> String {
    let texts: Vec<String> = tokens
        .iter()
        .map(|token| match token {
            Token::Word(text) | Token::Number(text) | Token::Symbol(text) => text.clone(),
            Token::Quoted(name) => quote_name(name),
            Token::Text(text) => quote_text(text),
        })
        .collect();
    texts.join(" ")
}

/// The identifier as written in SQL, quoted only if necessary.
pub(super) fn quote_name(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

pub(super) fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
