//! The types that are tested on the values of a column.

use super::declared::Intent;
use crate::types::{DateForm, InstantForm, TargetType, UuidForm};

/// The types tested on a column.
pub(super) struct TestedTypes {
    /// Each is tested on every value.
    pub(super) forms: Vec<TargetType>,
    /// Each fits all values of the one before and more, so that one is tested only on values that the one before does
    /// not fit. (Infinities and the negative zero are exceptions.)
    pub(super) chain: Vec<TargetType>,
    /// Whether the units of integers as instants are relevant.
    pub(super) are_instants: bool,
}

/// The types to test on a column with this declared meaning. `forced` are those of the configuration: then no others.
pub(super) fn candidates(intent: Intent, forced: &[TargetType]) -> TestedTypes {
    use TargetType::{AnyNumeric, BigInt, Boolean, Bytea, Date, Double, Integer, Json, Jsonb, Numeric};
    use TargetType::{Text, Time, Timestamp, TimestampTz, Uuid, Varchar};
    let are_instants = match intent {
        Intent::Date | Intent::DateTime { .. } => true,
        _ => forced.iter().any(|target| matches!(target, Timestamp(_) | TimestampTz(_) | Date(_))),
    };
    if !forced.is_empty() {
        return TestedTypes { forms: forced.to_vec(), chain: Vec::new(), are_instants };
    }
    let (forms, chain) = match intent {
        Intent::Integer => (vec![], vec![Integer, BigInt, AnyNumeric, Text]),
        Intent::BigInt => (vec![], vec![BigInt, AnyNumeric, Text]),
        Intent::TinyFlag | Intent::Boolean => (vec![Boolean], vec![Integer, BigInt, AnyNumeric, Text]),
        Intent::Double => (vec![], vec![Double, AnyNumeric, Text]),
        Intent::Decimal(Some((precision, scale))) => {
            (vec![], vec![Numeric { precision, scale }, AnyNumeric, Text])
        }
        Intent::Decimal(None) => (vec![], vec![AnyNumeric, Text]),
        Intent::Uuid => {
            (vec![Uuid(UuidForm::Hyphenated), Uuid(UuidForm::Simple), Uuid(UuidForm::Bytes)], vec![Text])
        }
        Intent::Json => (vec![], vec![Jsonb, Json, Text]),
        Intent::Date => (
            vec![
                Date(DateForm::Iso),
                Date(DateForm::Midnight),
                Date(DateForm::Milliseconds),
                Timestamp(InstantForm::Iso),
                TimestampTz(InstantForm::Iso),
                Time,
                Timestamp(InstantForm::Seconds),
                Timestamp(InstantForm::Milliseconds),
                Timestamp(InstantForm::Microseconds),
                Timestamp(InstantForm::JulianDay),
            ],
            vec![Text],
        ),
        Intent::DateTime { .. } => (
            vec![
                Timestamp(InstantForm::Iso),
                TimestampTz(InstantForm::Iso),
                Date(DateForm::Iso),
                Time,
                Timestamp(InstantForm::Seconds),
                Timestamp(InstantForm::Milliseconds),
                Timestamp(InstantForm::Microseconds),
                Timestamp(InstantForm::JulianDay),
            ],
            vec![Text],
        ),
        Intent::Time => (vec![Time], vec![Text]),
        Intent::Varchar(length) => (vec![], vec![Varchar(length), Text]),
        Intent::Text => (vec![], vec![Text]),
        Intent::Bytes => (vec![Bytea], vec![BigInt, AnyNumeric, Text]),
        Intent::Unknown => (vec![Bytea], vec![BigInt, AnyNumeric, Text]),
    };
    TestedTypes { forms, chain, are_instants }
}
