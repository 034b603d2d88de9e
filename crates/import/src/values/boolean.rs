//! `boolean`.

use super::sink::Sink;
use super::{SourceValue, Unfit, integer};

/// Writes 0 or 1, or the texts `true` and `false` in ASCII letters of any case.
pub(super) fn write(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    let is_true = match value {
        SourceValue::Integer(_) | SourceValue::Real(_) => match integer::whole(value) {
            Ok(0) => false,
            Ok(1) => true,
            _ => return Err(Unfit::NotABoolean),
        },
        SourceValue::Text(word) if word.eq_ignore_ascii_case("true") => true,
        SourceValue::Text(word) if word.eq_ignore_ascii_case("false") => false,
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
