//! `uuid`: 16 bytes.

use super::sink::Sink;
use super::{SourceValue, Unfit};
use crate::types::UuidForm;

/// Writes a UUID in this format. Upper case is rejected: it would be read back in lower case.
pub(super) fn write(value: SourceValue<'_>, form: UuidForm, out: &mut impl Sink) -> Result<(), Unfit> {
    let bytes = match (form, value) {
        (UuidForm::Bytes, SourceValue::Blob(bytes)) => bytes.try_into().ok(),
        (UuidForm::Simple, SourceValue::Text(text)) => simple(text.as_bytes()),
        (UuidForm::Hyphenated, SourceValue::Text(text)) => hyphenated(text.as_bytes()),
        _ => return Err(Unfit::WrongClass),
    };
    out.put(&bytes.ok_or(Unfit::NotAUuid)?);
    Ok(())
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
