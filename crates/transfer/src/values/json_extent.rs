//! How large a JSON value becomes: the text has exponents, PostgreSQL's jsonb writes every digit out.

use serde_json::Value;

use super::InvalidValue;
use super::json_number::plain_digits;

/// The extent of a JSON value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonExtent {
    /// Levels of arrays and objects; 0 for a value that is neither.
    pub depth: usize,
    /// The most digits of a number before or after the point, written without an exponent.
    pub digits: i64,
    /// Bytes of the text that PostgreSQL prints for it as `jsonb`: numbers without an exponent, and a space after each
    /// comma and colon.
    pub bytes: i64,
}

/// The extent of a value.
///
/// # Errors
/// When the exponent of a number is not a 64-bit integer.
pub fn json_extent(value: &Value) -> Result<JsonExtent, InvalidValue> {
    match value {
        Value::Null | Value::Bool(true) => Ok(flat(4)),
        Value::Bool(false) => Ok(flat(5)),
        Value::String(text) => Ok(flat(quoted(text))),
        Value::Number(number) => {
            let (before, after) = plain_digits(number.as_str())?;
            let point = i64::from(after > 0);
            let sign = i64::from(number.as_str().starts_with('-') && !is_zero(number.as_str()));
            let bytes = before.saturating_add(after).saturating_add(point + sign);
            Ok(JsonExtent { depth: 0, digits: before.max(after), bytes })
        }
        Value::Array(elements) => elements
            .iter()
            .try_fold(level(elements.len()), |all, element| Ok(all.around(json_extent(element)?))),
        Value::Object(members) => members.iter().try_fold(level(members.len()), |all, (key, member)| {
            // The colon and the space after it.
            Ok(all.around(flat(quoted(key) + 2)).around(json_extent(member)?))
        }),
    }
}

/// A value that is neither an array nor an object.
fn flat(bytes: usize) -> JsonExtent {
    JsonExtent { bytes: i64::try_from(bytes).unwrap_or(i64::MAX), ..JsonExtent::default() }
}

/// An array or object of so many elements, without these: its brackets, and a comma and a space between elements.
fn level(count: usize) -> JsonExtent {
    JsonExtent { depth: 1, ..flat(2 + 2 * count.saturating_sub(1)) }
}

/// The bytes of a string with its quotes and escapes.
fn quoted(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        ..0x20 => "\\u0000".len(),
        _ => 1,
    };
    2 + text.bytes().map(escaped).sum::<usize>()
}

fn is_zero(number: &str) -> bool {
    let mantissa = number.split(['e', 'E']).next().unwrap_or(number);
    !mantissa.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}

impl JsonExtent {
    /// An array or object with this value in it.
    fn around(self, inner: Self) -> Self {
        Self {
            depth: self.depth.max(inner.depth + 1),
            digits: self.digits.max(inner.digits),
            bytes: self.bytes.saturating_add(inner.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(text: &str) -> JsonExtent {
        json_extent(&serde_json::from_str(text).expect("JSON")).expect("an extent")
    }

    #[test]
    fn numbers_count_as_they_are_written_out() {
        assert_eq!(extent("9e131071"), JsonExtent { depth: 0, digits: 131_072, bytes: 131_072 });
        assert_eq!(extent("-2.5e-324"), JsonExtent { depth: 0, digits: 325, bytes: 328 });
        let thousand = format!("[{}]", ["1e399"; 1000].join(","));
        assert_eq!(extent(&thousand), JsonExtent { depth: 1, digits: 400, bytes: 402_000 });
    }

    #[test]
    fn levels_are_counted_in_arrays_and_objects() {
        for (text, depth) in [("1", 0), ("[]", 1), (r#"{"a":1,"b":[{}]}"#, 3), ("[[1],[[2]]]", 3)] {
            assert_eq!(extent(text).depth, depth, "{text}");
        }
    }

    #[test]
    fn bytes_are_those_of_the_text_that_postgres_prints() {
        for printed in [
            r#"{"n": null, "key": "text"}"#,
            r#"[true, false, -1.5, 0, {}, [], ""]"#,
            r#"["a\"\\\n\r\t\b\f\u0001", "ü😀/"]"#,
        ] {
            assert_eq!(extent(printed).bytes, i64::try_from(printed.len()).expect("short"), "{printed}");
        }
        assert_eq!((extent("-0.0").bytes, extent("-0e5").bytes, extent("-1e-2").bytes), (1, 1, 5));
    }
}
