//! Encodes a value of any storage class for any type: one decision, and one form.
//!
//! The input is three bytes that choose type, class and number, and then the value: as text if it is one.

use import::conversion::OnIncompatible;
use import::types::{DateForm, InstantForm, TargetType, UuidForm};
use import::values::{SourceValue, canonical, check, encode, show_target};

/// The field for NULL.
const NULL: [u8; 4] = [0xff; 4];

pub(crate) fn run(data: &[u8]) {
    let Some(([kind, class, number], bytes)) = data.split_first_chunk::<3>() else { return };
    let to = target_type(*kind, *number);
    let value = source_value(*class, bytes);
    let field = encoded(value, to, OnIncompatible::Reject);
    assert_eq!(check(value, to).err(), field.as_ref().err().copied());
    for on_incompatible in [OnIncompatible::Null, OnIncompatible::RemoveNul, OnIncompatible::Bytes] {
        let decided = encoded(value, to, on_incompatible);
        if field.is_ok() {
            assert_eq!(decided, field, "{on_incompatible:?} changed a compatible value");
        } else if on_incompatible == OnIncompatible::Null {
            assert_eq!(decided.as_deref(), Ok(&NULL[..]));
        }
        if let Ok(decided) = decided {
            assert_comes_back(&decided, to);
        }
    }
    if let Ok(field) = &field {
        assert_comes_back(field, to);
        assert_says_the_same(value, field, to);
    }
    // The same bytes as sent by a server, which may have another version, or be malicious.
    let mut sent = Vec::new();
    if canonical(bytes, to, &mut sent) {
        assert!(to == TargetType::Time || show_target(bytes, to).is_some(), "{to:?}");
        let mut again = Vec::new();
        assert!(canonical(&sent[4..], to, &mut again));
        assert_eq!(again, sent);
    } else {
        assert_eq!(sent, [0; 0]);
        let _ = show_target(bytes, to);
    }
}

fn encoded(
    value: SourceValue<'_>,
    to: TargetType,
    on_incompatible: OnIncompatible,
) -> Result<Vec<u8>, import::values::Unfit> {
    let mut out = b"before".to_vec();
    let outcome = encode(value, to, on_incompatible, &mut out);
    assert!(out.starts_with(b"before"));
    let field = out.split_off(6);
    assert!(outcome.is_ok() || field.is_empty());
    outcome.map(|()| field)
}

/// A server that receives this field sends it again, and that is the same value.
fn assert_comes_back(field: &[u8], to: TargetType) {
    if field == NULL {
        return;
    }
    let (length, body) = field.split_first_chunk::<4>().expect("a length");
    assert_eq!(i32::try_from(body.len()), Ok(i32::from_be_bytes(*length)));
    let mut back = Vec::new();
    assert!(canonical(body, to, &mut back), "{to:?}");
    assert_eq!(back, field, "{to:?}");
    assert!(show_target(body, to).is_some(), "{to:?}");
}

/// If both sides have a common text form, it is the same.
fn assert_says_the_same(value: SourceValue<'_>, field: &[u8], to: TargetType) {
    if field == NULL {
        return assert_eq!(value, SourceValue::Null);
    }
    let shown = show_target(&field[4..], to).expect("what was encoded can be shown");
    match (to, value) {
        (
            TargetType::SmallInt
            | TargetType::Integer
            | TargetType::BigInt
            | TargetType::Text
            | TargetType::AnyNumeric,
            SourceValue::Integer(number),
        ) => assert_eq!(shown, number.to_string()),
        (TargetType::Double, SourceValue::Real(number)) => {
            assert_eq!(shown.parse::<f64>().expect("a number").to_bits(), number.to_bits());
        }
        (
            TargetType::Text
            | TargetType::Varchar(_)
            | TargetType::Citext
            | TargetType::Json
            | TargetType::Uuid(UuidForm::Hyphenated)
            | TargetType::Date(DateForm::Iso),
            SourceValue::Text(text),
        ) => assert_eq!(shown, text),
        // PostgreSQL pads it.
        (TargetType::Char(_), SourceValue::Text(text)) => {
            assert_eq!(shown.trim_end_matches(' '), text.trim_end_matches(' '));
        }
        (TargetType::Uuid(UuidForm::Simple), SourceValue::Text(text)) => {
            assert_eq!(shown.replace('-', ""), text)
        }
        (TargetType::Date(DateForm::Midnight), SourceValue::Text(text)) => {
            assert!(text.starts_with(&shown), "{shown} {text}");
        }
        (TargetType::Timestamp(InstantForm::Iso), SourceValue::Text(text)) => {
            // Seconds and zeros of a fraction may be added or omitted.
            let text = text.replace('T', " ");
            let (shown, text) = (ending(&shown), ending(&text));
            assert_eq!(shown, text);
        }
        (TargetType::AnyNumeric | TargetType::Numeric { .. }, SourceValue::Text(text)) => {
            assert_eq!(decimal(&shown), decimal(text), "{shown} {text}");
        }
        (TargetType::AnyNumeric | TargetType::Numeric { .. }, SourceValue::Real(number))
            if number.is_finite() =>
        {
            assert_eq!(decimal(&shown), decimal(&number.to_string()), "{shown} {number}");
        }
        _ => {}
    }
}

/// A time without seconds or with a fraction of zero.
fn ending(text: &str) -> &str {
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    match text.strip_suffix(":00") {
        Some(minutes) if text.matches(':').count() == 2 => minutes,
        _ => text,
    }
}

/// The sign, the digits without leading and trailing zeros, and the position of the decimal point.
fn decimal(text: &str) -> (bool, String, i64) {
    let text = text.trim().to_ascii_lowercase();
    let (number, exponent) = text.split_once('e').unwrap_or((text.as_str(), "0"));
    let is_negative = number.starts_with('-');
    let (whole, fraction) = number
        .trim_start_matches(['-', '+'])
        .split_once('.')
        .unwrap_or((number.trim_start_matches(['-', '+']), ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return (false, String::new(), 0);
    }
    let zeros = i64::try_from(digits.len() - significant.len()).expect("short");
    let point =
        i64::try_from(whole.len()).expect("short") + exponent.parse::<i64>().expect("an exponent") - zeros;
    (is_negative, significant.trim_end_matches('0').to_owned(), point)
}

fn source_value(class: u8, bytes: &[u8]) -> SourceValue<'_> {
    let text = std::str::from_utf8(bytes);
    let eight = || {
        let mut eight = [0; 8];
        eight.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        eight
    };
    match class {
        b'n' => SourceValue::Null,
        b'i' => {
            let written = text.ok().and_then(|text| text.parse().ok());
            SourceValue::Integer(written.unwrap_or_else(|| i64::from_be_bytes(eight())))
        }
        b'r' => {
            let written = text.ok().and_then(|text| text.parse().ok());
            let number: f64 = written.unwrap_or_else(|| f64::from_be_bytes(eight()));
            if number.is_nan() { SourceValue::Null } else { SourceValue::Real(number) }
        }
        b'b' => SourceValue::Blob(bytes),
        _ => text.map_or(SourceValue::BrokenText(bytes), SourceValue::Text),
    }
}

fn target_type(kind: u8, number: u8) -> TargetType {
    let instant = [
        InstantForm::Iso,
        InstantForm::Seconds,
        InstantForm::Milliseconds,
        InstantForm::Microseconds,
        InstantForm::JulianDay,
        InstantForm::IsoUtc,
    ];
    let instant = |zone_forms: usize| instant[usize::from(number) % zone_forms];
    match kind {
        b'a' => TargetType::SmallInt,
        b'b' => TargetType::Integer,
        b'c' => TargetType::BigInt,
        b'd' => TargetType::Real,
        b'e' => TargetType::Double,
        b'f' => {
            let scale = u16::from(number % 16);
            TargetType::Numeric { precision: scale.max(1) + u16::from(number / 16), scale }
        }
        b'g' => TargetType::AnyNumeric,
        b'h' => TargetType::Boolean,
        b'i' => TargetType::Varchar(u32::from(number)),
        b'j' => TargetType::Char(u32::from(number)),
        b'k' => TargetType::Citext,
        b'l' => TargetType::Bytea,
        b'm' => TargetType::Uuid(
            [UuidForm::Hyphenated, UuidForm::Simple, UuidForm::Bytes][usize::from(number) % 3],
        ),
        b'n' => TargetType::Date(
            [DateForm::Iso, DateForm::Midnight, DateForm::Milliseconds][usize::from(number) % 3],
        ),
        b'o' => TargetType::Time,
        b'p' => TargetType::Timestamp(instant(5)),
        b'q' => TargetType::TimestampTz(instant(6)),
        b'r' => TargetType::Json,
        b's' => TargetType::Jsonb,
        b't' => TargetType::DoubleArray,
        _ => TargetType::Text,
    }
}
