//! Values that the server sent, in PostgreSQL's binary format.

use super::encode::{NULL, field_length};
use super::{address, array, boolean, bytea, date, instant, interval, json, numeric, text, time, uuid};
use crate::types::TargetType;

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
        TargetType::Inet | TargetType::Cidr => address::show(bytes),
        TargetType::Interval(_) => interval::show(bytes),
    }
}

/// Appends a value that the server sent, length and bytes, in the same form as [`encode`](super::encode) for an equal
/// value; returns false, with `out` unchanged, if it is malformed.
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
        TargetType::Interval(_) => interval::normalise(bytes, out),
        TargetType::Char(_) => {
            out.extend_from_slice(text::without_padding(bytes));
            is_well_formed(bytes, of)
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
        TargetType::Inet | TargetType::Cidr => address::show(bytes).is_some(),
        TargetType::Interval(_) => bytes.len() == 16,
    }
}
