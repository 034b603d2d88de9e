//! The units in which numbers count time, and the readings of a column's numbers in each.

use crate::conversion::OnIncompatible;
use crate::decisions::type_form;
use crate::profile::ColumnProfile;
use crate::types::{DateForm, InstantForm, IntervalForm, TargetType};
use crate::values::{SourceValue, encode, show_target};

/// Whether values of this type are numbers in SQLite that count time.
pub(super) fn is_number(target: TargetType) -> bool {
    match target {
        TargetType::Interval(form) => form != IntervalForm::Iso,
        _ => instant_form(target).is_some(),
    }
}

/// The unit of an instant, if it is stored as a number.
pub(super) fn instant_form(target: TargetType) -> Option<InstantForm> {
    match target {
        TargetType::Date(DateForm::Milliseconds) => Some(InstantForm::Milliseconds),
        TargetType::Timestamp(form) | TargetType::TimestampTz(form) => match form {
            InstantForm::Iso | InstantForm::IsoUtc => None,
            InstantForm::Seconds
            | InstantForm::Milliseconds
            | InstantForm::Microseconds
            | InstantForm::JulianDay => Some(form),
        },
        _ => None,
    }
}

/// What the lowest and the highest number are in each unit.
pub(super) fn readings(profile: &ColumnProfile, units: &[TargetType]) -> String {
    let integers = profile.integer_range.into_iter().flat_map(|(least, most)| [least, most]);
    let reals = profile.real_range.into_iter().flat_map(|(least, most)| [least, most]);
    let mut numbers: Vec<SourceValue<'_>> = integers.map(SourceValue::Integer).collect();
    numbers.extend(reals.map(SourceValue::Real));
    numbers.dedup();
    let of_unit = |unit: &TargetType| {
        let shown = numbers.iter().map(|number| reading(*number, *unit)).collect::<Vec<_>>().join(", ");
        format!("in {} {shown}", unit_name(*unit))
    };
    let numbers: Vec<String> = numbers
        .iter()
        .map(|number| match number {
            SourceValue::Integer(number) => number.to_string(),
            SourceValue::Real(number) => format!("{number:?}"),
            _ => String::new(),
        })
        .collect();
    let units: Vec<String> = units.iter().map(of_unit).collect();
    let verb = if numbers.len() == 1 { "is" } else { "are" };
    format!("{} {verb} {}", numbers.join(", "), units.join("; "))
}

fn unit_name(unit: TargetType) -> &'static str {
    match type_form(unit) {
        Some("julian") => "Julian days",
        Some(name) => name,
        None => "no unit",
    }
}

fn reading(number: SourceValue<'_>, unit: TargetType) -> String {
    let mut field = Vec::new();
    let encoded = encode(number, unit, OnIncompatible::Reject, &mut field);
    let shown = encoded.ok().and_then(|()| show_target(field.get(4..)?, unit));
    shown.unwrap_or_else(|| "no value".to_owned())
}
