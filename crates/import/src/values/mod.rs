//! Encodes a SQLite value in PostgreSQL's binary format. The server never parses a value.
//!
//! A value fits its type only if it can be read back as an equal value: nothing is rounded, trimmed, padded or
//! guessed. An incompatible value is an error, [`Unfit`]; only a setting of the user ([`Misfit`]) converts it to
//! something else. Each type's format is that of its `..._recv` and `..._send` functions in PostgreSQL's source;
//! `SQLite` in these modules is the bundled version.

mod array;
mod boolean;
mod bytea;
mod calendar;
mod date;
mod decimal;
mod instant;
mod integer;
mod json;
mod json_reader;
mod numeric;
mod real;
mod sink;
mod text;
mod time;
mod unfit;
mod uuid;

#[cfg(test)]
mod tests;

pub use unfit::Unfit;

use self::sink::{Count, Sink};
use super::conversion::OnIncompatible;
use super::types::TargetType;

/// A value by its storage class (SQLite manual, "Datatypes In SQLite", section 2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SourceValue<'a> {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL; never NaN, which SQLite stores as NULL.
    Real(f64),
    /// Well-formed TEXT.
    Text(&'a str),
    /// TEXT whose bytes are not UTF-8, or, in a UTF-16 file, with an unpaired surrogate: the bytes as stored.
    BrokenText(&'a [u8]),
    /// BLOB.
    Blob(&'a [u8]),
}

/// The length for NULL (PostgreSQL manual, "COPY", section "Binary Format").
const NULL: i32 = -1;

/// Appends a field of a binary COPY: the length and the value's binary form. `on_incompatible` applies only to values that
/// [`check`] rejects. On an error `out` is unchanged.
///
/// # Errors
/// When the value does not fit, and `on_incompatible` does not handle it.
pub fn encode(
    value: SourceValue<'_>,
    to: TargetType,
    on_incompatible: OnIncompatible,
    out: &mut Vec<u8>,
) -> Result<(), Unfit> {
    let start = out.len();
    out.extend_from_slice(&NULL.to_be_bytes());
    if matches!(value, SourceValue::Null) {
        return Ok(());
    }
    let body = out.len();
    let written = match (on_incompatible, to, value) {
        (OnIncompatible::Bytes, TargetType::Bytea, _) => bytea::write_any(value, out),
        (OnIncompatible::RemoveNul, _, SourceValue::Text(text)) if text.contains('\0') => {
            write(SourceValue::Text(&text.replace('\0', "")), to, out)
        }
        _ => write(value, to, out),
    };
    match written.and_then(|()| field_length(out.len() - body)) {
        Ok(length) => {
            out[start..body].copy_from_slice(&length.to_be_bytes());
            Ok(())
        }
        Err(_) if on_incompatible == OnIncompatible::Null => {
            out.truncate(body);
            Ok(())
        }
        Err(unfit) => {
            out.truncate(start);
            Err(unfit)
        }
    }
}

/// Whether the value fits unchanged: the result of [`encode`] with [`Misfit::Reject`]. NULL always fits.
///
/// # Errors
/// When it does not fit.
pub fn check(value: SourceValue<'_>, to: TargetType) -> Result<(), Unfit> {
    if matches!(value, SourceValue::Null) {
        return Ok(());
    }
    let mut count = Count::default();
    write(value, to, &mut count)?;
    field_length(count.0).map(|_length| ())
}

/// The maximum size of a value: a datum with its header of four bytes has less than 1 GB (`MaxAllocSize`).
const MAX_FIELD: i32 = 0x3fff_ffff - 4;

fn field_length(length: usize) -> Result<i32, Unfit> {
    let fitting = i32::try_from(length).ok().filter(|length| *length <= MAX_FIELD);
    fitting.ok_or(Unfit::TooLong)
}

fn write(value: SourceValue<'_>, to: TargetType, out: &mut impl Sink) -> Result<(), Unfit> {
    if matches!(value, SourceValue::BrokenText(_)) {
        return Err(Unfit::BrokenText);
    }
    match to {
        TargetType::SmallInt => integer::write::<i16, 2>(value, i16::to_be_bytes, out),
        TargetType::Integer => integer::write::<i32, 4>(value, i32::to_be_bytes, out),
        TargetType::BigInt => integer::write::<i64, 8>(value, i64::to_be_bytes, out),
        TargetType::Real => real::write_single(value, out),
        TargetType::Double => real::write_double(value, out),
        TargetType::Numeric { precision, scale } => numeric::write_limited(value, precision, scale, out),
        TargetType::AnyNumeric => numeric::write_any(value, out),
        TargetType::Boolean => boolean::write(value, out),
        TargetType::Text | TargetType::Citext => text::write(value, out),
        TargetType::Varchar(most) => text::write_varchar(value, most, out),
        TargetType::Char(exactly) => text::write_char(value, exactly, out),
        TargetType::Bytea => bytea::write(value, out),
        TargetType::Uuid(form) => uuid::write(value, form, out),
        TargetType::Date(form) => date::write(value, form, out),
        TargetType::Time => time::write(value, out),
        TargetType::Timestamp(form) => instant::write(value, form, instant::Zone::Without, out),
        TargetType::TimestampTz(form) => instant::write(value, form, instant::Zone::With, out),
        TargetType::Json => json::write(value, out),
        TargetType::Jsonb => json::write_binary(value, out),
        TargetType::DoubleArray => array::write(value, out),
    }
}

/// One value in PostgreSQL's binary form as text, for reports; `None` if it is malformed.
pub fn show_target(bytes: &[u8], of: TargetType) -> Option<String> {
    match of {
        TargetType::SmallInt => Some(i16::from_be_bytes(bytes.try_into().ok()?).to_string()),
        TargetType::Integer => Some(i32::from_be_bytes(bytes.try_into().ok()?).to_string()),
        TargetType::BigInt => Some(i64::from_be_bytes(bytes.try_into().ok()?).to_string()),
        TargetType::Real => Some(format!("{:?}", f32::from_be_bytes(bytes.try_into().ok()?))),
        TargetType::Double => Some(format!("{:?}", f64::from_be_bytes(bytes.try_into().ok()?))),
        TargetType::Numeric { .. } | TargetType::AnyNumeric => numeric::show(bytes),
        TargetType::Boolean => boolean::read(bytes).map(|value| value.to_string()),
        TargetType::Text
        | TargetType::Varchar(_)
        | TargetType::Char(_)
        | TargetType::Citext
        | TargetType::Json => std::str::from_utf8(bytes).ok().map(str::to_owned),
        TargetType::Bytea => Some(bytea::show(bytes)),
        TargetType::Uuid(_) => uuid::show(bytes),
        TargetType::Date(_) => date::show(bytes),
        TargetType::Time => time::show(bytes),
        TargetType::Timestamp(_) => instant::show(bytes, instant::Zone::Without),
        TargetType::TimestampTz(_) => instant::show(bytes, instant::Zone::With),
        TargetType::Jsonb => json::binary_text(bytes).map(str::to_owned),
        TargetType::DoubleArray => array::show(bytes),
    }
}

/// Appends a value that the server sent, length and bytes, in the same form as [`encode`] for an equal value; returns
/// false, with `out` unchanged, if it is malformed.
pub fn canonical(bytes: &[u8], of: TargetType, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    out.extend_from_slice(&NULL.to_be_bytes());
    let body = out.len();
    let is_well_formed = match of {
        TargetType::Numeric { scale, .. } => numeric::normalise(bytes, Some(scale), out),
        TargetType::AnyNumeric => numeric::normalise(bytes, None, out),
        TargetType::Jsonb => {
            json::binary_text(bytes).is_some_and(|text| json::write_canonical(text, out).is_ok())
        }
        _ => {
            out.extend_from_slice(bytes);
            is_well_formed(bytes, of)
        }
    };
    match field_length(out.len() - body) {
        Ok(length) if is_well_formed => {
            out[start..body].copy_from_slice(&length.to_be_bytes());
            true
        }
        _ => {
            out.truncate(start);
            false
        }
    }
}

fn is_well_formed(bytes: &[u8], of: TargetType) -> bool {
    match of {
        TargetType::SmallInt => bytes.len() == 2,
        TargetType::Integer | TargetType::Real | TargetType::Date(_) => bytes.len() == 4,
        TargetType::BigInt
        | TargetType::Double
        | TargetType::Time
        | TargetType::Timestamp(_)
        | TargetType::TimestampTz(_) => bytes.len() == 8,
        TargetType::Numeric { .. } | TargetType::AnyNumeric => numeric::show(bytes).is_some(),
        TargetType::Boolean => boolean::read(bytes).is_some(),
        TargetType::Text
        | TargetType::Varchar(_)
        | TargetType::Char(_)
        | TargetType::Citext
        | TargetType::Json => std::str::from_utf8(bytes).is_ok(),
        TargetType::Bytea => true,
        TargetType::Uuid(_) => bytes.len() == 16,
        TargetType::Jsonb => json::binary_text(bytes).is_some(),
        TargetType::DoubleArray => array::elements(bytes).is_some(),
    }
}
