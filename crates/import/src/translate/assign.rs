//! The value that a statement assigns to a column: as SQLite stores it, and as a value of the column's type.

use super::super::types::{DateForm, InstantForm, TargetType};
use super::error::Untranslatable;
use super::typed::{Detail, Level, Typed};
use super::{Written, default};

/// The value that INSERT or UPDATE assigns to a column of this type.
pub(crate) fn placed(typed: &Typed, target: TargetType) -> Result<String, Untranslatable> {
    if typed.value().is_some() || typed.family.is_open() {
        return default::placed(typed, target);
    }
    let instant = match (&typed.detail, target) {
        (Detail::Instant(sql, Written::DATE), TargetType::Date(DateForm::Iso)) => {
            Some(format!("({sql})::date"))
        }
        (Detail::Instant(sql, format), TargetType::Timestamp(InstantForm::Iso)) if format.time.is_some() => {
            Some(sql.clone())
        }
        (Detail::Instant(sql, format), TargetType::TimestampTz(InstantForm::Iso | InstantForm::IsoUtc))
            if format.time.is_some() =>
        {
            Some(format!("({sql} AT TIME ZONE 'UTC')"))
        }
        (Detail::Digits(sql), TargetType::SmallInt | TargetType::Integer | TargetType::BigInt) => {
            Some(sql.clone())
        }
        (Detail::Digits(sql), _) => of_number(sql, target),
        _ if typed.family.is_integer() => of_number(&typed.at(Level::Multiplicative), target),
        _ => None,
    };
    if let Some(sql) = instant {
        return Ok(sql);
    }
    match (typed.family, target) {
        // The text of every number but 0 and 1 is no boolean: it is an error, and not `true`.
        (family, TargetType::Boolean) if family.is_integer() => {
            Ok(format!("{}::boolean", typed.cast("text")))
        }
        _ => default::placed(typed, target),
    }
}

/// A count since 1970 as the instant that the import makes of it.
fn of_number(sql: &str, target: TargetType) -> Option<String> {
    let form = match target {
        TargetType::Timestamp(form) | TargetType::TimestampTz(form) => form,
        _ => return None,
    };
    let unit = match form {
        InstantForm::Seconds => "second",
        InstantForm::Milliseconds => "millisecond",
        InstantForm::Microseconds => "microsecond",
        InstantForm::Iso | InstantForm::IsoUtc | InstantForm::JulianDay => return None,
    };
    let start =
        if matches!(target, TargetType::Timestamp(_)) { "TIMESTAMP 'epoch'" } else { "TIMESTAMPTZ 'epoch'" };
    Some(format!("({start} + {sql} * INTERVAL '1 {unit}')"))
}
