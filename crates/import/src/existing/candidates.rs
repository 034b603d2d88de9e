//! The formats in which SQLite may store values for a column type of the target, most likely first.

use super::application::Framework;
use super::catalog::ExistingColumn;
use crate::types::{DateForm, InstantForm, IntervalForm, TargetType, UuidForm};

/// The candidates for a column of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TypeCandidates {
    pub(super) target_types: Vec<TargetType>,
    /// The precision of fractional seconds, for types that have one.
    pub(super) fraction_digits: Option<u8>,
}

/// The candidates of the column; `None` if the type is not supported.
pub(super) fn candidates(
    column: &ExistingColumn,
    application: Framework,
    assume_utc: bool,
) -> Option<TypeCandidates> {
    if !column.labels.is_empty() {
        return Some(TypeCandidates { target_types: vec![TargetType::Text], fraction_digits: None });
    }
    let target_types = match column.type_oid {
        oid::BOOL => vec![TargetType::Boolean],
        oid::BYTEA => vec![TargetType::Bytea],
        oid::INT8 => vec![TargetType::BigInt],
        oid::INT2 => vec![TargetType::SmallInt],
        oid::INT4 => vec![TargetType::Integer],
        oid::TEXT => vec![TargetType::Text],
        oid::FLOAT4 => vec![TargetType::Real],
        oid::FLOAT8 => vec![TargetType::Double],
        oid::FLOAT8_ARRAY => vec![TargetType::DoubleArray],
        oid::JSON => vec![TargetType::Json],
        oid::JSONB => vec![TargetType::Jsonb],
        oid::VARCHAR => vec![length(column.typmod)?.map_or(TargetType::Text, TargetType::Varchar)],
        oid::BPCHAR => vec![length(column.typmod)?.map_or(TargetType::Text, TargetType::Char)],
        oid::NUMERIC => vec![numeric(column.typmod)?],
        oid::UUID => [UuidForm::Hyphenated, UuidForm::Simple, UuidForm::Bytes].map(TargetType::Uuid).to_vec(),
        oid::DATE => {
            [DateForm::Iso, DateForm::Midnight, DateForm::Milliseconds].map(TargetType::Date).to_vec()
        }
        oid::TIME => vec![TargetType::Time],
        oid::TIMESTAMP => {
            let mut forms = instants(application);
            if assume_utc && application == Framework::Prisma {
                forms[0] = InstantForm::IsoUtc;
            }
            forms.into_iter().map(TargetType::Timestamp).collect()
        }
        oid::TIMESTAMPTZ => {
            let mut forms = instants(application);
            if assume_utc {
                forms.insert(1, InstantForm::IsoUtc);
            }
            forms.into_iter().map(TargetType::TimestampTz).collect()
        }
        oid::INET => vec![TargetType::Inet],
        oid::CIDR => vec![TargetType::Cidr],
        oid::INTERVAL if column.typmod == -1 || is_interval_with_precision(column.typmod) => {
            vec![match application {
                // The application writes no text.
                Framework::Django => TargetType::Interval(IntervalForm::Microseconds),
                Framework::Rails | Framework::Prisma | Framework::TypeOrm | Framework::Unknown => {
                    TargetType::Interval(IntervalForm::Iso)
                }
            }]
        }
        // The type of the extension has no fixed oid.
        _ if column.base_name == "citext" => vec![TargetType::Citext],
        _ => return None,
    };
    // The modifier is the precision, or its lower half is; PostgreSQL rounds to it silently.
    let fraction_digits = match column.type_oid {
        oid::TIME | oid::TIMESTAMP | oid::TIMESTAMPTZ => {
            Some(u8::try_from(column.typmod).unwrap_or(6).min(6))
        }
        oid::INTERVAL if column.typmod >= 0 => {
            Some(u8::try_from(column.typmod & INTERVAL_PRECISION).unwrap_or(6).min(6))
        }
        _ => None,
    };
    Some(TypeCandidates { target_types, fraction_digits })
}

/// The formats of instants. A number fits every unit: the values must show which one it is.
fn instants(application: Framework) -> Vec<InstantForm> {
    match application {
        // The application writes no other numbers.
        Framework::Prisma => vec![InstantForm::Iso, InstantForm::Milliseconds],
        Framework::Django | Framework::Rails | Framework::TypeOrm => vec![InstantForm::Iso],
        Framework::Unknown => vec![
            InstantForm::Iso,
            InstantForm::Seconds,
            InstantForm::Milliseconds,
            InstantForm::Microseconds,
            InstantForm::JulianDay,
        ],
    }
}

/// The bits of an interval's modifier with its precision (`INTERVAL_PRECISION_MASK` in PostgreSQL's `timestamp.h`).
const INTERVAL_PRECISION: i32 = 0xffff;
/// The fields of an interval without restriction (`INTERVAL_FULL_RANGE`).
const INTERVAL_FULL_RANGE: i32 = 0x7fff;

/// Whether the type is `interval(p)`, and not `interval day to hour` or another one that drops fields.
fn is_interval_with_precision(typmod: i32) -> bool {
    (typmod >> 16) & INTERVAL_FULL_RANGE == INTERVAL_FULL_RANGE
}

/// The n of `varchar(n)`, or that there is none (`VARHDRSZ` is in the modifier); `None` if it is not a length.
fn length(typmod: i32) -> Option<Option<u32>> {
    if typmod == -1 {
        return Some(None);
    }
    typmod.checked_sub(4).and_then(|length| u32::try_from(length).ok()).map(Some)
}

/// `numeric` from its modifier (`numeric.c`, `make_numeric_typmod`): the scale is eleven bits with a sign. Scales
/// below zero and above the precision exist, and are not supported here.
fn numeric(typmod: i32) -> Option<TargetType> {
    if typmod == -1 {
        return Some(TargetType::AnyNumeric);
    }
    let packed = typmod.checked_sub(4)?;
    let precision = u16::try_from((packed >> 16) & 0xffff).ok()?;
    let scale = u16::try_from(((packed & 0x7ff) ^ 0x400) - 0x400).ok()?;
    (scale <= precision).then_some(TargetType::Numeric { precision, scale })
}

/// The oids of built-in types (`pg_type.dat`), which are stable.
mod oid {
    pub(super) const BOOL: u32 = 16;
    pub(super) const BYTEA: u32 = 17;
    pub(super) const INT8: u32 = 20;
    pub(super) const INT2: u32 = 21;
    pub(super) const INT4: u32 = 23;
    pub(super) const TEXT: u32 = 25;
    pub(super) const JSON: u32 = 114;
    pub(super) const FLOAT4: u32 = 700;
    pub(super) const FLOAT8: u32 = 701;
    pub(super) const FLOAT8_ARRAY: u32 = 1022;
    pub(super) const CIDR: u32 = 650;
    pub(super) const INET: u32 = 869;
    pub(super) const INTERVAL: u32 = 1186;
    pub(super) const BPCHAR: u32 = 1042;
    pub(super) const VARCHAR: u32 = 1043;
    pub(super) const DATE: u32 = 1082;
    pub(super) const TIME: u32 = 1083;
    pub(super) const TIMESTAMP: u32 = 1114;
    pub(super) const TIMESTAMPTZ: u32 = 1184;
    pub(super) const NUMERIC: u32 = 1700;
    pub(super) const UUID: u32 = 2950;
    pub(super) const JSONB: u32 = 3802;
}
