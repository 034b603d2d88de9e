//! `text`, `varchar(n)`, `character(n)` and `citext`: UTF-8 without NUL.

use std::fmt::Write as _;

use super::sink::{Short, Sink};
use super::{SourceValue, Unfit, real};

/// Writes text; numbers in SQLite's text form.
pub(super) fn write(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    let mut number = Short::default();
    out.put(text_of(value, &mut number)?.as_bytes());
    Ok(())
}

/// Writes text that is exactly one of these labels.
pub(super) fn write_label(
    value: SourceValue<'_>,
    labels: &[String],
    out: &mut impl Sink,
) -> Result<(), Unfit> {
    let mut number = Short::default();
    let text = text_of(value, &mut number)?;
    if !labels.iter().any(|label| label == text) {
        return Err(Unfit::NotALabel);
    }
    out.put(text.as_bytes());
    Ok(())
}

/// Writes text of at most this number of characters.
pub(super) fn write_varchar(value: SourceValue<'_>, most: u32, out: &mut impl Sink) -> Result<(), Unfit> {
    let mut number = Short::default();
    let text = text_of(value, &mut number)?;
    if character_count(text, most) > u64::from(most) {
        return Err(Unfit::TooLong);
    }
    out.put(text.as_bytes());
    Ok(())
}

/// Writes text of at most this number of characters, without the spaces at its end: `character(n)` pads with spaces, and
/// ignores them (PostgreSQL manual, "Character Types").
pub(super) fn write_char(value: SourceValue<'_>, most: u32, out: &mut impl Sink) -> Result<(), Unfit> {
    let mut number = Short::default();
    let text = text_of(value, &mut number)?.trim_end_matches(' ');
    if character_count(text, most) > u64::from(most) {
        return Err(Unfit::TooLong);
    }
    out.put(text.as_bytes());
    Ok(())
}

/// A value of `character(n)` without its padding.
pub(super) fn without_padding(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b' '] = bytes {
        bytes = rest;
    }
    bytes
}

/// The number of characters; `most` plus one if there are more.
fn character_count(text: &str, most: u32) -> u64 {
    let enough = usize::try_from(most).map_or(usize::MAX, |most| most.saturating_add(1));
    u64::try_from(text.chars().take(enough).count()).unwrap_or(u64::MAX)
}

fn text_of<'t>(value: SourceValue<'t>, number: &'t mut Short) -> Result<&'t str, Unfit> {
    match value {
        // Not by characters: searching for one byte is fastest.
        SourceValue::Text(text) if text.as_bytes().contains(&0) => Err(Unfit::HasNul),
        SourceValue::Text(text) => Ok(text),
        SourceValue::Integer(_) | SourceValue::Real(_) => number_text(value, number),
        SourceValue::BrokenText(_) => Err(Unfit::BrokenText),
        SourceValue::Null | SourceValue::Blob(_) => Err(Unfit::WrongClass),
    }
}

/// The text of a number.
pub(super) fn number_text<'t>(value: SourceValue<'_>, text: &'t mut Short) -> Result<&'t str, Unfit> {
    match value {
        SourceValue::Integer(number) => write!(text, "{number}").map_err(|_full| Unfit::TooLong)?,
        SourceValue::Real(number) => real::write_text(number, text)?,
        _ => return Err(Unfit::WrongClass),
    }
    Ok(text.as_str())
}
