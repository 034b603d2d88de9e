//! The value that a column stores for a literal, through the same conversion as the values that are copied: first
//! what SQLite would store with the column's affinity, then the encoding for the column's type.

use super::super::conversion::OnIncompatible;
use super::super::schema::Affinity;
use super::super::types::{DateForm, InstantForm, TargetType, UuidForm};
use super::super::values::{SourceValue, encode, show_target};
use super::literal::{is_exact_decimal, number_in_text};
use super::quoting::quote_text;
use super::typed::LiteralValue;

/// A literal as a value of a column.
pub(super) struct StoredLiteral {
    pub(super) sql: String,
    /// Whether the column's values have another form of the type: its form is converted.
    pub(super) is_other_form: bool,
}

/// A literal as a value of the type; `None` if it is none, or if it is not certain what SQLite would store. Without an
/// affinity, that of the type's usual declaration is assumed.
pub(super) fn stored(value: &LiteralValue, target: TargetType, affinity: Option<Affinity>) -> Option<String> {
    written(&stored_value(value, affinity.unwrap_or(usual_affinity(target)))?, target, target)
}

/// As [`stored`], also for the same date, instant or UUID in another form than that of the column.
pub(super) fn stored_in_any_form(
    value: &LiteralValue,
    target: TargetType,
    affinity: Affinity,
) -> Option<StoredLiteral> {
    let value = stored_value(value, affinity)?;
    let in_form = |form: TargetType| {
        let sql = written(&value, form, target)?;
        Some(StoredLiteral { sql, is_other_form: form != target })
    };
    in_form(target).or_else(|| other_forms(target).iter().copied().find_map(in_form))
}

/// A value by its storage class.
pub(crate) enum StoredValue {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl StoredValue {
    pub(crate) fn source(&self) -> SourceValue<'_> {
        match self {
            Self::Null => SourceValue::Null,
            Self::Integer(value) => SourceValue::Integer(*value),
            Self::Real(value) => SourceValue::Real(*value),
            Self::Text(text) => SourceValue::Text(text),
            Self::Blob(bytes) => SourceValue::Blob(bytes),
        }
    }
}

/// The affinity of the usual declarations for a type.
fn usual_affinity(target: TargetType) -> Affinity {
    match target {
        TargetType::SmallInt | TargetType::Integer | TargetType::BigInt => Affinity::Integer,
        TargetType::Real | TargetType::Double => Affinity::Real,
        TargetType::Text | TargetType::Varchar(_) | TargetType::Char(_) | TargetType::Citext => {
            Affinity::Text
        }
        TargetType::Bytea => Affinity::Blob,
        _ => Affinity::Numeric,
    }
}

/// The value that SQLite stores (manual, "Datatypes In SQLite", section 3); `None` if that is not certain.
pub(super) fn stored_value(value: &LiteralValue, affinity: Affinity) -> Option<StoredValue> {
    let is_number = matches!(affinity, Affinity::Integer | Affinity::Numeric | Affinity::Real);
    Some(match value {
        LiteralValue::Null => StoredValue::Null,
        LiteralValue::Integer(value) if affinity == Affinity::Real => {
            StoredValue::Real(value.to_string().parse().ok()?)
        }
        LiteralValue::Integer(value) => StoredValue::Integer(*value),
        LiteralValue::Real(digits) => {
            // With more digits, SQLite may read another neighbour.
            let real: f64 = is_exact_decimal(digits).then(|| digits.parse().ok()).flatten()?;
            match whole(real) {
                Some(whole) if matches!(affinity, Affinity::Integer | Affinity::Numeric) => {
                    StoredValue::Integer(whole)
                }
                _ => StoredValue::Real(real),
            }
        }
        LiteralValue::Text(text) if is_number && looks_like_a_number(text) => {
            let number = number_in_text(text)?;
            return stored_value(number.value()?, affinity);
        }
        LiteralValue::Text(text) => StoredValue::Text(text.clone()),
        LiteralValue::Blob(digits) => StoredValue::Blob(bytes(digits)?),
    })
}

/// Whether SQLite may read a whole text as a number: words and dates are none.
fn looks_like_a_number(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && text.bytes().enumerate().all(|(at, byte)| match byte {
            b'0'..=b'9' | b'.' | b'e' | b'E' => true,
            b'+' | b'-' => at == 0 || text.as_bytes().get(at - 1).is_some_and(|byte| b"eE".contains(byte)),
            _ => false,
        })
        && text.matches('.').count() < 2
}

/// The integer that a REAL equals.
fn whole(real: f64) -> Option<i64> {
    (real.fract() == 0.0 && real.abs() < 9.2e18).then(|| format!("{real:.0}").parse().ok()).flatten()
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

/// The other forms of the same value.
fn other_forms(target: TargetType) -> &'static [TargetType] {
    const LOCAL: TargetType = TargetType::Timestamp(InstantForm::Iso);
    const ZONED: TargetType = TargetType::TimestampTz(InstantForm::Iso);
    const DAY: TargetType = TargetType::Date(DateForm::Iso);
    match target {
        // SQLite's own functions return UTC too, and read a date as its midnight.
        TargetType::Timestamp(_) => &[LOCAL, ZONED, DAY],
        TargetType::TimestampTz(_) => &[ZONED],
        TargetType::Date(_) => &[DAY, TargetType::Date(DateForm::Midnight)],
        TargetType::Uuid(_) => &[
            TargetType::Uuid(UuidForm::Hyphenated),
            TargetType::Uuid(UuidForm::Simple),
            TargetType::Uuid(UuidForm::Bytes),
        ],
        _ => &[],
    }
}

/// The text of a REAL literal as SQLite writes it; `None` if it is not certain.
pub(super) fn text_of_real(digits: &str) -> Option<String> {
    let value = stored_value(&LiteralValue::Real(digits.to_owned()), Affinity::Real)?;
    encoded(&value, TargetType::Text)
}

/// A value in the form of `form` as PostgreSQL shows it.
fn encoded(value: &StoredValue, form: TargetType) -> Option<String> {
    // Text in a column of bytes is stored as its bytes.
    let on_incompatible = match value {
        StoredValue::Text(_) => OnIncompatible::Bytes,
        _ => OnIncompatible::Reject,
    };
    let mut field = Vec::new();
    encode(value.source(), form, on_incompatible, &mut field).ok()?;
    let (_length, body) = field.split_first_chunk::<4>()?;
    show_target(body, form)
}

/// A value in the form of `form` as a literal of the type `target`.
fn written(value: &StoredValue, form: TargetType, target: TargetType) -> Option<String> {
    if matches!(value, StoredValue::Null) {
        return Some("NULL".to_owned());
    }
    let shown = encoded(value, form)?;
    let typed = |text: &str, name: &str| format!("{}::{name}", quote_text(text));
    Some(match target {
        TargetType::SmallInt
        | TargetType::Integer
        | TargetType::BigInt
        | TargetType::Numeric { .. }
        | TargetType::AnyNumeric
        | TargetType::Boolean => shown,
        TargetType::Real | TargetType::Double => match shown.as_str() {
            "inf" => typed("Infinity", "double precision"),
            "-inf" => typed("-Infinity", "double precision"),
            _ => shown,
        },
        TargetType::Text
        | TargetType::Varchar(_)
        | TargetType::Char(_)
        | TargetType::Citext
        | TargetType::Json
        | TargetType::Jsonb
        | TargetType::DoubleArray => quote_text(&shown),
        TargetType::Bytea => typed(&shown, "bytea"),
        TargetType::Uuid(_) => typed(&shown, "uuid"),
        TargetType::Date(_) => typed(&shown, "date"),
        TargetType::Time => typed(&shown, "time"),
        TargetType::Inet => typed(&shown, "inet"),
        TargetType::Cidr => typed(&shown, "cidr"),
        TargetType::Interval(_) => typed(&shown, "interval"),
        TargetType::Timestamp(_) => typed(&shown.replace(" UTC", ""), "timestamp"),
        TargetType::TimestampTz(_) => typed(&shown.replace(" UTC", "+00"), "timestamptz"),
    })
}
