//! `uuid`: 16 bytes.

use super::sink::Sink;
use super::{SourceValue, Unfit};
use crate::types::{Reading, UuidForm};

/// Writes a UUID in this format. Upper case is rejected, because it would be read back in lower case; in any form it is
/// the same UUID, with or without hyphens, in braces or as bytes.
pub(super) fn write(
    value: SourceValue<'_>,
    form: UuidForm,
    reading: Reading,
    out: &mut impl Sink,
) -> Result<(), Unfit> {
    let bytes = match (form, value) {
        (_, SourceValue::Blob(bytes)) if reading.any_form => bytes.try_into().ok(),
        (_, SourceValue::Text(text)) if reading.any_form => in_any_form(text),
        (UuidForm::Bytes, SourceValue::Blob(bytes)) => bytes.try_into().ok(),
        (UuidForm::Simple, SourceValue::Text(text)) => simple(text.as_bytes()),
        (UuidForm::Hyphenated, SourceValue::Text(text)) => hyphenated(text.as_bytes()),
        _ => return Err(Unfit::WrongClass),
    };
    out.put(&bytes.ok_or(Unfit::NotAUuid)?);
    Ok(())
}

fn in_any_form(text: &str) -> Option<[u8; 16]> {
    let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    let digits = inside.unwrap_or(text).to_ascii_lowercase();
    hyphenated(digits.as_bytes()).or_else(|| simple(digits.as_bytes()))
}

fn hyphenated(text: &[u8]) -> Option<[u8; 16]> {
    let mut digits = [0; 32];
    let mut filled = 0;
    if text.len() != 36 {
        return None;
    }
    for (at, character) in text.iter().enumerate() {
        match (at, character) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            _ => {
                digits[filled] = *character;
                filled += 1;
            }
        }
    }
    simple(&digits)
}

fn simple(text: &[u8]) -> Option<[u8; 16]> {
    let digits: &[u8; 32] = text.try_into().ok()?;
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

/// With hyphens.
pub(super) fn show(bytes: &[u8]) -> Option<String> {
    ::uuid::Uuid::from_slice(bytes).ok().map(|uuid| uuid.to_string())
}
