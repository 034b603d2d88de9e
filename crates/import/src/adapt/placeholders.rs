//! Finds placeholders in the text, never inside strings, quoted names and comments. Numbers follow SQLite (manual,
//! "SQL Language Expressions", section 3): `?` is one more than the largest so far, `?NNN` is NNN, and a name keeps
//! its first number. Numbers for PostgreSQL have no gaps and follow the order in which parameters first occur.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::statement::StatementResults;

/// SQLite's `SQLITE_MAX_VARIABLE_NUMBER`.
const LARGEST: usize = 32_766;

/// An adapted statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adapted {
    /// The statement.
    pub sql: String,
    /// For `$1`, `$2` and so on: the parameter of the source.
    pub parameters: Vec<Parameter>,
    /// What the translation assumes, and where the result may differ.
    pub notes: Vec<String>,
    /// What it returns and changes.
    pub results: StatementResults,
}

/// A parameter of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its number in SQLite, from 1.
    pub number: usize,
    /// Its name with its first character, if it has one.
    pub name: Option<String>,
}

/// Why placeholders cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceholderError {
    /// A string or a quoted name that is not closed.
    #[error("the quote at byte {at} is not closed")]
    Unclosed {
        /// Its byte offset.
        at: usize,
    },
    /// A number that SQLite does not allow.
    #[error("the number of the placeholder at byte {at} is not between 1 and {LARGEST}")]
    Number {
        /// Its byte offset.
        at: usize,
    },
}

/// Converts the placeholders of a text and nothing else: the text need not be valid SQL for SQLite.
///
/// # Errors
/// When a quote is not closed, or a number is out of range.
pub fn number_placeholders(sql: &str) -> Result<Adapted, PlaceholderError> {
    let scanned = Scanned::new(sql)?;
    Ok(Adapted {
        sql: scanned.with_placeholders(sql, "$"),
        parameters: scanned.parameters,
        ..Adapted::default()
    })
}

enum Piece {
    Placeholder,
    /// `??`.
    Escape,
    /// `::`.
    Cast,
    Semicolon,
    /// Any token that makes a statement non-empty.
    Other,
}

/// A text with the positions of its placeholders.
pub(super) struct Scanned {
    /// The range of each, and its number in the target; `None` for `??`.
    places: Vec<(Range<usize>, Option<usize>)>,
    pub(super) parameters: Vec<Parameter>,
    /// Whether it contains operators that only PostgreSQL has.
    pub(super) is_postgresql: bool,
}

impl Scanned {
    pub(super) fn new(sql: &str) -> Result<Self, PlaceholderError> {
        let mut scanned = Self { places: Vec::new(), parameters: Vec::new(), is_postgresql: false };
        let mut largest = 0;
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        let mut by_number: HashMap<usize, usize> = HashMap::new();
        for (range, piece) in pieces(sql)? {
            match piece {
                Piece::Escape => {
                    scanned.is_postgresql = true;
                    scanned.places.push((range, None));
                }
                Piece::Cast => scanned.is_postgresql = true,
                Piece::Semicolon | Piece::Other => {}
                Piece::Placeholder => {
                    let token = &sql[range.clone()];
                    let out_of_range = || PlaceholderError::Number { at: range.start };
                    let (number, name) = match token.strip_prefix('?') {
                        Some("") => (largest + 1, None),
                        Some(digits) => (digits.parse().map_err(|_too_large| out_of_range())?, None),
                        None => (*by_name.entry(token).or_insert(largest + 1), Some(token)),
                    };
                    if !(1..=LARGEST).contains(&number) {
                        return Err(out_of_range());
                    }
                    largest = largest.max(number);
                    let target = *by_number.entry(number).or_insert_with(|| {
                        scanned.parameters.push(Parameter { number, name: None });
                        scanned.parameters.len()
                    });
                    if let (Some(name), Some(parameter)) = (name, scanned.parameters.get_mut(target - 1)) {
                        parameter.name.get_or_insert_with(|| name.to_owned());
                    }
                    scanned.places.push((range, Some(target)));
                }
            }
        }
        Ok(scanned)
    }

    /// The numbers in the target of the placeholders that occur once.
    pub(super) fn single_parameters(&self) -> BTreeSet<usize> {
        let count = |number: &usize| self.places.iter().filter(|(_, place)| *place == Some(*number)).count();
        (1..=self.parameters.len()).filter(|number| count(number) == 1).collect()
    }

    /// The text with this prefix and the target's number in place of each placeholder.
    pub(super) fn with_placeholders(&self, sql: &str, sign: &str) -> String {
        let mut out = String::with_capacity(sql.len() + self.places.len());
        let mut done = 0;
        for (range, number) in &self.places {
            out.push_str(&sql[done..range.start]);
            match number {
                Some(number) => {
                    // `$` can be part of a name in PostgreSQL, and `$1AND` is not a placeholder.
                    if out.bytes().next_back().is_some_and(is_name) {
                        out.push(' ');
                    }
                    out.push_str(sign);
                    out.push_str(&number.to_string());
                    if sql.as_bytes().get(range.end).is_some_and(|byte| is_name(*byte)) {
                        out.push(' ');
                    }
                }
                None => out.push('?'),
            }
            done = range.end;
        }
        out.push_str(&sql[done..]);
        out
    }
}

/// The statements of a text, without the semicolons between them. Comments alone are no statement.
pub(super) fn statements(sql: &str) -> Result<Vec<String>, PlaceholderError> {
    let mut statements = Vec::new();
    let mut start = 0;
    let mut is_empty = true;
    for (range, piece) in pieces(sql)? {
        if let Piece::Semicolon = piece {
            if !is_empty {
                statements.push(sql[start..range.start].to_owned());
            }
            start = range.end;
            is_empty = true;
        } else {
            is_empty = false;
        }
    }
    if !is_empty {
        statements.push(sql[start..].to_owned());
    }
    Ok(statements)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn pieces(sql: &str) -> Result<Vec<(Range<usize>, Piece)>, PlaceholderError> {
    let bytes = sql.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or_default();
    let name_end = |from: usize| {
        let after = bytes.iter().skip(from).position(|byte| !is_name(*byte));
        after.map_or(bytes.len(), |length| from + length)
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let (end, piece) = match (at(start), at(start + 1)) {
            (b'-', b'-') => (sql[start..].find('\n').map_or(bytes.len(), |length| start + length + 1), None),
            (b'/', b'*') => {
                (sql[start + 2..].find("*/").map_or(bytes.len(), |length| start + length + 4), None)
            }
            (quote @ (b'\'' | b'"' | b'`'), _) => (quote_end(bytes, start, quote)?, Some(Piece::Other)),
            (b'[', _) => {
                let length = sql[start..].find(']').ok_or(PlaceholderError::Unclosed { at: start })?;
                (start + length + 1, Some(Piece::Other))
            }
            (b':', b':') => (start + 2, Some(Piece::Cast)),
            (b'?', b'?') => (start + 2, Some(Piece::Escape)),
            (b'?', _) => {
                let digits = bytes.iter().skip(start + 1).position(|byte| !byte.is_ascii_digit());
                (digits.map_or(bytes.len(), |length| start + 1 + length), Some(Piece::Placeholder))
            }
            (b':' | b'@' | b'$', next) if is_name(next) => (name_end(start + 1), Some(Piece::Placeholder)),
            (b';', _) => (start + 1, Some(Piece::Semicolon)),
            (space, _) if space.is_ascii_whitespace() => (start + 1, None),
            (byte, _) if is_name(byte) => (name_end(start), Some(Piece::Other)),
            _ => (start + 1, Some(Piece::Other)),
        };
        if let Some(piece) = piece {
            pieces.push((start..end, piece));
        }
        start = end;
    }
    Ok(pieces)
}

/// After the closing quote; a doubled quote does not close.
fn quote_end(bytes: &[u8], start: usize, quote: u8) -> Result<usize, PlaceholderError> {
    let mut index = start + 1;
    while let Some(byte) = bytes.get(index) {
        if *byte == quote {
            if bytes.get(index + 1) != Some(&quote) {
                return Ok(index + 1);
            }
            index += 1;
        }
        index += 1;
    }
    Err(PlaceholderError::Unclosed { at: start })
}
