//! Encodes a value of any type.

use super::sink::{ByteCount, Sink};
use super::{
    SourceValue, Unfit, address, array, boolean, bytea, date, instant, integer, interval, json, numeric,
    real, text, time, uuid,
};
use crate::conversion::OnIncompatible;
use crate::types::{ReadAs, TargetType};

/// The length for NULL (PostgreSQL manual, "COPY", section "Binary Format").
pub(super) const NULL: i32 = -1;

/// Appends a field of a binary COPY: the length and the value's binary form. `on_incompatible` applies only to values that
/// [`check`] rejects. On an error `out` is unchanged.
///
/// # Errors
/// When the value does not fit, and `on_incompatible` does not handle it.
pub fn encode<'l>(
    value: SourceValue<'_>,
    to: impl Into<ReadAs<'l>>,
    on_incompatible: OnIncompatible,
    out: &mut Vec<u8>,
) -> Result<(), Unfit> {
    let to = to.into();
    let start = out.len();
    out.extend_from_slice(&NULL.to_be_bytes());
    if matches!(value, SourceValue::Null) {
        return Ok(());
    }
    let body = out.len();
    let written = match (on_incompatible, to.target, value) {
        (OnIncompatible::Bytes, TargetType::Bytea, _) => bytea::write_with_text(value, out),
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

/// Whether the value fits unchanged: the result of [`encode`] with [`OnIncompatible::Reject`]. NULL always fits.
///
/// # Errors
/// When it does not fit.
pub fn check<'l>(value: SourceValue<'_>, to: impl Into<ReadAs<'l>>) -> Result<(), Unfit> {
    if matches!(value, SourceValue::Null) {
        return Ok(());
    }
    let mut count = ByteCount::default();
    write(value, to.into(), &mut count)?;
    field_length(count.0).map(|_length| ())
}

/// The maximum size of a value: a datum with its header of four bytes has less than 1 GB (`MaxAllocSize`).
const MAX_FIELD: i32 = 0x3fff_ffff - 4;

pub(super) fn field_length(length: usize) -> Result<i32, Unfit> {
    let fitting = i32::try_from(length).ok().filter(|length| *length <= MAX_FIELD);
    fitting.ok_or(Unfit::TooLong)
}

fn write(value: SourceValue<'_>, to: ReadAs<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    if matches!(value, SourceValue::BrokenText(_)) {
        return Err(Unfit::BrokenText);
    }
    let reading = to.reading;
    match to.target {
        TargetType::SmallInt => integer::write::<i16, 2>(value, reading, i16::to_be_bytes, out),
        TargetType::Integer => integer::write::<i32, 4>(value, reading, i32::to_be_bytes, out),
        TargetType::BigInt => integer::write::<i64, 8>(value, reading, i64::to_be_bytes, out),
        TargetType::Real => real::write_single(value, reading, out),
        TargetType::Double => real::write_double(value, out),
        TargetType::Numeric { precision, scale } => {
            numeric::write_limited(value, precision, scale, reading, out)
        }
        TargetType::AnyNumeric => numeric::write_any(value, out),
        TargetType::Boolean => boolean::write(value, reading, out),
        TargetType::Text if !to.labels.is_empty() => text::write_label(value, to.labels, out),
        TargetType::Text | TargetType::Citext => text::write(value, out),
        TargetType::Varchar(most) => text::write_varchar(value, most, out),
        TargetType::Char(most) => text::write_char(value, most, out),
        TargetType::Bytea => bytea::write(value, out),
        TargetType::Uuid(form) => uuid::write(value, form, reading, out),
        TargetType::Date(form) => date::write(value, form, reading, out),
        TargetType::Time => time::write(value, reading, out),
        TargetType::Timestamp(form) => instant::write(value, form, instant::Zone::Without, reading, out),
        TargetType::TimestampTz(form) => instant::write(value, form, instant::Zone::With, reading, out),
        TargetType::Json => json::write(value, out),
        TargetType::Jsonb => json::write_binary(value, out),
        TargetType::DoubleArray => array::write(value, out),
        TargetType::Inet => address::write(value, address::Kind::Inet, out),
        TargetType::Cidr => address::write(value, address::Kind::Cidr, out),
        TargetType::Interval(form) => interval::write(value, form, reading, out),
    }
}
