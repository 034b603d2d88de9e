//! `bytea`.

use std::fmt::Write as _;

use super::sink::{Short, Sink};
use super::{SourceValue, Unfit, text};

/// Writes a BLOB.
pub(super) fn write(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    match value {
        SourceValue::Blob(bytes) => out.put(bytes),
        _ => return Err(Unfit::WrongClass),
    }
    Ok(())
}

/// Writes the bytes of any value, if configured: for a number those of its text form.
pub(super) fn write_any(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    match value {
        SourceValue::Text(text) => out.put(text.as_bytes()),
        SourceValue::BrokenText(bytes) => out.put(bytes),
        SourceValue::Integer(_) | SourceValue::Real(_) => {
            out.put(text::number_text(value, &mut Short::default())?.as_bytes());
        }
        SourceValue::Null | SourceValue::Blob(_) => return write(value, out),
    }
    Ok(())
}

/// In hexadecimal digits, as in PostgreSQL.
pub(super) fn show(bytes: &[u8]) -> String {
    bytes.iter().fold(String::from("\\x"), |mut shown, byte| {
        // Writing to a String cannot fail.
        let _ = write!(shown, "{byte:02x}");
        shown
    })
}
