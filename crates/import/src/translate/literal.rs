//! Literals. A literal of SQLite has one value, which is checked here; PostgreSQL never parses an ambiguous one.

use sqlite3_parser::ast::Literal;

use super::error::Untranslatable;
use super::moment;
use super::quoting::{quote_text, unquoted};
use super::translator::Translator;
use super::typed::{Family, LiteralValue, Typed};

/// A literal.
pub(super) fn literal(translator: &Translator<'_>, literal: &Literal) -> Result<Typed, Untranslatable> {
    match literal {
        Literal::Numeric(digits) => number(digits),
        Literal::String(token) => text(&unquoted(token)),
        Literal::Blob(token) => blob(token),
        Literal::Null => Ok(null()),
        Literal::CurrentDate => moment::current(translator, "YYYY-MM-DD"),
        Literal::CurrentTime => moment::current(translator, "HH24:MI:SS"),
        Literal::CurrentTimestamp => moment::current(translator, "YYYY-MM-DD HH24:MI:SS"),
        Literal::Keyword(word) => Err(Untranslatable::construct(
            format!("the word `{}`", super::shortened(word)),
            "it is not a value",
        )),
    }
}

pub(super) fn null() -> Typed {
    Typed::literal("NULL", Family::Null, LiteralValue::Null)
}

/// Text.
pub(super) fn text(text: &str) -> Result<Typed, Untranslatable> {
    if text.contains('\0') {
        return Err(Untranslatable::construct("text with NUL", "PostgreSQL's text cannot store it"));
    }
    Ok(Typed::literal(quote_text(text), Family::Text, LiteralValue::Text(text.to_owned())))
}

/// An integer.
pub(super) fn integer(value: i64) -> Typed {
    let family = if i32::try_from(value).is_ok() { Family::SmallInteger } else { Family::Integer };
    let literal = LiteralValue::Integer(value);
    match value {
        // The digits alone would be too large before the sign is applied.
        i64::MIN => Typed::literal(format!("'{value}'::bigint"), family, literal),
        value if value < 0 => {
            Typed { level: super::typed::Level::Unary, ..Typed::literal(value.to_string(), family, literal) }
        }
        _ => Typed::literal(value.to_string(), family, literal),
    }
}

fn number(token: &str) -> Result<Typed, Untranslatable> {
    let digits = token.replace('_', "");
    if let Some(hexadecimal) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        let bits = u64::from_str_radix(hexadecimal, 16);
        let value = bits.map(|bits| i64::from_ne_bytes(bits.to_ne_bytes()));
        return value.map(integer).map_err(|_too_long| {
            Untranslatable::construct("a hexadecimal number over 64 bits", "SQLite rejects it too")
        });
    }
    if let Ok(value) = digits.parse::<i64>() {
        return Ok(integer(value));
    }
    real(&digits)
}

/// A REAL, unchanged; an integer above 64 bits is one too.
pub(super) fn real(digits: &str) -> Result<Typed, Untranslatable> {
    let is_finite = digits.parse::<f64>().is_ok_and(f64::is_finite);
    if !is_finite {
        return Err(Untranslatable::construct(
            "a number beyond 1.8e308",
            "PostgreSQL rejects it as out of range",
        ));
    }
    let digits = digits.to_ascii_lowercase();
    let sql = format!("{digits}::double precision");
    let level = if digits.starts_with('-') { super::typed::Level::Unary } else { super::typed::Level::Atom };
    Ok(Typed { level, ..Typed::literal(sql, Family::Double, LiteralValue::Real(digits)) })
}

fn blob(token: &str) -> Result<Typed, Untranslatable> {
    // The parser returns the digits only.
    if !token.len().is_multiple_of(2) || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Untranslatable::construct("a malformed blob literal", "SQLite rejects it too"));
    }
    let digits = token.to_ascii_lowercase();
    Ok(Typed::literal(format!("'\\x{digits}'::bytea"), Family::Bytea, LiteralValue::Blob(digits)))
}

/// The number that SQLite reads from a text that is one as a whole: an integer if it has no fraction.
pub(super) fn number_in_text(text: &str) -> Option<Typed> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_number = !(whole.is_empty() && fraction.is_empty())
        && [whole, fraction].iter().all(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    // With more digits a REAL may be another number, and an integer exceed 64 bits.
    let longest = if unsigned.contains('.') { 15 } else { 19 };
    if !is_number || whole.len() + fraction.len() > longest {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}").parse().ok().map(integer),
        fraction => real(&format!("{sign}{whole}.{fraction}")).ok(),
    }
}

/// Whether SQLite would convert the text to a number with numeric affinity; in doubt, true.
pub(super) fn looks_numeric(text: &str) -> bool {
    text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}')
        .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
}

/// The significant digits of a decimal literal; a REAL preserves up to 15.
pub(super) fn is_exact_decimal(digits: &str) -> bool {
    let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
    let significant: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    significant.trim_start_matches('0').len() <= 15
}
