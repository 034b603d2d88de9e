//! `bytea`.

use std::fmt::Write as _;

use super::sink::Sink;
use super::{SourceValue, Unfit};

/// Writes a BLOB.
pub(super) fn write(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    match value {
        SourceValue::Blob(bytes) => out.put(bytes),
        _ => return Err(Unfit::WrongClass),
    }
    Ok(())
}

/// Writes a BLOB, or the bytes of a text. A number has no bytes: those of its digits would be read as something else.
pub(super) fn write_with_text(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    match value {
        SourceValue::Text(text) => out.put(text.as_bytes()),
        SourceValue::BrokenText(bytes) => out.put(bytes),
        value => return write(value, out),
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
