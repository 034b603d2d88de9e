//! Values of both sides as text, in the same form for equal values.

use super::rows::RowText;
use crate::conversion::OnIncompatible;
use crate::types::{DateForm, InstantForm, IntervalForm, ReadAs, Reading, TargetType, UuidForm};
use crate::values::{SourceValue, canonical, encode, show_target};

/// How exactly numbers with a fraction are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    /// All bits.
    Exact,
    /// So many digits: the sum of many numbers depends on their order, and loses digits where they cancel out.
    Digits(usize),
}

pub(super) fn source_row(
    row: &[SourceValue<'_>],
    forms: &[Option<TargetType>],
    precision: Precision,
) -> RowText {
    let values: Vec<String> = row
        .iter()
        .enumerate()
        .map(|(at, value)| match (value, forms.get(at)) {
            (SourceValue::Null, Some(_)) => "NULL".to_owned(),
            (value, Some(Some(form))) => source_text(*value, *form, precision),
            // A column that is NULL in every row of PostgreSQL.
            (value, Some(None)) => format!("{value:?}"),
            // PostgreSQL returns fewer columns, or no row.
            (value, None) => match value {
                SourceValue::Null => "NULL".to_owned(),
                value => format!("{value:?}"),
            },
        })
        .collect();
    values.join(", ")
}

pub(super) fn source_text(value: SourceValue<'_>, form: TargetType, precision: Precision) -> String {
    if is_number(form) {
        match value {
            SourceValue::Integer(value) => {
                let digits = value.to_string();
                let is_real = matches!(form, TargetType::Real | TargetType::Double);
                return digits
                    .parse()
                    .ok()
                    .filter(|_| is_real)
                    .map_or(digits, |real| real_text(real, precision));
            }
            SourceValue::Real(value) => return real_text(value, precision),
            _ => {}
        }
    }
    let mut bytes = Vec::new();
    let any_form = Reading { any_form: true, ..Reading::default() };
    let leniently = ReadAs { target: form, reading: any_form, labels: &[] };
    // A column whose type is decided reads every form whose meaning is certain, and bytes of text if it is bytea.
    let encoded = encode(value, form, OnIncompatible::Reject, &mut bytes).or_else(|unfit| {
        encode(value, leniently, OnIncompatible::Bytes, &mut bytes).map_err(|_lenient| unfit)
    });
    match encoded {
        Ok(()) => field_text(bytes.get(4..).unwrap_or_default(), form, precision),
        Err(unfit) => format!("{value:?}, which is no value of the column of PostgreSQL: {unfit}"),
    }
}

pub(super) fn is_number(form: TargetType) -> bool {
    matches!(
        form,
        TargetType::SmallInt
            | TargetType::Integer
            | TargetType::BigInt
            | TargetType::Real
            | TargetType::Double
            | TargetType::Numeric { .. }
            | TargetType::AnyNumeric
    )
}

/// A number in all its digits, or in fewer; a whole one as an integer is written.
pub(super) fn real_text(value: f64, precision: Precision) -> String {
    let Precision::Digits(count) = precision else {
        return match value {
            0.0 => "0".to_owned(),
            whole if whole.fract() == 0.0 && whole.abs() < 9.2e18 => format!("{whole:.0}"),
            value => format!("{value:e}"),
        };
    };
    let digits = format!("{value:.*e}", count.saturating_sub(1));
    let value: f64 = digits.parse().unwrap_or(value);
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((digits.as_str(), "0"));
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    // As an integer is written, as far as the digits show it.
    if value.abs() < 1e15 && value.fract() == 0.0 {
        return format!("{value:.0}").replace("-0", "0").to_owned();
    }
    format!("{mantissa}e{exponent}")
}

/// A value of PostgreSQL as text.
pub(super) fn field_text(bytes: &[u8], form: TargetType, precision: Precision) -> String {
    let mut value = Vec::new();
    let is_readable = canonical(bytes, form, &mut value);
    let shown = value.get(4..).filter(|_| is_readable).and_then(|bytes| show_target(bytes, form));
    let Some(text) = shown else { return "a value that cannot be read".to_owned() };
    match form {
        TargetType::Double | TargetType::Real | TargetType::Numeric { .. } | TargetType::AnyNumeric => {
            match (text.parse::<i64>(), text.parse::<f64>()) {
                (Ok(whole), _) => whole.to_string(),
                (_, Ok(real)) => real_text(real, precision),
                _ => text,
            }
        }
        TargetType::SmallInt | TargetType::Integer | TargetType::BigInt => text,
        _ => format!("{text:?}"),
    }
}

/// The type of a result: the form of its values in SQLite, where the translation knows it.
pub(super) fn form_of(of_value: TargetType, known: Option<TargetType>) -> TargetType {
    match (of_value, known) {
        (TargetType::Date(_), Some(known @ TargetType::Date(_)))
        | (TargetType::Timestamp(_), Some(known @ TargetType::Timestamp(_)))
        | (TargetType::TimestampTz(_), Some(known @ TargetType::TimestampTz(_)))
        | (TargetType::Interval(_), Some(known @ TargetType::Interval(_)))
        | (TargetType::Uuid(_), Some(known @ TargetType::Uuid(_))) => known,
        (of_value, _) => of_value,
    }
}

/// The type with this OID (`pg_type.dat`).
pub(super) fn type_of_oid(oid: u32) -> Option<TargetType> {
    Some(match oid {
        16 => TargetType::Boolean,
        17 => TargetType::Bytea,
        20 => TargetType::BigInt,
        21 => TargetType::SmallInt,
        23 => TargetType::Integer,
        18 | 19 | 25 | 705 | 1042 | 1043 => TargetType::Text,
        114 => TargetType::Json,
        650 => TargetType::Cidr,
        700 => TargetType::Real,
        701 => TargetType::Double,
        869 => TargetType::Inet,
        1022 => TargetType::DoubleArray,
        1082 => TargetType::Date(DateForm::Iso),
        1083 => TargetType::Time,
        1114 => TargetType::Timestamp(InstantForm::Iso),
        1184 => TargetType::TimestampTz(InstantForm::Iso),
        1186 => TargetType::Interval(IntervalForm::Iso),
        1700 => TargetType::AnyNumeric,
        2950 => TargetType::Uuid(UuidForm::Hyphenated),
        3802 => TargetType::Jsonb,
        _ => return None,
    })
}
