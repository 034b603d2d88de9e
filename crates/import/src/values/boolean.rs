//! `boolean`.

use super::sink::Sink;
use super::{SourceValue, Unfit, integer};
use crate::types::Reading;

/// The words that PostgreSQL reads as truth values (manual, "Boolean Type"), in lower case, without abbreviations of
/// more than one letter.
const WORDS: [(&str, bool); 12] = [
    ("t", true),
    ("f", false),
    ("true", true),
    ("false", false),
    ("y", true),
    ("n", false),
    ("yes", true),
    ("no", false),
    ("on", true),
    ("off", false),
    ("1", true),
    ("0", false),
];

/// Writes 0 or 1, or the texts `true` and `false` in ASCII letters of any case; in any form also the other words that
/// PostgreSQL reads so.
pub(super) fn write(value: SourceValue<'_>, reading: Reading, out: &mut impl Sink) -> Result<(), Unfit> {
    let is_true = match value {
        SourceValue::Integer(_) | SourceValue::Real(_) => match integer::whole(value) {
            Ok(0) => false,
            Ok(1) => true,
            _ => return Err(Unfit::NotABoolean),
        },
        SourceValue::Text(word) if word.eq_ignore_ascii_case("true") => true,
        SourceValue::Text(word) if word.eq_ignore_ascii_case("false") => false,
        SourceValue::Text(word) if reading.any_form => {
            let known = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
            known.ok_or(Unfit::NotABoolean)?.1
        }
        SourceValue::Text(_) => return Err(Unfit::NotABoolean),
        _ => return Err(Unfit::WrongClass),
    };
    out.put(&[u8::from(is_true)]);
    Ok(())
}

/// Reads it.
pub(super) fn read(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0] => Some(false),
        [1] => Some(true),
        _ => None,
    }
}
